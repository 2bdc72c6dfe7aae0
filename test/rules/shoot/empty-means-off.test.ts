import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const SWITCHES = [
  'overlay',
  'typha',
  'ebpfDataplane',
  'snatToUpstreamDNS',
  'vxlan',
  'birdExporter',
  'multus',
];

testRule('shoot/empty-means-off', 'warn', SHOOT, {
  valid: [
    ...SWITCHES.flatMap((name) => [
      { name: `${name} on`, config: { [name]: { enabled: true } } },
      { name: `${name} off`, config: { [name]: { enabled: false } } },
      { name: `no ${name}`, config: { [name]: null } },
    ]),
    { name: 'blocks without enabled', config: { ipam: {}, ipv4: {}, autoScaling: {} } },
    { name: 'wrong types', config: { overlay: [], typha: 'on', vxlan: true, multus: { enabled: 'yes' } } },
    { name: 'a configuration that is no map', config: [] },
    { name: 'no configuration' },
    { name: 'known before', config: { typha: {}, vethMTU: '1440' }, old: { config: { typha: {} } } },
  ],
  invalid: [
    ...SWITCHES.flatMap((name) => [
      {
        name: `${name} {}`,
        config: { [name]: {} },
        found: [{ path: `config.${name}.enabled`, says: 'means off; write enabled: true' }],
      },
      {
        name: `${name} null`,
        config: { [name]: { enabled: null } },
        found: [{ path: `config.${name}.enabled`, says: '(got null)' }],
      },
    ]),
    {
      name: 'several',
      config: { typha: {}, overlay: {} },
      found: ['config.overlay.enabled', 'config.typha.enabled'],
    },
    {
      name: 'something else in it',
      config: { overlay: { createPodRoutes: true } },
      found: ['config.overlay.enabled'],
    },
    {
      name: 'plugins of a multus that is off',
      config: { multus: { installCNIPlugins: true } },
      found: ['config.multus.enabled'],
    },
    { name: 'an unknown field in it', config: { typha: { enable: true } }, found: ['config.typha.enabled'] },
    { name: 'new in an update', config: { typha: {} }, old: { config: {} }, found: ['config.typha.enabled'] },
  ],
});
