import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const V4 = 'config.ipv4.autoDetectionMethod';
const OLD = 'config.ipAutodetectionMethod';
const LIST = 'first-found, kubernetes-internal-ip, cidr=, can-reach=, interface= or skip-interface=';

function everywhere(method: unknown) {
  return {
    ipv4: { autoDetectionMethod: method },
    ipv6: { autoDetectionMethod: method },
    ipAutodetectionMethod: method,
  };
}

function rows(methods: readonly string[]) {
  return methods.map((method) => ({
    name: JSON.stringify(method).slice(0, 60),
    config: everywhere(method),
  }));
}

testRule('shoot/autodetection-method', 'deny', SHOOT, {
  valid: [
    ...rows([
      'first-found',
      'kubernetes-internal-ip',
      'cidr=10.0.0.0/8',
      'cidr=0.0.0.0/0',
      'cidr=2001:db8::/32',
      'can-reach=8.8.8.8',
      'can-reach=290.8.8.8',
      'can-reach=010.1.1.1',
      'can-reach=1.1',
      'can-reach=2001:db8::1',
      'can-reach=::1',
      'can-reach=localhost',
      'can-reach=a-b.example.com',
      `can-reach=${'a'.repeat(253)}`,
      'interface=eth0',
      'interface=eth0,ens.*',
      'interface=a=b',
      'interface= ',
      'interface=^(?:en|eth)[0-9]+$',
      'interface=(?P<name>eth)\\d',
      'interface=(?i)ETH',
      'interface=[[:alpha:]]+',
      'interface=\\pL+',
      'interface=\\Qa**b\\E',
      'interface=\\Aeth\\z',
      'interface=a{1000}',
      'interface=(a+)+$',
      'skip-interface=docker.*',
      'skip-interface=ételé',
      'skip-interface=|',
    ]),

    ...OTHER_TYPES.map(({ name, value }) => ({ name, config: everywhere(value) })),
    {
      name: 'the key as error messages of Gardener print it is another',
      config: { ipAutoDetectionMethod: 'x' },
    },
  ],
  invalid: [
    ...rows([
      'First-Found',
      'first-found=',
      'first-found=eth0',
      'first-found ',
      ' first-found',
      'first_found',
      'kubernetes-internal-ip=',
      'kubernetes-internal-IP',
      'cidr',
      'cidr=',
      'cidr= ',
      'cidr=10.0.0.1/8',
      'cidr=10.0.0.0',
      'cidr=10.0.0.0/8,',
      'cidr=10.0.0.0/8,192.168.0.0/16',
      'cidr=010.0.0.0/8',
      'cidr=::ffff:10.0.0.0/104',
      'cidr=2001:DB8::/32',
      'cidr=usePodCIDR',
      'CIDR=10.0.0.0/8',
      'can-reach',
      'can-reach=',
      'can-reach= 8.8.8.8',
      'can-reach=Example.com',
      'can-reach=a_b',
      'can-reach=example.com.',
      'can-reach=-a',
      'can-reach=a..b',
      'can-reach=1.1.1.1:80',
      'can-reach=https://example.com',
      'can-reach=2001:DB8::1',
      'can-reach=fe80::1%eth0',
      `can-reach=${'a'.repeat(254)}`,
      'interface',
      'interface=',
      'interface=*',
      'interface=eth[',
      'interface=(eth',
      'interface=eth)',
      'interface=a**',
      'interface=(?!docker).*',
      'interface=(?<=a)b',
      'interface=(a)\\1',
      'interface=a{1001}',
      'interface=\\Z',
      'interface=eth\\',
      'Interface=eth.*',
      'interfaces=eth.*',
      'skip-interface',
      'skip-interface=',
      'skip-interface=[z-a]',
      'autodetect',
      '=',
      '=eth0',
    ]).map((row) => ({ ...row, found: [V4, 'config.ipv6.autoDetectionMethod', OLD] })),
    { name: 'empty is unset, but not in the deprecated field', config: everywhere(''), found: [OLD] },
    ...STRANGE_TEXTS.flatMap(({ name, text }) => [
      { name, config: { ipAutodetectionMethod: text }, found: [OLD] },
      { name: `cidr= and ${name}`, config: { ipAutodetectionMethod: `cidr=${text}` }, found: [OLD] },
    ]),
    // Of longer ones nothing is known (long-patterns.test.ts).
    ...STRANGE_TEXTS.filter(({ text }) => text.length < 800).map(({ name, text }) => ({
      name: `interface=( and ${name}`,
      config: { ipAutodetectionMethod: `interface=(${text}` },
      found: [OLD],
    })),
    ...[
      ['First-Found', 'unknown method (got "First-Found"); did you mean first-found? Case and spaces matter'],
      [
        'Interface=eth.*',
        'unknown method (got "Interface=eth.*"); did you mean interface=? Case and spaces matter',
      ],
      ['magic', `unknown method (got "magic"); use ${LIST}`],
      ['x'.repeat(300), `unknown method (got "${'x'.repeat(61)}…"); use ${LIST}`],
      ['first-found=eth0', 'first-found takes no parameter (got "first-found=eth0"); write only first-found'],
      [
        'can-reach',
        'can-reach needs a parameter (got "can-reach"); append a parameter, such as can-reach=8.8.8.8',
      ],
      [
        'cidr=10.0.0.1/8',
        'the range has bits set beyond its prefix (got "cidr=10.0.0.1/8"); write cidr=10.0.0.0/8',
      ],
      [
        'cidr=10.0.0.0',
        'the prefix length is missing (got "cidr=10.0.0.0"); append a prefix length, such as /16',
      ],
      [
        'cidr=10.0.0.0/8,11.0.0.0/8',
        'only one range is allowed (got "cidr=10.0.0.0/8,11.0.0.0/8"); keep one of them, because Gardener does not accept lists',
      ],
      [
        'can-reach=Example.com',
        'neither an IP address nor a DNS name (got "can-reach=Example.com"); write it in lower case',
      ],
      [
        'can-reach=1.1.1.1:80',
        'neither an IP address nor a DNS name (got "can-reach=1.1.1.1:80"); write a host without port, such as 8.8.8.8 or example.com',
      ],
      [
        'can-reach=2001:DB8::1',
        'the address is not written in canonical form (got "can-reach=2001:DB8::1"); write can-reach=2001:db8::1',
      ],
      [
        'interface=eth[',
        'invalid RE2 pattern: missing closing ] (got "interface=eth["); correct the pattern (RE2 has no lookaround and no backreferences)',
      ],
    ].map(([method = '', message = '']) => ({
      name: `message of ${method.slice(0, 40)}`,
      config: { ipv4: { autoDetectionMethod: method } },
      found: [{ path: V4, message }],
    })),
    {
      name: 'reason of an unknown method',
      config: { ipAutodetectionMethod: 'x' },
      found: [{ path: OLD, reason: 'FieldValueNotSupported' }],
    },
    {
      name: 'reason of a bad parameter',
      config: { ipAutodetectionMethod: 'cidr=x' },
      found: [{ path: OLD, reason: 'FieldValueInvalid' }],
    },
  ],
});
