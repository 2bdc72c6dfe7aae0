import { testRule, testRules } from '../../support/rule-tester.ts';
import { calico } from './base.ts';

const node = (settings: object) => ({ controllers: { node: settings } });
const template = (settings: object) => node({ hostEndpoint: { templates: [settings] } });

testRules('the findings of a KubeControllersConfiguration', calico('KubeControllersConfiguration'), {
  valid: [
    { name: 'controllers', spec: { controllers: {} } },
    { name: 'logSeverityScreen None', spec: { controllers: {}, logSeverityScreen: 'None' } },
    { name: 'logSeverityScreen Panic', spec: { controllers: {}, logSeverityScreen: 'Panic' } },
    { name: 'healthChecks', spec: { controllers: {}, healthChecks: 'Disabled' } },
    { name: 'prometheusMetricsPort 0', spec: { controllers: {}, prometheusMetricsPort: 0 } },
    { name: 'etcdV3CompactionPeriod', spec: { controllers: {}, etcdV3CompactionPeriod: '10m' } },
    {
      name: 'the node controller',
      spec: node({ syncLabels: 'Enabled', leakGracePeriod: '15m', reconcilerPeriod: '5m' }),
    },
    { name: 'assignIPs', spec: { controllers: { loadBalancer: { assignIPs: 'RequestedServicesOnly' } } } },
    {
      name: 'a template',
      spec: template({
        generateName: 'a',
        interfaceCIDRs: ['10.0.0.0/8'],
        interfacePattern: 'eth.*',
        nodeSelector: 'has(edge)',
      }),
    },
  ],
  invalid: [
    {
      name: 'a word',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: KubeControllersConfiguration
        metadata:
          name: default
        spec:
          healthChecks: on
                        ^^
          controllers: {node: {syncLabels: enabled}}
                                           ^^^^^^^
      `,
      found: [
        'deny calico/wrong-type spec.healthChecks',
        'deny calico/kube-controllers-setting spec.controllers.node.syncLabels',
      ],
    },
    { name: 'nothing', spec: {}, found: ['deny calico/kube-controllers-setting spec.controllers'] },
    {
      name: 'null',
      spec: { controllers: null },
      found: ['deny calico/kube-controllers-setting spec.controllers'],
    },
    { name: 'a list', spec: { controllers: [] }, found: ['deny calico/wrong-type spec.controllers'] },
    {
      name: 'logSeverityScreen Trace',
      spec: { controllers: {}, logSeverityScreen: 'Trace' },
      found: ['deny calico/kube-controllers-setting spec.logSeverityScreen'],
    },
    {
      name: 'logSeverityScreen info',
      spec: { controllers: {}, logSeverityScreen: 'info' },
      found: ['deny calico/kube-controllers-setting spec.logSeverityScreen'],
    },
    {
      name: 'healthChecks on',
      spec: { controllers: {}, healthChecks: 'on' },
      found: ['deny calico/kube-controllers-setting spec.healthChecks'],
    },
    {
      name: 'healthChecks true',
      spec: { controllers: {}, healthChecks: true },
      found: ['deny calico/wrong-type spec.healthChecks'],
    },
    {
      name: 'prometheusMetricsPort 70000',
      spec: { controllers: {}, prometheusMetricsPort: 70000 },
      found: ['deny calico/kube-controllers-setting spec.prometheusMetricsPort'],
    },
    {
      name: 'debugProfilePort -1',
      spec: { controllers: {}, debugProfilePort: -1 },
      found: ['deny calico/kube-controllers-setting spec.debugProfilePort'],
    },
    {
      name: 'etcdV3CompactionPeriod daily',
      spec: { controllers: {}, etcdV3CompactionPeriod: '1d' },
      found: ['deny calico/kube-controllers-setting spec.etcdV3CompactionPeriod'],
    },
    {
      name: 'syncLabels enabled',
      spec: node({ syncLabels: 'enabled' }),
      found: ['deny calico/kube-controllers-setting spec.controllers.node.syncLabels'],
    },
    {
      name: 'reconcilerPeriod',
      spec: node({ reconcilerPeriod: '5' }),
      found: ['deny calico/kube-controllers-setting spec.controllers.node.reconcilerPeriod'],
    },
    {
      name: 'autoCreate',
      spec: node({ hostEndpoint: { autoCreate: 'Yes', createDefaultHostEndpoint: 'No' } }),
      found: [
        'deny calico/kube-controllers-setting spec.controllers.node.hostEndpoint.autoCreate',
        'deny calico/kube-controllers-setting spec.controllers.node.hostEndpoint.createDefaultHostEndpoint',
      ],
    },
    {
      name: 'assignIPs None',
      spec: { controllers: { loadBalancer: { assignIPs: 'None' } } },
      found: ['deny calico/kube-controllers-setting spec.controllers.loadBalancer.assignIPs'],
    },
    {
      name: 'a template of mistakes',
      spec: template({
        generateName: 'a'.repeat(254),
        interfaceCIDRs: ['x'],
        interfacePattern: '*',
        nodeSelector: 'edge',
      }),
      found: [
        'deny calico/kube-controllers-setting spec.controllers.node.hostEndpoint.templates[0].generateName',
        'deny calico/kube-controllers-setting spec.controllers.node.hostEndpoint.templates[0].interfaceCIDRs[0]',
        'deny calico/kube-controllers-setting spec.controllers.node.hostEndpoint.templates[0].interfacePattern',
        'deny calico/kube-controllers-setting spec.controllers.node.hostEndpoint.templates[0].nodeSelector',
      ],
    },
  ],
});

testRule('calico/kube-controllers-template', 'warn', calico('KubeControllersConfiguration'), {
  valid: [
    {
      name: 'names, labels and annotations that Kubernetes accepts',
      spec: template({
        generateName: 'internal.net-1',
        labels: { role: 'edge', 'example.org/Team': '', a: 'A_b.C' },
        annotations: { 'Example.org/a': 'any text at all, of any length' },
      }),
    },
    { name: 'no name', spec: template({ interfaceCIDRs: ['10.0.0.0/8'] }) },
    {
      name: 'a name that is rejected because of its length',
      spec: template({ generateName: 'A'.repeat(254) }),
    },
    { name: 'labels that are no map', spec: template({ labels: ['a'], annotations: 5 }) },
    { name: 'a value that is no text', spec: template({ labels: { a: true } }) },
  ],
  invalid: [
    {
      name: 'a name that no object can have',
      spec: template({ generateName: 'My Template' }),
      found: [
        {
          path: 'spec.controllers.node.hostEndpoint.templates[0].generateName',
          message:
            'no HostEndpoint can have this name (got "My Template"); write lower-case letters, digits, - and dots',
        },
      ],
    },
    {
      name: 'labels that no object can have',
      spec: template({ labels: { 'a b': 'x', ['k'.repeat(64)]: 'x', c: 'no blanks', d: 'v'.repeat(64) } }),
      found: [
        {
          path: 'spec.controllers.node.hostEndpoint.templates[0].labels["a b"]',
          says: 'invalid key of a label',
        },
        { path: `spec.controllers.node.hostEndpoint.templates[0].labels.${'k'.repeat(64)}`, isCut: true },
        { path: 'spec.controllers.node.hostEndpoint.templates[0].labels.c', says: 'invalid label value' },
        { path: 'spec.controllers.node.hostEndpoint.templates[0].labels.d', isCut: true },
      ],
    },
    {
      name: 'an annotation that no object can have',
      spec: template({ annotations: { '/a': 'x' } }),
      found: [
        {
          path: 'spec.controllers.node.hostEndpoint.templates[0].annotations./a',
          says: 'invalid key of an annotation',
        },
      ],
    },
  ],
});

testRule('calico/kube-controllers-setting', 'warn', calico('KubeControllersConfiguration'), {
  invalid: [
    {
      name: 'an address in place of a range, which every API stores',
      spec: template({ interfaceCIDRs: ['10.0.0.1', '2001:db8::1', '10.0.0.0/8'] }),
      found: [
        'spec.controllers.node.hostEndpoint.templates[0].interfaceCIDRs[0]',
        'spec.controllers.node.hostEndpoint.templates[0].interfaceCIDRs[1]',
      ],
    },
  ],
});

testRule('calico/limit', 'deny', calico('KubeControllersConfiguration'), {
  invalid: [
    {
      name: 'a range twice',
      spec: template({ interfaceCIDRs: ['10.0.0.0/8', '10.0.0.0/8'] }),
      found: ['spec.controllers.node.hostEndpoint.templates[0].interfaceCIDRs[1]'],
    },
  ],
});

testRule('calico/next-release', 'warn', calico('KubeControllersConfiguration'), {
  valid: [
    { name: 'a word of 3.33', spec: { controllers: { migration: { policyNameMigrator: 'Enabled' } } } },
    {
      name: 'for an older Calico, which drops the field',
      spec: { controllers: { migration: { policyNameMigrator: 'enabled' } } },
      versions: { calico: '3.31.2' },
    },
  ],
  invalid: [
    {
      name: 'no word of 3.33',
      spec: { controllers: { migration: { policyNameMigrator: 'enabled' } } },
      found: ['spec.controllers.migration.policyNameMigrator'],
    },
  ],
});
