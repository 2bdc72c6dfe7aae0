import { testRule } from '../../support/rule-tester.ts';
import { inCloud, SHOOT } from './base.ts';

const on = { overlay: { enabled: true } };
const off = { overlay: { enabled: false } };
const dual = { ipFamilies: ['IPv4', 'IPv6'] };
const nodes = { nodes: '10.250.0.0/16' };
const resources = { node: { cpu: '100m' } };

const routes = { overlay: { enabled: true, createPodRoutes: true } };
const snat = { snatToUpstreamDNS: { enabled: true } };

testRule('shoot/setting-without-effect', 'warn', SHOOT, {
  valid: [
    { name: 'routes that OpenStack writes', config: routes, spec: inCloud('openstack') },
    { name: 'no routes with overlay', config: { overlay: { enabled: true, createPodRoutes: false } } },
    { name: 'routes without overlay', config: { overlay: { enabled: false, createPodRoutes: true } } },
    { name: 'routes with {}', config: { overlay: { createPodRoutes: true } } },
    { name: 'SNAT where a webhook may still switch the overlay off', config: snat, spec: inCloud('gcp') },
    { name: 'SNAT with the backend none', config: { ...snat, backend: 'none' } },
    {
      name: 'SNAT off with overlay, as webhooks leave it',
      config: { ...on, snatToUpstreamDNS: { enabled: false } },
    },
    { name: 'SNAT without overlay', config: { ...off, ...snat } },
    { name: 'SNAT on Azure', config: { ...snat, backend: 'none' }, spec: inCloud('azure') },
    {
      name: 'none with overlay on Azure, which our own mutation wrote',
      config: { ...on, backend: 'none' },
      spec: inCloud('azure'),
    },
    { name: 'vxlan with VXLAN', config: { ...on, backend: 'vxlan', vxlan: { enabled: true } } },
    { name: 'bird with overlay', config: { ...on, backend: 'bird' } },
    { name: 'bird without overlay, as in many manifests', config: { ...off, backend: 'bird' } },
    { name: 'none without overlay', config: { ...off, backend: 'none' } },
    { name: 'vxlan on its own', config: { backend: 'vxlan' } },
    { name: 'an unknown backend', config: { ...on, backend: 'geneve' } },
    { name: 'Always with overlay', config: { ...on, ipv4: { mode: 'Always' } } },
    { name: 'Never without overlay', config: { ...off, ipv4: { mode: 'Never' } } },
    { name: 'Off without overlay', config: { ...off, ipv4: { mode: 'Off' } } },
    { name: 'CrossSubnet, and nothing of the overlay', config: { ipv4: { mode: 'CrossSubnet' } } },
    {
      name: 'the IPv4 mode of two families is kept',
      config: { ...off, ipv4: { mode: 'Always' } },
      networking: dual,
    },
    {
      name: 'unknown families',
      config: { ...off, ipv4: { mode: 'Always' } },
      networking: { ipFamilies: ['x'] },
    },
    { name: 'a pool without overlay', config: { ...off, ipv4: { pool: 'ipip' } } },
    {
      name: 'Never on OpenStack in an existing Shoot that has no overlay block',
      config: { ipv4: { mode: 'Never' } },
      spec: inCloud('openstack'),
      old: { config: {}, spec: inCloud('openstack') },
    },
    { name: 'Always on OpenStack', config: { ipv4: { mode: 'Always' } }, spec: inCloud('openstack') },
    { name: 'Never on AWS', config: { ipv4: { mode: 'Never' } }, spec: inCloud('aws') },
    { name: 'a misspelt mode, which is denied elsewhere', config: { ...on, ipv4: { mode: 'always' } } },
    { name: 'a mode that VXLAN lacks', config: { ...on, ipv4: { pool: 'vxlan', mode: 'CrossSubnet' } } },
    { name: 'VXLAN with overlay', config: { ...on, vxlan: { enabled: true } } },
    { name: 'VXLAN, and nothing of the overlay', config: { vxlan: { enabled: true } } },
    {
      name: 'host-local without VXLAN',
      config: { ...on, vxlan: { enabled: false }, ipam: { type: 'host-local' } },
    },
    {
      name: 'calico-ipam with VXLAN',
      config: { ...on, vxlan: { enabled: true }, ipam: { type: 'calico-ipam' } },
    },
    { name: 'no type with VXLAN', config: { ...on, vxlan: { enabled: true }, ipam: { type: '' } } },
    {
      name: 'host-local with VXLAN on IPv6 alone',
      config: { vxlan: { enabled: true }, ipam: { type: 'host-local' } },
      networking: { ipFamilies: ['IPv6'] },
    },
    {
      name: 'the same method with nodes',
      config: { ipv4: { autoDetectionMethod: 'cidr=10.250.0.0/16' } },
      networking: nodes,
    },
    {
      name: 'a method without nodes',
      config: { ipv4: { autoDetectionMethod: 'first-found' } },
      networking: { nodes: null },
    },
    {
      name: 'a method with empty nodes',
      config: { ipv4: { autoDetectionMethod: 'first-found' } },
      networking: { nodes: '' },
    },
    {
      name: 'the deprecated method has a rule of its own',
      config: { ipAutodetectionMethod: 'first-found' },
      networking: nodes,
    },
    {
      name: 'a method for IPv6',
      config: { ipv6: { autoDetectionMethod: 'first-found' } },
      networking: { ...nodes, ...dual },
    },
    {
      name: 'no resources in proportion',
      config: { autoScaling: { mode: 'cluster-proportional', resources: { node: {}, typha: null } } },
    },
    { name: 'resources, static', config: { autoScaling: { mode: 'static', resources } } },
    { name: 'resources, VPA', config: { autoScaling: { mode: 'vpa', resources } } },
    { name: 'resources without mode are denied elsewhere', config: { autoScaling: { resources } } },
    {
      name: 'null everywhere',
      config: { overlay: null, vxlan: null, ipam: null, ipv4: null, autoScaling: null },
    },
    {
      name: 'wrong types everywhere',
      config: { overlay: 'on', vxlan: 1, ipam: [], ipv4: true, autoScaling: 'static', backend: 7 },
    },
    { name: 'no configuration' },
    { name: 'known before', config: { ...routes, vethMTU: '1400' }, old: { config: routes } },
  ],
  invalid: [
    { name: 'routes with overlay', config: routes, found: ['config.overlay.createPodRoutes'] },
    { name: 'SNAT with overlay', config: { ...on, ...snat }, found: ['config.snatToUpstreamDNS.enabled'] },
    {
      name: 'SNAT with overlay on GCP',
      config: { ...on, ...snat },
      spec: inCloud('gcp'),
      found: ['config.snatToUpstreamDNS.enabled'],
    },
    { name: 'SNAT with the default overlay', config: snat, found: ['config.snatToUpstreamDNS.enabled'] },
    {
      name: 'none with overlay',
      config: { ...on, backend: 'none' },
      found: [{ path: 'config.backend', says: 'it becomes bird' }],
    },
    {
      name: 'vxlan with overlay',
      config: { ...on, backend: 'vxlan' },
      found: [{ path: 'config.backend', says: 'it becomes bird' }],
    },
    {
      name: 'none with VXLAN',
      config: { ...on, backend: 'none', vxlan: { enabled: true } },
      found: [{ path: 'config.backend', says: 'it becomes vxlan' }],
    },
    {
      name: 'vxlan without overlay',
      config: { ...off, backend: 'vxlan' },
      found: [{ path: 'config.backend', says: 'becomes none' }],
    },
    {
      name: 'vxlan without overlay, with routes',
      config: { overlay: { enabled: false, createPodRoutes: true }, backend: 'vxlan' },
      found: [{ path: 'config.backend', says: 'becomes bird' }],
    },
    {
      name: 'CrossSubnet with overlay',
      config: { ...on, ipv4: { mode: 'CrossSubnet' } },
      found: [{ path: 'config.ipv4.mode', says: 'it becomes Always' }],
    },
    { name: 'Never with overlay', config: { ...on, ipv4: { mode: 'Never' } }, found: ['config.ipv4.mode'] },
    {
      name: 'Always without overlay',
      config: { ...off, ipv4: { mode: 'Always' } },
      found: [{ path: 'config.ipv4.mode', says: 'becomes Never' }],
    },
    {
      name: 'CrossSubnet without overlay',
      config: { ...off, ipv4: { mode: 'CrossSubnet' } },
      found: ['config.ipv4.mode'],
    },
    {
      name: 'IPv6 Always without overlay',
      config: { ...off, ipv6: { mode: 'Always' } },
      networking: dual,
      found: ['config.ipv6.mode'],
    },
    {
      name: 'IPv6 Never with overlay',
      config: { ...on, ipv6: { mode: 'Never' } },
      networking: dual,
      found: ['config.ipv6.mode'],
    },
    {
      name: 'Never on OpenStack, where the overlay is the default',
      config: { ipv4: { mode: 'Never' } },
      spec: inCloud('openstack'),
      found: [{ path: 'config.ipv4.mode', says: 'remove it, or in a new Shoot set overlay.enabled: false' }],
    },
    {
      name: 'CrossSubnet on OpenStack, which is lost either way',
      config: { ipv4: { mode: 'CrossSubnet' } },
      spec: inCloud('openstack'),
      found: [{ path: 'config.ipv4.mode', says: '; remove it' }],
    },
    {
      name: 'Never on OpenStack with overlay, which comes back when it is removed',
      config: { ...on, ipv4: { mode: 'Never' } },
      spec: inCloud('openstack'),
      found: [
        {
          path: 'config.ipv4.mode',
          says: 'with the overlay it becomes Always (got "Never"); remove it, or in a new Shoot',
        },
      ],
    },
    {
      name: 'VXLAN without overlay',
      config: { ...off, vxlan: { enabled: true } },
      found: ['config.vxlan.enabled'],
    },
    {
      name: 'host-local with VXLAN',
      config: { ...on, vxlan: { enabled: true }, ipam: { type: 'host-local' } },
      found: ['config.ipam.type'],
    },
    {
      name: 'a method with nodes',
      config: { ipv4: { autoDetectionMethod: 'interface=eth0' } },
      networking: nodes,
      found: ['config.ipv4.autoDetectionMethod'],
    },
    {
      name: 'a long method with nodes',
      config: { ipv4: { autoDetectionMethod: `interface=${'e'.repeat(200)}` } },
      networking: nodes,
      found: [{ path: 'config.ipv4.autoDetectionMethod', isCut: true }],
    },
    {
      name: 'resources in proportion',
      config: { autoScaling: { mode: 'cluster-proportional', resources } },
      found: ['config.autoScaling.resources'],
    },
    {
      name: 'resources of Typha in proportion',
      config: { autoScaling: { mode: 'cluster-proportional', resources: { typha: { cpu: 1 } } } },
      found: ['config.autoScaling.resources'],
    },
    {
      name: 'several, in order',
      config: { ...routes, ...snat, backend: 'none', ipv4: { mode: 'Never' } },
      found: [
        'config.overlay.createPodRoutes',
        'config.snatToUpstreamDNS.enabled',
        'config.backend',
        'config.ipv4.mode',
      ],
    },
  ],
});
