import { describe, expect, it, vi } from 'vitest';
import { createNetworkTarget } from '../../src/targets/network.ts';
import { fakeShape, request, update } from './targets.ts';

const target = createNetworkTarget(fakeShape());
const CONFIG_PATH = ['spec', 'providerConfig'];
const good = { spec: { type: 'calico', providerConfig: { backend: 'bird' } } };

describe('what is ours', () => {
  it.each([
    { name: 'calico', object: good, expected: true },
    { name: 'cilium', object: { spec: { type: 'cilium' } }, expected: false },
    { name: 'no type', object: { spec: {} }, expected: true },
    {
      name: "no type, another's configuration",
      object: { spec: { providerConfig: { apiVersion: 'a/v1' } } },
      expected: false,
    },
    { name: 'no spec', object: {}, expected: true },
    { name: 'a spec that is no map', object: { spec: [] }, expected: true },
    { name: 'a list', object: [], expected: false },
    { name: 'null', object: null, expected: false },
    { name: 'nothing', object: undefined, expected: false },
    { name: 'being deleted', object: { ...good, metadata: { deletionTimestamp: 'x' } }, expected: false },
    { name: 'not being deleted', object: { ...good, metadata: { deletionTimestamp: null } }, expected: true },
  ])('$name: $expected', ({ object, expected }) => {
    for (const purpose of ['validate', 'mutate'] as const) {
      expect(target.read(request(object), purpose) !== undefined, purpose).toBe(expected);
    }
  });

  it.each([
    { path: undefined, expected: true },
    { path: 'azure', expected: true },
    { path: 'nowhere', expected: false },
  ])('at /mutate/$path: $expected', ({ path, expected }) => {
    const subject = request(good, { pathProvider: path });
    expect(target.read(subject, 'mutate') !== undefined).toBe(expected);
    expect(target.read(subject, 'validate')).toBeDefined();
  });

  it.each([
    { name: 'unchanged', object: good, old: good },
    { name: 'migrated', object: { ...good, status: { lastOperation: { type: 'Migrate' } } }, old: good },
    { name: 'restored', object: { ...good, status: { lastOperation: { type: 'Restore' } } }, old: good },
  ])('whenever it comes: $name', ({ object, old }) => {
    expect(target.read(update(object, old), 'mutate')).toBeDefined();
    expect(target.read(update(object, old), 'validate')).toBeDefined();
  });
});

describe('the input of rules', () => {
  it('of a Network', () => {
    const checkShape = vi.fn(() => []);
    const duplicates = vi.fn(() => [['backend']]);
    const object = { spec: { ...good.spec, ipFamilies: ['IPv6', null] } };
    const input = createNetworkTarget(fakeShape(checkShape)).read(
      request(object, { pathProvider: 'azure', duplicates }),
      'mutate',
    );
    expect(input).toEqual({
      target: 'network',
      object,
      spec: object.spec,
      configPath: CONFIG_PATH,
      configValue: { backend: 'bird' },
      config: { backend: 'bird' },
      ipFamiliesPath: ['spec', 'ipFamilies'],
      ipFamilies: ['IPv6'],
      provider: 'azure',
      isTyped: true,
      shape: [],
      shortened: [],
      duplicates: [['backend']],
    });
    expect(checkShape).toHaveBeenCalledExactlyOnceWith(object);
    expect(duplicates).toHaveBeenCalledExactlyOnceWith('object', CONFIG_PATH);
  });

  it.each([
    { name: 'a text', value: 'x', config: {} },
    { name: 'null', value: null, config: {} },
    { name: 'nothing', value: undefined, config: {} },
    { name: 'a map', value: { a: 1 }, config: { a: 1 } },
  ])('of a configuration that is $name', ({ value, config }) => {
    const input = target.read(request({ spec: { providerConfig: value } }), 'mutate');
    expect(input).toMatchObject({ config, configValue: value, isTyped: false });
  });

  it('has the path of the configuration, and the first fields of a new one', () => {
    expect(target.config).toEqual({
      path: CONFIG_PATH,
      typeMeta: { apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1', kind: 'NetworkConfig' },
    });
  });
});

describe('the old Network', () => {
  it.each([
    { name: 'ours', old: good, expected: true },
    { name: 'none', old: undefined, expected: false },
    { name: 'no map', old: 'x', expected: false },
    { name: "another's", old: { spec: { type: 'cilium' } }, expected: false },
  ])('$name: $expected', ({ old, expected }) => {
    const input = target.readOld(update(good, old, { duplicates: (which) => [[which]] }));
    expect(input !== undefined).toBe(expected);
    if (expected) expect(input).toMatchObject({ object: old, duplicates: [['old']] });
  });
});

it('a Network is called so', () => {
  const { id, apis, kind, resource } = target;
  expect({ id, apis, kind, resource }).toEqual({
    id: 'network',
    apis: [{ group: 'extensions.gardener.cloud', versions: ['v1alpha1'] }],
    kind: 'Network',
    resource: 'networks',
  });
});
