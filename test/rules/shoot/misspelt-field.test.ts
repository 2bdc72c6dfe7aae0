import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../../src/registry.ts';
import { judgementsOf, shoot, validate } from '../../support/judge.ts';
import { testAdvice, type WarnRow } from './warn-table.ts';

const registry = loadRegistry();
const on = { enabled: true };

/** A field written at a place of the spec, and what it should be called; nothing is said where that is missing. */
const ROWS: readonly (readonly [place: string, name: string, meant?: string])[] = [
  ['kubernetes', 'kubeproxy', 'kubeProxy'],
  ['kubernetes', 'KubeProxy', 'kubeProxy'],
  ['kubernetes', 'kube-proxy', 'kubeProxy'],
  ['kubernetes', 'kube_proxy', 'kubeProxy'],
  ['kubernetes', 'kubProxy', 'kubeProxy'],
  ['kubernetes', 'verticalPodAutoScaler', 'verticalPodAutoscaler'],
  ['kubernetes', 'verticalpodautoscaler', 'verticalPodAutoscaler'],
  ['kubernetes', 'verticalPodAutoscaling', 'verticalPodAutoscaler'],
  ['kubernetes', 'vpa', 'verticalPodAutoscaler'],
  ['kubernetes', 'VPA', 'verticalPodAutoscaler'],
  ['kubernetes', 'Version', 'version'],
  ['kubernetes', 'kubelet'],
  ['kubernetes', 'kubeAPIServer'],
  ['kubernetes', 'kubeApiServer'],
  ['kubernetes', 'kubeScheduler'],
  ['kubernetes', 'clusterAutoscaler'],
  ['kubernetes', 'clusterAutoScaler'],
  ['kubernetes', 'enableStaticTokenKubeconfig'],
  ['kubernetes', 'etcd'],
  ['kubernetes', 'somethingNew'],
  ['kubernetes.kubeProxy', 'enable', 'enabled'],
  ['kubernetes.kubeProxy', 'Enabled', 'enabled'],
  ['kubernetes.kubeProxy', 'proxyMode'],
  ['kubernetes.kubeProxy', 'disabled'],
  ['kubernetes.kubeProxy', 'featureGates'],
  ['kubernetes.verticalPodAutoscaler', 'enable', 'enabled'],
  ['kubernetes.verticalPodAutoscaler', 'evictionTolerance'],
  ['', 'networks', 'networking'],
  ['', 'network', 'networking'],
  ['', 'Networking', 'networking'],
  ['', 'kubernets', 'kubernetes'],
  ['', 'providers', 'provider'],
  ['', 'systemComponent', 'systemComponents'],
  ['', 'region'],
  ['', 'regions'],
  ['', 'maintenance'],
  ['', 'secretBindingName'],
  ['networking', 'ipfamilies', 'ipFamilies'],
  ['networking', 'ipFamily', 'ipFamilies'],
  ['networking', 'providerconfig', 'providerConfig'],
  ['networking', 'providerConfigs', 'providerConfig'],
  ['networking', 'pod', 'pods'],
  ['networking', 'podCIDR', 'pods'],
  ['networking', 'podCidr', 'pods'],
  ['networking', 'serviceCIDR', 'services'],
  ['networking', 'ports'],
  ['networking', 'dns'],
  ['provider', 'worker', 'workers'],
  ['provider', 'Workers', 'workers'],
  ['provider', 'workersSettings'],
  ['provider', 'workerSettings'],
  ['provider', 'controlPlaneConfig'],
  ['systemComponents', 'nodeLocalDns', 'nodeLocalDNS'],
  ['systemComponents', 'nodelocaldns', 'nodeLocalDNS'],
  ['systemComponents', 'node-local-dns', 'nodeLocalDNS'],
  ['systemComponents', 'coreDNS'],
  ['systemComponents', 'coreDns'],
  ['systemComponents.nodeLocalDNS', 'enable', 'enabled'],
  ['systemComponents.nodeLocalDNS', 'forceTCPToUpstreamDNS'],
];

function nest(path: readonly string[], value: unknown): object {
  return path.reduceRight<object>((inner, key) => ({ [key]: inner }), Object(value));
}

function toRow([place, name, meant]: (typeof ROWS)[number]): WarnRow {
  const path = place === '' ? [] : place.split('.');
  const row = { name: `${place} ${name}`, config: {} };
  const found =
    meant === undefined
      ? {}
      : { paths: [['spec', ...path, name].join('.')], says: [`did you mean ${meant}?`] };
  if (place === 'networking') return { ...row, networking: { [name]: on }, ...found };
  return { ...row, spec: nest(path, { [name]: on }), ...found };
}

testAdvice('shoot/misspelt-field', 'warn', [
  ...ROWS.map(toRow),
  {
    name: 'a worker pool',
    spec: {
      provider: {
        workers: [
          { name: 'a', maximum: 3 },
          { name: 'b', max: 5 },
          { name: 'c', Maximum: 5 },
        ],
      },
    },
    paths: ['spec.provider.workers[1].max', 'spec.provider.workers[2].Maximum'],
    says: ['did you mean maximum?', 'did you mean maximum?'],
  },
  {
    name: 'everything that a worker pool has',
    spec: {
      provider: {
        workers: [
          { minimum: 1, maximum: 2, maxSurge: 1, maxUnavailable: 0, machine: {}, volume: {}, zones: [] },
        ],
      },
    },
  },
  { name: 'a near miss that is null', spec: { kubernetes: { kubeproxy: null } } },
  {
    name: 'beside the right one',
    spec: { kubernetes: { kubeproxy: on, kubeProxy: on } },
    paths: ['spec.kubernetes.kubeproxy'],
  },
  { name: 'a very long name', spec: { kubernetes: { ['kubeProxy'.repeat(5000)]: on } } },
  {
    name: 'names of Object.prototype',
    spec: { constructor: on, kubernetes: { toString: on, hasOwnProperty: on } },
  },
  { name: 'no maps', spec: { kubernetes: [], systemComponents: 'x', provider: null } },
  {
    name: 'known before',
    spec: { kubernetes: { kubeproxy: on }, region: 'x' },
    old: { spec: { kubernetes: { kubeproxy: on } } },
  },
  { name: 'in the providerConfig, where it is an unknown field', config: { overlai: on } },
]);

describe('shoot/misspelt-field with very many names', () => {
  it('looks at the first ones only', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => [`kubeProxx${index}`, on]);
    const object = shoot({}, { kubernetes: Object.fromEntries(names) });
    const found = judgementsOf(validate(registry, { object }), 'shoot/misspelt-field');
    expect(found.length).toBeLessThanOrEqual(100);
  });
});
