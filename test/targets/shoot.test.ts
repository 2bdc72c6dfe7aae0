import { describe, expect, it, vi } from 'vitest';
import type { EvaluationRequest } from '../../src/policy/types.ts';
import type { ShapeProblem } from '../../src/schema/shape.ts';
import { createShootTarget } from '../../src/targets/shoot.ts';
import { fakeShape, request, update } from './targets.ts';

const target = createShootTarget(fakeShape());
const calico = { type: 'calico', providerConfig: { backend: 'bird' } };
const good = { spec: { networking: calico } };
const CONFIG_PATH = ['spec', 'networking', 'providerConfig'];

function networking(value: unknown): object {
  return { spec: { networking: value } };
}

function isEvaluated(subject: EvaluationRequest, purpose: 'validate' | 'mutate'): boolean {
  return target.read(subject, purpose) !== undefined;
}

describe('what is ours', () => {
  it.each([
    { name: 'calico', object: good, expected: true },
    { name: 'cilium', object: networking({ type: 'cilium' }), expected: false },
    { name: 'no type, no configuration', object: { spec: {} }, expected: true },
    {
      name: 'no type, our configuration',
      object: networking({ providerConfig: { backend: 'x' } }),
      expected: true,
    },
    {
      name: "no type, another's configuration",
      object: networking({ providerConfig: { apiVersion: 'a/v1' } }),
      expected: false,
    },
    {
      name: 'no workers',
      object: { spec: { networking: calico, provider: { workers: [] } } },
      expected: false,
    },
    {
      name: 'a worker',
      object: { spec: { networking: calico, provider: { workers: [{}] } } },
      expected: true,
    },
    { name: 'no list of workers', object: { spec: { networking: calico, provider: {} } }, expected: true },
    {
      name: 'workers null',
      object: { spec: { networking: calico, provider: { workers: null } } },
      expected: true,
    },
    { name: 'workers that are no list', object: { spec: { provider: { workers: {} } } }, expected: true },
    {
      name: 'workers of length 0 that are no list',
      object: { spec: { provider: { workers: '' } } },
      expected: true,
    },
    { name: 'an empty map', object: {}, expected: true },
    { name: 'a spec that is no map', object: { spec: 'x' }, expected: true },
    { name: 'a networking that is no map', object: networking([]), expected: true },
  ])('$name: $expected', ({ object, expected }) => {
    expect(isEvaluated(request(object), 'validate')).toBe(expected);
    expect(isEvaluated(request(object), 'mutate')).toBe(expected);
  });

  it.each([{ object: null }, { object: undefined }, { object: [] }, { object: 'x' }, { object: 5 }])(
    '$object is no Shoot: /validate reports it, and /mutate does not change it',
    ({ object }) => {
      expect(target.read(request(object), 'validate')).toMatchObject({ object: {}, spec: {}, config: {} });
      expect(isEvaluated(request(object), 'mutate')).toBe(false);
    },
  );

  it.each([
    { own: undefined, path: undefined, expected: true },
    { own: undefined, path: 'azure', expected: true },
    { own: undefined, path: 'nowhere', expected: false },
    { own: 'azure', path: 'nowhere', expected: true },
    { own: 'nowhere', path: 'nowhere', expected: true },
    { own: 5, path: 'nowhere', expected: false },
  ])('a Shoot on $own at /mutate/$path: $expected', ({ own, path, expected }) => {
    const subject = request(
      { spec: { networking: calico, provider: { type: own } } },
      { pathProvider: path },
    );
    expect(isEvaluated(subject, 'mutate')).toBe(expected);
    expect(isEvaluated(subject, 'validate')).toBe(true);
  });
});

describe('a configuration with a key twice', () => {
  it.each([
    { where: 'it', twice: 'object', expected: false },
    { where: 'the old one', twice: 'old', expected: true },
  ])('in $where: for /mutate $expected, for /validate true', ({ twice, expected }) => {
    const changed = { spec: { networking: { type: 'calico', providerConfig: { backend: 'none' } } } };
    const duplicates = (which: 'object' | 'old') => (which === twice ? [['backend']] : []);
    expect(isEvaluated(update(good, changed, { duplicates }), 'mutate')).toBe(expected);
    expect(isEvaluated(update(good, changed, { duplicates }), 'validate')).toBe(true);
  });
});

describe('what is left alone', () => {
  const changed = { spec: { networking: { type: 'calico', providerConfig: { backend: 'none' } } } };
  const deleting = { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } };
  const status = (type: string, more: object = {}, seedName?: string) => ({
    status: { lastOperation: { type, ...more }, ...(seedName !== undefined && { seedName }) },
  });
  const onSeed = (seedName: unknown) => ({ spec: { ...good.spec, seedName } });

  interface Case {
    readonly name: string;
    readonly object?: object;
    readonly old?: unknown;
    readonly expected: boolean;
    /** The only purpose for which the same object would be evaluated on creation; both where it is left out. */
    readonly created?: 'mutate';
  }
  const moved = (object: object, was: object) => ({ object, old: { ...changed, ...was } });
  const table: Case[] = [
    { name: 'a change', expected: true },
    { name: 'a change without the old object', old: undefined, expected: true },
    { name: 'a change of an old object that is no map', old: 'x', expected: true },
    {
      name: 'an unchanged spec',
      old: { ...good, metadata: { name: 'old' }, status: {} },
      expected: false,
    },
    {
      name: 'a spec in another order',
      old: { spec: { networking: { providerConfig: { backend: 'bird' }, type: 'calico' } } },
      expected: false,
    },
    { name: 'no spec, as before', object: { spec: undefined }, old: {}, expected: false },
    { name: 'no spec, unlike before', object: { spec: undefined }, expected: true },
    { name: 'being deleted', object: deleting, expected: false, created: 'mutate' },
    { name: 'not being deleted', object: { metadata: { deletionTimestamp: null } }, expected: true },
    { name: 'was being deleted', old: { ...changed, ...deleting }, expected: false },
    { name: 'migrated', old: { ...changed, ...status('Migrate') }, expected: false },
    { name: 'restored', old: { ...changed, ...status('Restore', { state: 'Processing' }) }, expected: false },
    { name: 'restored in no state', old: { ...changed, ...status('Restore') }, expected: false },
    {
      name: 'restored with success',
      old: { ...changed, ...status('Restore', { state: 'Succeeded' }) },
      expected: true,
    },
    {
      name: 'reconciled',
      old: { ...changed, ...status('Reconcile', { state: 'Processing' }) },
      expected: true,
    },
    { name: 'rescheduled', ...moved(onSeed('a'), status('Reconcile', {}, 'b')), expected: false },
    {
      name: 'rescheduled with an operation of no type',
      ...moved(onSeed('a'), { status: { seedName: 'b', lastOperation: {} } }),
      expected: false,
    },
    { name: 'rescheduled, and migrated', ...moved(onSeed('a'), status('Migrate', {}, 'b')), expected: false },
    { name: 'on its seed', ...moved(onSeed('a'), status('Reconcile', {}, 'a')), expected: true },
    { name: 'on no seed yet', ...moved(onSeed('a'), status('Create')), expected: true },
    { name: 'on an empty seed', ...moved(onSeed('a'), status('Create', {}, '')), expected: true },
    { name: 'that wants no seed', ...moved({}, status('Create', {}, 'b')), expected: true },
    { name: 'that wants an empty seed', ...moved(onSeed(''), status('Create', {}, 'b')), expected: true },
    {
      name: 'that wants a seed that is no text',
      ...moved(onSeed(5), status('Create', {}, 'b')),
      expected: true,
    },
    {
      name: 'on another seed before any operation',
      ...moved(onSeed('a'), { status: { seedName: 'b' } }),
      expected: true,
    },
    {
      name: 'on another seed with an operation that is no map',
      ...moved(onSeed('a'), { status: { seedName: 'b', lastOperation: 'x' } }),
      expected: true,
    },
    {
      name: 'on a seed that is no text',
      ...moved(onSeed('a'), { status: { seedName: 5, lastOperation: { type: 'Create' } } }),
      expected: true,
    },
    ...[
      status('Migrate'),
      status('Restore', { state: 'Processing' }),
      { ...onSeed('a'), ...status('Reconcile', {}, 'b') },
    ].flatMap((object): Case[] => [
      { name: `a status that came with it: ${JSON.stringify(object)}`, object, expected: true },
      { name: `and without the old one: ${JSON.stringify(object)}`, object, old: undefined, expected: true },
    ]),
  ];
  it.each(table)('$name: evaluated $expected', (entry) => {
    const object = { ...good, ...entry.object };
    const old = 'old' in entry ? entry.old : changed;
    for (const purpose of ['validate', 'mutate'] as const) {
      expect(isEvaluated(update(object, old), purpose), purpose).toBe(entry.expected);
      const isCreationEvaluated = (entry.created ?? purpose) === purpose;
      expect(isEvaluated(request(object), purpose), `created: ${purpose}`).toBe(isCreationEvaluated);
    }
  });

  it('not where the same spec has other keys written twice', () => {
    const duplicates = vi.fn((which: 'object' | 'old') => (which === 'object' ? [['backend']] : []));
    expect(isEvaluated(update(good, good, { duplicates }), 'validate')).toBe(true);
    expect(duplicates.mock.calls).toEqual(
      expect.arrayContaining([
        ['object', CONFIG_PATH],
        ['old', CONFIG_PATH],
      ]),
    );
    expect(isEvaluated(update(good, good, { duplicates: () => [['backend']] }), 'validate')).toBe(false);
  });
});

describe('the input of rules', () => {
  const shape: ShapeProblem[] = [
    {
      kind: 'wrong-type',
      path: ['x'],
      reason: 'FieldValueTypeInvalid',
      problem: 'is wrong',
      advice: 'mend it',
    },
  ];
  const checkShape = vi.fn(() => shape);
  const seeing = createShootTarget(fakeShape(checkShape));
  const object = {
    kind: 'Shoot',
    spec: {
      provider: { type: 'azure' },
      networking: { type: 'calico', providerConfig: { backend: 'bird' }, ipFamilies: ['IPv4', 5, 'IPv6'] },
    },
  };

  it('of a Shoot', () => {
    const duplicates = vi.fn(() => [['backend']]);
    expect(seeing.read(request(object, { pathProvider: 'gcp', duplicates }), 'validate')).toEqual({
      target: 'shoot',
      operation: 'CREATE',
      object,
      spec: object.spec,
      networking: object.spec.networking,
      old: undefined,
      configPath: CONFIG_PATH,
      configValue: { backend: 'bird' },
      config: { backend: 'bird' },
      ipFamiliesPath: ['spec', 'networking', 'ipFamilies'],
      ipFamilies: ['IPv4', 'IPv6'],
      provider: 'azure',
      isTyped: true,
      shape,
      shortened: [],
      duplicates: [['backend']],
    });
    expect(checkShape).toHaveBeenCalledExactlyOnceWith(object);
    expect(duplicates).toHaveBeenCalledExactlyOnceWith('object', CONFIG_PATH);
  });

  it.each([
    { name: 'a list', value: [], config: {} },
    { name: 'null', value: null, config: {} },
    { name: 'nothing', value: undefined, config: {} },
    { name: 'a map', value: { a: 1 }, config: { a: 1 } },
  ])('of a configuration that is $name', ({ value, config }) => {
    const input = target.read(request(networking({ type: 'calico', providerConfig: value })), 'validate');
    expect(input?.configValue).toEqual(value);
    expect(input?.config).toEqual(config);
  });

  it('has the path of the configuration, and the first fields of a new one', () => {
    expect(target.config).toEqual({
      path: CONFIG_PATH,
      typeMeta: { apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1', kind: 'NetworkConfig' },
    });
  });

  it.each([
    { type: 'calico', isTyped: true },
    { type: undefined, isTyped: false },
    { type: '', isTyped: false },
    { type: 5, isTyped: false },
  ])('of a network of the type $type', ({ type, isTyped }) => {
    expect(target.read(request(networking({ type })), 'mutate')?.isTyped).toBe(isTyped);
  });

  it.each([
    { own: 'azure', path: 'gcp', provider: 'azure' },
    { own: undefined, path: 'gcp', provider: 'gcp' },
    { own: '', path: 'gcp', provider: 'gcp' },
    { own: undefined, path: undefined, provider: undefined },
  ])('of the provider: $own at the path $path', ({ own, path, provider }) => {
    const subject = request({ spec: { provider: { type: own } } }, { pathProvider: path });
    expect(target.read(subject, 'validate')?.provider).toBe(provider);
  });

  it('of an update: the old Shoot as well', () => {
    const old = networking({ type: 'calico', providerConfig: { backend: 'none' } });
    const duplicates = (which: 'object' | 'old') => [[which]];
    const input = target.read(update(object, old, { duplicates }), 'validate');
    expect(input).toMatchObject({ operation: 'UPDATE', object, duplicates: [['object']] });
    expect(input?.old).toMatchObject({ object: old, config: { backend: 'none' } });
    // Its mistakes do not matter until it is evaluated itself, and they take long to find.
    expect(input?.old).toMatchObject({ shape: [], duplicates: [] });
  });
});

describe('the old Shoot', () => {
  it.each([
    { name: 'ours', old: good, expected: true },
    { name: 'none', old: undefined, expected: false },
    { name: 'no map', old: [], expected: false },
    { name: "another's", old: networking({ type: 'cilium' }), expected: false },
    { name: 'without workers', old: { spec: { provider: { workers: [] } } }, expected: false },
  ])('$name: $expected', ({ old, expected }) => {
    expect(target.readOld(update(networking({ type: 'calico' }), old)) !== undefined).toBe(expected);
  });
});

it('a Shoot is called so', () => {
  const { id, apis, kind, resource } = target;
  expect({ id, apis, kind, resource }).toEqual({
    id: 'shoot',
    apis: [{ group: 'core.gardener.cloud', versions: ['v1beta1'] }],
    kind: 'Shoot',
    resource: 'shoots',
  });
});
