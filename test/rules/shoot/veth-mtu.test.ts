import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const path = 'config.vethMTU';
const FIX = 'write a whole number in quotes, such as "1440", or "0" to detect it';

const GOOD = [
  '0',
  '-0',
  '+0',
  '1440',
  '+1500',
  '01500',
  '000',
  '99999999',
  '9223372036854775807',
  `${'0'.repeat(300)}9`,
];
const BAD = [
  '-1',
  '-1500',
  '--1',
  '+',
  '-',
  '1 500',
  '1,500',
  '1_500',
  '1e3',
  '0x5dc',
  '0b1',
  '1500.5',
  '.5',
  '9223372036854775808',
  '-9223372036854775809',
  '9'.repeat(400),
  'auto',
  'NaN',
  '١٥٠٠',
  '１５００',
  '1500\n',
];

testRule('shoot/veth-mtu', 'deny', SHOOT, {
  valid: [
    ...GOOD.map((vethMTU) => ({ name: vethMTU.slice(0, 40), config: { vethMTU } })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name, config: { vethMTU: value } })),
  ],
  invalid: [
    ...BAD.map((vethMTU) => ({
      name: JSON.stringify(vethMTU).slice(0, 40),
      config: { vethMTU },
      found: [path],
    })),
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name,
      config: { vethMTU: text },
      found: [{ path, reason: 'FieldValueInvalid' }],
    })),
    ...[
      ['', `the MTU is empty (got ""); ${FIX}`],
      ['-1', `an MTU cannot be negative (got "-1"); ${FIX}`],
      ['9223372036854775808', `the MTU is too large (got "9223372036854775808"); ${FIX}`],
      ['abc', `not a whole number (got "abc"); ${FIX}`],
      ['1500.0', 'not a whole number (got "1500.0"); write "1500"'],
      [' 1500 ', 'not a whole number (got " 1500 "); write "1500"'],
      ['1500 bytes', 'not a whole number (got "1500 bytes"); write "1500"'],
      ['1500.5', `not a whole number (got "1500.5"); ${FIX}`],
    ].map(([vethMTU = '', message = '']) => ({
      name: `message of ${JSON.stringify(vethMTU)}`,
      config: { vethMTU },
      found: [{ path, message }],
    })),
  ],
});
