import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/formats/nearest.ts';

const names = [
  'backend',
  'ipam',
  'ipv4',
  'ipv6',
  'typha',
  'vethMTU',
  'overlay',
  'ipAutodetectionMethod',
  'calico-ipam',
];

describe('nearest', () => {
  it.each([
    { word: 'Backend', wanted: 'backend' },
    { word: 'vethMtu', wanted: 'vethMTU' },
    { word: 'veth_mtu', wanted: 'vethMTU' },
    { word: 'calicoIPAM', wanted: 'calico-ipam' },
    { word: 'bakcend', wanted: 'backend' },
    { word: 'overly', wanted: 'overlay' },
    { word: 'ipAutoDetectionMethods', wanted: 'ipAutodetectionMethod' },
    { word: 'ipv5', wanted: 'ipv4' },
    { word: 'backend', wanted: 'backend' },
    { word: 'wireguard', wanted: undefined },
    { word: '', wanted: undefined },
    { word: '-', wanted: undefined },
    { word: 'x', wanted: undefined },
    { word: 'backend'.padEnd(65, 'd'), wanted: undefined },
  ])('$word: $wanted', ({ word, wanted }) => {
    expect(nearest(word, names)).toBe(wanted);
  });

  it('prefers the same word in another case to one without separators', () => {
    expect(nearest('HOST-LOCAL', ['hostlocal', 'host-local'])).toBe('host-local');
  });

  it('has nothing to offer without candidates', () => {
    expect(nearest('backend', [])).toBeUndefined();
  });
});
