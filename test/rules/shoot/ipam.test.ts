import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const TYPE = 'config.ipam.type';
const CIDR = 'config.ipam.cidr';

function ranges(texts: readonly string[]) {
  return texts.map((cidr) => ({ name: `range ${JSON.stringify(cidr)}`, config: { ipam: { cidr } } }));
}

testRule('shoot/ipam', 'deny', SHOOT, {
  valid: [
    ...['', 'calico-ipam', 'host-local'].map((type) => ({
      name: `type "${type}"`,
      config: { ipam: { type } },
    })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name: `type ${name}`, config: { ipam: { type: value } } })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name: `range ${name}`, config: { ipam: { cidr: value } } })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name: `ipam ${name}`, config: { ipam: value } })),
    ...ranges(['usePodCIDR', 'usePodCidr', 'USEPODCIDR', 'usepodcidr']),
    ...ranges(['10.0.0.0/8', '0.0.0.0/0', '10.1.2.3/32', '2001:db8::/64', '::/0', '::1/128', 'fe80::/10']),

    {
      name: 'calico-ipam with IPv4',
      config: { ipam: { type: 'calico-ipam' } },
      networking: { ipFamilies: ['IPv4'] },
    },
    { name: 'no type with IPv6', config: { ipam: { type: '' } }, networking: { ipFamilies: ['IPv6'] } },
    {
      name: 'families in another case',
      config: { ipam: { type: 'calico-ipam' } },
      networking: { ipFamilies: ['ipv6'] },
    },
  ],
  invalid: [
    ...ranges([
      '',
      '10.0.0.0',
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/+8',
      '10.0.0.0/08',
      '10.0.0.0 /8',
      ' 10.0.0.0/8',
      '10.0.0.0/8\n',
      '10.0.0/8',
      '256.0.0.0/8',
      '10.0.0.0/255.0.0.0',
      '2001:db8::/129',
      '2001:db8:0:0::/64',
      '2001:0db8::/64',
      '2001:db8::1/64',
      '::ffff:0:0/96',
      'fe80::%eth0/64',
      '[::]/0',
      '10.0.0.0/8,11.0.0.0/8',
      'usePodCidrIPv6',
      'usePodCidr ',
      'podCIDR',
      '１０.0.0.0/8',
    ]).map((row) => ({ ...row, found: [CIDR] })),
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name: `both ${name}`,
      config: { ipam: { type: text, cidr: text } },
      found: [TYPE, CIDR],
    })),
    {
      name: 'an unknown type',
      config: { ipam: { type: 'Host-Local' } },
      found: [
        {
          path: TYPE,
          message:
            'unsupported IPAM type (got "Host-Local"); did you mean host-local? Use calico-ipam or host-local',
          reason: 'FieldValueNotSupported',
        },
      ],
    },
    {
      name: 'a range with host bits',
      config: { ipam: { cidr: '10.0.0.5/16' } },
      found: [
        {
          path: CIDR,
          message: 'the range has bits set beyond its prefix (got "10.0.0.5/16"); write 10.0.0.0/16',
          reason: 'FieldValueInvalid',
        },
      ],
    },
    {
      name: 'a range in capitals',
      config: { ipam: { cidr: '2001:DB8::/64' } },
      found: [
        {
          path: CIDR,
          message: 'the range is not written in canonical form (got "2001:DB8::/64"); write 2001:db8::/64',
        },
      ],
    },
    {
      name: 'leading zeros',
      config: { ipam: { cidr: '010.0.0.0/8' } },
      found: [
        { path: CIDR, message: 'the range has leading zeros (got "010.0.0.0/8"); remove the leading zeros' },
      ],
    },
    {
      name: 'IPv4 as IPv6',
      config: { ipam: { cidr: '::ffff:10.0.0.0/112' } },
      found: [
        {
          path: CIDR,
          message:
            'the range is an IPv4 range in IPv6 notation (got "::ffff:10.0.0.0/112"); write 10.0.0.0/16',
        },
      ],
    },
    {
      name: 'the name that the extension itself uses',
      config: { ipam: { cidr: 'usePodCidrIPv6' } },
      found: [
        {
          path: CIDR,
          message:
            'not a CIDR range (got "usePodCidrIPv6"); did you mean usePodCIDR? It works for both IP families',
        },
      ],
    },
    ...[['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4'], ['IPv4', 7, 'IPv6']].map((ipFamilies) => ({
      name: `calico-ipam with ${ipFamilies.join(' and ')}`,
      config: { ipam: { type: 'calico-ipam' } },
      networking: { ipFamilies },
      found: [
        {
          path: TYPE,
          message: 'calico-ipam does not support IPv6 (got "calico-ipam"); use host-local or remove the type',
          reason: 'FieldValueForbidden',
        },
      ],
    })),
    {
      name: 'calico-ipam with IPv6 and a bad range',
      config: { ipam: { type: 'calico-ipam', cidr: 'x' } },
      networking: { ipFamilies: ['IPv6'] },
      found: [TYPE, CIDR],
    },
  ],
});
