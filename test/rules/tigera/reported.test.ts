import { testRule } from '../../support/rule-tester.ts';
import { calicoNode, clusterConfiguration, DOCUMENTS, installation, ipPool } from '../kubeadm/documents.ts';
import { INSTALLATION } from './base.ts';

testRule('tigera/installation-interface-pattern', 'warn', INSTALLATION, {
  valid: [
    { name: 'a pattern', net: { nodeAddressAutodetectionV4: { interface: '^en.*' } } },
    { name: 'names', net: { nodeAddressAutodetectionV4: { interface: 'eth0,eth1' } } },
    { name: 'another method', net: { nodeAddressAutodetectionV4: { canReach: 'en*' } } },
    { name: 'no text', net: { nodeAddressAutodetectionV4: { interface: ['en*'] } } },
  ],
  invalid: [
    ...['nodeAddressAutodetectionV4', 'nodeAddressAutodetectionV6'].flatMap((family) =>
      ['interface', 'skipInterface'].map((field) => ({
        name: `${field} of ${family}`,
        net: { [family]: { [field]: 'en*' } },
        found: [{ path: `net.${family}.${field}`, got: 'en*', advice: 'write ^en.*' }],
      })),
    ),
    {
      name: 'one of a list',
      net: { nodeAddressAutodetectionV4: { interface: 'eth0, wl*' } },
      found: [{ path: 'net.nodeAddressAutodetectionV4.interface', advice: 'write ^wl.*' }],
    },
  ],
});

const CLUSTER = clusterConfiguration({ networking: { podSubnet: '10.244.0.0/16' } });
const NO_POOLS = installation([]);
const PATH = 'spec.calicoNetwork.ipPools';

testRule('tigera/installation-no-pool', 'warn', DOCUMENTS, {
  valid: [
    { name: 'alone: pools are made elsewhere', documents: [NO_POOLS] },
    { name: 'the default of the operator', documents: [CLUSTER, installation({})] },
    { name: 'a pool of its own', documents: [CLUSTER, installation(['10.244.0.0/16'])] },
    { name: 'an IPPool', documents: [CLUSTER, NO_POOLS, ipPool('10.244.0.0/16', { vxlanMode: 'Always' })] },
    {
      name: "a cloud's own plugin",
      documents: [CLUSTER, installation([], { cni: { type: 'AmazonVPC', ipam: { type: 'AmazonVPC' } } })],
    },
    {
      name: 'a pool of calico-node',
      documents: [CLUSTER, NO_POOLS, calicoNode({ CALICO_IPV4POOL_CIDR: '10.244.0.0/16' })],
    },
    {
      name: 'an IPPool that belongs to no cluster in particular',
      documents: [CLUSTER, NO_POOLS, ipPool('10.244.0.0/16', { vxlanMode: 'Always' })],
      files: ['a/kubeadm.yaml', 'a/calico.yaml', 'b/pool.yaml'],
    },
  ],
  invalid: [
    { name: 'no pool', documents: [CLUSTER, NO_POOLS], found: [{ document: 1, path: PATH }] },
    {
      name: 'an empty list beside other settings',
      documents: [CLUSTER, installation({ bgp: 'Enabled', ipPools: [] })],
      found: [{ document: 1, path: PATH, says: 'no pod gets an address' }],
    },
  ],
});
