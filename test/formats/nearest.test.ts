import { describe, expect, it } from 'vitest';
import { nearest, sameButForm, surelyMeant } from '../../src/formats/nearest.ts';

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

describe('surelyMeant', () => {
  it.each([
    { word: 'vethMtu', among: names, wanted: 'vethMTU' },
    { word: 'veth-mtu', among: names, wanted: 'vethMTU' },
    { word: 'natoutgoing', among: ['nat-outgoing', 'natOutgoing'], wanted: 'natOutgoing' },
    { word: 'bakcend', among: names, wanted: 'backend' },
    { word: 'backnd', among: names, wanted: 'backend' },
    { word: 'bacnd', among: names, wanted: undefined },
    { word: 'pod', among: ['pods'], wanted: undefined },
    { word: 'nodes1', among: ['nodes2', 'nodes3'], wanted: undefined },
    { word: 'hostlocal', among: ['host-local', 'host_local'], wanted: undefined },
    { word: '', among: names, wanted: undefined },
    { word: '-', among: ['_'], wanted: undefined },
    { word: 'backend'.padEnd(65, 'd'), among: names, wanted: undefined },
  ])('$word: $wanted', ({ word, among, wanted }) => {
    expect(surelyMeant(word, among)).toBe(wanted);
  });
});

describe('sameButForm', () => {
  it.each([
    { word: 'Host_Local', wanted: 'host-local' },
    { word: 'host-locals', wanted: undefined },
    { word: '', wanted: undefined },
  ])('$word: $wanted', ({ word, wanted }) => {
    expect(sameButForm(word, ['host-local', 'calico-ipam'])).toBe(wanted);
  });
});
