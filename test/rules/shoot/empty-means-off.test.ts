import { inConfig, testAdvice } from './warn-table.ts';

const SWITCHES = [
  'overlay',
  'typha',
  'ebpfDataplane',
  'snatToUpstreamDNS',
  'vxlan',
  'birdExporter',
  'multus',
];

testAdvice('shoot/empty-means-off', 'warn', [
  ...SWITCHES.flatMap((name) => [
    {
      name: `${name} {}`,
      config: { [name]: {} },
      paths: [inConfig(`${name}.enabled`)],
      says: ['means off; write enabled: true'],
    },
    {
      name: `${name} null`,
      config: { [name]: { enabled: null } },
      paths: [inConfig(`${name}.enabled`)],
      says: ['(got null)'],
    },
    { name: `${name} on`, config: { [name]: { enabled: true } } },
    { name: `${name} off`, config: { [name]: { enabled: false } } },
    { name: `no ${name}`, config: { [name]: null } },
  ]),
  {
    name: 'several',
    config: { typha: {}, overlay: {} },
    paths: [inConfig('overlay.enabled'), inConfig('typha.enabled')],
  },
  {
    name: 'something else in it',
    config: { overlay: { createPodRoutes: true } },
    paths: [inConfig('overlay.enabled')],
  },
  {
    name: 'plugins of a multus that is off',
    config: { multus: { installCNIPlugins: true } },
    paths: [inConfig('multus.enabled')],
  },
  { name: 'an unknown field in it', config: { typha: { enable: true } }, paths: [inConfig('typha.enabled')] },
  { name: 'blocks without enabled', config: { ipam: {}, ipv4: {}, autoScaling: {} } },
  { name: 'wrong types', config: { overlay: [], typha: 'on', vxlan: true, multus: { enabled: 'yes' } } },
  { name: 'a configuration that is no map', config: [] },
  { name: 'no configuration' },
  { name: 'known before', config: { typha: {}, vethMTU: '1440' }, old: { config: { typha: {} } } },
  {
    name: 'new in an update',
    config: { typha: {} },
    old: { config: {} },
    paths: [inConfig('typha.enabled')],
  },
]);
