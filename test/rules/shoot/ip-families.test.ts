import { STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const path = 'networking.ipFamilies';

testRule('shoot/ip-families', 'deny', SHOOT, {
  valid: [
    ...[undefined, null, [], ['IPv4'], ['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4']].map((ipFamilies) => ({
      name: JSON.stringify(ipFamilies) ?? 'nothing',
      networking: { ipFamilies },
    })),
    ...['IPv4', 4, true, {}, { 0: 'x' }].map((ipFamilies) => ({
      name: `${JSON.stringify(ipFamilies)} is a wrong type`,
      networking: { ipFamilies },
    })),
    ...[[null], [4], [['x']], [{}, 'IPv4'], [7, 7]].map((ipFamilies) => ({
      name: `${JSON.stringify(ipFamilies)} has a wrong type`,
      networking: { ipFamilies },
    })),
  ],
  invalid: [
    {
      name: 'a list is marked at its key',
      yaml: `
        apiVersion: core.gardener.cloud/v1beta1
        kind: Shoot
        metadata:
          name: foo
        spec:
          provider:
            type: local
            workers: [{name: worker, maximum: 2}]
          networking:
            type: calico
            ipFamilies:
            ^^^^^^^^^^
            - IPv6
            - IPv6
      `,
      found: [{ path, reason: 'FieldValueDuplicate' }],
    },
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name,
      networking: { ipFamilies: ['IPv4', text] },
      found: [path],
    })),
    {
      name: 'lower case',
      networking: { ipFamilies: ['ipv4'] },
      found: [
        {
          path,
          message: 'unsupported IP family (got "ipv4"); did you mean IPv4? Use IPv4 or IPv6',
          reason: 'FieldValueNotSupported',
        },
      ],
    },
    {
      name: 'IPV6 behind a good one',
      networking: { ipFamilies: ['IPv4', 'IPV6'] },
      found: [{ path, message: 'unsupported IP family (got "IPV6"); did you mean IPv6? Use IPv4 or IPv6' }],
    },
    {
      name: 'DualStack',
      networking: { ipFamilies: ['DualStack'] },
      found: [{ path, message: 'unsupported IP family (got "DualStack"); use IPv4 or IPv6' }],
    },
    {
      name: 'empty',
      networking: { ipFamilies: [''] },
      found: [{ path, message: 'unsupported IP family (got ""); remove it or use IPv4 or IPv6' }],
    },
    { name: 'two unknown ones, reported once', networking: { ipFamilies: ['foo', 'bar'] }, found: [path] },
    {
      name: 'the same unknown one twice, reported once',
      networking: { ipFamilies: ['foo', 'foo'] },
      found: [path],
    },
    {
      name: 'three unknown ones: unknown, and too many',
      networking: { ipFamilies: ['foo', 'bar', 'baz'] },
      found: [
        { path: 'networking.ipFamilies', reason: 'FieldValueNotSupported' },
        { path: 'networking.ipFamilies', reason: 'FieldValueInvalid' },
      ],
    },
    {
      name: 'three',
      networking: { ipFamilies: ['IPv4', 'IPv6', 'IPv4'] },
      found: [{ path, message: 'there are only two IP families, not 3; write each family at most once' }],
    },
    {
      name: 'a thousand',
      networking: { ipFamilies: Array.from({ length: 1000 }, () => 'IPv4') },
      found: [path],
    },
    {
      name: 'twice the same',
      networking: { ipFamilies: ['IPv6', 'IPv6'] },
      found: [
        {
          path,
          message: 'the list has this family twice (got "IPv6"); remove one, or replace one with IPv4',
          reason: 'FieldValueDuplicate',
        },
      ],
    },
  ],
});
