import { testRule } from '../../support/rule-tester.ts';
import { at, calicoNode, DOCUMENTS, felix, installation, ipPool } from '../kubeadm/documents.ts';

const V4 = '10.244.0.0/16';
const V6 = 'fd00:10:244::/64';

testRule('calico/felix-tunnel-off', 'warn', DOCUMENTS, {
  valid: [
    { name: 'unset', documents: [felix({}), ipPool(V4, { vxlanMode: 'Always' })] },
    { name: 'on', documents: [felix({ vxlanEnabled: true }), ipPool(V4, { vxlanMode: 'Always' })] },
    {
      name: 'the other tunnel',
      documents: [felix({ ipipEnabled: false }), ipPool(V4, { vxlanMode: 'Always' })],
    },
    { name: 'no tunnel', documents: [felix({ vxlanEnabled: false }), ipPool(V4)] },
    {
      name: 'a disabled pool',
      documents: [felix({ vxlanEnabled: false }), ipPool(V4, { vxlanMode: 'Always', disabled: true })],
    },
    { name: 'IPv6', documents: [felix({ vxlanEnabled: false }), ipPool(V6, { vxlanMode: 'Always' })] },
    { name: 'a text', documents: [felix({ vxlanEnabled: 'false' }), ipPool(V4, { vxlanMode: 'Always' })] },
    {
      name: 'an environment that is none',
      documents: [calicoNode({ FELIX_VXLANENABLED: 'never', CALICO_IPV4POOL_VXLAN: 'Always' })],
    },
    {
      name: 'no pool of its own',
      documents: [
        calicoNode({
          FELIX_VXLANENABLED: 'false',
          NO_DEFAULT_POOLS: 'true',
          CALICO_IPV4POOL_VXLAN: 'Always',
        }),
      ],
    },
  ],
  invalid: [
    {
      name: 'VXLAN across subnets',
      documents: [felix({ vxlanEnabled: false }), ipPool(V4, { vxlanMode: 'CrossSubnet' })],
      found: ['spec.vxlanEnabled'],
    },
    {
      name: 'a pool of an Installation',
      documents: [installation([V4]), felix({ vxlanEnabled: false })],
      found: [{ document: 1, path: 'spec.vxlanEnabled' }],
    },
    {
      name: 'the environment',
      documents: [calicoNode({ FELIX_IPINIPENABLED: 'no', CALICO_IPV4POOL_IPIP: 'Always' })],
      found: [{ path: at(0), says: 'a pool with IP-in-IP' }],
    },
    {
      name: 'both tunnels',
      documents: [
        felix({ vxlanEnabled: false, ipipEnabled: false }),
        ipPool(V4, { ipipMode: 'Always' }),
        { ...ipPool('10.245.0.0/16', { vxlanMode: 'Always' }), metadata: { name: 'other' } },
      ],
      found: ['spec.ipipEnabled', 'spec.vxlanEnabled'],
    },
  ],
});

testRule('calico/felix-nat-address', 'warn', DOCUMENTS, {
  valid: [
    { name: 'IPv4 alone', documents: [felix({ natOutgoingAddress: '192.0.2.1' }), ipPool(V4)] },
    {
      name: 'IPv6 without NAT',
      documents: [felix({ natOutgoingAddress: '192.0.2.1' }), ipPool(V6, { natOutgoing: false })],
    },
    {
      name: 'a disabled pool',
      documents: [felix({ natOutgoingAddress: '192.0.2.1' }), ipPool(V6, { disabled: true })],
    },
    { name: 'unset', documents: [felix({}), ipPool(V6)] },
    { name: 'no address', documents: [felix({ natOutgoingAddress: 'all' }), ipPool(V6)] },
    {
      name: 'an Installation, whose pools of IPv6 have no NAT',
      documents: [installation([V6]), felix({ natOutgoingAddress: '192.0.2.1' })],
    },
  ],
  invalid: [
    {
      name: 'both families',
      documents: [felix({ natOutgoingAddress: '192.0.2.1' }), ipPool(V6)],
      found: ['spec.natOutgoingAddress'],
    },
    {
      name: 'the environment',
      documents: [
        calicoNode({
          FELIX_NATOUTGOINGADDRESS: '192.0.2.1',
          CALICO_IPV6POOL_CIDR: V6,
          CALICO_IPV6POOL_NAT_OUTGOING: 'true',
        }),
      ],
      found: [at(0)],
    },
  ],
});

testRule('calico/wireguard-ipv6-pool', 'warn', DOCUMENTS, {
  valid: [
    { name: 'IPv4 alone', documents: [felix({ wireguardEnabled: true }), ipPool(V4)] },
    { name: 'off', documents: [felix({ wireguardEnabled: false }), ipPool(V6)] },
    {
      name: 'decided',
      documents: [felix({ wireguardEnabled: true, wireguardEnabledV6: false }), ipPool(V6)],
    },
    {
      name: 'reported by the rule of one FelixConfiguration',
      documents: [felix({ wireguardEnabled: true, ipv6Support: true }), ipPool(V6)],
    },
  ],
  invalid: [
    {
      name: 'a pool',
      documents: [felix({ wireguardEnabled: true }), ipPool(V6)],
      found: ['spec.wireguardEnabled'],
    },
    {
      name: 'an Installation',
      documents: [felix({ wireguardEnabled: true }), installation([V4, V6])],
      found: [{ path: 'spec.wireguardEnabled', says: 'wireguardEnabledV6: true' }],
    },
    {
      name: 'the environment',
      documents: [calicoNode({ FELIX_WIREGUARDENABLED: 'true', CALICO_IPV6POOL_CIDR: V6 })],
      found: [{ path: at(0), says: 'FELIX_WIREGUARDENABLEDV6' }],
    },
  ],
});

const WINDOWS = installation(
  { windowsDataplane: 'HNS', ipPools: [{ cidr: V4, encapsulation: 'VXLAN' }] },
  { serviceCIDRs: ['10.96.0.0/12'] },
);

testRule('calico/felix-windows-vxlan', 'warn', DOCUMENTS, {
  valid: [
    { name: 'the settings for Windows', documents: [WINDOWS, felix({ vxlanPort: 4789, vxlanVNI: 4096 })] },
    { name: 'no Windows', documents: [installation([V4]), felix({ vxlanPort: 8472 })] },
    { name: 'no Installation', documents: [felix({ vxlanPort: 8472 })] },
    { name: 'no number', documents: [WINDOWS, felix({ vxlanPort: '8472' })] },
  ],
  invalid: [
    {
      name: 'port and identifier',
      documents: [WINDOWS, felix({ vxlanPort: 8472, vxlanVNI: 4095 })],
      found: [
        { document: 1, path: 'spec.vxlanPort', says: 'port 4789' },
        { document: 1, path: 'spec.vxlanVNI', says: 'from 4096 on' },
      ],
    },
  ],
});

const DSR = felix({ bpfExternalServiceMode: 'DSR' });

testRule('calico/felix-ebpf-off', 'warn', DOCUMENTS, {
  valid: [
    { name: 'alone', documents: [DSR] },
    { name: 'on by the operator', documents: [installation({ linuxDataplane: 'BPF' }), DSR] },
    { name: 'on by the environment', documents: [calicoNode({ FELIX_BPFENABLED: 'true' }), DSR] },
    {
      name: 'on by another FelixConfiguration',
      documents: [calicoNode({}), DSR, { ...felix({ bpfEnabled: true }), metadata: { name: 'node.a' } }],
    },
    { name: 'on by something else, perhaps', documents: [calicoNode({ FELIX_BPFENABLED: {} }), DSR] },
    {
      name: 'what Calico writes by itself',
      documents: [
        installation({}),
        felix({ bpfConnectTimeLoadBalancing: 'TCP', bpfHostNetworkedNATWithoutCTLB: 'Enabled' }),
      ],
    },
  ],
  invalid: [
    {
      name: 'the operator has another dataplane',
      documents: [installation({}), DSR],
      found: [{ document: 1, path: 'spec.bpfExternalServiceMode' }],
    },
    {
      name: 'the manifests do not set it',
      documents: [calicoNode({}), felix({ bpfDataIfacePattern: '^eth0$', bpfMapSizeRoute: 500_000 })],
      found: [
        { document: 1, path: 'spec.bpfDataIfacePattern' },
        { document: 1, path: 'spec.bpfMapSizeRoute' },
      ],
    },
    {
      name: 'the environment switches it off',
      documents: [calicoNode({ FELIX_BPFENABLED: 'false' }), DSR],
      found: [{ document: 1, path: 'spec.bpfExternalServiceMode' }],
    },
  ],
});

function ipam(spec: object, name = 'default', kind = 'IPAMConfiguration'): object {
  const apiVersion = kind === 'IPAMConfig' ? 'crd.projectcalico.org/v1' : 'projectcalico.org/v3';
  return { apiVersion, kind, metadata: { name }, spec: { autoAllocateBlocks: true, ...spec } };
}

testRule('calico/ipam-windows', 'warn', DOCUMENTS, {
  valid: [
    { name: 'strict', documents: [WINDOWS, ipam({ strictAffinity: true })] },
    { name: 'no Windows', documents: [installation({}), ipam({ strictAffinity: false })] },
    { name: 'no Installation', documents: [ipam({ strictAffinity: false })] },
    { name: 'one that Calico does not read', documents: [WINDOWS, ipam({ strictAffinity: false }, 'mine')] },
    { name: 'no boolean', documents: [WINDOWS, ipam({ strictAffinity: 'no' })] },
    {
      name: 'another IPAM',
      documents: [
        installation(
          { bgp: 'Disabled', windowsDataplane: 'HNS' },
          { cni: { type: 'Calico', ipam: { type: 'HostLocal' } } },
        ),
        ipam({ strictAffinity: false }),
      ],
    },
  ],
  invalid: [
    {
      name: 'off',
      documents: [WINDOWS, ipam({ strictAffinity: false })],
      found: [{ document: 1, path: 'spec.strictAffinity', advice: 'write true' }],
    },
    {
      name: 'not written',
      documents: [WINDOWS, ipam({})],
      found: [{ document: 1, path: 'spec.strictAffinity' }],
    },
    {
      name: 'as it is stored',
      documents: [WINDOWS, ipam({ strictAffinity: false }, 'default', 'IPAMConfig')],
      found: [{ document: 1, path: 'spec.strictAffinity' }],
    },
  ],
});
