import { testRule } from '../../support/rule-tester.ts';
import {
  at,
  calicoConfig,
  calicoNode,
  configMap,
  DOCUMENTS,
  felix,
  initConfiguration,
  installation,
  ipPool,
  subnets,
} from './documents.ts';

const V4 = '10.244.0.0/16';
const V6 = 'fd00:10:244::/56';

function withProbe(variables: Record<string, unknown>, ...command: readonly string[]): object {
  const node = structuredClone(calicoNode(variables)) as {
    spec: { template: { spec: { containers: Record<string, unknown>[] } } };
  };
  Object.assign(node.spec.template.spec.containers[0] ?? {}, { livenessProbe: { exec: { command } } });
  return node;
}

function cni(plugin: object, more: object = {}): object {
  return calicoConfig({
    cni_network_config: JSON.stringify({ plugins: [{ type: 'calico', ...plugin }] }),
    ...more,
  });
}

function kind(networking: object): object {
  return { apiVersion: 'kind.x-k8s.io/v1alpha4', kind: 'Cluster', networking };
}

const PROBE = 'spec.template.spec.containers[0].livenessProbe.exec.command[1]';

testRule('kubeadm/bird-probes', 'deny', DOCUMENTS, {
  valid: [
    { name: 'bird', documents: [withProbe({ CALICO_NETWORKING_BACKEND: 'bird' }, 'node', '-bird-live')] },
    {
      name: 'bird by default',
      documents: [calicoConfig({ calico_backend: 'vxlan' }), withProbe({}, 'node', '-bird-live')],
    },
    { name: 'Felix', documents: [withProbe({ CALICO_NETWORKING_BACKEND: 'vxlan' }, 'node', '-felix-live')] },
    {
      name: 'from somewhere else, which is not there',
      documents: [withProbe({ CALICO_NETWORKING_BACKEND: { configMapKeyRef: {} } }, 'node', '-bird-live')],
    },
  ],
  invalid: [
    ...['-bird-live', '--bird-live', '-bird-ready', '-bird6-live'].map((flag) => ({
      name: flag,
      documents: [withProbe({ CALICO_NETWORKING_BACKEND: 'none' }, 'node', flag)],
      found: [PROBE],
    })),
    {
      name: 'the backend of the ConfigMap',
      documents: [
        calicoConfig({ calico_backend: 'vxlan' }),
        withProbe({ CALICO_NETWORKING_BACKEND: { configMapKeyRef: {} } }, 'node', '-bird-live'),
      ],
      found: [{ document: 1, path: PROBE }],
    },
  ],
});

testRule('kubeadm/cni-config', 'deny', DOCUMENTS, {
  valid: [
    {
      name: 'what calico-node fills in',
      documents: [calicoConfig({ cni_network_config: '{"mtu": __CNI_MTU__}' })],
    },
    { name: 'none', documents: [calicoConfig({})] },
    { name: 'a template', documents: [calicoConfig({ cni_network_config: '{"mtu": {{ mtu }}}' })] },
  ],
  invalid: ['{', '', '{"a": 1,}', 'name: pods'].map((text) => ({
    name: JSON.stringify(text),
    documents: [calicoConfig({ cni_network_config: text })],
    found: ['data.cni_network_config'],
  })),
});

testRule('kubeadm/cni-mtu', 'warn', DOCUMENTS, {
  valid: [
    { name: 'the same', documents: [cni({ mtu: 1450 }, { veth_mtu: '1450' })] },
    { name: 'detected', documents: [cni({ mtu: 1500 }, { veth_mtu: '0' })] },
    { name: 'no other', documents: [cni({ mtu: 1500 })] },
    { name: 'no number', documents: [cni({ mtu: '1500' }, { veth_mtu: 'x' })] },
  ],
  invalid: [
    {
      name: 'another',
      documents: [cni({ mtu: 1500 }, { veth_mtu: '1450' })],
      found: ['data.cni_network_config'],
    },
  ],
});

testRule('kubeadm/mtu-without-room', 'warn', DOCUMENTS, {
  valid: [
    { name: 'room', documents: [calicoConfig({ veth_mtu: '1450' }), ipPool(V4, { vxlanMode: 'Always' })] },
    { name: 'no tunnel', documents: [calicoConfig({ veth_mtu: '1500' }), ipPool(V4)] },
    {
      name: 'a larger network',
      documents: [calicoConfig({ veth_mtu: '8950' }), ipPool(V4, { vxlanMode: 'Always' })],
    },
    {
      name: 'IP-in-IP takes less',
      documents: [calicoConfig({ veth_mtu: '1480' }), ipPool(V4, { ipipMode: 'Always' })],
    },
  ],
  invalid: [
    {
      name: 'VXLAN',
      documents: [calicoConfig({ veth_mtu: '1451' }), ipPool(V4, { vxlanMode: 'CrossSubnet' })],
      found: [{ path: 'data.veth_mtu', says: 'write "1450"' }],
    },
    {
      name: 'WireGuard',
      documents: [calicoConfig({ veth_mtu: '1480' }), felix({ wireguardEnabled: true })],
      found: [{ path: 'data.veth_mtu', says: '60 bytes of WireGuard' }],
    },
    {
      name: 'in the template',
      documents: [cni({ mtu: 1500 }, { veth_mtu: '0' }), calicoNode({ CALICO_IPV4POOL_IPIP: 'Always' })],
      found: [{ path: 'data.cni_network_config', says: '__CNI_MTU__' }],
    },
  ],
});

const HOST_LOCAL = { ipam: { type: 'host-local', subnet: 'usePodCidr' } };
const RANGES = { ipam: { type: 'host-local', ranges: [[{ subnet: 'usePodCidr' }]] } };

testRule('kubeadm/use-pod-cidr', 'warn', DOCUMENTS, {
  valid: [
    { name: 'both', documents: [cni(HOST_LOCAL), calicoNode({ USE_POD_CIDR: 'true' })] },
    { name: 'neither', documents: [cni({ ipam: { type: 'calico-ipam' } }), calicoNode({})] },
    {
      name: 'policies alone',
      documents: [cni(HOST_LOCAL), calicoNode({ CALICO_NETWORKING_BACKEND: 'none' })],
    },
    {
      name: 'a range of its own',
      documents: [cni({ ipam: { type: 'host-local', subnet: V4 } }), calicoNode({})],
    },
    {
      name: 'from somewhere else',
      documents: [cni(HOST_LOCAL), calicoNode({ USE_POD_CIDR: { configMapKeyRef: {} } })],
    },
  ],
  invalid: [
    {
      name: 'host-local',
      documents: [cni(RANGES), calicoNode({ USE_POD_CIDR: 'false' })],
      found: [{ document: 1, path: at(0) }],
    },
    {
      name: 'host-local, and nothing set',
      documents: [cni(HOST_LOCAL), calicoNode({})],
      found: [{ document: 1, path: 'spec.template.spec.containers[0].env' }],
    },
    {
      name: 'calico-ipam',
      documents: [cni({ ipam: { type: 'calico-ipam' } }), calicoNode({ USE_POD_CIDR: 'true' })],
      found: [{ document: 1, path: at(0) }],
    },
  ],
});

testRule('kubeadm/vxlan-needs-calico-ipam', 'warn', DOCUMENTS, {
  valid: [
    {
      name: 'calico-ipam',
      documents: [cni({ ipam: { type: 'calico-ipam' } }), ipPool(V4, { vxlanMode: 'Always' })],
    },
    { name: 'no VXLAN', documents: [cni(HOST_LOCAL), ipPool(V4, { ipipMode: 'Always' })] },
    {
      name: 'routes of the pods',
      documents: [
        cni(HOST_LOCAL),
        calicoNode({ FELIX_ROUTESOURCE: 'WorkloadIPs', CALICO_IPV4POOL_VXLAN: 'Always' }),
      ],
    },
  ],
  invalid: [
    {
      name: 'VXLAN',
      documents: [cni(HOST_LOCAL), calicoNode({ CALICO_IPV4POOL_VXLAN: 'Always' })],
      found: ['data.cni_network_config'],
    },
  ],
});

const IPV6_NODE = { IP: 'none', IP6: 'autodetect', CALICO_ROUTER_ID: 'hash', FELIX_IPV6SUPPORT: 'true' };

testRule('kubeadm/ip-families', 'warn', DOCUMENTS, {
  valid: [
    { name: 'IPv4', documents: [subnets(V4), calicoNode({})] },
    { name: 'IPv6', documents: [subnets(V6, 'fd00:10:96::/112'), calicoNode(IPV6_NODE)] },
    { name: 'policies alone', documents: [subnets(V6), calicoNode({ CALICO_NETWORKING_BACKEND: 'none' })] },
    {
      name: 'both',
      documents: [
        subnets(`${V4},${V6}`),
        calicoNode({ IP: 'autodetect', IP6: 'autodetect' }),
        cni({ ipam: { type: 'calico-ipam', assign_ipv6: 'true' } }),
      ],
    },
    {
      name: 'from somewhere else',
      documents: [subnets(V6), calicoNode({ ...IPV6_NODE, IP: { fieldRef: {} } })],
    },
  ],
  invalid: [
    {
      name: 'a manifest for IPv4 in a cluster of IPv6',
      documents: [subnets(V6), calicoNode({ IP: 'autodetect', FELIX_IPV6SUPPORT: 'false' })],
      found: [
        { document: 1, path: at(0) },
        { document: 1, path: 'spec.template.spec.containers[0].env' },
        { document: 1, path: at(1) },
      ],
    },
    {
      name: 'no router id',
      documents: [subnets(V6), calicoNode({ IP: 'none', IP6: 'autodetect' })],
      found: [{ document: 1, path: 'spec.template.spec.containers[0].env', says: 'CALICO_ROUTER_ID' }],
    },
    {
      name: 'both families, and calico-ipam gives one',
      documents: [
        subnets(`${V4},${V6}`),
        calicoNode({ IP6: 'autodetect' }),
        cni({ ipam: { type: 'calico-ipam' } }),
      ],
      found: [{ document: 2, path: 'data.cni_network_config' }],
    },
  ],
});

testRule('kubeadm/pool-in-default-services', 'warn', DOCUMENTS, {
  valid: [
    { name: 'elsewhere', documents: [calicoNode({ CALICO_IPV4POOL_CIDR: V4 })] },
    { name: 'an IPPool', documents: [ipPool('10.96.0.0/16')] },
    {
      name: 'kubeadm sets the range of Services',
      documents: [
        subnets('10.96.0.0/16', '10.0.0.0/16'),
        calicoNode({ CALICO_IPV4POOL_CIDR: '10.96.0.0/16' }),
      ],
    },
  ],
  invalid: ['10.96.0.0/12', '10.100.0.0/16', '10.0.0.0/8'].map((cidr) => ({
    name: cidr,
    documents: [calicoNode({ CALICO_IPV4POOL_CIDR: cidr })],
    found: [at(0)],
  })),
});

const SKIPPED = initConfiguration({ skipPhases: ['addon/kube-proxy'] });

testRule('kubeadm/kube-proxy-off-needs-ebpf', 'warn', DOCUMENTS, {
  valid: [
    { name: 'eBPF', documents: [SKIPPED, installation({ linuxDataplane: 'BPF' })] },
    { name: 'eBPF by the environment', documents: [SKIPPED, calicoNode({ FELIX_BPFENABLED: 'true' })] },
    { name: 'kube-proxy', documents: [initConfiguration({ skipPhases: ['addon/coredns'] }), calicoNode({})] },
    { name: 'no Calico', documents: [SKIPPED] },
  ],
  invalid: [
    { name: 'the operator', documents: [SKIPPED, installation([V4])], found: ['skipPhases'] },
    {
      name: 'the manifest',
      documents: [SKIPPED, calicoNode({ FELIX_BPFENABLED: 'false' })],
      found: ['skipPhases'],
    },
    {
      name: 'kind',
      documents: [
        kind({ kubeProxyMode: 'none', disableDefaultCNI: true, podSubnet: V4 }),
        installation([V4]),
      ],
      found: ['networking.kubeProxyMode'],
    },
  ],
});

testRule('kubeadm/kind-default-cni', 'warn', DOCUMENTS, {
  valid: [
    { name: 'off', documents: [kind({ disableDefaultCNI: true }), installation([V4])] },
    { name: 'no Calico', documents: [kind({})] },
  ],
  invalid: [
    { name: 'on', documents: [kind({}), installation([V4])], found: ['networking.disableDefaultCNI'] },
  ],
});

testRule('kubeadm/operator-owned', 'warn', DOCUMENTS, {
  valid: [
    { name: 'a manifest', documents: [calicoNode({})] },
    {
      name: 'read from a cluster',
      documents: [
        {
          ...calicoNode({}),
          metadata: {
            name: 'calico-node',
            namespace: 'calico-system',
            ownerReferences: [{ kind: 'Installation' }],
          },
        },
      ],
    },
  ],
  invalid: [
    {
      name: 'a variable of Felix',
      documents: [calicoNode({ FELIX_LOGSEVERITYSCREEN: 'Debug' }, { namespace: 'calico-system' })],
      found: [{ path: 'metadata.namespace', says: 'a FelixConfiguration' }],
    },
    {
      name: 'Typha',
      documents: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'calico-typha', namespace: 'calico-system' },
        },
      ],
      found: [{ path: 'metadata.namespace', says: 'overrides' }],
    },
  ],
});

testRule('kubeadm/node-address', 'deny', DOCUMENTS, {
  valid: [
    ...['autodetect', 'none', '', '10.0.0.1', '10.0.0.1/24', '$(NODE_IP)'].map((IP) => ({
      name: JSON.stringify(IP),
      documents: [calicoNode({ IP })],
    })),
    { name: 'IPv6', documents: [calicoNode({ IP6: 'fd00::1' })] },
    { name: 'policies alone', documents: [calicoNode({ CALICO_NETWORKING_BACKEND: 'none', IP: 'x' })] },
  ],
  invalid: [
    ...['Autodetect', 'eth0', 'fd00::1', '10.0.0.300', 'interface=eth0'].map((IP) => ({
      name: IP,
      documents: [calicoNode({ IP })],
      found: [at(0)],
    })),
  ],
});

testRule('kubeadm/felix-variable', 'deny', DOCUMENTS, {
  valid: [
    {
      name: 'of each kind',
      documents: [
        calicoNode({
          FELIX_BPFENABLED: 'Yes',
          FELIX_VXLANPORT: '0x12b5',
          FELIX_IPTABLESREFRESHINTERVAL: '1.5',
          FELIX_CHAININSERTMODE: 'append',
          FELIX_BPFDATAIFACEPATTERN: '^eth.*',
          FELIX_NATOUTGOINGADDRESS: '192.0.2.1',
          FELIX_EXTERNALNODESCIDRLIST: '10.0.0.0/8, 192.0.2.1',
          FELIX_NATPORTRANGE: '32768:65535',
          FELIX_FAILSAFEINBOUNDHOSTPORTS: 'tcp:22,udp:10.0.0.0/8:68,6443',
          FELIX_IPTABLESMARKMASK: '0xffff0000',
          FELIX_LOGFILEPATH: 'none',
          FELIX_WHATEVER: 'x',
          Felix_HealthPort: '9099',
        }),
      ],
    },
  ],
  invalid: [
    ...Object.entries({
      FELIX_CHAININSERTMODE: 'Prepend',
      FELIX_FAILSAFEINBOUNDHOSTPORTS: 'tcp-22',
      FELIX_EXTERNALNODESCIDRLIST: 'all',
      FELIX_METADATAPORT: '70000',
    }).map(([name, value]) => ({
      name: `Felix stops at ${name}`,
      documents: [calicoNode({ [name]: value })],
      found: [at(0)],
    })),
    ...Object.entries({
      FELIX_BPFENABLED: 'on',
      FELIX_IPTABLESREFRESHINTERVAL: '60s',
      FELIX_LOGSEVERITYSCREEN: 'verbose',
      FELIX_BPFDATAIFACEPATTERN: '*',
      FELIX_NATOUTGOINGADDRESS: 'fd00::1',
      FELIX_NATPORTRANGE: '32768-65535',
      FELIX_HEALTHPORT: '-1',
    }).map(([name, value]) => ({
      name: `Felix uses its default of ${name}`,
      documents: [calicoNode({ [name]: value })],
      found: [{ path: at(0), action: 'warn' }],
    })),
    {
      name: 'a name with an underscore',
      documents: [calicoNode({ FELIX_BPF_ENABLED: 'true' })],
      found: [
        {
          path: 'spec.template.spec.containers[0].env[0].name',
          action: 'warn',
          says: 'write FELIX_BPFENABLED',
        },
      ],
    },
  ],
});

testRule('kubeadm/interface-pattern', 'warn', DOCUMENTS, {
  valid: [
    'interface=^eth.*',
    'interface=eth0',
    'skip-interface=docker.*,br-.*',
    'first-found',
    'interface=e[nt]*',
  ].map((value) => ({ name: value, documents: [calicoNode({ IP_AUTODETECTION_METHOD: value })] })),
  invalid: ['interface=eth*', 'skip-interface=docker0,br-*', 'interface=', 'skip-interface=eth0,'].map(
    (value) => ({
      name: value,
      documents: [calicoNode({ IP_AUTODETECTION_METHOD: value })],
      found: [at(0)],
    }),
  ),
});

const HOST = 'KUBERNETES_SERVICE_HOST';
const PORT = 'KUBERNETES_SERVICE_PORT';

function endpoint(data: object, namespace = 'tigera-operator'): object {
  return configMap('kubernetes-services-endpoint', data, namespace);
}

testRule('kubeadm/services-endpoint', 'warn', DOCUMENTS, {
  valid: ['192.0.2.1', 'api.example.com', 'fd00::1'].map((host) => ({
    name: host,
    documents: [endpoint({ [HOST]: host, [PORT]: '6443' })],
  })),
  invalid: [
    ...['https://192.0.2.1', '192.0.2.1:6443', 'kubernetes.default.svc', ''].map((host) => ({
      name: JSON.stringify(host),
      documents: [endpoint({ [HOST]: host, [PORT]: '6443' })],
      found: [`data.${HOST}`],
    })),
    { name: 'no port', documents: [endpoint({ [HOST]: '192.0.2.1' })], found: [`data.${PORT}`] },
    { name: 'a word', documents: [endpoint({ [HOST]: 'a', [PORT]: 'https' })], found: [`data.${PORT}`] },
  ],
});

const GOOD = { [HOST]: '192.0.2.1', [PORT]: '6443' };

testRule('kubeadm/services-endpoint-place', 'warn', DOCUMENTS, {
  valid: [
    { name: 'the operator', documents: [installation([V4]), endpoint(GOOD)] },
    { name: 'a manifest', documents: [calicoNode({}), endpoint(GOOD, 'kube-system')] },
    { name: 'alone', documents: [endpoint(GOOD, 'default')] },
    { name: 'in both', documents: [installation([V4]), endpoint(GOOD), endpoint(GOOD, 'kube-system')] },
  ],
  invalid: [
    {
      name: 'the operator',
      documents: [installation([V4]), endpoint(GOOD, 'kube-system')],
      found: [{ document: 1, path: 'metadata.namespace', says: 'tigera-operator' }],
    },
    {
      name: 'a manifest',
      documents: [calicoNode({}), endpoint(GOOD)],
      found: [{ document: 1, path: 'metadata.namespace', says: 'kube-system' }],
    },
  ],
});
