import { describe, expect, it } from 'vitest';
import { communityProblem, isAsNumber, isPlainCommunity } from '../../src/formats/bgp.ts';

describe('communityProblem', () => {
  it.each([
    { text: '65001:100', wanted: undefined },
    { text: '0:0', wanted: undefined },
    { text: '65535:65535', wanted: undefined },
    { text: '65536:0', wanted: 'too-large' },
    { text: '1:65536', wanted: 'too-large' },
    { text: '4294967295:0:4294967295', wanted: undefined },
    { text: '0:4294967296:0', wanted: 'too-large' },
    { text: '65001', wanted: 'format' },
    { text: '1:2:3:4', wanted: 'format' },
    { text: 'no-transit', wanted: 'format' },
    { text: '-1:2', wanted: 'format' },
    { text: ' 1:2', wanted: 'format' },
    { text: '', wanted: 'format' },
  ])('$text: $wanted', ({ text, wanted }) => {
    expect(communityProblem(text)).toBe(wanted);
  });
});

describe('isAsNumber', () => {
  it.each([
    { value: 0, wanted: true },
    { value: 64_512, wanted: true },
    { value: 4_294_967_295, wanted: true },
    { value: 4_294_967_296, wanted: false },
    { value: -1, wanted: false },
    { value: 1.5, wanted: false },
    { value: '64512', wanted: true },
    { value: '1.10', wanted: true },
    { value: '65535.65535', wanted: true },
    { value: '65536.0', wanted: false },
    { value: '4294967296', wanted: false },
    { value: '1.2.3', wanted: false },
    { value: 'AS64512', wanted: false },
    { value: '', wanted: false },
  ])('$value: $wanted', ({ value, wanted }) => {
    expect(isAsNumber(value)).toBe(wanted);
  });
});

describe('isPlainCommunity', () => {
  it.each(['0:0', '65535:65535', '0:0:0', '1:4294967295:1'])('accepts %s', (text) => {
    expect(isPlainCommunity(text)).toBe(true);
  });

  it.each(['01:1', '1:01', '1:1:00', '65536:1', '', '1'])('rejects %s', (text) => {
    expect(isPlainCommunity(text)).toBe(false);
  });
});
