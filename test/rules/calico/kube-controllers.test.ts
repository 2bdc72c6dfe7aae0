import { testVerdicts } from './table.ts';

const node = (settings: object) => ({ controllers: { node: settings } });
const template = (settings: object) => node({ hostEndpoint: { templates: [settings] } });

testVerdicts('KubeControllersConfiguration', [
  { name: 'controllers', spec: { controllers: {} } },
  { name: 'nothing', spec: {}, denied: ['controllers'] },
  { name: 'null', spec: { controllers: null }, denied: ['controllers'] },
  { name: 'a list', spec: { controllers: [] }, denied: ['controllers'] },
  { name: 'logSeverityScreen None', spec: { controllers: {}, logSeverityScreen: 'None' } },
  { name: 'logSeverityScreen Panic', spec: { controllers: {}, logSeverityScreen: 'Panic' } },
  {
    name: 'logSeverityScreen Trace',
    spec: { controllers: {}, logSeverityScreen: 'Trace' },
    denied: ['logSeverityScreen'],
  },
  {
    name: 'logSeverityScreen info',
    spec: { controllers: {}, logSeverityScreen: 'info' },
    denied: ['logSeverityScreen'],
  },
  { name: 'healthChecks', spec: { controllers: {}, healthChecks: 'Disabled' } },
  { name: 'healthChecks on', spec: { controllers: {}, healthChecks: 'on' }, denied: ['healthChecks'] },
  { name: 'healthChecks true', spec: { controllers: {}, healthChecks: true }, denied: ['healthChecks'] },
  { name: 'prometheusMetricsPort 0', spec: { controllers: {}, prometheusMetricsPort: 0 } },
  {
    name: 'prometheusMetricsPort 70000',
    spec: { controllers: {}, prometheusMetricsPort: 70000 },
    denied: ['prometheusMetricsPort'],
  },
  {
    name: 'debugProfilePort -1',
    spec: { controllers: {}, debugProfilePort: -1 },
    denied: ['debugProfilePort'],
  },
  { name: 'etcdV3CompactionPeriod', spec: { controllers: {}, etcdV3CompactionPeriod: '10m' } },
  {
    name: 'etcdV3CompactionPeriod daily',
    spec: { controllers: {}, etcdV3CompactionPeriod: '1d' },
    denied: ['etcdV3CompactionPeriod'],
  },
  {
    name: 'the node controller',
    spec: node({ syncLabels: 'Enabled', leakGracePeriod: '15m', reconcilerPeriod: '5m' }),
  },
  {
    name: 'syncLabels enabled',
    spec: node({ syncLabels: 'enabled' }),
    denied: ['controllers.node.syncLabels'],
  },
  {
    name: 'reconcilerPeriod',
    spec: node({ reconcilerPeriod: '5' }),
    denied: ['controllers.node.reconcilerPeriod'],
  },
  {
    name: 'autoCreate',
    spec: node({ hostEndpoint: { autoCreate: 'Yes', createDefaultHostEndpoint: 'No' } }),
    denied: [
      'controllers.node.hostEndpoint.autoCreate',
      'controllers.node.hostEndpoint.createDefaultHostEndpoint',
    ],
  },
  { name: 'assignIPs', spec: { controllers: { loadBalancer: { assignIPs: 'RequestedServicesOnly' } } } },
  {
    name: 'assignIPs None',
    spec: { controllers: { loadBalancer: { assignIPs: 'None' } } },
    denied: ['controllers.loadBalancer.assignIPs'],
  },
  {
    name: 'a template',
    spec: template({
      generateName: 'a',
      interfaceCIDRs: ['10.0.0.0/8'],
      interfacePattern: 'eth.*',
      nodeSelector: 'has(edge)',
    }),
  },
  {
    name: 'a template of mistakes',
    spec: template({
      generateName: 'a'.repeat(254),
      interfaceCIDRs: ['x'],
      interfacePattern: '*',
      nodeSelector: 'edge',
    }),
    denied: ['generateName', 'interfaceCIDRs[0]', 'interfacePattern', 'nodeSelector'].map(
      (field) => `controllers.node.hostEndpoint.templates[0].${field}`,
    ),
  },
]);
