import { describe, expect, it } from 'vitest';
import { CALICO_API_VERSION, isCalico, TYPE_META } from '../../src/targets/network-config.ts';

describe('what is ours', () => {
  it.each([
    { name: 'calico', type: 'calico', config: undefined, expected: true },
    {
      name: "calico with another's configuration",
      type: 'calico',
      config: { apiVersion: 'a/v1' },
      expected: true,
    },
    { name: 'cilium', type: 'cilium', config: undefined, expected: false },
    {
      name: 'cilium with our configuration',
      type: 'cilium',
      config: { apiVersion: CALICO_API_VERSION },
      expected: false,
    },
    {
      name: 'Calico in capitals, which Gardener does not support',
      type: 'Calico',
      config: undefined,
      expected: false,
    },
    { name: 'nothing', type: undefined, config: undefined, expected: true },
    { name: 'null', type: null, config: null, expected: true },
    { name: 'an empty type', type: '', config: undefined, expected: true },
    { name: 'a type that is no text', type: 5, config: undefined, expected: true },
    {
      name: 'our configuration without type',
      type: undefined,
      config: { apiVersion: CALICO_API_VERSION },
      expected: true,
    },
    {
      name: 'our configuration of another version',
      type: undefined,
      config: { apiVersion: 'calico.networking.extensions.gardener.cloud/v2' },
      expected: true,
    },
    {
      name: "cilium's configuration without type",
      type: undefined,
      config: { apiVersion: 'cilium.networking.extensions.gardener.cloud/v1alpha1' },
      expected: false,
    },
    { name: "another's with an empty type", type: '', config: { apiVersion: 'a/v1' }, expected: false },
    {
      name: "another's with a type that is no text",
      type: [],
      config: { apiVersion: 'a/v1' },
      expected: false,
    },
    {
      name: 'a group that only begins like ours',
      type: undefined,
      config: { apiVersion: 'calico/v1' },
      expected: false,
    },
    {
      name: 'a group that only begins with ours',
      type: undefined,
      config: { apiVersion: `x${CALICO_API_VERSION}` },
      expected: false,
    },
    { name: 'a group of one letter', type: undefined, config: { apiVersion: 'a/v1' }, expected: false },
    { name: 'a version without group', type: undefined, config: { apiVersion: 'v1alpha1' }, expected: true },
    { name: 'an empty group', type: undefined, config: { apiVersion: '/v1alpha1' }, expected: true },
    { name: 'a version that is no text', type: undefined, config: { apiVersion: 1 }, expected: true },
    {
      name: 'a configuration that is a list',
      type: undefined,
      config: [{ apiVersion: 'a/v1' }],
      expected: true,
    },
    { name: 'a configuration that is text', type: undefined, config: 'a/v1', expected: true },
  ])('$name: $expected', ({ type, config, expected }) => {
    expect(isCalico(type, config)).toBe(expected);
  });
});

it('a new configuration has its kind and API version', () => {
  expect(TYPE_META).toEqual({
    apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1',
    kind: 'NetworkConfig',
  });
});
