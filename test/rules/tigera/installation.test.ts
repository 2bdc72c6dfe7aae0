import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../../src/registry.ts';
import { findAll } from '../../support/found.ts';
import { installation, type Row, testTable } from './table.ts';

// The verdicts are those of the operator's own tests (validation_test.go), of its code, and of the CRD.

const v6 = { cidr: '1eef::/64' };
const aws = { cni: { type: 'AmazonVPC', ipam: { type: 'AmazonVPC' } } };
const hostLocal = { cni: { type: 'Calico', ipam: { type: 'HostLocal' } } };
const aks = { kubernetesProvider: 'AKS', cni: { type: 'Calico' } };
const kubeProxyOff = { linuxDataplane: 'BPF', kubeProxyManagement: 'Enabled' };

testTable('pools', [
  { name: 'none at all' },
  { name: 'an empty list', net: { ipPools: [] } },
  { name: 'IPv4 with VXLAN', pool: {} },
  { name: 'IPv4 with the default, IP-in-IP', net: { ipPools: [{ cidr: '10.0.0.0/16' }] } },
  ...['VXLAN', 'VXLANCrossSubnet', 'None', undefined].map((encapsulation) => ({
    name: `IPv6 with ${encapsulation}`,
    pool: { ...v6, encapsulation },
  })),
  ...['IPIP', 'IPIPCrossSubnet'].map((encapsulation) => ({
    name: `IPv6 with ${encapsulation}`,
    pool: { ...v6, encapsulation },
    found: ['deny encapsulation net.ipPools[0].encapsulation'],
  })),
  {
    name: 'a pool without range',
    net: { ipPools: [{ encapsulation: 'VXLAN' }] },
    found: ['deny pool-ranges net.ipPools[0].cidr'],
  },
  { name: 'an empty range', pool: { cidr: '' }, found: ['deny pool-ranges net.ipPools[0].cidr'] },
  { name: 'no range', pool: { cidr: '192.168.0.0' }, found: ['deny pool-ranges net.ipPools[0].cidr'] },
  {
    name: 'bits beyond the prefix, which the operator takes',
    pool: { cidr: '192.168.1.0/16' },
    found: ['warn pool-advice net.ipPools[0].cidr'],
    says: 'write 192.168.0.0/16',
  },
  {
    name: 'link-local, which the operator takes',
    pool: { cidr: 'fe80::/64' },
    found: ['warn pool-advice net.ipPools[0].cidr'],
  },
  {
    name: 'everything, which is link-local as well',
    pool: { cidr: '0.0.0.0/0' },
    found: ['warn pool-advice net.ipPools[0].cidr'],
  },
  {
    name: 'a range twice',
    net: { ipPools: [pool('10.0.0.0/16'), pool('10.0.0.0/16')] },
    found: ['deny pool-ranges net.ipPools[1].cidr'],
  },
  {
    name: 'a name twice',
    net: { ipPools: [pool('10.0.0.0/16', { name: 'a' }), pool('10.1.0.0/16', { name: 'a' })] },
    found: ['deny pool-ranges net.ipPools[1].name'],
  },
  { name: 'names left out', net: { ipPools: [pool('10.0.0.0/16'), pool('10.1.0.0/16', { name: '' })] } },
  {
    name: 'a range within another',
    net: { ipPools: [pool('10.0.0.0/16'), pool('10.0.128.0/17')] },
    found: ['warn overlapping-pools net.ipPools[1].cidr'],
  },
  { name: 'both families', net: { ipPools: [pool('10.0.0.0/16'), pool('fd00::/64')] } },
  {
    name: 'more than 25',
    net: { ipPools: Array.from({ length: 26 }, (_, index) => pool(`10.${index}.0.0/16`)) },
    found: ['deny pool-ranges net.ipPools'],
  },
  {
    name: 'a selector that cannot be read',
    pool: { nodeSelector: 'zone = a' },
    found: ['deny selector net.ipPools[0].nodeSelector'],
  },
  {
    name: 'global() in a selector',
    pool: { nodeSelector: 'global()' },
    found: ['deny selector net.ipPools[0].nodeSelector'],
  },
  {
    name: 'a word that is none, in each field of a pool',
    pool: { encapsulation: 'Vxlan', natOutgoing: 'true', assignmentMode: 'Auto', allowedUses: ['Pods'] },
    found: [
      'deny values net.ipPools[0].encapsulation',
      'deny values net.ipPools[0].natOutgoing',
      'deny values net.ipPools[0].assignmentMode',
      'deny values net.ipPools[0].allowedUses[0]',
    ],
    says: 'did you mean VXLAN?',
  },
]);

testTable('blocks', [
  ...[20, 26, 32].map((blockSize) => ({ name: `IPv4 /${blockSize}`, pool: { blockSize } })),
  ...[19, 33, 0, -1].map((blockSize) => ({
    name: `IPv4 /${blockSize}`,
    pool: { blockSize },
    found: ['deny block-size net.ipPools[0].blockSize'],
  })),
  ...[116, 122, 128].map((blockSize) => ({ name: `IPv6 /${blockSize}`, pool: { ...v6, blockSize } })),
  ...[26, 115, 129].map((blockSize) => ({
    name: `IPv6 /${blockSize}`,
    pool: { ...v6, blockSize },
    found: ['deny block-size net.ipPools[0].blockSize'],
  })),
  {
    name: 'a pool smaller than its block',
    pool: { cidr: '192.168.0.0/27', blockSize: 26 },
    found: ['deny block-size net.ipPools[0].cidr'],
  },
  { name: 'a pool as large as its block', pool: { cidr: '192.168.0.0/26', blockSize: 26 } },
  {
    name: 'a pool smaller than the default block',
    pool: { cidr: '192.168.0.0/27' },
    found: ['deny block-size net.ipPools[0].cidr'],
  },
  {
    name: 'an IPv6 pool smaller than the default block',
    pool: { cidr: 'fd00::/124' },
    found: ['deny block-size net.ipPools[0].cidr'],
  },
]);

testTable('pools for load balancers', [
  { name: 'as they should be', pool: { allowedUses: ['LoadBalancer'], encapsulation: 'None' } },
  {
    name: 'with another use',
    pool: { allowedUses: ['LoadBalancer', 'Workload'], encapsulation: 'None' },
    found: ['deny load-balancer-pools net.ipPools[0].allowedUses'],
  },
  {
    name: 'with the default encapsulation',
    pool: { allowedUses: ['LoadBalancer'], encapsulation: undefined },
    found: ['deny load-balancer-pools net.ipPools[0].encapsulation'],
  },
  {
    name: 'with everything that they must not have',
    pool: {
      allowedUses: ['LoadBalancer'],
      encapsulation: 'VXLAN',
      nodeSelector: 'has(a)',
      disableBGPExport: true,
    },
    found: [
      'deny load-balancer-pools net.ipPools[0].disableBGPExport',
      'deny load-balancer-pools net.ipPools[0].encapsulation',
      'deny load-balancer-pools net.ipPools[0].nodeSelector',
    ],
  },
  { name: 'and other uses', pool: { allowedUses: ['Workload', 'Tunnel'] } },
]);

testTable('BGP and routes', [
  ...['IPIP', 'IPIPCrossSubnet'].flatMap((encapsulation): Row[] => [
    {
      name: `${encapsulation}, BGP off, BIRD`,
      net: { bgp: 'Disabled', clusterRoutingMode: 'BIRD' },
      pool: { encapsulation },
      found: ['deny bgp net.bgp'],
    },
    {
      name: `${encapsulation}, BGP off, FelixIPIPOnly`,
      net: { bgp: 'Disabled', clusterRoutingMode: 'FelixIPIPOnly' },
      pool: { encapsulation },
    },
    {
      name: `${encapsulation}, BGP off, Felix`,
      net: { bgp: 'Disabled', clusterRoutingMode: 'Felix' },
      pool: { encapsulation },
    },
    {
      name: `${encapsulation}, BGP off, nothing said: Calico 3.33 takes it`,
      net: { bgp: 'Disabled' },
      pool: { encapsulation },
      found: ['warn ipip-without-bgp net.bgp'],
    },
    { name: `${encapsulation}, BGP on`, net: { bgp: 'Enabled' }, pool: { encapsulation } },
    {
      name: `${encapsulation}, BGP on, BIRD`,
      net: { bgp: 'Enabled', clusterRoutingMode: 'BIRD' },
      pool: { encapsulation },
    },
  ]),
  ...['BIRD', 'FelixIPIPOnly', undefined].map((clusterRoutingMode) => ({
    name: `None, BGP off, ${clusterRoutingMode}`,
    net: { bgp: 'Disabled', clusterRoutingMode },
    pool: { encapsulation: 'None' },
    found: ['deny bgp net.bgp'],
  })),
  {
    name: 'None, BGP off, Felix',
    net: { bgp: 'Disabled', clusterRoutingMode: 'Felix' },
    pool: { encapsulation: 'None' },
  },
  { name: 'None, BGP on by default', pool: { encapsulation: 'None' } },
  { name: 'VXLAN, BGP off', net: { bgp: 'Disabled' }, pool: {} },
  {
    name: 'BGP off by default on EKS',
    spec: { kubernetesProvider: 'EKS', cni: { type: 'Calico' } },
    pool: { encapsulation: 'None' },
    found: ['deny bgp net.bgp'],
  },
  {
    name: 'HostLocal, None, BGP off',
    spec: hostLocal,
    net: { bgp: 'Disabled' },
    pool: { encapsulation: 'None' },
  },
  {
    name: 'HostLocal, IPIP, BGP off',
    spec: hostLocal,
    net: { bgp: 'Disabled' },
    pool: { encapsulation: 'IPIP' },
  },
  ...['VXLAN', 'VXLANCrossSubnet'].map((encapsulation) => ({
    name: `HostLocal, ${encapsulation}`,
    spec: hostLocal,
    pool: { encapsulation },
    found: ['deny encapsulation net.ipPools[0].encapsulation'],
  })),
]);

testTable('CNI plugins', [
  { name: 'AmazonVPC on EKS', spec: { ...aws, kubernetesProvider: 'EKS' }, net: {} },
  { name: 'AmazonVPC anywhere', spec: aws },
  {
    name: 'GKE on EKS',
    spec: { kubernetesProvider: 'EKS', cni: { type: 'GKE', ipam: { type: 'HostLocal' } } },
    found: ['deny cni spec.cni.type'],
  },
  {
    name: 'AzureVNET on EKS',
    spec: { kubernetesProvider: 'EKS', cni: { type: 'AzureVNET', ipam: { type: 'AzureVNET' } } },
    found: ['deny cni spec.cni.type'],
  },
  ...[{}, { type: null }].map((type) => ({
    name: `no plugin beside ${JSON.stringify(type)}`,
    spec: { cni: { ...type, ipam: { type: 'Calico' } } },
    found: ['deny cni spec.cni.type'],
    says: 'the CNI plugin is missing',
  })),
  {
    name: 'no IPAM plugin in its block',
    spec: { cni: { type: 'Calico', ipam: {} } },
    found: ['deny cni spec.cni.ipam.type'],
    says: 'the IPAM plugin is missing',
  },
  { name: 'blocks that are null', spec: { cni: { type: 'Calico', ipam: null } } },
  ...['AmazonVPC', 'AzureVNET'].map((type) => ({
    name: `Calico with the IPAM plugin ${type}`,
    spec: { cni: { type: 'Calico', ipam: { type } } },
    found: ['deny cni spec.cni.ipam.type'],
  })),
  ...[
    { type: 'GKE', good: 'HostLocal' },
    { type: 'AmazonVPC', good: 'AmazonVPC' },
    { type: 'AzureVNET', good: 'AzureVNET' },
  ].flatMap(({ type, good }): Row[] => [
    { name: `${type} with ${good}`, spec: { cni: { type, ipam: { type: good } } }, net: {} },
    { name: `${type} with its default`, spec: { cni: { type } } },
    {
      name: `${type} with the IPAM plugin Calico`,
      spec: { cni: { type, ipam: { type: 'Calico' } } },
      found: ['deny cni spec.cni.ipam.type'],
    },
    {
      name: `${type} with a pool`,
      spec: { cni: { type } },
      pool: { encapsulation: 'None', nodeSelector: 'all()' },
    },
    { name: `${type} with a pool of defaults`, spec: { cni: { type } }, pool: { encapsulation: undefined } },
    {
      name: `${type} with IPIP`,
      spec: { cni: { type } },
      pool: { encapsulation: 'IPIP' },
      found: ['deny encapsulation net.ipPools[0].encapsulation'],
    },
    {
      name: `${type} with a pool for some nodes`,
      spec: { cni: { type } },
      pool: { encapsulation: 'None', nodeSelector: 'has(a)' },
      found: ['deny encapsulation net.ipPools[0].nodeSelector'],
    },
    {
      name: `${type} with BGP and a pool`,
      spec: { cni: { type } },
      net: { bgp: 'Enabled' },
      pool: { encapsulation: 'None' },
      found: ['deny bgp net.bgp'],
    },
    {
      name: `${type} with BGP and no pool, which the operator takes`,
      spec: { cni: { type } },
      net: { bgp: 'Enabled' },
    },
    {
      name: `${type} with settings of the Calico plugin`,
      spec: { cni: { type, specVersion: '1.0.0' }, logging: { cni: {} } },
      net: {
        hostPorts: 'Enabled',
        multiInterfaceMode: 'Multus',
        containerIPForwarding: 'Enabled',
        linuxPodInterfaceType: 'Veth',
      },
      found: [
        'deny calico-cni-only spec.cni.specVersion',
        'deny calico-cni-only net.hostPorts',
        'deny calico-cni-only net.multiInterfaceMode',
        'deny calico-cni-only net.containerIPForwarding',
        'deny calico-cni-only net.linuxPodInterfaceType',
        'deny calico-cni-only spec.logging.cni',
      ],
    },
    { name: `${type} without host ports`, spec: { cni: { type } }, net: { hostPorts: 'Disabled' } },
  ]),
  {
    name: 'the plugin of the provider where none is written',
    spec: { kubernetesProvider: 'GKE' },
    net: { hostPorts: 'Enabled' },
    found: ['deny calico-cni-only net.hostPorts'],
  },
  {
    name: 'a plugin that is none speaks once',
    spec: { cni: { type: 'calico' } },
    net: { hostPorts: 'Enabled', bgp: 'Enabled' },
    pool: {},
    found: ['deny values spec.cni.type'],
    says: 'did you mean Calico?',
  },
  {
    name: 'settings of the Calico plugin',
    spec: { cni: { type: 'Calico', specVersion: '0.3.1', installMode: 'CalicoOnly' }, logging: { cni: {} } },
    net: { hostPorts: 'Enabled', multiInterfaceMode: 'Multus', linuxPodInterfaceType: 'Netkit' },
  },
]);

testTable('autodetection', [
  ...[
    {},
    { firstFound: true },
    { interface: 'eth0' },
    { skipInterface: 'docker.*' },
    { canReach: '8.8.8.8' },
    { cidrs: ['10.0.0.0/8'] },
    { kubernetes: 'NodeInternalIP' },
    { firstFound: false, interface: 'eth0' },
    { interface: '', canReach: '8.8.8.8' },
    { interface: 'eth.*, ens.*' },
  ].map((methods) => ({ name: JSON.stringify(methods), net: { nodeAddressAutodetectionV4: methods } })),
  ...[
    { firstFound: true, interface: 'eth0' },
    { interface: 'eth0', canReach: '8.8.8.8' },
    { kubernetes: 'NodeInternalIP', cidrs: ['10.0.0.0/8'] },
    { firstFound: true, interface: 'eth0', canReach: '8.8.8.8' },
    { skipInterface: 'docker.*', canReach: '8.8.8.8' },
    { canReach: '8.8.8.8', kubernetes: 'NodeInternalIP' },
  ].flatMap((methods): Row[] =>
    ['V4', 'V6'].map((family) => ({
      name: `${family} ${JSON.stringify(methods)}`,
      net: { [`nodeAddressAutodetection${family}`]: methods },
      found: [`deny autodetection net.nodeAddressAutodetection${family}`],
    })),
  ),
  {
    name: 'a range that is none',
    net: { nodeAddressAutodetectionV4: { cidrs: ['10.0.0.0/8', '10.0.0.0'] } },
    found: ['deny autodetection net.nodeAddressAutodetectionV4.cidrs[1]'],
  },
  {
    name: 'a pattern that does not compile',
    net: { nodeAddressAutodetectionV4: { skipInterface: 'docker.*,(' } },
    found: ['deny autodetection net.nodeAddressAutodetectionV4.skipInterface'],
  },
  {
    name: 'a method that is none',
    net: { nodeAddressAutodetectionV4: { kubernetes: 'InternalIP' } },
    found: ['deny values net.nodeAddressAutodetectionV4.kubernetes'],
  },
  {
    name: 'eBPF with IPv6 and no IPv6 addresses',
    net: kubeProxyOff,
    pool: v6,
    found: ['deny autodetection net.nodeAddressAutodetectionV6'],
  },
  {
    name: 'eBPF with IPv6 and addresses',
    net: { ...kubeProxyOff, nodeAddressAutodetectionV6: { canReach: '2001:4860:4860::8888' } },
    pool: v6,
  },
  { name: 'eBPF with IPv4, where the operator fills it in', net: kubeProxyOff, pool: {} },
  { name: 'IPv6 without eBPF', net: { linuxDataplane: 'Iptables' }, pool: v6 },
]);

testTable('dataplanes', [
  { name: 'VPP', net: { linuxDataplane: 'VPP', bgp: 'Enabled' } },
  { name: 'VPP with BGP by default', net: { linuxDataplane: 'VPP' } },
  {
    name: 'VPP and Calico Enterprise',
    spec: { variant: 'TigeraSecureEnterprise' },
    net: { linuxDataplane: 'VPP', bgp: 'Enabled' },
    found: ['deny vpp spec.variant'],
  },
  {
    name: 'VPP with another plugin',
    spec: aws,
    net: { linuxDataplane: 'VPP', bgp: 'Enabled' },
    found: ['deny vpp spec.cni.type'],
  },
  {
    name: 'VPP without BGP',
    net: { linuxDataplane: 'VPP', bgp: 'Disabled' },
    found: ['deny vpp net.bgp', 'warn ipip-without-bgp net.bgp'],
  },
  {
    name: 'VPP on EKS, where BGP is off by default',
    spec: { kubernetesProvider: 'EKS', cni: { type: 'Calico' } },
    net: { linuxDataplane: 'VPP' },
    found: ['deny vpp net.bgp'],
  },
  { name: 'VPP with host ports', net: { linuxDataplane: 'VPP', hostPorts: 'Enabled' } },
  {
    name: 'VPP without host ports',
    net: { linuxDataplane: 'VPP', hostPorts: 'Disabled' },
    found: ['deny vpp net.hostPorts'],
  },
  {
    name: 'eBPF without host ports, and with the plugin of a cloud',
    spec: aws,
    net: { ...kubeProxyOff, bgp: 'Disabled', hostPorts: 'Disabled' },
  },
  {
    name: 'the bootstrap of eBPF without eBPF',
    net: { bpfNetworkBootstrap: 'Enabled' },
    found: ['deny bpf-bootstrap net.bpfNetworkBootstrap'],
  },
  { name: 'no bootstrap of eBPF without eBPF', net: { bpfNetworkBootstrap: 'Disabled' } },
  { name: 'kube-proxy managed without eBPF', net: { kubeProxyManagement: 'Enabled' } },
  {
    name: 'eBPF, and nothing switches kube-proxy off',
    net: { linuxDataplane: 'BPF' },
    found: ['warn ebpf-with-kube-proxy net.kubeProxyManagement'],
  },
  {
    name: 'eBPF, and the operator leaves kube-proxy alone',
    net: { linuxDataplane: 'BPF', kubeProxyManagement: 'Disabled' },
    found: ['warn ebpf-with-kube-proxy net.kubeProxyManagement'],
  },
  {
    name: 'eBPF on OpenShift, which has its own switch',
    spec: { kubernetesProvider: 'OpenShift' },
    net: { linuxDataplane: 'BPF' },
  },
  {
    name: 'a negative wait',
    net: { linuxDataplane: 'Iptables', linuxPolicySetupTimeoutSeconds: -1 },
    found: ['deny policy-setup-timeout net.linuxPolicySetupTimeoutSeconds'],
  },
  { name: 'a wait without dataplane, which is Iptables', net: { linuxPolicySetupTimeoutSeconds: 5 } },
  {
    name: 'a wait with VPP',
    net: { linuxDataplane: 'VPP', linuxPolicySetupTimeoutSeconds: 5 },
    found: ['deny policy-setup-timeout net.linuxPolicySetupTimeoutSeconds'],
  },
  ...['Iptables', 'Nftables'].map((linuxDataplane) => ({
    name: `a wait with ${linuxDataplane}`,
    net: { linuxDataplane, linuxPolicySetupTimeoutSeconds: 0 },
  })),
  { name: 'a wait with BPF', net: { ...kubeProxyOff, linuxPolicySetupTimeoutSeconds: 5 } },
]);

const windows = { windowsDataplane: 'HNS', bgp: 'Disabled' };
const services = { serviceCIDRs: ['10.96.0.0/12'] };

testTable('Windows', [
  { name: 'VXLAN', spec: services, net: windows, pool: {} },
  { name: 'None', spec: services, net: { windowsDataplane: 'HNS' }, pool: { encapsulation: 'None' } },
  ...['IPIP', 'IPIPCrossSubnet', 'VXLANCrossSubnet', undefined].map((encapsulation) => ({
    name: `${encapsulation}`,
    spec: services,
    net: { windowsDataplane: 'HNS', bgp: 'Enabled' },
    pool: { encapsulation },
    found: ['deny windows net.ipPools[0].encapsulation'],
  })),
  ...[undefined, []].map((serviceCIDRs) => ({
    name: `Services in ${JSON.stringify(serviceCIDRs)}`,
    spec: { serviceCIDRs },
    net: windows,
    pool: {},
    found: ['deny windows spec.serviceCIDRs'],
  })),
  {
    name: 'the plugin of a cloud, which needs neither',
    spec: { cni: { type: 'AzureVNET' } },
    net: windows,
    pool: { encapsulation: 'None' },
  },
  {
    name: 'settings of Windows nodes without them',
    spec: { windowsNodes: {} },
    net: { windowsDataplane: 'Disabled' },
    found: ['deny windows spec.windowsNodes'],
  },
  { name: 'settings of Windows nodes', spec: { ...services, windowsNodes: {} }, net: windows, pool: {} },
  {
    name: 'IPv6 beside',
    spec: services,
    net: { ...windows, ipPools: [pool('10.0.0.0/16'), pool('fd00::/64')] },
  },
]);

testTable('everything else', [
  { name: 'a relative path', spec: { flexVolumePath: 'foo/bar' }, found: ['deny paths spec.flexVolumePath'] },
  { name: 'absolute paths', spec: { flexVolumePath: '/a', kubeletVolumePluginPath: '/some/abs/path' } },
  { name: 'no paths', spec: { flexVolumePath: 'None', kubeletVolumePluginPath: 'None' } },
  {
    name: 'a relative path of the kubelet',
    spec: { kubeletVolumePluginPath: 'relative/path' },
    found: ['deny paths spec.kubeletVolumePluginPath'],
  },
  {
    name: 'control plane on Windows',
    spec: { controlPlaneNodeSelector: { 'kubernetes.io/os': 'windows', 'beta.kubernetes.io/os': 'windows' } },
    found: [
      'deny control-plane spec.controlPlaneNodeSelector.kubernetes.io/os',
      'deny control-plane spec.controlPlaneNodeSelector.beta.kubernetes.io/os',
    ],
  },
  {
    name: 'control plane on Linux',
    spec: { controlPlaneNodeSelector: { 'kubernetes.io/os': 'linux', a: 'b' } },
  },
  ...[-1, 0].map((controlPlaneReplicas) => ({
    name: `${controlPlaneReplicas} replicas`,
    spec: { controlPlaneReplicas },
    found: ['deny control-plane spec.controlPlaneReplicas'],
  })),
  { name: 'one replica', spec: { controlPlaneReplicas: 1 } },
  {
    name: 'another strategy',
    spec: { nodeUpdateStrategy: { type: 'OnDelete' } },
    found: ['deny control-plane spec.nodeUpdateStrategy.type'],
  },
  { name: 'a strategy without type', spec: { nodeUpdateStrategy: { rollingUpdate: { maxUnavailable: 1 } } } },
  {
    name: 'without privileges',
    spec: { nonPrivileged: 'Enabled' },
    found: ['deny removed-setting spec.nonPrivileged'],
  },
  {
    name: 'without privileges, before 3.32',
    spec: { nonPrivileged: 'Enabled' },
    versions: { calico: '3.31' },
  },
  {
    name: 'FIPS',
    spec: { fipsMode: 'Enabled' },
    found: ['warn removed-setting spec.fipsMode'],
    says: 'Calico 3.33, which is not released yet, no longer has it (got "Enabled"); remove it before you upgrade',
  },
  { name: 'FIPS, before 3.33', spec: { fipsMode: 'Enabled' }, versions: { calico: '3.32' } },
  {
    name: 'FIPS, in 3.33',
    spec: { fipsMode: 'Enabled' },
    versions: { calico: '3.33' },
    found: ['deny removed-setting spec.fipsMode'],
    says: 'Calico 3.33 and later no longer have it',
  },
  {
    name: 'FIPS in Calico Enterprise',
    spec: { fipsMode: 'Enabled', variant: 'TigeraSecureEnterprise' },
    versions: { calico: '3.31' },
    found: ['deny removed-setting spec.fipsMode'],
  },
  { name: 'neither', spec: { nonPrivileged: 'Disabled', fipsMode: 'Disabled' } },
  { name: 'azure elsewhere', spec: { azure: { policyMode: 'Manual' } }, found: ['deny azure spec.azure'] },
  { name: 'azure on AKS', spec: { ...aks, azure: { policyMode: 'Manual' } }, net: { ipPools: [] } },
  {
    name: 'a component that is none',
    spec: { componentResources: [{ componentName: 'Nodes', resourceRequirements: {} }] },
    found: [
      'deny values spec.componentResources[0].componentName',
      'warn deprecated-field spec.componentResources',
    ],
  },
  ...['NodeWindows', 'FelixWindows', 'ConfdWindows'].map((componentName) => ({
    name: `${componentName}, which the CRD takes`,
    spec: { componentResources: ['Node', componentName].map(toResources) },
    found: [
      'warn values spec.componentResources[1].componentName',
      'warn deprecated-field spec.componentResources',
    ],
    says: `the CRD takes this word, but the operator stops at it (got "${componentName}"); use calicoNodeWindowsDaemonSet`,
  })),
  ...['', null].map((kubernetesProvider) => ({
    name: `a provider that is ${JSON.stringify(kubernetesProvider)}`,
    spec: { kubernetesProvider },
  })),
  {
    name: 'words of the wrong type, which another rule tells',
    spec: { variant: 7, componentResources: [{ componentName: true }, null, 'Node'] },
    found: [
      'deny wrong-type spec.variant',
      'deny missing-field spec.componentResources[0].resourceRequirements',
      'deny wrong-type spec.componentResources[0].componentName',
      'deny wrong-type spec.componentResources[1]',
      'deny wrong-type spec.componentResources[2]',
      'warn deprecated-field spec.componentResources',
    ],
  },
  {
    name: 'a kernel setting that is not allowed',
    net: {
      sysctl: [
        { key: 'net.ipv4.tcp_keepalive_time', value: '40' },
        { key: 'net.ipv4.x', value: '1' },
      ],
    },
    found: ['deny values net.sysctl[1].key'],
  },
  {
    name: 'limits of logs',
    spec: {
      logging: {
        cni: { logFileMaxSize: '100Mi', logFileMaxAgeDays: 30, logFileMaxCount: 10, logSeverity: 'Info' },
      },
    },
  },
  ...['1', '0', '-1', '1M', '0Mi', '-1Ki', 'Mi', 1].map((logFileMaxSize) => ({
    name: `logs of ${logFileMaxSize}`,
    spec: { logging: { cni: { logFileMaxSize } } },
    found: ['deny logging spec.logging.cni.logFileMaxSize'],
  })),
  {
    name: 'no logs',
    spec: { logging: { cni: { logFileMaxAgeDays: 0, logFileMaxCount: -1 } } },
    found: [
      'deny logging spec.logging.cni.logFileMaxAgeDays',
      'deny logging spec.logging.cni.logFileMaxCount',
    ],
  },
  {
    name: 'a field that is none',
    net: { mtus: 1440 },
    found: ['warn unknown-field net.mtus'],
    says: 'did you mean mtu?',
  },
  { name: 'a wrong type', net: { mtu: '1440' }, found: ['deny wrong-type net.mtu'] },
  {
    name: 'a pool among the Services',
    spec: services,
    pool: { cidr: '10.96.0.0/16' },
    found: ['deny service-cidrs net.ipPools[0].cidr'],
  },
  {
    name: 'Services that are no range',
    spec: { serviceCIDRs: ['10.96.0.0'] },
    found: ['deny service-cidrs spec.serviceCIDRs[0]'],
  },
]);

testTable('MTU', [
  ...[0, 1280, 1440, 9000, 9216].map((mtu) => ({ name: `${mtu}`, net: { mtu } })),
  ...[-1, 2 ** 31].map((mtu) => ({ name: `${mtu}`, net: { mtu }, found: ['deny mtu net.mtu'] })),
  ...[1, 576, 1279, 9217].map((mtu) => ({
    name: `${mtu}`,
    net: { mtu },
    found: ['warn unusual-mtu net.mtu'],
  })),
  ...[
    { mtu: 8951, pool: {}, found: [] },
    { mtu: 8952, pool: {}, found: ['warn unusual-mtu net.mtu'] },
    { mtu: 8931, pool: v6, found: [] },
    { mtu: 8932, pool: v6, found: ['warn unusual-mtu net.mtu'] },
  ].map(({ mtu, pool: written, found }) => ({
    name: `${mtu} on EKS`,
    spec: { kubernetesProvider: 'EKS', cni: { type: 'Calico' } },
    net: { mtu },
    pool: written,
    found,
  })),
]);

testTable('Azure and IP-in-IP', [
  { name: 'as Calico documents it', spec: aks, net: { bgp: 'Disabled' }, pool: {} },
  {
    name: 'IPIP',
    spec: aks,
    pool: { encapsulation: 'IPIP' },
    found: ['deny azure-ipip net.ipPools[0].encapsulation'],
  },
  {
    name: 'IPIP by default',
    spec: aks,
    pool: { encapsulation: undefined },
    found: ['deny azure-ipip net.ipPools[0].encapsulation'],
  },
  {
    name: 'IPIP between subnets',
    spec: aks,
    pool: { encapsulation: 'IPIPCrossSubnet' },
    found: ['warn azure-ipip-cross-subnet net.ipPools[0].encapsulation'],
  },
  { name: 'no pool written', spec: aks, found: ['warn azure-ipip-cross-subnet net.ipPools'] },
  { name: 'pools made elsewhere', spec: aks, net: { ipPools: [] } },
  { name: 'the plugin of Azure', spec: { kubernetesProvider: 'AKS' } },
]);

testTable('updates', [
  { name: 'of nothing', net: { mtu: 1440 }, old: { net: { mtu: 1440 } } },
  { name: 'that fill in a default', net: { bgp: 'Enabled' }, pool: {}, old: { pool: {} } },
  {
    name: 'of the dataplane',
    net: kubeProxyOff,
    old: { net: { linuxDataplane: 'Iptables' } },
    found: ['warn disruptive-change net.linuxDataplane'],
  },
  {
    name: 'of BGP',
    net: { bgp: 'Disabled' },
    pool: {},
    old: { pool: {} },
    found: ['warn disruptive-change net.bgp'],
  },
  {
    name: 'of the CNI plugin, and all that comes with it',
    spec: { cni: { type: 'Calico' }, kubernetesProvider: 'GKE' },
    old: { spec: { kubernetesProvider: 'GKE' } },
    found: [
      'warn disruptive-change spec.cni.type',
      'warn disruptive-change spec.cni.ipam.type',
      'warn disruptive-change net.bgp',
    ],
  },
  {
    name: 'of the encapsulation',
    pool: { encapsulation: 'VXLAN' },
    old: { pool: { encapsulation: undefined } },
    found: ['warn disruptive-change net.ipPools[0].encapsulation'],
  },
  {
    name: 'of the range',
    pool: { name: 'a', cidr: '10.0.0.0/16' },
    old: { pool: { name: 'a' } },
    found: ['warn disruptive-change net.ipPools[0].cidr'],
  },
  {
    name: 'of the block size',
    pool: { blockSize: 28 },
    old: { pool: {} },
    found: ['warn disruptive-change net.ipPools[0].blockSize'],
  },
  {
    name: 'that take a pool away',
    net: { ipPools: [] },
    old: { pool: {} },
    found: ['warn disruptive-change net.ipPools'],
  },
  {
    name: 'that add a pool and change the order',
    net: { ipPools: [pool('10.0.0.0/16'), pool('192.168.0.0/16')] },
    old: { pool: {} },
  },
  { name: 'of the MTU', net: { mtu: 1440 }, old: {}, found: ['warn disruptive-change net.mtu'] },
  {
    name: 'beside an old mistake, which is known',
    net: { mtu: 1440, bgp: 'enabled' },
    old: { net: { mtu: 1440, bgp: 'enabled', hostPorts: 'Enabled' } },
    found: ['warn values net.bgp'],
  },
]);

function pool(cidr: string, more: object = {}): object {
  return { cidr, encapsulation: 'VXLAN', ...more };
}

const registry = loadRegistry();

describe('names', () => {
  it.each([
    { name: 'default', found: [] },
    { name: 'tigera-secure', found: [] },
    { name: 'overlay', found: [] },
    { name: 'mine', found: ['0 deny tigera/installation-name metadata.name'] },
    { name: 'Default', found: ['0 deny tigera/installation-name metadata.name'] },
    { name: undefined, found: [] },
  ])('$name', ({ name, found }) => {
    expect(findAll(registry, [{ ...installation({}), metadata: { name } }])).toEqual(found);
  });
});

describe('with ConfigMap kubernetes-services-endpoint', () => {
  const endpoint = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kubernetes-services-endpoint', namespace: 'tigera-operator' },
    data: { KUBERNETES_SERVICE_HOST: 'api.example.com', KUBERNETES_SERVICE_PORT: '6443' },
  };
  const found = ['0 deny tigera/installation-services-endpoint spec.calicoNetwork.bpfNetworkBootstrap'];
  it.each([
    { name: 'and the bootstrap', net: { ...kubeProxyOff, bpfNetworkBootstrap: 'Enabled' }, found },
    { name: 'and no bootstrap', net: kubeProxyOff, found: [] },
    { name: 'and without eBPF', net: {}, found: [] },
  ])('$name', ({ net, found: expected }) => {
    expect(findAll(registry, [installation({ net }), endpoint])).toEqual(expected);
  });
});

function toResources(componentName: string): object {
  return { componentName, resourceRequirements: {} };
}
