import { describe, expect, it } from 'vitest';
import { canonicalProtocol, hasPorts, icmpVersion, protocolProblem } from '../../src/formats/protocol.ts';

describe('protocolProblem', () => {
  it.each([
    { value: 'TCP', wanted: undefined },
    { value: 'ICMPv6', wanted: undefined },
    { value: 'tcp', wanted: 'case' },
    { value: 'ICMPV6', wanted: 'case' },
    { value: 1, wanted: undefined },
    { value: 255, wanted: undefined },
    { value: '255', wanted: undefined },
    { value: '006', wanted: undefined },
    { value: 0, wanted: 'unknown' },
    { value: '000', wanted: 'unknown' },
    { value: 256, wanted: 'undecodable' },
    { value: -1, wanted: 'undecodable' },
    { value: 6.5, wanted: 'undecodable' },
    { value: '256', wanted: 'unknown' },
    { value: '-1', wanted: 'unknown' },
    { value: '+6', wanted: 'unknown' },
    { value: '', wanted: 'unknown' },
    { value: ' TCP', wanted: 'unknown' },
    { value: 'constructor', wanted: 'unknown' },
  ])('$value: $wanted', ({ value, wanted }) => {
    expect(protocolProblem(value)).toBe(wanted);
  });

  it.each(['TCP', 'tcp', 'Udp', 'SCTP', 6, 17, 132, '6'])('%s has ports', (value) => {
    expect(hasPorts(value)).toBe(true);
  });

  it.each(['ICMP', 'UDPLite', 1, 136, 256, '', 'tcp '])('%s has none', (value) => {
    expect(hasPorts(value)).toBe(false);
  });

  it('names are found in any case, ICMP by its own', () => {
    expect(canonicalProtocol('udplite')).toBe('UDPLite');
    expect(canonicalProtocol('gre')).toBeUndefined();
    expect(['ICMP', 1, 'ICMPv6', 58, 'icmp', '1', 6].map(icmpVersion)).toEqual([
      4,
      4,
      6,
      6,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
