import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { read } from '../../src/policy/json.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { mutate, shoot, validate } from '../support/evaluate.ts';
import { registry } from '../support/registry.ts';

const NO_DEFAULT_OVERLAY = { ...DEFAULT_SETTINGS, options: { openstackOverlayDefault: false } };
const TYPE_META = {
  apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1',
  kind: 'NetworkConfig',
};

interface Written {
  readonly config?: unknown;
  readonly networking?: object;
  readonly version?: unknown;
}

interface Row extends Written {
  readonly name: string;
  readonly cloud: string;
  readonly old?: Written;
  readonly isSwitchOff?: boolean;
  /** The providerConfig afterwards; unchanged where it is missing. */
  readonly after?: object;
}

const on = { overlay: { enabled: true } };
const off = { overlay: { enabled: false } };
const noSnat = { snatToUpstreamDNS: { enabled: false } };
const routes = { overlay: { enabled: false, createPodRoutes: true } };
const dual = { ipFamilies: ['IPv4', 'IPv6'] };

const ROWS: readonly Row[] = [
  { name: 'a new one', cloud: 'aws', after: { ...TYPE_META, ...off } },
  { name: 'a new one', cloud: 'gcp', after: { ...TYPE_META, ...off, ...noSnat } },
  { name: 'a new one', cloud: 'alicloud', after: { ...TYPE_META, ...off, ...noSnat } },
  { name: 'a new one', cloud: 'openstack', after: { ...TYPE_META, ...on } },
  {
    name: 'a new one, switched off',
    cloud: 'openstack',
    isSwitchOff: true,
    after: { ...TYPE_META, ...routes },
  },
  { name: 'a new one', cloud: 'local' },
  { name: 'a new one', cloud: 'constructor' },
  { name: 'a new one of an unknown spelling', cloud: 'AWS' },
  {
    name: 'the switch is for OpenStack alone',
    cloud: 'aws',
    isSwitchOff: true,
    after: { ...TYPE_META, ...off },
  },
  { name: 'an overlay on Azure', cloud: 'azure', config: { backend: 'none' } },

  { name: 'null', cloud: 'aws', config: null, after: { ...TYPE_META, ...off } },
  { name: '{}', cloud: 'aws', config: {}, after: off },
  { name: 'a null block', cloud: 'aws', config: { overlay: null }, after: off },
  { name: 'other fields stay', cloud: 'gcp', config: { foo: 1 }, after: { foo: 1, ...off, ...noSnat } },
  { name: 'a list', cloud: 'aws', config: [] },
  { name: 'a text', cloud: 'gcp', config: 'x' },
  { name: 'false', cloud: 'openstack', config: false },

  { name: 'explicitly on', cloud: 'aws', config: on },
  { name: 'explicitly on', cloud: 'gcp', config: on },
  { name: 'explicitly on', cloud: 'openstack', config: on, isSwitchOff: true },
  { name: 'explicitly off', cloud: 'aws', config: off },
  { name: 'explicitly off', cloud: 'gcp', config: off, after: { ...off, ...noSnat } },
  { name: 'explicitly off', cloud: 'alicloud', config: off, after: { ...off, ...noSnat } },
  { name: 'explicitly off', cloud: 'openstack', config: off, after: routes },
  { name: 'explicitly off', cloud: 'openstack', config: off, isSwitchOff: true, after: routes },
  { name: 'explicitly off', cloud: 'local', config: off },
  { name: '{} is off', cloud: 'aws', config: { overlay: {} } },
  { name: '{} is off', cloud: 'gcp', config: { overlay: {} }, after: { overlay: {}, ...noSnat } },
  {
    name: '{} is off',
    cloud: 'openstack',
    config: { overlay: {} },
    after: { overlay: { createPodRoutes: true } },
  },
  { name: 'enabled null is off', cloud: 'aws', config: { overlay: { enabled: null } } },
  {
    name: 'routes explicitly off',
    cloud: 'openstack',
    config: { overlay: { enabled: false, createPodRoutes: false } },
  },
  {
    name: 'routes null',
    cloud: 'openstack',
    config: { overlay: { enabled: false, createPodRoutes: null } },
    after: routes,
  },
  {
    name: 'routes of no known type',
    cloud: 'openstack',
    config: { overlay: { enabled: false, createPodRoutes: 'x' } },
  },
  { name: 'on of no known type', cloud: 'openstack', config: { overlay: { enabled: 'false' } } },
  { name: 'an overlay that is no map', cloud: 'gcp', config: { overlay: false } },
  { name: 'an overlay that is a list', cloud: 'openstack', config: { overlay: [] } },
  { name: 'SNAT explicitly on', cloud: 'gcp', config: { ...off, snatToUpstreamDNS: { enabled: true } } },
  {
    name: 'SNAT explicitly on, nothing of the overlay',
    cloud: 'gcp',
    config: { snatToUpstreamDNS: { enabled: true } },
    after: { ...off, snatToUpstreamDNS: { enabled: true } },
  },
  { name: 'SNAT {} is off', cloud: 'gcp', config: { ...off, snatToUpstreamDNS: {} } },
  {
    name: 'SNAT null',
    cloud: 'alicloud',
    config: { ...off, snatToUpstreamDNS: null },
    after: { ...off, ...noSnat },
  },
  { name: 'SNAT with overlay', cloud: 'gcp', config: { ...on, snatToUpstreamDNS: { enabled: true } } },

  { name: 'Kubernetes 1.21', cloud: 'aws', version: '1.21.14' },
  { name: 'Kubernetes v1.21', cloud: 'aws', version: 'v1.21' },
  { name: 'Kubernetes 1.22', cloud: 'aws', version: '1.22.0', after: { ...TYPE_META, ...off } },
  { name: 'Kubernetes 1.9', cloud: 'aws', version: '1.9.0' },
  { name: 'a version to be filled in', cloud: 'aws', version: null, after: { ...TYPE_META, ...off } },
  { name: 'a version of no known form', cloud: 'aws', version: 'latest', after: { ...TYPE_META, ...off } },
  {
    name: 'Kubernetes 1.21 is no matter',
    cloud: 'gcp',
    version: '1.21.14',
    after: { ...TYPE_META, ...off, ...noSnat },
  },
  {
    name: 'Kubernetes 1.21 carries nothing over',
    cloud: 'aws',
    version: '1.21.14',
    old: { config: off, version: '1.21.13' },
  },

  { name: 'two families', cloud: 'aws', networking: dual, after: { ...TYPE_META, ...off } },
  { name: 'two families', cloud: 'gcp', networking: dual, after: { ...TYPE_META, ...off, ...noSnat } },
  { name: 'two families', cloud: 'openstack', networking: dual, after: { ...TYPE_META, ...on } },

  { name: 'an update, unset in both', cloud: 'aws', old: { version: '1.33.0' } },
  { name: 'an update, unset in both', cloud: 'gcp', old: { version: '1.33.0' } },
  { name: 'an update, unset in both', cloud: 'openstack', old: { version: '1.33.0' }, isSwitchOff: true },
  { name: 'an update, null before', cloud: 'aws', old: { config: { overlay: null }, version: '1.33.0' } },
  { name: 'an update that leaves out on', cloud: 'aws', old: { config: on }, after: { ...TYPE_META, ...on } },
  { name: 'an update that leaves out on', cloud: 'gcp', config: {}, old: { config: on }, after: on },
  { name: 'an update that leaves out off', cloud: 'aws', config: {}, old: { config: off }, after: off },
  {
    name: 'an update that leaves out off',
    cloud: 'gcp',
    config: {},
    old: { config: off },
    after: { ...off, ...noSnat },
  },
  {
    name: 'an update that leaves out off',
    cloud: 'openstack',
    config: {},
    old: { config: off },
    after: routes,
  },
  {
    name: 'an update that leaves out routes',
    cloud: 'openstack',
    config: {},
    old: { config: routes },
    after: routes,
  },
  {
    name: 'an update that leaves out no routes',
    cloud: 'openstack',
    config: {},
    old: { config: { overlay: { enabled: false, createPodRoutes: false } } },
    after: { overlay: { enabled: false, createPodRoutes: false } },
  },
  {
    name: 'an update that leaves out {}',
    cloud: 'aws',
    config: {},
    old: { config: { overlay: {} } },
    after: off,
  },
  {
    name: 'an update that leaves out null',
    cloud: 'aws',
    config: {},
    old: { config: { overlay: { enabled: null } } },
    after: off,
  },
  {
    name: 'an update from an unreadable object',
    cloud: 'aws',
    config: {},
    old: { config: { overlay: { enabled: 'x' } } },
  },
  { name: 'an update from no map', cloud: 'aws', config: {}, old: { config: { overlay: [true] } } },
  { name: 'an update from no configuration', cloud: 'aws', config: {}, old: { config: 'x' } },
  {
    name: 'an update from unknown fields',
    cloud: 'aws',
    config: {},
    old: { config: { overlay: { enabled: true, foo: 1 } } },
    after: on,
  },
  { name: 'an update of a cloud that wants nothing', cloud: 'local', config: {}, old: { config: on } },
  {
    name: 'an update that switches off',
    cloud: 'gcp',
    config: off,
    old: { config: on },
    after: { ...off, ...noSnat },
  },
  { name: 'an update that switches on', cloud: 'gcp', config: on, old: { config: { ...off, ...noSnat } } },
  {
    name: 'an update to two families leaves on behind',
    cloud: 'aws',
    config: {},
    networking: dual,
    old: { config: on },
  },
  {
    name: 'an update to two families leaves on behind',
    cloud: 'gcp',
    config: {},
    networking: dual,
    old: { config: on },
  },
  {
    name: 'an update to two families keeps off',
    cloud: 'aws',
    config: {},
    networking: dual,
    old: { config: off },
    after: off,
  },
  {
    name: 'an update to two families keeps on',
    cloud: 'openstack',
    config: {},
    networking: dual,
    old: { config: on },
    after: on,
  },
  {
    name: 'an update that had two families keeps on',
    cloud: 'aws',
    config: {},
    networking: dual,
    version: '1.34.1',
    old: { config: on, networking: dual },
    after: on,
  },

  { name: 'no type', cloud: 'aws', networking: { type: undefined } },
  { name: 'no type, but a configuration', cloud: 'gcp', config: off, networking: { type: undefined } },
  { name: 'another network', cloud: 'aws', networking: { type: 'cilium' } },
];

function write(cloud: string, { config, networking, version = '1.34.0' }: Written): object {
  return shoot(config, { kubernetes: { version }, provider: { type: cloud } }, networking);
}

describe('overlay-default of a new Shoot, and overlay-kept of an update', () => {
  it.each(ROWS.map((row) => [`${row.cloud}: ${row.name}`, row] as const))('%s', (_name, row) => {
    const object = write(row.cloud, row);
    const before = structuredClone(object);
    const outcome = mutate(registry, {
      object,
      ...(row.old !== undefined && { old: write(row.cloud, row.old) }),
      ...(row.isSwitchOff === true && { settings: NO_DEFAULT_OVERLAY }),
    });
    expect(object, 'a mutation leaves its input as it is').toEqual(before);
    expect(outcome.findings, 'nothing is replaced').toEqual([]);
    const id = row.old === undefined ? 'overlay-default' : 'overlay-kept';
    expect(outcome.mutations).toEqual(row.after === undefined ? [] : [id]);
    const copy = structuredClone(object);
    const patch: Operation[] = structuredClone([...outcome.patch]);
    expect(applyPatch(copy, patch).every((error) => error === null)).toBe(true);
    expect(read(copy, 'spec', 'networking', 'providerConfig')).toEqual(row.after ?? row.config);
    expect(JSON.stringify(outcome.patch)).not.toContain('null');
  });

  it.each(['alicloud', 'aws', 'azure', 'gcp', 'openstack', 'local'])(
    '%s: a plain Shoot gets no warning after it',
    (cloud) => {
      const object = write(cloud, { networking: { pods: '10.1.0.0/16', services: '10.2.0.0/16' } });
      for (const settings of [DEFAULT_SETTINGS, NO_DEFAULT_OVERLAY]) {
        const copy = structuredClone(object);
        applyPatch(copy, structuredClone([...mutate(registry, { object, settings }).patch]));
        const reported = validate(registry, { object: copy }).findings.filter(
          (each) => each.action !== 'audit',
        );
        expect(reported).toEqual([]);
      }
    },
  );

  it.each(['alicloud', 'gcp', 'openstack'])(
    '%s: switching on what it has switched off only warns of the switch',
    (cloud) => {
      const old = write(cloud, { networking: { pods: '10.1.0.0/16', services: '10.2.0.0/16' } });
      applyPatch(
        old,
        structuredClone([...mutate(registry, { object: old, settings: NO_DEFAULT_OVERLAY }).patch]),
      );
      const object = structuredClone(old);
      applyPatch(object, [
        { op: 'replace', path: '/spec/networking/providerConfig/overlay/enabled', value: true },
      ]);
      const rules = validate(registry, { object, old }).findings.map((each) => each.rule);
      expect(rules).toEqual(['shoot/overlay-switch']);
    },
  );

  it('leaves an update alone that came without its old object', () => {
    const policy = registry.find('core.gardener.cloud', 'Shoot');
    const outcome = policy?.mutate(
      {
        operation: 'UPDATE',
        object: write('aws', {}),
        old: undefined,
        pathProvider: undefined,
        duplicates: () => [],
      },
      { settings: DEFAULT_SETTINGS, namespace: 'garden-dev', checkpoint: () => {} },
    );
    expect(outcome?.patch).toEqual([]);
  });

  it('can be switched off, each on its own', () => {
    const off = (id: string) => ({ ...DEFAULT_SETTINGS, mutations: { [id]: 'off' as const } });
    const created = { object: write('aws', {}) };
    const updated = { object: write('aws', { config: {} }), old: write('aws', { config: on }) };
    expect(mutate(registry, { ...created, settings: off('overlay-default') }).patch).toEqual([]);
    expect(mutate(registry, { ...updated, settings: off('overlay-default') }).patch).not.toEqual([]);
    expect(mutate(registry, { ...created, settings: off('overlay-kept') }).patch).not.toEqual([]);
    expect(mutate(registry, { ...updated, settings: off('overlay-kept') }).patch).toEqual([]);
  });

  it.each(['CREATE', 'UPDATE'] as const)(
    'write nothing to an object for %s that may not be new',
    (operation) => {
      const policy = registry.find('core.gardener.cloud', 'Shoot');
      const [object, old] = [write('gcp', { config: {} }), write('gcp', { config: { ...off } })];
      const context = { settings: DEFAULT_SETTINGS, namespace: 'garden-dev', checkpoint: () => {} };
      const request = { operation, object, pathProvider: undefined, duplicates: () => [] };
      const full = { ...request, old: operation === 'UPDATE' ? old : undefined };
      expect(policy?.mutate(full, context).mutations).toHaveLength(1);
      expect(policy?.mutate(full, { ...context, operation: 'unknown' }).patch).toEqual([]);
    },
  );

  it('takes the cloud from the path where the Shoot names none', () => {
    const object = shoot({}, { provider: { type: undefined } });
    expect(mutate(registry, { object, pathProvider: 'aws' }).patch).toEqual([
      { op: 'add', path: '/spec/networking/providerConfig/overlay', value: { enabled: false } },
    ]);
  });

  it('is not for Networks', () => {
    const object = { kind: 'Network', spec: { type: 'calico' } };
    expect(mutate(registry, { object, pathProvider: 'aws' }).patch).toEqual([]);
  });
});
