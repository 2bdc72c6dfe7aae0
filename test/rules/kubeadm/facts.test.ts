import { testRules } from '../../support/rule-tester.ts';
import {
  advertise,
  at,
  calicoConfig,
  calicoNode,
  clusterConfiguration,
  configMap,
  DOCUMENTS,
  felix,
  initConfiguration,
  installation,
  ipPool,
  joinConfiguration,
  kubeProxy,
  openshift,
  subnets,
  typha,
} from './documents.ts';

// Facts about plain manifests and kubeadm, one by one, with the findings that follow from each.

const pods = subnets('10.244.0.0/16');
const stock = {
  CALICO_IPV4POOL_IPIP: 'Always',
  CALICO_IPV4POOL_VXLAN: 'Never',
  CALICO_IPV6POOL_VXLAN: 'Never',
};
const backendOf = {
  CALICO_NETWORKING_BACKEND: { configMapKeyRef: { name: 'calico-config', key: 'calico_backend' } },
};

testRules('plain manifests', DOCUMENTS, {
  valid: [
    {
      name: 'calico.yaml as it is: bird, IP-in-IP',
      documents: [
        calicoConfig({ calico_backend: 'bird', veth_mtu: '0', typha_service_name: 'none' }),
        calicoNode(stock),
      ],
    },
    {
      name: 'calico-typha.yaml as it is: bird and Typha',
      documents: [
        calicoConfig({ calico_backend: 'bird', veth_mtu: '0', typha_service_name: 'calico-typha' }),
        calicoNode({ ...backendOf, ...stock }),
        ...typha(1),
      ],
    },
    {
      name: 'calico-vxlan.yaml as it is: vxlan, CrossSubnet',
      documents: [
        calicoConfig({ calico_backend: 'vxlan', veth_mtu: '0', typha_service_name: 'none' }),
        calicoNode({ ...backendOf, CALICO_IPV4POOL_IPIP: 'Never', CALICO_IPV4POOL_VXLAN: 'CrossSubnet' }),
      ],
    },
    {
      name: 'calico-bpf.yaml as it is: bird, no encapsulation, eBPF',
      documents: [
        calicoConfig({ calico_backend: 'bird', veth_mtu: '0', typha_service_name: 'none' }),
        calicoNode({
          CALICO_IPV4POOL_IPIP: 'Never',
          CALICO_IPV4POOL_VXLAN: 'Never',
          FELIX_BPFENABLED: 'true',
        }),
      ],
    },
    {
      name: 'policy-only: the backend none',
      documents: [calicoNode({ CALICO_NETWORKING_BACKEND: 'none', NO_DEFAULT_POOLS: 'true' })],
    },
    {
      name: 'modes in any case',
      documents: [calicoNode({ CALICO_IPV4POOL_IPIP: 'OFF', CALICO_IPV4POOL_VXLAN: 'cross-subnet' })],
    },
    { name: 'the range none skips the family', documents: [calicoNode({ CALICO_IPV4POOL_CIDR: 'none' })] },
    { name: 'else podSubnet is taken, which is consistent', documents: [pods, calicoNode(stock)] },
  ],
  invalid: [
    {
      name: 'any other mode terminates calico-node',
      documents: [calicoNode({ CALICO_IPV4POOL_IPIP: 'Sometimes' })],
      found: [`deny kubeadm/pool-modes ${at(0)}`],
    },
    {
      name: 'a range that cannot be parsed terminates calico-node',
      documents: [calicoNode({ CALICO_IPV4POOL_CIDR: '192.168.0.0/33' })],
      found: [`deny kubeadm/pool-cidr ${at(0)}`],
    },
    {
      name: 'a range of the wrong family terminates calico-node',
      documents: [calicoNode({ CALICO_IPV4POOL_CIDR: 'fd00::/48' })],
      found: [`deny kubeadm/pool-cidr ${at(0)}`],
    },
    {
      name: 'host bits are masked without an error',
      documents: [calicoNode({ CALICO_IPV4POOL_CIDR: '192.167.0.0/12' })],
      found: [
        {
          action: 'warn',
          rule: 'kubeadm/pool-host-bits',
          path: at(0),
          says: 'CALICO_IPV4POOL_CIDR becomes 192.160.0.0/12',
        },
      ],
    },
    {
      name: 'a block size beyond 20 to 32 terminates calico-node',
      documents: [calicoNode({ CALICO_IPV4POOL_BLOCK_SIZE: '33' })],
      found: [`deny kubeadm/block-size ${at(0)}`],
    },
    {
      name: 'a block size beyond 116 to 128 terminates calico-node',
      documents: [calicoNode({ CALICO_IPV6POOL_BLOCK_SIZE: '115' })],
      found: [`deny kubeadm/block-size ${at(0)}`],
    },
    {
      name: 'a bad node selector terminates calico-node',
      documents: [calicoNode({ CALICO_IPV4POOL_NODE_SELECTOR: 'all(' })],
      found: [`deny kubeadm/node-selector ${at(0)}`],
    },
    {
      name: 'NO_DEFAULT_POOLS with a range terminates calico-node',
      documents: [calicoNode({ NO_DEFAULT_POOLS: 'true', CALICO_IPV4POOL_CIDR: '10.244.0.0/16' })],
      found: [`deny kubeadm/pool-cidr ${at(1)}`],
    },
    {
      name: 'IP-in-IP and VXLAN both on: a crash loop',
      documents: [calicoNode({ CALICO_IPV4POOL_IPIP: 'Always', CALICO_IPV4POOL_VXLAN: 'Always' })],
      found: [`deny kubeadm/pool-modes ${at(1)}`],
    },
    {
      name: 'the range of the environment wins over podSubnet',
      documents: [pods, calicoNode({ CALICO_IPV4POOL_CIDR: '192.168.0.0/16' })],
      found: [`1 deny kubeadm/pool-outside-pod-subnet ${at(0)}`],
    },
    {
      name: 'else 192.168.0.0/16',
      documents: [clusterConfiguration(), calicoNode(stock)],
      found: ['warn kubeadm/pod-subnet-unset networking.podSubnet'],
    },
    {
      name: 'an IPPool beside it that is not within podSubnet',
      documents: [pods, calicoNode(stock), ipPool('10.245.0.0/16')],
      found: ['2 warn kubeadm/ippool-outside-pod-subnet spec.cidr'],
    },
    {
      name: 'a method that is none terminates calico-node',
      documents: [calicoNode({ IP_AUTODETECTION_METHOD: 'eth0' })],
      found: [`deny kubeadm/autodetection-method ${at(0)}`],
    },
    {
      name: 'typha_service_name needs Typha, with replicas',
      documents: [calicoConfig({ typha_service_name: 'calico-typha' }), calicoNode({}), ...typha(0)],
      found: ['deny kubeadm/typha data.typha_service_name'],
    },
  ],
});

testRules('IP-in-IP without BIRD', DOCUMENTS, {
  valid: [
    {
      name: 'from 3.33 on Felix does it',
      documents: [
        calicoConfig({ calico_backend: 'vxlan' }),
        calicoNode(stock, { image: 'calico/node:v3.33.0' }),
      ],
    },
    {
      name: 'and 4.0',
      documents: [
        calicoConfig({ calico_backend: 'vxlan' }),
        calicoNode(stock, { image: 'calico/node:v4.0.0' }),
      ],
    },
    {
      name: 'BIRD can carry VXLAN',
      documents: [
        calicoConfig({ calico_backend: 'bird' }),
        calicoNode({ CALICO_IPV4POOL_IPIP: 'Never', CALICO_IPV4POOL_VXLAN: 'Always' }),
      ],
    },
    {
      name: 'the backend of calico-node itself counts',
      documents: [
        calicoConfig({ calico_backend: 'vxlan' }),
        calicoNode({ ...stock, CALICO_NETWORKING_BACKEND: 'bird' }),
      ],
    },
    {
      name: 'a disabled IPPool',
      documents: [
        calicoConfig({ calico_backend: 'vxlan' }),
        ipPool('10.0.0.0/16', { ipipMode: 'Always', disabled: true }),
      ],
    },
    {
      name: 'Felix is configured to do it',
      documents: [
        calicoConfig({ calico_backend: 'vxlan' }),
        calicoNode(stock, { image: 'calico/node:v3.31.0' }),
        felix({ programClusterRoutes: 'Enabled' }),
      ],
    },
    {
      name: 'no default pools',
      documents: [
        calicoConfig({ calico_backend: 'vxlan' }),
        calicoNode({ NO_DEFAULT_POOLS: 'true', ...stock }),
      ],
    },
  ],
  invalid: [
    {
      name: 'the backend vxlan rules out IP-in-IP before 3.33',
      documents: [calicoConfig({ calico_backend: 'vxlan' }), calicoNode(stock)],
      found: [`1 deny kubeadm/ipip-needs-bird ${at(0)}`],
    },
    {
      name: 'the backend none as well',
      documents: [calicoConfig({ calico_backend: 'none' }), calicoNode(stock)],
      found: [`1 deny kubeadm/ipip-needs-bird ${at(0)}`],
    },
    ...['calico/node', 'calico/node:latest', 'registry:5000/calico/node@sha256:0123', ''].map((image) => ({
      name: `"${image}" has no release`,
      documents: [calicoConfig({ calico_backend: 'vxlan' }), calicoNode(stock, { image })],
      found: [`1 warn kubeadm/ipip-may-need-bird ${at(0)}`],
    })),
    ...['registry:5000/calico/node:v3.9.1', 'calico/node:v3.32.1@sha256:0123', 'node:3.30'].map((image) => ({
      name: `"${image}" has one`,
      documents: [calicoConfig({ calico_backend: 'vxlan' }), calicoNode(stock, { image })],
      found: [`1 deny kubeadm/ipip-needs-bird ${at(0)}`],
    })),
    {
      name: 'an IPPool with IP-in-IP',
      documents: [
        calicoConfig({ calico_backend: 'vxlan' }),
        calicoNode({ CALICO_IPV4POOL_IPIP: 'Never' }),
        ipPool('10.0.0.0/16', { ipipMode: 'CrossSubnet' }),
      ],
      found: ['2 deny kubeadm/ipip-needs-bird spec.ipipMode'],
    },
    {
      name: 'an IPPool, and no calico-node',
      documents: [calicoConfig({ calico_backend: 'vxlan' }), ipPool('10.0.0.0/16', { ipipMode: 'Always' })],
      found: ['1 warn kubeadm/ipip-may-need-bird spec.ipipMode'],
    },
  ],
});

testRules('kubeadm', DOCUMENTS, {
  valid: [
    {
      name: '192.168.0.0/16 with calico.yaml, and the node elsewhere: the tutorial',
      documents: [advertise('172.17.0.52'), subnets('192.168.0.0/16', '10.96.0.0/12'), calicoNode(stock)],
    },
    { name: 'IPv6 beside the default of Services', documents: [subnets('fd00::/48')] },
    {
      name: 'no podSubnet, and the operator with the plugin of a cloud',
      documents: [clusterConfiguration(), installation({}, { cni: { type: 'AmazonVPC' } })],
    },
    {
      name: 'no podSubnet, and the operator with pools that are there already',
      documents: [clusterConfiguration(), installation({ ipPools: [] }), ipPool('10.244.0.0/16')],
    },
    {
      name: 'no podSubnet, and calico-node with a range',
      documents: [clusterConfiguration(), calicoNode({ CALICO_IPV4POOL_CIDR: '10.244.0.0/16' })],
    },
    { name: 'no podSubnet, and no Calico', documents: [clusterConfiguration()] },
    ...['192.168.2.0/24', '192.168.0.0/16'].map((cidr) => ({
      name: `a pool of the operator in podSubnet: ${cidr}`,
      documents: [subnets('192.168.0.0/16'), installation([cidr])],
    })),
    {
      name: 'both families',
      documents: [
        subnets('10.244.0.0/16,fd00:10:244::/56'),
        installation(['10.244.0.0/16', 'fd00:10:244::/56']),
      ],
    },
    {
      name: 'a family of calico-node that kubeadm does not have',
      documents: [pods, calicoNode({ CALICO_IPV6POOL_CIDR: 'fd00::/64' })],
    },
    {
      name: 'a pool for load balancers is for no pods',
      documents: [
        pods,
        installation({
          ipPools: [{ cidr: '203.0.113.0/24', encapsulation: 'None', allowedUses: ['LoadBalancer'] }],
        }),
      ],
    },
    {
      name: 'a disabled pool in the range of Services',
      documents: [pods, ipPool('10.96.0.0/16', { disabled: true })],
    },
  ],
  invalid: [
    {
      name: 'the pool of another document is marked, and not podSubnet',
      yaml: `
        apiVersion: kubeadm.k8s.io/v1beta4
        kind: ClusterConfiguration
        networking:
          podSubnet: 192.168.0.0/16
        ---
        apiVersion: operator.tigera.io/v1
        kind: Installation
        metadata:
          name: default
        spec:
          calicoNetwork:
            ipPools:
            - cidr: 10.0.0.0/16
                    ^^^^^^^^^^^
              encapsulation: VXLAN
      `,
      found: ['1 deny kubeadm/pool-outside-pod-subnet spec.calicoNetwork.ipPools[0].cidr'],
    },
    {
      name: 'pods and Services overlap: at serviceSubnet where it is written',
      documents: [subnets('fd83:9123:4810:1000::/64', 'fd83:9123:4810:1000::/108')],
      found: ['deny kubeadm/overlapping-subnets networking.serviceSubnet'],
    },
    {
      name: 'pods and the default of Services overlap: at podSubnet',
      documents: [subnets('10.0.0.0/8')],
      found: ['deny kubeadm/overlapping-subnets networking.podSubnet'],
    },
    {
      name: 'one of two families overlaps',
      documents: [subnets('10.244.0.0/16,fd00::/48', '10.96.0.0/16,fd00::/108')],
      found: ['deny kubeadm/overlapping-subnets networking.serviceSubnet'],
    },
    {
      name: 'no podSubnet, and the operator',
      documents: [clusterConfiguration(), installation(['10.244.0.0/16'])],
      found: ['deny kubeadm/operator-needs-pod-subnet networking.podSubnet'],
    },
    ...['192.168.0.0/15', '10.0.0.0/16', 'fd00::/64'].map((cidr) => ({
      name: `a pool of the operator not in podSubnet: ${cidr}`,
      documents: [subnets('192.168.0.0/16'), installation([cidr])],
      found: ['1 deny kubeadm/pool-outside-pod-subnet spec.calicoNetwork.ipPools[0].cidr'],
    })),
    {
      name: 'a list with a space does not parse',
      documents: [subnets('10.244.0.0/16, fd00:10:244::/56'), installation({})],
      found: ['deny kubeadm/subnets networking.podSubnet'],
    },
    ...[
      { what: 'an IPPool', document: ipPool('10.96.0.0/16'), path: 'spec.cidr', also: 'warn kubeadm/ippool' },
      {
        what: 'the operator',
        document: installation(['10.96.0.0/16']),
        path: 'spec.calicoNetwork.ipPools[0].cidr',
        also: 'deny kubeadm/pool',
      },
      {
        what: 'calico-node',
        document: calicoNode({ CALICO_IPV4POOL_CIDR: '10.96.0.0/16' }),
        path: at(0),
        also: 'deny kubeadm/pool',
      },
    ].map(({ what, document, path, also }) => ({
      name: `a pool of ${what} in the range of Services`,
      documents: [pods, document],
      found: [`1 deny kubeadm/pool-in-service-subnet ${path}`, `1 ${also}-outside-pod-subnet ${path}`],
    })),
  ],
});

testRules('addresses of nodes', DOCUMENTS, {
  valid: [
    ...['api.example.com', 'api.example.com:6443', '10.0.0.1:6443', ''].map((controlPlaneEndpoint) => ({
      name: `controlPlaneEndpoint "${controlPlaneEndpoint}"`,
      documents: [
        clusterConfiguration({
          controlPlaneEndpoint,
          networking: { podSubnet: '192.168.0.0/16,fd00::/48' },
        }),
      ],
    })),
  ],
  invalid: [
    ...['[', ']', ':'].map((controlPlaneEndpoint) => ({
      name: `controlPlaneEndpoint "${controlPlaneEndpoint}", which is no address`,
      documents: [
        clusterConfiguration({ controlPlaneEndpoint, networking: { podSubnet: '192.168.0.0/16' } }),
      ],
      found: ['deny kubeadm/control-plane-endpoint controlPlaneEndpoint'],
    })),
    {
      name: 'advertiseAddress in podSubnet',
      documents: [advertise('192.168.50.10'), subnets('192.168.0.0/16')],
      found: [
        {
          document: 1,
          action: 'deny',
          rule: 'kubeadm/node-address-in-range',
          path: 'networking.podSubnet',
          says: 'the node 192.168.50.10',
        },
      ],
    },
    {
      name: 'that of a further node',
      documents: [
        joinConfiguration({ controlPlane: { localAPIEndpoint: { advertiseAddress: 'fd00::1' } } }),
        subnets('10.244.0.0/16,fd00::/48'),
      ],
      found: ['1 deny kubeadm/node-address-in-range networking.podSubnet'],
    },
    ...['192.168.50.10', '192.168.50.10:6443', '[fd00::1]:6443', 'fd00::1'].map((controlPlaneEndpoint) => ({
      name: `controlPlaneEndpoint ${controlPlaneEndpoint}`,
      documents: [
        clusterConfiguration({ controlPlaneEndpoint, networking: { podSubnet: '192.168.0.0/16,fd00::/48' } }),
      ],
      found: ['deny kubeadm/node-address-in-range networking.podSubnet'],
    })),
    ...[
      { kubeletExtraArgs: { 'node-ip': '192.168.50.10' }, version: 'v1beta3' },
      {
        kubeletExtraArgs: [
          { name: 'v', value: '2' },
          { name: 'node-ip', value: '10.0.0.1,192.168.50.10' },
        ],
        version: 'v1beta4',
      },
    ].map(({ kubeletExtraArgs, version }) => ({
      name: `node-ip in ${JSON.stringify(kubeletExtraArgs)}`,
      documents: [
        initConfiguration({ nodeRegistration: { kubeletExtraArgs } }, version),
        subnets('192.168.0.0/16'),
      ],
      found: ['1 deny kubeadm/node-address-in-range networking.podSubnet'],
    })),
    {
      name: 'in serviceSubnet',
      documents: [advertise('10.96.0.5'), subnets('10.244.0.0/16', '10.96.0.0/16')],
      found: ['1 deny kubeadm/node-address-in-range networking.serviceSubnet'],
    },
    {
      name: 'in the default of Services',
      documents: [advertise('10.96.0.5'), pods],
      found: ['1 deny kubeadm/node-address-in-range networking.serviceSubnet'],
    },
    {
      name: 'in a pool',
      documents: [advertise('192.168.50.10'), clusterConfiguration(), ipPool('192.168.0.0/16')],
      found: ['2 deny kubeadm/node-address-in-range spec.cidr'],
    },
    {
      name: 'in a pool within podSubnet, which is reported there',
      documents: [advertise('192.168.50.10'), subnets('192.168.0.0/16'), ipPool('192.168.0.0/16')],
      found: ['1 deny kubeadm/node-address-in-range networking.podSubnet'],
    },
  ],
});

const bpf = { linuxDataplane: 'BPF' };
const noProxy = clusterConfiguration({
  networking: { podSubnet: '10.244.0.0/16' },
  proxy: { disabled: true },
});
const old = clusterConfiguration({ networking: { podSubnet: '10.244.0.0/16' } }, 'v1beta3');

testRules('eBPF and kube-proxy', DOCUMENTS, {
  valid: [
    ...[
      { by: 'Felix', document: felix({ bpfEnabled: true }) },
      { by: 'the operator', document: installation(bpf) },
      {
        by: 'calico-node',
        document: calicoNode({ FELIX_BPFENABLED: 'true', KUBERNETES_SERVICE_HOST: 'api.example.com' }),
      },
    ].flatMap(({ by, document }) => [
      { name: `${by}, and kubeadm does not`, documents: [noProxy, document] },
      {
        name: `${by}, and the phase is skipped`,
        documents: [pods, initConfiguration({ skipPhases: ['addon/kube-proxy'] }), document],
      },
      {
        name: `${by}, with v1beta3 and the phase skipped`,
        documents: [old, initConfiguration({ skipPhases: ['addon'] }, 'v1beta3'), document],
      },
    ]),
    {
      name: 'the operator manages kube-proxy',
      documents: [
        pods,
        installation({ ...bpf, kubeProxyManagement: 'Enabled', bpfNetworkBootstrap: 'Enabled' }),
      ],
    },
    {
      name: 'Felix leaves kube-proxy its rules and its port',
      documents: [
        pods,
        felix({ bpfEnabled: true, bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 0 }),
      ],
    },
    {
      name: 'calico-node leaves kube-proxy its rules and its port',
      documents: [
        pods,
        calicoNode({
          FELIX_BPFENABLED: 'True',
          FELIX_BPFKUBEPROXYIPTABLESCLEANUPENABLED: 'false',
          FELIX_BPFKUBEPROXYHEALTHZPORT: '10257',
        }),
      ],
    },
    {
      name: 'the operator on OpenShift, which deploys no kube-proxy',
      documents: [openshift(false), installation(bpf)],
    },
    {
      name: 'the operator on OpenShift, in other files',
      documents: [installation(bpf), openshift(false)],
      files: ['a.yaml', 'b.yaml'],
    },
    {
      name: 'the operator, and Felix leaves kube-proxy alone',
      documents: [
        installation(bpf),
        felix({ bpfEnabled: true, bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 0 }),
      ],
    },
    ...[installation(bpf), calicoNode({ FELIX_BPFENABLED: 'true' })].map((document, index) => ({
      name: `Felix leaves kube-proxy alone, and eBPF is on elsewhere (${index})`,
      documents: [
        pods,
        document,
        felix({ bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 0 }),
      ],
    })),
    ...[{}, { bpfEnabled: true }].flatMap((more) => {
      const alone = felix({ ...more, bpfKubeProxyIptablesCleanupEnabled: false });
      return [
        {
          name: `the operator gives Felix another port, beside ${JSON.stringify(more)}`,
          documents: [pods, installation(bpf), alone],
        },
        {
          name: `the operator gives Felix another port, without kubeadm, beside ${JSON.stringify(more)}`,
          documents: [installation(bpf), alone],
        },
      ];
    }),
    { name: 'no eBPF', documents: [pods, installation({}), calicoNode({ FELIX_BPFENABLED: 'false' })] },
    { name: 'ipvs without eBPF', documents: [pods, kubeProxy({ mode: 'ipvs' })] },
  ],
  invalid: [
    {
      name: 'what is missing is marked at the first key',
      yaml: `
        apiVersion: kubeadm.k8s.io/v1beta4
        ^^^^^^^^^^
        kind: ClusterConfiguration
        networking:
          podSubnet: 10.244.0.0/16
        ---
        apiVersion: projectcalico.org/v3
        kind: FelixConfiguration
        metadata:
          name: default
        spec:
          bpfEnabled: true
      `,
      found: ['deny kubeadm/ebpf-with-kube-proxy proxy.disabled'],
    },
    ...[
      { by: 'Felix', document: felix({ bpfEnabled: true }) },
      { by: 'the operator', document: installation(bpf) },
      { by: 'calico-node', document: calicoNode({ FELIX_BPFENABLED: 'true' }) },
    ].flatMap(({ by, document }) => [
      {
        name: `${by}, and kubeadm installs kube-proxy`,
        documents: [pods, document],
        found: ['deny kubeadm/ebpf-with-kube-proxy proxy.disabled'],
      },
      {
        name: `${by}, with the API of v1beta3`,
        documents: [old, document],
        found: ['deny kubeadm/ebpf-with-kube-proxy apiVersion'],
      },
      {
        name: `${by}, with v1beta3 and an InitConfiguration`,
        documents: [old, initConfiguration({}, 'v1beta3'), document],
        found: ['1 deny kubeadm/ebpf-with-kube-proxy skipPhases'],
      },
    ]),
    {
      name: 'calico-node leaves kube-proxy its rules alone',
      documents: [
        pods,
        calicoNode({ FELIX_BPFENABLED: '1', FELIX_BPFKUBEPROXYIPTABLESCLEANUPENABLED: 'false' }),
      ],
      found: ['deny kubeadm/ebpf-with-kube-proxy proxy.disabled'],
    },
    {
      name: 'the operator, and no kubeadm',
      documents: [installation(bpf)],
      found: ['warn tigera/installation-ebpf-with-kube-proxy spec.calicoNetwork.kubeProxyManagement'],
    },
    ...[true, 'false', null, undefined].map((deployKubeProxy) => ({
      name: `the operator on OpenShift, whose kube-proxy is ${deployKubeProxy}`,
      documents: [installation(bpf), openshift(deployKubeProxy)],
      found: ['warn tigera/installation-ebpf-with-kube-proxy spec.calicoNetwork.kubeProxyManagement'],
    })),
    {
      name: "the operator, and another group's Network",
      documents: [installation(bpf), { ...openshift(false), apiVersion: 'config.openshift.io/v1' }],
      found: ['warn tigera/installation-ebpf-with-kube-proxy spec.calicoNetwork.kubeProxyManagement'],
    },
    {
      name: 'the operator leaves the port of kube-proxy where it is written',
      documents: [
        pods,
        installation(bpf),
        felix({ bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 10_256 }),
      ],
      found: ['deny kubeadm/ebpf-with-kube-proxy proxy.disabled'],
    },
    {
      name: 'without operator the port stays',
      documents: [
        pods,
        calicoNode({ FELIX_BPFENABLED: 'true' }),
        felix({ bpfKubeProxyIptablesCleanupEnabled: false }),
      ],
      found: ['deny kubeadm/ebpf-with-kube-proxy proxy.disabled'],
    },
    {
      name: 'ipvs beside eBPF',
      documents: [noProxy, kubeProxy({ mode: 'ipvs' }), installation(bpf)],
      found: ['1 warn kubeadm/kube-proxy-mode mode'],
    },
  ],
});

testRules('the range of kube-proxy', DOCUMENTS, {
  valid: [
    { name: 'none', documents: [pods, kubeProxy({})] },
    { name: 'the same', documents: [pods, kubeProxy({ clusterCIDR: '10.244.0.0/16' })] },
    {
      name: 'the same in another order',
      documents: [subnets('10.244.0.0/16,fd00::/48'), kubeProxy({ clusterCIDR: 'fd00::/48,10.244.0.0/16' })],
    },
    {
      name: 'another one that is not read',
      documents: [pods, kubeProxy({ clusterCIDR: '192.168.0.0/16', detectLocalMode: 'NodeCIDR' })],
    },
    {
      name: 'any, without podSubnet',
      documents: [clusterConfiguration(), kubeProxy({ clusterCIDR: '10.0.0.0/8' })],
    },
  ],
  invalid: [
    {
      name: 'another one',
      documents: [pods, kubeProxy({ clusterCIDR: '192.168.0.0/16' })],
      found: ['1 warn kubeadm/kube-proxy-range clusterCIDR'],
    },
  ],
});

const dump = configMap('kubeadm-config', {
  ClusterConfiguration:
    'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking:\n  dnsDomain: cluster.local\n  podSubnet: 10.244.0.0/16\n  serviceSubnet: 10.96.0.0/12\n',
});

testRules('what kubeadm has uploaded', DOCUMENTS, {
  valid: [
    { name: 'and is the same cluster as the file', documents: [dump, pods, ipPool('10.244.0.0/16')] },
    { name: 'is no text', documents: [configMap('kubeadm-config', { ClusterConfiguration: 'none' })] },
  ],
  invalid: [
    {
      name: 'reports the same',
      documents: [dump, installation(['192.168.0.0/16'])],
      found: ['1 deny kubeadm/pool-outside-pod-subnet spec.calicoNetwork.ipPools[0].cidr'],
    },
    {
      name: 'overlaps',
      documents: [
        configMap('kubeadm-config', { ClusterConfiguration: 'networking:\n  podSubnet: 10.0.0.0/8\n' }),
      ],
      found: ['deny kubeadm/overlapping-subnets data.ClusterConfiguration'],
    },
  ],
});

const kops = {
  apiVersion: 'kops.k8s.io/v1alpha2',
  kind: 'Cluster',
  metadata: { name: 'c.example.com' },
  spec: {
    cloudProvider: 'aws',
    networkCIDR: '172.20.0.0/16',
    nonMasqueradeCIDR: '100.64.0.0/10',
    networking: { calico: {} },
  },
};
const outside = calicoNode({ CALICO_IPV4POOL_CIDR: '192.168.0.0/16' });
const line = `deny kubeadm/pool-outside-pod-subnet ${at(0)}`;

testRules('several clusters in a repository', DOCUMENTS, {
  valid: [
    {
      name: 'two clusters of kubeadm: only what is in one file belongs together',
      documents: [pods, subnets('192.168.0.0/16'), outside],
      files: ['a/kubeadm.yaml', 'b/kubeadm.yaml', 'b/calico.yaml'],
    },
    {
      name: 'two clusters of kubeadm in one file, which nothing distinguishes',
      documents: [pods, subnets('192.168.0.0/16'), outside],
    },
    {
      name: 'two Installations are two clusters',
      documents: [pods, installation(['192.168.0.0/16']), installation(['10.244.0.0/16'])],
      files: ['a/kubeadm.yaml', 'b/calico.yaml', 'a/calico.yaml'],
    },
    {
      name: 'a cluster of kOps beside it, in files of its own',
      documents: [kops, pods, felix({ bpfEnabled: true })],
      files: ['kops/cluster.yaml', 'kubeadm/kubeadm.yaml', 'kops/felix.yaml'],
    },
  ],
  invalid: [
    {
      name: 'one cluster in many files is one',
      documents: [pods, outside],
      files: ['kubeadm.yaml', 'calico.yaml'],
      found: [`1 ${line}`],
    },
    {
      name: 'two clusters of kubeadm, each in a file',
      documents: [pods, outside, subnets('192.168.0.0/16'), outside],
      files: ['a.yaml', 'a.yaml', 'b.yaml', 'b.yaml'],
      found: [`1 ${line}`],
    },
    {
      name: 'each with its own overlap',
      documents: [subnets('10.0.0.0/8'), subnets('10.96.0.0/16')],
      found: [
        'deny kubeadm/overlapping-subnets networking.podSubnet',
        '1 deny kubeadm/overlapping-subnets networking.podSubnet',
      ],
    },
    {
      name: 'a cluster of kOps beside it, which is not kubeadm in the same file either',
      documents: [kops, pods, outside],
      found: [`2 ${line}`],
    },
  ],
});
