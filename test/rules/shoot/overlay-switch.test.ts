import { testRule } from '../../support/rule-tester.ts';
import { inCloud, SHOOT } from './base.ts';

const on = { overlay: { enabled: true } };
const off = { overlay: { enabled: false } };
const path = 'config.overlay.enabled';
const saysOn = 'enables the overlay node by node';
const saysOff = 'disables the overlay node by node, which interrupts';
const ipv6 = { ipFamilies: ['IPv4', 'IPv6'] };

testRule('shoot/overlay-switch', 'warn', SHOOT, {
  valid: [
    { name: 'on spelt out', config: on, old: { config: {} } },
    { name: 'on left out', config: {}, old: { config: on } },
    { name: 'still on', config: { ...on, vethMTU: '1440' }, old: { config: on } },
    { name: 'off spelt differently', config: off, old: { config: { overlay: {} } } },
    {
      name: 'off and routes',
      config: { overlay: { enabled: false, createPodRoutes: true } },
      old: { config: off },
    },
    { name: 'a new Shoot without overlay', config: off },
    { name: 'a new Shoot with overlay', config: on },
    { name: 'off spelt out where the backend was none', config: off, old: { config: { backend: 'none' } } },
    { name: 'unsure: vxlan before', config: off, old: { config: { backend: 'vxlan' } } },
    { name: 'unsure: CrossSubnet before', config: off, old: { config: { ipv4: { mode: 'CrossSubnet' } } } },
    { name: 'unsure: the deprecated ipip before', config: off, old: { config: { ipip: 'Never' } } },
    { name: 'unreadable before', config: off, old: { config: 'none' } },
    { name: 'unreadable after', config: { overlay: { enabled: 'false' } }, old: { config: on } },
    { name: 'a list after', config: { overlay: [] }, old: { config: on } },
    { name: 'a list before', config: on, old: { config: { overlay: [false] } } },
    {
      name: 'Azure never had one',
      spec: inCloud('azure'),
      config: { ...off, backend: 'none' },
      old: { spec: inCloud('azure'), config: {} },
    },
    { name: 'IPv6 never had one', config: off, networking: ipv6, old: { config: {}, networking: ipv6 } },
    { name: 'IPv6 comes, explicitly without', config: off, networking: ipv6, old: { config: off } },
    {
      name: 'unknown families',
      config: {},
      networking: { ipFamilies: ['x'] },
      old: { config: off },
    },
    { name: 'from another network', config: off, old: { config: on, networking: { type: 'cilium' } } },
  ],
  invalid: [
    {
      name: 'a switch that is left out is marked at the block',
      yaml: `
        apiVersion: core.gardener.cloud/v1beta1
        kind: Shoot
        metadata:
          name: foo
        spec:
          provider:
            type: local
            workers: [{name: worker, maximum: 2}]
          networking:
            type: calico
            providerConfig:
              overlay:
              ^^^^^^^
                createPodRoutes: true
      `,
      old: `
        apiVersion: core.gardener.cloud/v1beta1
        kind: Shoot
        metadata:
          name: foo
        spec:
          provider:
            type: local
            workers: [{name: worker, maximum: 2}]
          networking:
            type: calico
            providerConfig:
              overlay: {enabled: true}
      `,
      found: ['config.overlay.enabled'],
    },
    { name: 'off', config: off, old: { config: on }, found: [{ path, says: saysOff }] },
    {
      name: 'off names the routes',
      config: off,
      old: { config: on },
      found: [{ path, says: 'remove old routes' }],
    },
    { name: 'on', config: on, old: { config: off }, found: [{ path, says: saysOn }] },
    { name: 'off by {}', config: { overlay: {} }, old: { config: on }, found: [{ path, says: saysOff }] },
    {
      name: 'off by null',
      config: { overlay: { enabled: null } },
      old: { config: on },
      found: [{ path, says: '(got null)' }],
    },
    { name: 'on from {}', config: on, old: { config: { overlay: {} } }, found: [{ path, says: saysOn }] },
    {
      name: 'off from nothing, which means on',
      config: off,
      old: { config: {} },
      found: [{ path, says: saysOff }],
    },
    { name: 'off from no configuration', config: off, old: {}, found: [{ path, says: saysOff }] },
    {
      name: 'off from a null block',
      config: off,
      old: { config: { overlay: null } },
      found: [{ path, says: saysOff }],
    },
    {
      name: 'on by leaving out',
      config: {},
      old: { config: off },
      found: [{ path, says: 'node by node; wait until' }],
    },
    {
      name: 'on by leaving out all of it',
      config: undefined,
      old: { config: off },
      found: [{ path, says: saysOn }],
    },
    {
      name: 'on where the backend was none',
      config: on,
      old: { config: { backend: 'none' } },
      found: [{ path, says: saysOn }],
    },
    {
      name: 'AWS had one where nothing was written',
      spec: inCloud('aws'),
      config: off,
      old: { spec: inCloud('aws') },
      found: [{ path, says: saysOff }],
    },
    {
      name: 'IPv6 comes, and the overlay goes',
      config: {},
      networking: ipv6,
      old: { config: {} },
      found: [{ path, says: saysOff }],
    },
  ],
});
