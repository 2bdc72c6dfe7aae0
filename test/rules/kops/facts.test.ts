import { testVersions } from './base.ts';

const kubeProxy = { enabled: false };
const IPV6 = { nonMasqueradeCIDR: '::/0' };
const ebpf = { bpfEnabled: true, encapsulationMode: 'vxlan' };
const nodes = (maxSize: number) => [{ spec: { maxSize } }];
const TYPHA = 'warn kops/typha-at-scale calico.typhaReplicas';
const MESH = 'warn kops/mesh-at-scale calico.encapsulationMode';
const MTU = ['warn kops/unusual-mtu calico.mtu'];
const SRC_DST = ['warn kops/cross-subnet-on-aws calico.awsSrcDstCheck'];
const ENCAPSULATION = ['deny kops/encapsulation-mode calico.encapsulationMode'];

// The page of kOps about Calico, statement by statement, in its order.
testVersions('the statements of the kOps page', {
  valid: [
    { name: 'calico: {} suffices' },
    { name: 'IPv6: no encapsulation required: none', ranges: IPV6, calico: { encapsulationMode: 'none' } },
    { name: 'IPv6: no encapsulation required: the default', ranges: IPV6 },
    { name: 'the default is ipip: ipipMode may stand alone', calico: { ipipMode: 'Always' } },
    { name: 'ipip or vxlan selectable: ipip', calico: { encapsulationMode: 'ipip' } },
    { name: 'ipip or vxlan selectable: vxlan', calico: { encapsulationMode: 'vxlan' } },
    { name: 'VXLAN is better with eBPF', calico: ebpf, spec: { kubeProxy } },
    { name: 'cross-subnet is the default: written out', calico: { ipipMode: 'CrossSubnet' } },
    { name: 'AWS cross-subnet needs the check disabled: it is by default', calico: {} },
    { name: 'AWS cross-subnet needs the check disabled: Disable', calico: { awsSrcDstCheck: 'Disable' } },
    {
      name: 'AWS cross-subnet needs the check disabled: all is wrapped',
      calico: { awsSrcDstCheck: 'Enable', ipipMode: 'Always' },
    },
    {
      name: 'the second snippet: Disable and vxlan',
      calico: { awsSrcDstCheck: 'Disable', encapsulationMode: 'vxlan' },
    },
    { name: 'route reflectors above 50 to 100 nodes: 100', calico: { typhaReplicas: 3 }, groups: nodes(100) },
    {
      name: 'route reflectors above 50 to 100 nodes: vxlan has no mesh',
      calico: { typhaReplicas: 3, encapsulationMode: 'vxlan' },
      groups: nodes(500),
    },
    { name: 'mtu positive', calico: { mtu: 1440 } },
    { name: 'mtu positive: 0 detects it', calico: { mtu: 0 } },
    { name: 'AWS MTU of IP-in-IP: 8981', calico: { mtu: 8981 } },
    { name: 'AWS MTU of VXLAN: 8951', calico: { mtu: 8951, encapsulationMode: 'vxlan' } },
    { name: 'AWS MTU of WireGuard: 8941', calico: { mtu: 8941, wireguardEnabled: true } },
    { name: 'AWS MTU of eBPF: 8951', calico: { ...ebpf, mtu: 8951 }, spec: { kubeProxy } },
    { name: 'AWS MTU: 1280', calico: { mtu: 1280 } },
    { name: 'Typha above 50 nodes: 50', groups: nodes(50) },
    { name: 'Typha above 50 nodes: it is there', calico: { typhaReplicas: 3 }, groups: nodes(60) },
    { name: 'typhaReplicas positive: 3', calico: { typhaReplicas: 3 } },
    { name: 'typhaReplicas positive: 0 is off', calico: { typhaReplicas: 0 } },
    { name: 'eBPF with kubeProxy.enabled false', calico: ebpf, spec: { kubeProxy } },
    {
      name: 'eBPF needs Kubernetes 1.16: 1.16',
      calico: ebpf,
      spec: { kubeProxy, kubernetesVersion: 'v1.16.0' },
    },
    { name: 'WireGuard is for IPv4', calico: { wireguardEnabled: true } },
    {
      name: 'WireGuard comes with Ubuntu only: Ubuntu',
      calico: { wireguardEnabled: true },
      groups: [{ spec: { image: '099720109477/ubuntu/images/hvm-ssd/ubuntu-noble-24.04' } }],
    },
    {
      name: 'WireGuard comes with Ubuntu only: an image that could be any',
      calico: { wireguardEnabled: true },
      groups: [{ spec: { image: 'ami-0123456789abcdef0' } }],
    },
  ],
  invalid: [
    {
      name: 'VXLAN is better with eBPF: what is missing is marked at the block',
      yaml: `
        apiVersion: kops.k8s.io/v1alpha2
        kind: Cluster
        metadata:
          name: c.example.com
        spec:
          cloudProvider: aws
          kubernetesVersion: v1.33.0
          networkCIDR: 172.20.0.0/16
          nonMasqueradeCIDR: 100.64.0.0/10
          kubeProxy:
            enabled: false
          networking:
            calico:
            ^^^^^^
              bpfEnabled: true
      `,
      found: ['warn kops/ebpf-with-ipip calico.encapsulationMode'],
    },
    {
      name: 'IPv6: no encapsulation required: ipip',
      ranges: IPV6,
      calico: { encapsulationMode: 'ipip' },
      found: ENCAPSULATION,
    },
    {
      name: 'IPv6: no encapsulation required: vxlan',
      ranges: IPV6,
      calico: { encapsulationMode: 'vxlan' },
      found: ENCAPSULATION,
    },
    {
      name: 'IPv6: no encapsulation required: ipipMode',
      ranges: IPV6,
      calico: { ipipMode: 'Always' },
      found: ['deny kops/pool-mode calico.ipipMode'],
    },
    {
      name: 'IPv6: no encapsulation required: vxlanMode',
      ranges: IPV6,
      calico: { vxlanMode: 'CrossSubnet' },
      found: ['deny kops/pool-mode calico.vxlanMode'],
    },
    {
      name: 'the default is ipip: vxlanMode may not',
      calico: { vxlanMode: 'Always' },
      found: ['deny kops/pool-mode calico.vxlanMode'],
    },
    {
      name: 'ipip or vxlan selectable: another word',
      calico: { encapsulationMode: 'geneve' },
      found: ENCAPSULATION,
    },
    {
      name: 'ipip or vxlan selectable: none on IPv4',
      calico: { encapsulationMode: 'none' },
      found: ENCAPSULATION,
    },
    {
      name: 'VXLAN is better with eBPF: the default is not it',
      calico: { bpfEnabled: true },
      spec: { kubeProxy },
      found: ['warn kops/ebpf-with-ipip calico.encapsulationMode'],
    },
    {
      name: 'VXLAN is better with eBPF: ipip',
      calico: { bpfEnabled: true, encapsulationMode: 'ipip' },
      spec: { kubeProxy },
      found: ['warn kops/ebpf-with-ipip calico.encapsulationMode'],
    },
    {
      name: 'the VXLAN backend excludes IP-in-IP',
      calico: { encapsulationMode: 'vxlan', ipipMode: 'Always' },
      found: ['deny kops/pool-mode calico.ipipMode'],
    },
    {
      name: 'IP-in-IP needs BIRD, which vxlanMode does without',
      calico: { encapsulationMode: 'ipip', vxlanMode: 'Always' },
      found: ['deny kops/pool-mode calico.vxlanMode'],
    },
    {
      name: 'crossSubnet is deprecated: true',
      only: 'v1alpha2',
      calico: { crossSubnet: true },
      found: ['warn kops/deprecated-field calico.crossSubnet'],
    },
    {
      name: 'crossSubnet is deprecated: false does not switch it off',
      only: 'v1alpha2',
      calico: { crossSubnet: false },
      found: ['warn kops/deprecated-field calico.crossSubnet'],
    },
    {
      name: 'crossSubnet is deprecated: v1alpha3 does not have it',
      only: 'v1alpha3',
      calico: { crossSubnet: true },
      found: ['deny kops/unknown-field calico.crossSubnet'],
    },
    {
      name: 'AWS cross-subnet needs the check disabled: Enable',
      calico: { awsSrcDstCheck: 'Enable' },
      found: SRC_DST,
    },
    {
      name: 'AWS cross-subnet needs the check disabled: DoNothing',
      calico: { awsSrcDstCheck: 'DoNothing' },
      found: SRC_DST,
    },
    {
      name: 'AWS cross-subnet needs the check disabled: Enable with vxlan',
      calico: { awsSrcDstCheck: 'Enable', encapsulationMode: 'vxlan' },
      found: SRC_DST,
    },
    {
      name: 'the snippet with IPIPMode',
      calico: { awsSrcDstCheck: 'Disable', IPIPMode: 'CrossSubnet' },
      found: ['deny kops/unknown-field calico.IPIPMode'],
    },
    {
      name: 'route reflectors above 50 to 100 nodes: 101',
      calico: { typhaReplicas: 3 },
      groups: nodes(101),
      found: [MESH],
    },
    { name: 'mtu positive: -1', calico: { mtu: -1 }, found: ['deny kops/mtu calico.mtu'] },
    { name: 'AWS MTU of IP-in-IP: 8982', calico: { mtu: 8982 }, found: MTU },
    { name: 'AWS MTU of VXLAN: 8952', calico: { mtu: 8952, encapsulationMode: 'vxlan' }, found: MTU },
    { name: 'AWS MTU of WireGuard: 8942', calico: { mtu: 8942, wireguardEnabled: true }, found: MTU },
    { name: 'AWS MTU of eBPF: 8952', calico: { ...ebpf, mtu: 8952 }, spec: { kubeProxy }, found: MTU },
    { name: 'AWS MTU: 1279 is below what IPv6 takes', calico: { mtu: 1279 }, found: MTU },
    { name: 'Typha above 50 nodes: 51', groups: nodes(51), found: [TYPHA] },
    { name: 'Typha strongly from 100 nodes on', groups: nodes(150), found: [TYPHA, MESH] },
    {
      name: 'typhaReplicas positive: -1',
      calico: { typhaReplicas: -1 },
      found: ['deny kops/typha-replicas calico.typhaReplicas'],
    },
    {
      name: 'eBPF without kubeProxy',
      calico: ebpf,
      found: ['deny kops/ebpf-needs-kube-proxy-off spec.kubeProxy.enabled'],
    },
    {
      name: 'eBPF with kubeProxy.enabled true',
      calico: ebpf,
      spec: { kubeProxy: { enabled: true } },
      found: ['deny kops/ebpf-needs-kube-proxy-off spec.kubeProxy.enabled'],
    },
    {
      name: 'the example with DSR and Debug',
      calico: { ...ebpf, bpfExternalServiceMode: 'DSR', bpfLogLevel: 'Debug' },
      spec: { kubeProxy },
      found: ['warn kops/direct-server-return calico.bpfExternalServiceMode'],
    },
    {
      name: 'DSR and log level without bpfEnabled',
      calico: { bpfExternalServiceMode: 'DSR', bpfLogLevel: 'Debug' },
      found: [
        'warn kops/setting-without-effect calico.bpfExternalServiceMode',
        'warn kops/setting-without-effect calico.bpfLogLevel',
      ],
    },
    {
      name: 'eBPF needs Kubernetes 1.16: 1.15',
      calico: ebpf,
      spec: { kubeProxy, kubernetesVersion: '1.15.12' },
      found: ['warn kops/ebpf-kubernetes-version spec.kubernetesVersion'],
    },
    {
      name: 'moving to eBPF is disruptive',
      calico: ebpf,
      spec: { kubeProxy },
      old: { calico: { encapsulationMode: 'vxlan' } },
      found: ['warn kops/ebpf-switch calico.bpfEnabled'],
    },
    {
      name: 'moving from eBPF is disruptive',
      calico: { encapsulationMode: 'vxlan' },
      old: { calico: ebpf, spec: { kubeProxy } },
      found: ['warn kops/ebpf-switch calico.bpfEnabled'],
    },
    {
      name: 'WireGuard is for IPv4: not IPv6',
      ranges: IPV6,
      calico: { wireguardEnabled: true },
      found: ['deny kops/wireguard-ipv6 calico.wireguardEnabled'],
    },
    {
      name: 'WireGuard comes with Ubuntu only: Debian',
      calico: { wireguardEnabled: true },
      groups: [{ spec: { image: '136693071363/debian-12-amd64-20250316-2053' } }],
      found: ['1 warn kops/wireguard-image spec.image'],
    },
  ],
});
