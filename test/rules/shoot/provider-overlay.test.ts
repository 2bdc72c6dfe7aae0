import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const ENABLED = 'config.overlay.enabled';
const FAMILIES = 'networking.ipFamilies';
const DUAL = { ipFamilies: ['IPv4', 'IPv6'] };

function on(type: string, version?: unknown) {
  return { provider: { type }, ...(version === undefined ? {} : { kubernetes: { version } }) };
}

const READABLE_OFF = [{}, { enabled: null }, { enabled: false }, { enabled: false, createPodRoutes: true }];
const UNREADABLE = [true, 'false', [], 5, { enabled: 'true' }, { enabled: 1 }, { enabled: {} }];

testRule('shoot/provider-overlay', 'deny', SHOOT, {
  valid: [
    ...[undefined, null, ...READABLE_OFF, ...UNREADABLE].map((overlay) => ({
      name: `azure, ${JSON.stringify(overlay)}`,
      spec: on('azure'),
      config: { overlay },
    })),
    ...[undefined, null, {}].map((config) => ({
      name: `azure, no overlay in ${config}`,
      spec: on('azure'),
      config,
    })),
    ...['aws', 'gcp'].flatMap((provider) => [
      { name: `${provider}, IPv4, on`, spec: on(provider), config: { overlay: { enabled: true } } },
      { name: `${provider}, IPv4, absent`, spec: on(provider), config: {} },
      ...[['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4']].flatMap((ipFamilies) => [
        ...READABLE_OFF.map((overlay) => ({
          name: `${provider}, ${ipFamilies}, ${JSON.stringify(overlay)}`,
          spec: on(provider),
          networking: { ipFamilies },
          config: { overlay },
        })),
      ]),
      ...UNREADABLE.map((overlay) => ({
        name: `${provider}, both families, ${JSON.stringify(overlay)} is a wrong type`,
        spec: on(provider),
        networking: DUAL,
        config: { overlay },
      })),
      ...[5, 'x', [], true].map((config) => ({
        name: `${provider}, both families, ${JSON.stringify(config)} as providerConfig`,
        spec: on(provider),
        networking: DUAL,
        config,
      })),
    ]),
    ...[
      '1.22.0',
      '1.22',
      'v1.22.0',
      '1.22.0-alpha.1',
      '1.100.0',
      '2.0.0',
      '',
      'latest',
      '1',
      'x'.repeat(5000),
      null,
      1.21,
      {},
    ].map((version) => ({
      name: `aws ${String(version).slice(0, 20)}, off`,
      spec: on('aws', version),
      config: { overlay: { enabled: false } },
    })),
    { name: 'aws 1.21, on', spec: on('aws', '1.21.0'), config: { overlay: { enabled: true } } },
    { name: 'aws 1.21, absent', spec: on('aws', '1.21.0'), config: {} },
    { name: 'aws 1.21, a wrong type', spec: on('aws', '1.21.0'), config: { overlay: { enabled: 'false' } } },
    { name: 'gcp 1.21, off', spec: on('gcp', '1.21.0'), config: { overlay: { enabled: false } } },
    ...['openstack', 'alicloud', 'local', 'AWS', 'constructor', '__proto__', ''].flatMap((provider) => [
      {
        name: `${provider}, both families, on`,
        spec: on(provider),
        networking: DUAL,
        config: { overlay: { enabled: true } },
      },
      { name: `${provider}, both families, absent`, spec: on(provider), networking: DUAL, config: {} },
    ]),
    ...[null, undefined, 5, {}].map((type) => ({
      name: `provider ${JSON.stringify(type)}`,
      spec: { provider: { type } },
      networking: DUAL,
      config: { overlay: { enabled: true } },
    })),
    {
      name: 'a workerless Shoot, as the API server sends it',
      spec: { provider: { type: 'aws', workers: undefined } },
      networking: { type: undefined, nodes: undefined, ipFamilies: ['IPv6'] },
    },
    { name: 'an empty list of workers', spec: { provider: { type: 'aws', workers: [] } }, networking: DUAL },
    { name: 'another network', spec: on('aws'), networking: { ...DUAL, type: 'cilium' } },
  ],
  invalid: [
    {
      name: 'the value is marked',
      yaml: `
        apiVersion: core.gardener.cloud/v1beta1
        kind: Shoot
        metadata:
          name: foo
        spec:
          provider:
            type: azure
            workers: [{name: worker, maximum: 2}]
          networking:
            type: calico
            providerConfig:
              backend: none
              overlay:
                enabled: true
                         ^^^^
      `,
      found: [ENABLED],
    },
    {
      name: 'azure, on',
      spec: on('azure'),
      config: { overlay: { enabled: true } },
      found: [
        {
          path: ENABLED,
          message:
            "the network of Azure does not support Calico's overlay (got true); remove overlay, or set enabled: false",
          reason: 'FieldValueForbidden',
        },
      ],
    },
    {
      name: 'azure, on, whatever the version and the families',
      spec: on('azure', '1.20.0'),
      config: { overlay: { enabled: true } },
      networking: DUAL,
      found: [ENABLED],
    },
    ...['aws', 'gcp'].flatMap((provider) => [
      ...[['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4']].flatMap((ipFamilies) => [
        {
          name: `${provider}, ${ipFamilies}, on`,
          spec: on(provider),
          networking: { ipFamilies },
          config: { overlay: { enabled: true } },
          found: [ENABLED],
        },
        ...[undefined, null, {}, { overlay: null }, { snatToUpstreamDNS: { enabled: false } }].map(
          (config) => ({
            name: `${provider}, ${ipFamilies}, absent in ${JSON.stringify(config)}`,
            spec: on(provider),
            networking: { ipFamilies },
            config,
            found: [FAMILIES],
          }),
        ),
      ]),
    ]),
    {
      name: 'message on AWS, on',
      spec: on('aws'),
      networking: DUAL,
      config: { overlay: { enabled: true } },
      found: [
        { path: ENABLED, message: 'AWS supports IPv6 only without overlay (got true); set enabled: false' },
      ],
    },
    {
      name: 'message on GCP, absent',
      spec: on('gcp'),
      networking: DUAL,
      config: {},
      found: [
        {
          path: FAMILIES,
          message:
            'GCP supports IPv6 only without overlay, and the overlay is on by default (got "IPv6"); set overlay.enabled: false in the providerConfig',
        },
      ],
    },
    ...['1.21.14', '1.21', 'v1.21.0', '1.9.11', '1.21.99-rc.1', '0.30.0'].map((version) => ({
      name: `aws ${version}, off`,
      spec: on('aws', version),
      config: { overlay: { enabled: false } },
      found: [ENABLED],
    })),
    {
      name: 'message below 1.22',
      spec: on('aws', '1.21.14'),
      config: { overlay: { enabled: false } },
      found: [
        {
          path: ENABLED,
          message:
            'AWS supports no overlay only since Kubernetes 1.22, not with 1.21 (got false); set enabled: true, or upgrade Kubernetes first',
        },
      ],
    },
    { name: 'aws 1.21, {} is off', spec: on('aws', '1.21.0'), config: { overlay: {} }, found: [ENABLED] },
    {
      name: 'aws 1.21, null is off',
      spec: on('aws', '1.21.0'),
      config: { overlay: { enabled: null } },
      found: [ENABLED],
    },
    {
      name: 'aws 1.21, IPv6, off',
      spec: on('aws', '1.21.0'),
      networking: DUAL,
      config: { overlay: { enabled: false } },
      found: [ENABLED],
    },
    {
      name: 'no type, but workers',
      spec: on('aws'),
      networking: { type: undefined, ipFamilies: ['IPv6'] },
      found: [FAMILIES],
    },
    {
      name: 'neither type nor workers, but a configuration',
      spec: { provider: { type: 'gcp', workers: undefined } },
      networking: { type: undefined, ipFamilies: ['IPv6'] },
      config: {},
      found: [FAMILIES],
    },
    {
      name: 'a type, but the workers are missing',
      spec: { provider: { type: 'aws', workers: undefined } },
      networking: { ipFamilies: ['IPv6'] },
      found: [FAMILIES],
    },
  ],
});
