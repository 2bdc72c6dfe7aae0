import { testRules } from '../../support/rule-tester.ts';
import { calico } from './base.ts';

const node = (settings: object) => ({ controllers: { node: settings } });
const template = (settings: object) => node({ hostEndpoint: { templates: [settings] } });

testRules('the verdict on a KubeControllersConfiguration', calico('KubeControllersConfiguration'), {
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
