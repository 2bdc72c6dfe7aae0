import { STRANGE_TEXTS, testRule } from './table.ts';

const paths = ['ipFamilies'];

testRule('shoot/ip-families', [
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
  ...STRANGE_TEXTS.map(({ name, text }) => ({ name, networking: { ipFamilies: ['IPv4', text] }, paths })),
  {
    name: 'lower case',
    networking: { ipFamilies: ['ipv4'] },
    paths,
    messages: ['not an IP family (got "ipv4"); did you mean IPv4? Use IPv4 or IPv6'],
    reasons: ['FieldValueNotSupported'],
  },
  {
    name: 'IPV6 behind a good one',
    networking: { ipFamilies: ['IPv4', 'IPV6'] },
    paths,
    messages: ['not an IP family (got "IPV6"); did you mean IPv6? Use IPv4 or IPv6'],
  },
  {
    name: 'DualStack',
    networking: { ipFamilies: ['DualStack'] },
    paths,
    messages: ['not an IP family (got "DualStack"); use IPv4 or IPv6'],
  },
  {
    name: 'empty',
    networking: { ipFamilies: [''] },
    paths,
    messages: ['not an IP family (got ""); remove it or use IPv4 or IPv6'],
  },
  { name: 'two unknown ones, said once', networking: { ipFamilies: ['foo', 'bar'] }, paths },
  { name: 'the same unknown one twice, said once', networking: { ipFamilies: ['foo', 'foo'] }, paths },
  {
    name: 'three unknown ones: unknown, and too many',
    networking: { ipFamilies: ['foo', 'bar', 'baz'] },
    paths: ['ipFamilies', 'ipFamilies'],
    reasons: ['FieldValueNotSupported', 'FieldValueInvalid'],
  },
  {
    name: 'three',
    networking: { ipFamilies: ['IPv4', 'IPv6', 'IPv4'] },
    paths,
    messages: ['there are only two IP families, not 3; name each at most once'],
  },
  { name: 'a thousand', networking: { ipFamilies: Array.from({ length: 1000 }, () => 'IPv4') }, paths },
  {
    name: 'twice the same',
    networking: { ipFamilies: ['IPv6', 'IPv6'] },
    paths,
    messages: ['the family is named twice (got "IPv6"); keep it once, or write IPv4 for the other'],
    reasons: ['FieldValueDuplicate'],
  },
]);
