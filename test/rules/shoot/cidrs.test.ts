import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

function everywhere(range: unknown) {
  return { services: range, nodes: range, pods: range };
}

const ALL = ['networking.pods', 'networking.nodes', 'networking.services'];

testRule('shoot/cidrs', 'deny', SHOOT, {
  valid: [
    ...[
      '10.0.0.0/8',
      '10.0.0.5/23',
      '10.0.0.0/08',
      '10.0.0.0/0',
      '10.0.0.1/32',
      '2001:db8::/64',
      '2001:DB8::5/64',
      '2001:0db8:0:0::/64',
      '::ffff:10.0.0.0/112',
      '::/0',
    ].map((range) => ({ name: range, networking: everywhere(range) })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name, networking: everywhere(value) })),
  ],
  invalid: [
    ...[
      '',
      ' ',
      'foo',
      '10.0.0.0',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0/8',
      '010.0.0.0/8',
      '10.0.0.256/8',
      '10.0.0.0/8 ',
      ' 10.0.0.0/8',
      '10.0.0.0/8,11.0.0.0/8',
      '2001:db8::/129',
      '2001:db8::%eth0/64',
      '1:2:3:4:5:6:7:8:9/64',
      'usePodCIDR',
      '10.0.0.0/255.0.0.0',
    ].map((range) => ({
      name: JSON.stringify(range),
      networking: everywhere(range),
      found: ALL.map((path) => ({ path, reason: 'FieldValueInvalid' })),
    })),
    ...STRANGE_TEXTS.map(({ name, text }) => ({ name, networking: everywhere(text), found: ALL })),
    ...[
      ['foo', 'not a CIDR range (got "foo"); write an address and a prefix length, such as 10.0.0.0/16'],
      ['', 'the range is empty (got ""); remove it, or write a range such as 10.0.0.0/16'],
      ['10.0.0.0', 'the prefix length is missing (got "10.0.0.0"); append a prefix length, such as /16'],
      ['010.0.0.0/8', 'the range has leading zeros (got "010.0.0.0/8"); remove the leading zeros'],
      [
        '10.0.0.0/8,11.0.0.0/8',
        'only one CIDR range is allowed (got "10.0.0.0/8,11.0.0.0/8"); write a single range, such as 10.0.0.0/16',
      ],
    ].map(([pods = '', message = '']) => ({
      name: `message of "${pods}"`,
      networking: { pods },
      found: [{ path: 'networking.pods', message }],
    })),
    {
      name: 'one of three',
      networking: { pods: '10.0.0.0/8', nodes: 'x', services: null },
      found: ['networking.nodes'],
    },
  ],
});
