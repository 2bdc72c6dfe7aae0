import type { Table } from '../../support/rule-tester.ts';
import { type Documents, testVersions } from './base.ts';

const IPV6 = { nonMasqueradeCIDR: '::/0' };
const kubeProxy = { enabled: false };
const ebpf = { bpfEnabled: true, encapsulationMode: 'vxlan' };

function warned(rule: string, ...fields: string[]): string[] {
  return fields.map((field) => `warn kops/${rule} calico.${field}`);
}

const MTU = warned('unusual-mtu', 'mtu');
function mtus(rest: Documents, good: readonly number[], bad: readonly number[]): Table<Documents> {
  const row = (mtu: number) => ({
    ...rest,
    name: `${mtu}: ${JSON.stringify(rest)}`,
    calico: { ...Object(rest.calico), mtu },
  });
  return { valid: good.map(row), invalid: bad.map((mtu) => ({ ...row(mtu), found: MTU })) };
}

testVersions(
  'kops/unusual-mtu',
  mtus({}, [0, 1280, 1440, 8981], [1, 576, 1279, 8982, 9001, 9500, 65_535]),
  mtus({ calico: { ipipMode: 'Never' } }, [9001], [9002]),
  mtus({ calico: { encapsulationMode: 'vxlan' } }, [8951], [8981]),
  mtus({ calico: { encapsulationMode: 'vxlan', vxlanMode: 'Never' } }, [9001], [9002]),
  mtus({ calico: { wireguardEnabled: true } }, [8941], [8951]),
  mtus({ calico: { wireguardEnabled: true, encapsulationMode: 'vxlan' } }, [8941], [8951]),
  mtus({ calico: { bpfEnabled: true, ipipMode: 'Never' }, spec: { kubeProxy } }, [8951], [8981]),
  mtus({ ranges: IPV6 }, [9001], [9002]),
  mtus({ cloud: 'openstack' }, [8982, 9001, 9196], [9197]),
  mtus({ cloud: 'gce' }, [1440, 1500], [9500]),
  mtus({ cloud: 'azure' }, [1450, 9166], [9167]),
);

testVersions('kops/cross-subnet-on-aws', {
  valid: [
    {
      name: 'vxlan, Always',
      calico: { encapsulationMode: 'vxlan', vxlanMode: 'Always', awsSrcDstCheck: 'DoNothing' },
    },
    { name: 'IPv6', ranges: IPV6, calico: { awsSrcDstCheck: 'DoNothing' } },
  ],
  invalid: [
    {
      name: 'Never wraps nothing',
      calico: { ipipMode: 'Never', awsSrcDstCheck: 'Enable' },
      found: warned('cross-subnet-on-aws', 'awsSrcDstCheck'),
    },
    {
      name: 'vxlan, CrossSubnet written',
      calico: { encapsulationMode: 'vxlan', vxlanMode: 'CrossSubnet', awsSrcDstCheck: 'DoNothing' },
      found: warned('cross-subnet-on-aws', 'awsSrcDstCheck'),
    },
  ],
});

testVersions('kops/vxlan-ports', {
  valid: [
    { name: 'OpenStack with its default', cloud: 'openstack' },
    {
      name: 'OpenStack without any wrapping',
      cloud: 'openstack',
      calico: { encapsulationMode: 'vxlan', vxlanMode: 'Never' },
    },
    { name: 'Hetzner with vxlan', cloud: 'hetzner', calico: { encapsulationMode: 'vxlan' } },
  ],
  invalid: [
    {
      name: 'OpenStack with vxlan',
      cloud: 'openstack',
      calico: { encapsulationMode: 'vxlan' },
      found: warned('vxlan-ports', 'encapsulationMode'),
    },
    {
      name: 'GCE with vxlan',
      cloud: 'gce',
      calico: { encapsulationMode: 'vxlan', vxlanMode: 'Always' },
      found: warned('vxlan-ports', 'encapsulationMode'),
    },
  ],
});

testVersions('kops/ebpf-with-ipip', {
  valid: [
    { name: 'Azure has vxlan by itself', cloud: 'azure', calico: { bpfEnabled: true }, spec: { kubeProxy } },
    { name: 'IPv6 has nothing', ranges: IPV6, calico: { bpfEnabled: true }, spec: { kubeProxy } },
    { name: 'nothing is wrapped', calico: { bpfEnabled: true, ipipMode: 'Never' }, spec: { kubeProxy } },
  ],
});

testVersions('kops/ebpf-kubernetes-version', {
  valid: [
    ...['1.16.0', '1.34.1', 'https://example.com/v1.15.0', undefined].map((kubernetesVersion) => ({
      name: `${kubernetesVersion}`,
      calico: ebpf,
      spec: { kubeProxy, kubernetesVersion },
    })),
    { name: 'no eBPF', spec: { kubernetesVersion: '1.15.0' } },
  ],
  invalid: [
    ...['1.15.0', 'v1.15.12', '1.2.0'].map((kubernetesVersion) => ({
      name: kubernetesVersion,
      calico: ebpf,
      spec: { kubeProxy, kubernetesVersion },
      found: ['warn kops/ebpf-kubernetes-version spec.kubernetesVersion'],
    })),
  ],
});

testVersions('kops/kube-proxy-off-needs-ebpf', {
  valid: [
    { name: 'on', spec: { kubeProxy: { enabled: true } } },
    { name: 'settings only', spec: { kubeProxy: { proxyMode: 'ipvs' } } },
  ],
  invalid: [
    {
      name: 'off without eBPF',
      spec: { kubeProxy },
      found: ['warn kops/kube-proxy-off-needs-ebpf spec.kubeProxy.enabled'],
    },
  ],
});

const SERVICES = ['warn kops/service-range net.serviceClusterIPRange'];
const PODS = ['warn kops/service-range net.podCIDR'];
testVersions('kops/service-range', {
  valid: [
    { name: 'apart', ranges: { podCIDR: '100.96.0.0/11', serviceClusterIPRange: '100.64.0.0/13' } },
    { name: 'services in the lower half', ranges: { serviceClusterIPRange: '100.80.0.0/16' } },
    { name: 'services outside', ranges: { serviceClusterIPRange: '10.0.0.0/16' } },
    { name: 'pods in the lower half above it', ranges: { podCIDR: '100.80.0.0/12' } },
    { name: 'IPv6', ranges: { ...IPV6, serviceClusterIPRange: 'fd00:5e4f:ce::/108' } },
    { name: 'all but the default range', ranges: { nonMasqueradeCIDR: '10.0.0.0/8' } },
  ],
  invalid: [
    {
      name: 'one in the other',
      ranges: { podCIDR: '100.64.0.0/11', serviceClusterIPRange: '100.64.0.0/13' },
      found: SERVICES,
    },
    {
      name: 'the same',
      ranges: { podCIDR: '100.64.0.0/13', serviceClusterIPRange: '100.64.0.0/13' },
      found: SERVICES,
    },
    {
      name: 'services in the upper half, which is the pods',
      ranges: { serviceClusterIPRange: '100.100.0.0/16' },
      found: SERVICES,
    },
    { name: 'pods where the services are', ranges: { podCIDR: '100.64.0.0/12' }, found: PODS },
    {
      name: 'a nonMasqueradeCIDR whose upper half is the services',
      ranges: { nonMasqueradeCIDR: '100.64.0.0/13' },
      found: ['warn kops/service-range net.nonMasqueradeCIDR'],
    },
    {
      name: 'clusterCIDR',
      spec: { kubeControllerManager: { clusterCIDR: '100.64.0.0/12' } },
      found: ['warn kops/service-range spec.kubeControllerManager.clusterCIDR'],
    },
  ],
});

testVersions('kops/setting-without-effect', {
  valid: [
    {
      name: 'eBPF tuning with eBPF',
      calico: { ...ebpf, bpfLogLevel: 'Info', bpfKubeProxyIptablesCleanupEnabled: true },
      spec: { kubeProxy },
    },
    {
      name: 'defaults that are spelt out',
      calico: {
        bpfEnabled: false,
        bpfExternalServiceMode: 'Tunnel',
        bpfLogLevel: 'Off',
        bpfKubeProxyIptablesCleanupEnabled: false,
        prometheusMetricsEnabled: false,
        prometheusMetricsPort: 9091,
        prometheusGoMetricsEnabled: false,
        prometheusProcessMetricsEnabled: false,
        typhaReplicas: 0,
        typhaPrometheusMetricsEnabled: false,
        typhaPrometheusMetricsPort: 9093,
        wireguardEnabled: false,
        allowIPForwarding: false,
        mtu: 0,
      },
    },
    {
      name: "Felix's metrics",
      calico: {
        prometheusMetricsEnabled: true,
        prometheusMetricsPort: 9191,
        prometheusGoMetricsEnabled: true,
      },
    },
    {
      name: "Typha's metrics",
      calico: { typhaReplicas: 3, typhaPrometheusMetricsEnabled: true, typhaPrometheusMetricsPort: 9193 },
    },
  ],
  invalid: [
    {
      name: 'eBPF tuning',
      calico: {
        bpfExternalServiceMode: 'DSR',
        bpfLogLevel: 'Info',
        bpfKubeProxyIptablesCleanupEnabled: true,
      },
      found: warned(
        'setting-without-effect',
        'bpfExternalServiceMode',
        'bpfLogLevel',
        'bpfKubeProxyIptablesCleanupEnabled',
      ),
    },
    {
      name: "Felix's metrics while they are off",
      calico: {
        prometheusMetricsPort: 9191,
        prometheusGoMetricsEnabled: true,
        prometheusProcessMetricsEnabled: true,
      },
      found: warned(
        'setting-without-effect',
        'prometheusMetricsPort',
        'prometheusGoMetricsEnabled',
        'prometheusProcessMetricsEnabled',
      ),
    },
    {
      name: "Typha's metrics without Typha",
      calico: { typhaPrometheusMetricsEnabled: true, typhaPrometheusMetricsPort: 9193 },
      found: warned('setting-without-effect', 'typhaPrometheusMetricsEnabled', 'typhaPrometheusMetricsPort'),
    },
    {
      name: "a port for Typha's metrics while they are off",
      calico: { typhaReplicas: 3, typhaPrometheusMetricsPort: 9193 },
      found: warned('setting-without-effect', 'typhaPrometheusMetricsPort'),
    },
    ...['azure', 'gce', 'openstack', 'do'].map((cloud) => ({
      name: `awsSrcDstCheck on ${cloud}`,
      cloud,
      calico: { awsSrcDstCheck: 'Enable' },
      found: warned('setting-without-effect', 'awsSrcDstCheck'),
    })),
    {
      name: 'an IPv6 method on IPv4',
      calico: { ipv6AutoDetectionMethod: 'first-found' },
      found: warned('setting-without-effect', 'ipv6AutoDetectionMethod'),
    },
    {
      name: 'an IPv4 method on IPv6',
      ranges: IPV6,
      calico: { ipv4AutoDetectionMethod: 'can-reach=8.8.8.8' },
      found: warned('setting-without-effect', 'ipv4AutoDetectionMethod'),
    },
  ],
});

testVersions('kops/fails-later', {
  valid: [
    ...['debug', 'Info', 'WARNING', 'error', 'fatal', 'none'].map((logSeverityScreen) => ({
      name: `the level ${logSeverityScreen}`,
      calico: { logSeverityScreen },
    })),
  ],
  invalid: [
    ...['verbose', 'critical'].map((logSeverityScreen) => ({
      name: `the level ${logSeverityScreen}`,
      calico: { logSeverityScreen },
      found: warned('fails-later', 'logSeverityScreen'),
    })),
    ...[-1, 65_536, 99_999].map((port) => ({
      name: `the port ${port}`,
      calico: {
        typhaReplicas: 3,
        prometheusMetricsEnabled: true,
        prometheusMetricsPort: port,
        typhaPrometheusMetricsEnabled: true,
        typhaPrometheusMetricsPort: port,
      },
      found: warned('fails-later', 'prometheusMetricsPort', 'typhaPrometheusMetricsPort'),
    })),
  ],
});

const POOL = (...fields: string[]) => warned('existing-pool', ...fields);
testVersions('kops/existing-pool', {
  valid: [
    { name: 'nothing changes', calico: { mtu: 1440 }, old: {} },
    {
      name: 'the default is written out',
      calico: { ipipMode: 'CrossSubnet', encapsulationMode: 'ipip' },
      old: {},
    },
    { name: 'podCIDR is written out', ranges: { podCIDR: '100.96.0.0/11' }, old: {} },
  ],
  invalid: [
    {
      name: 'ipipMode',
      calico: { ipipMode: 'Always' },
      old: { calico: { ipipMode: 'CrossSubnet' } },
      found: POOL('ipipMode'),
    },
    { name: 'ipipMode from nothing', calico: { ipipMode: 'Never' }, old: {}, found: POOL('ipipMode') },
    { name: 'ipipMode to nothing', old: { calico: { ipipMode: 'Never' } }, found: POOL('ipipMode') },
    {
      name: 'vxlanMode',
      calico: { encapsulationMode: 'vxlan', vxlanMode: 'Always' },
      old: { calico: { encapsulationMode: 'vxlan' } },
      found: POOL('vxlanMode'),
    },
    {
      name: 'encapsulationMode',
      calico: { encapsulationMode: 'vxlan' },
      old: { calico: { encapsulationMode: 'ipip' } },
      found: POOL('encapsulationMode'),
    },
    {
      name: 'encapsulationMode with its mode is reported once',
      calico: { encapsulationMode: 'vxlan', vxlanMode: 'Always' },
      old: { calico: { ipipMode: 'Always' } },
      found: POOL('encapsulationMode'),
    },
    {
      name: 'back to the default',
      old: { calico: { encapsulationMode: 'vxlan' } },
      found: POOL('encapsulationMode'),
    },
    {
      name: 'podCIDR',
      ranges: { podCIDR: '100.112.0.0/12' },
      old: { ranges: { podCIDR: '100.96.0.0/11' } },
      found: ['warn kops/existing-pool net.podCIDR'],
    },
    {
      name: 'podCIDR to another range than the default',
      ranges: { podCIDR: '100.112.0.0/12' },
      old: {},
      found: ['warn kops/existing-pool net.podCIDR'],
    },
    {
      name: 'nonMasqueradeCIDR, and the default with it',
      ranges: { nonMasqueradeCIDR: '10.0.0.0/8' },
      old: {},
      found: ['warn kops/existing-pool net.nonMasqueradeCIDR'],
    },
    {
      name: 'clusterCIDR',
      spec: { kubeControllerManager: { clusterCIDR: '100.112.0.0/12' } },
      old: {},
      found: ['warn kops/existing-pool spec.kubeControllerManager.clusterCIDR'],
    },
  ],
});

testVersions('kops/ebpf-switch', {
  valid: [
    {
      name: 'stays on',
      calico: { ...ebpf, typhaReplicas: 3 },
      spec: { kubeProxy },
      old: { calico: ebpf, spec: { kubeProxy } },
    },
    { name: 'false is unset', calico: { bpfEnabled: false }, old: {} },
    {
      name: 'Calico is new',
      calico: ebpf,
      spec: { kubeProxy },
      old: { calico: null, networking: { kubenet: {} } },
    },
  ],
  invalid: [
    {
      name: 'on',
      calico: ebpf,
      spec: { kubeProxy },
      old: { calico: { encapsulationMode: 'vxlan', bpfEnabled: false } },
      found: warned('ebpf-switch', 'bpfEnabled'),
    },
  ],
});

testVersions('updates of what was wrong before', {
  invalid: [
    {
      name: 'a known denial becomes a warning',
      calico: { ipipMode: 'always', mtu: 1440 },
      old: { calico: { ipipMode: 'always' } },
      found: warned('pool-mode', 'ipipMode'),
    },
    {
      name: 'a new one is none',
      calico: { ipipMode: 'never' },
      old: { calico: { ipipMode: 'always' } },
      found: ['deny kops/pool-mode calico.ipipMode', ...POOL('ipipMode')],
    },
  ],
});

const TYPHA = 'warn kops/typha-at-scale calico.typhaReplicas';
const MESH = 'warn kops/mesh-at-scale calico.encapsulationMode';
const vxlan = { encapsulationMode: 'vxlan' };
testVersions('InstanceGroups', {
  valid: [
    { name: 'few nodes', groups: [{ spec: { maxSize: 10 } }] },
    {
      name: 'a group that is listed twice counts once',
      calico: vxlan,
      groups: [
        { name: 'a', spec: { maxSize: 26 } },
        { name: 'a', spec: { maxSize: 30 } },
      ],
    },
    { name: 'groups of another cluster', groups: [{ cluster: 'other.example.com', spec: { maxSize: 500 } }] },
    {
      name: 'control planes, bastions and API servers',
      groups: ['Master', 'ControlPlane', 'Bastion', 'APIServer'].map((role) => ({
        name: role,
        spec: { role, maxSize: 500 },
      })),
    },
    {
      name: 'a size that is none',
      groups: [{ spec: { maxSize: '500' } }, { name: 'b', spec: { maxSize: -500 } }],
    },
    {
      name: 'IPv6 has no mesh',
      ranges: IPV6,
      calico: { typhaReplicas: 3 },
      groups: [{ spec: { maxSize: 500 } }],
    },
    {
      name: 'images with WireGuard',
      calico: { wireguardEnabled: true },
      groups: [
        'ubuntu',
        'ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id',
        'ubuntu-os-cloud/ubuntu-2404-noble-amd64-v20250606',
        'my-company-golden-image',
        'acos-image',
      ].map((image, index) => ({ name: `${index}`, spec: { image } })),
    },
    { name: 'another image without WireGuard', groups: [{ spec: { image: 'flatcar' } }] },
  ],
  invalid: [
    {
      name: 'several groups are added up',
      calico: vxlan,
      groups: [
        { name: 'a', spec: { maxSize: 26 } },
        { name: 'b', spec: { maxSize: 25 } },
      ],
      found: [TYPHA],
    },
    {
      name: 'minSize alone',
      calico: vxlan,
      groups: [{ spec: { minSize: 60, maxSize: null } }],
      found: [TYPHA],
    },
    { name: 'both at once', groups: [{ spec: { maxSize: 101 } }], found: [TYPHA, MESH] },
    ...[
      '136693071363/debian-12-amd64-20250316-2053',
      '309956199498/RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3',
      '792107900819/Rocky-9-EC2-Base-9.3-20231113.0.x86_64',
      'cos-cloud/cos-stable-113',
      '137112412989/al2023-ami-2023.7.20250609.0-kernel-6.1-x86_64',
    ].map((image) => ({
      name: image,
      calico: { wireguardEnabled: true },
      groups: [{ spec: { image } }],
      found: ['1 warn kops/wireguard-image spec.image'],
    })),
  ],
});
