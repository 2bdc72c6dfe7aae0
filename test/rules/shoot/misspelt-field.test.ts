import { describe, expect, it } from 'vitest';
import { findingsOf, shoot, validate } from '../../support/evaluate.ts';
import { registry } from '../../support/registry.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const on = { enabled: true };

/** A field written at a place of the spec, and what it should be called; no advice where that is missing. */
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

function toRow([place, name]: (typeof ROWS)[number]) {
  const path = place === '' ? [] : place.split('.');
  const row = { name: `${place} ${name}`, config: {} };
  if (place === 'networking') return { ...row, networking: { [name]: on } };
  return { ...row, spec: nest(path, { [name]: on }) };
}

testRule('shoot/misspelt-field', 'warn', SHOOT, {
  valid: [
    ...ROWS.filter(([, , meant]) => meant === undefined).map(toRow),
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
  ],
  invalid: [
    {
      name: 'the key is marked',
      yaml: `
        apiVersion: core.gardener.cloud/v1beta1
        kind: Shoot
        metadata:
          name: foo
        spec:
          kubernetes:
            kubeproxy:
            ^^^^^^^^^
              enabled: false
          provider:
            type: local
            workers: [{name: worker, maximum: 2}]
          networking:
            type: calico
      `,
      found: [{ path: 'spec.kubernetes.kubeproxy', says: 'did you mean kubeProxy?' }],
    },
    ...ROWS.filter(([, , meant]) => meant !== undefined).map(([place, name, meant]) => ({
      ...toRow([place, name]),
      found: [
        {
          path: ['spec', ...place.split('.'), name].filter((step) => step !== '').join('.'),
          says: `did you mean ${meant}?`,
        },
      ],
    })),
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
      found: [
        { path: 'spec.provider.workers[1].max', says: 'did you mean maximum?' },
        { path: 'spec.provider.workers[2].Maximum', says: 'did you mean maximum?' },
      ],
    },
    {
      name: 'beside the right one',
      spec: { kubernetes: { kubeproxy: on, kubeProxy: on } },
      found: ['spec.kubernetes.kubeproxy'],
    },
  ],
});

describe('shoot/misspelt-field with very many names', () => {
  it('looks at the first ones only', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => [`kubeProxx${index}`, on]);
    const object = shoot({}, { kubernetes: Object.fromEntries(names) });
    const found = findingsOf(validate(registry, { object }), 'shoot/misspelt-field');
    expect(found.length).toBeLessThanOrEqual(100);
  });
});
