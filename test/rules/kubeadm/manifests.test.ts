import { testRules } from '../../support/rule-tester.ts';
import {
  advertise,
  at,
  calicoConfig,
  calicoNode,
  clusterConfiguration,
  configMap,
  DOCUMENTS,
  joinConfiguration,
  podAutoscaler,
  proportionalAutoscaler,
  subnets,
  typha,
} from './documents.ts';

/** A DaemonSet alone with these variables. */
function node(name: string, variables: Record<string, unknown>) {
  return { name, documents: [calicoNode(variables)] };
}

/** What is found is at the last of its variables. */
function wrongNode(name: string, variables: Record<string, unknown>, found: string) {
  return { ...node(name, variables), found: [`${found} ${at(Object.keys(variables).length - 1)}`] };
}

testRules('modes of the pool', DOCUMENTS, {
  valid: [
    ...['', 'Off', 'never', 'NEVER', 'CrossSubnet', 'cross-subnet', 'Always', 'always'].map((value) =>
      node(`IPIP "${value}"`, { CALICO_IPV4POOL_IPIP: value }),
    ),

    node('one off', { CALICO_IPV4POOL_IPIP: 'off', CALICO_IPV4POOL_VXLAN: 'cross-subnet' }),
    node('one of each family', { CALICO_IPV4POOL_IPIP: 'Always', CALICO_IPV6POOL_VXLAN: 'Always' }),
    node('from somewhere else', {
      CALICO_IPV4POOL_IPIP: 'Always',
      CALICO_IPV4POOL_VXLAN: { configMapKeyRef: { name: 'a', key: 'b' } },
    }),
    node('no pools to begin with', { NO_DEFAULT_POOLS: 'true', CALICO_IPV4POOL_IPIP: 'Sometimes' }),
    node('no IPv4 pool', { CALICO_IPV4POOL_CIDR: 'none', CALICO_IPV4POOL_IPIP: 'Sometimes' }),
  ],
  invalid: [
    {
      name: 'the variable is marked at its value',
      yaml: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: calico-node
          namespace: kube-system
        spec:
          template:
            spec:
              containers:
              - name: calico-node
                image: quay.io/calico/node:v3.30.0
                env:
                - name: CALICO_IPV4POOL_IPIP
                  value: Sometimes
                         ^^^^^^^^^
                - {name: CALICO_IPV4POOL_BLOCK_SIZE, value: "33"}
                                                            ^^^^
      `,
      found: [`deny kubeadm/pool-modes ${at(0)}`, `deny kubeadm/block-size ${at(1)}`],
    },
    ...['Sometimes', 'on', 'true', 'cross_subnet', ' Always'].flatMap((value) =>
      ['CALICO_IPV4POOL_IPIP', 'CALICO_IPV4POOL_VXLAN', 'CALICO_IPV6POOL_VXLAN'].map((name) =>
        wrongNode(`${name} "${value}"`, { [name]: value }, 'deny kubeadm/pool-modes'),
      ),
    ),
    wrongNode(
      'both on',
      { CALICO_IPV4POOL_IPIP: 'Always', CALICO_IPV4POOL_VXLAN: 'CrossSubnet' },
      'deny kubeadm/pool-modes',
    ),
  ],
});

testRules('range of the pool', DOCUMENTS, {
  valid: [
    ...['10.244.0.0/16', 'none', ''].map((value) => node(`"${value}"`, { CALICO_IPV4POOL_CIDR: value })),

    node('IPv6', { CALICO_IPV6POOL_CIDR: 'fd00::/64' }),

    node('as large as its block', {
      CALICO_IPV4POOL_BLOCK_SIZE: '28',
      CALICO_IPV4POOL_CIDR: '10.0.0.0/28',
    }),

    node('no pools', { NO_DEFAULT_POOLS: 'true' }),
    {
      name: 'of another DaemonSet',
      documents: [
        { kind: 'DaemonSet', metadata: { name: 'canal' }, spec: calicoNode({ CALICO_IPV4POOL_CIDR: 'x' }) },
      ],
    },
  ],
  invalid: [
    ...['192.168.0.0/33', '192.168.0.0', 'all', '10.0.0.0/8,10.1.0.0/16', 'None'].map((value) =>
      wrongNode(`"${value}"`, { CALICO_IPV4POOL_CIDR: value }, 'deny kubeadm/pool-cidr'),
    ),
    wrongNode('IPv6 for IPv4', { CALICO_IPV4POOL_CIDR: 'fd00::/64' }, 'deny kubeadm/pool-cidr'),
    wrongNode('IPv4 for IPv6', { CALICO_IPV6POOL_CIDR: '10.0.0.0/8' }, 'deny kubeadm/pool-cidr'),
    wrongNode('link-local', { CALICO_IPV4POOL_CIDR: '169.254.0.0/17' }, 'deny kubeadm/pool-cidr'),
    wrongNode(
      'bits beyond the prefix',
      { CALICO_IPV4POOL_CIDR: '192.167.0.0/12' },
      'warn kubeadm/pool-host-bits',
    ),
    wrongNode('smaller than a block', { CALICO_IPV4POOL_CIDR: '10.0.0.0/27' }, 'deny kubeadm/pool-cidr'),
    wrongNode(
      'a range, and no pools',
      { NO_DEFAULT_POOLS: 'True', CALICO_IPV4POOL_CIDR: '10.0.0.0/8' },
      'deny kubeadm/pool-cidr',
    ),
    wrongNode(
      'none, and no pools',
      { NO_DEFAULT_POOLS: 'true', CALICO_IPV6POOL_CIDR: 'none' },
      'deny kubeadm/pool-cidr',
    ),

    {
      name: 'of two with one name the last one counts',
      documents: [
        {
          kind: 'DaemonSet',
          metadata: { name: 'calico-node' },
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'other', env: [{ name: 'CALICO_IPV4POOL_CIDR', value: 'x' }] },
                  {
                    name: 'calico-node',
                    env: [
                      { name: 'CALICO_IPV4POOL_CIDR', value: '10.0.0.0/8' },
                      { name: 'CALICO_IPV4POOL_CIDR', value: 'x' },
                    ],
                  },
                ],
              },
            },
          },
        },
      ],
      found: ['deny kubeadm/pool-cidr spec.template.spec.containers[1].env[1].value'],
    },
  ],
});

testRules('blocks, selectors and methods of calico-node', DOCUMENTS, {
  valid: [
    ...['20', '26', '32', ''].map((value) =>
      node(`IPv4 block ${value}`, { CALICO_IPV4POOL_BLOCK_SIZE: value }),
    ),

    ...['116', '128'].map((value) => node(`IPv6 block ${value}`, { CALICO_IPV6POOL_BLOCK_SIZE: value })),

    node('a selector', { CALICO_IPV4POOL_NODE_SELECTOR: 'region == "east"' }),
    node('no selector', { CALICO_IPV4POOL_NODE_SELECTOR: '' }),

    ...[
      'first-found',
      'kubernetes-internal-ip',
      'can-reach=8.8.8.8',
      'can-reach=www.example.com',
      'interface=eth.*',
      'interface=eth.*, ens.*',
      'skip-interface=docker.*,br-.*',
      'cidr=10.0.0.0/8',
      'cidr=10.0.0.0/8,fd00::/8',
      '',
    ].map((value) => node(`method "${value}"`, { IP: 'autodetect', IP_AUTODETECTION_METHOD: value })),

    node('a method where IP is not detected', { IP: 'none', IP_AUTODETECTION_METHOD: 'eth0' }),

    node('a method for IPv6 that is not wanted', { IP6_AUTODETECTION_METHOD: 'eth0' }),
    node('a method for policies alone', {
      CALICO_NETWORKING_BACKEND: 'none',
      IP_AUTODETECTION_METHOD: 'eth0',
    }),
  ],
  invalid: [
    ...['19', '33', '-1', '26.0', 'x'].map((value) =>
      wrongNode(`IPv4 block ${value}`, { CALICO_IPV4POOL_BLOCK_SIZE: value }, 'deny kubeadm/block-size'),
    ),
    ...['115', '129', '26'].map((value) =>
      wrongNode(`IPv6 block ${value}`, { CALICO_IPV6POOL_BLOCK_SIZE: value }, 'deny kubeadm/block-size'),
    ),
    wrongNode(
      'a selector that is none',
      { CALICO_IPV6POOL_NODE_SELECTOR: 'region == east' },
      'deny kubeadm/node-selector',
    ),
    ...[
      'firstfound',
      'first-found=',
      'interface',
      'Interface=eth0',
      'cidr=10.0.0.0',
      'skip-interface=(',
      'eth0',
    ].map((value) =>
      wrongNode(
        `method "${value}"`,
        { IP: 'autodetect', IP_AUTODETECTION_METHOD: value },
        'deny kubeadm/autodetection-method',
      ),
    ),
    wrongNode(
      'a method where IP is unset',
      { IP_AUTODETECTION_METHOD: 'eth0' },
      'deny kubeadm/autodetection-method',
    ),
    wrongNode(
      'a method for IPv6',
      { IP6: 'autodetect', IP6_AUTODETECTION_METHOD: 'eth0' },
      'deny kubeadm/autodetection-method',
    ),
  ],
});

testRules('backend and MTU', DOCUMENTS, {
  valid: [
    ...['bird', 'vxlan', 'none'].map((calico_backend) => ({
      name: calico_backend,
      documents: [calicoConfig({ calico_backend })],
    })),

    {
      name: 'from the ConfigMap',
      documents: [calicoNode({ CALICO_NETWORKING_BACKEND: { configMapKeyRef: {} } })],
    },
    ...['0', '1280', '1440', '9216'].map((veth_mtu) => ({
      name: veth_mtu,
      documents: [calicoConfig({ veth_mtu })],
    })),
    { name: 'of another ConfigMap', documents: [configMap('other', { veth_mtu: '-1' })] },
    { name: 'of another namespace', documents: [configMap('calico-config', { veth_mtu: '-1' }, 'default')] },
  ],
  invalid: [
    {
      name: 'a number without quotes',
      yaml: `
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: calico-config
          namespace: kube-system
        data:
          calico_backend: "VXLAN"
                          ^^^^^^^
          veth_mtu: 1440
                    ^^^^
      `,
      found: ['deny kubeadm/backend data.calico_backend', 'deny kubeadm/wrong-type data.veth_mtu'],
    },
    wrongNode('of calico-node itself', { CALICO_NETWORKING_BACKEND: 'Bird' }, 'deny kubeadm/backend'),

    ...['VXLAN', 'None', 'bgp', ''].map((calico_backend) => ({
      name: `"${calico_backend}"`,
      documents: [calicoConfig({ calico_backend })],
      found: ['deny kubeadm/backend data.calico_backend'],
    })),
    ...['-1', '', ' 1440', '1440 ', '1.4e3', '01440', 'auto', '+1440', '99999999999999999999'].map(
      (veth_mtu) => ({
        name: `"${veth_mtu}"`,
        documents: [calicoConfig({ veth_mtu })],
        found: ['deny kubeadm/veth-mtu data.veth_mtu'],
      }),
    ),
    ...['1', '1279', '9217'].map((veth_mtu) => ({
      name: veth_mtu,
      documents: [calicoConfig({ veth_mtu })],
      found: ['warn kubeadm/unusual-mtu data.veth_mtu'],
    })),
    {
      name: 'a number without quotes',
      documents: [calicoConfig({ veth_mtu: 1440 })],
      found: [
        {
          action: 'deny',
          rule: 'kubeadm/wrong-type',
          path: 'data.veth_mtu',
          says: 'put it in quotes: "1440"',
        },
      ],
    },
    {
      name: 'a variable without quotes',
      documents: [calicoNode({ FELIX_IPINIPMTU: 1440 })],
      found: [`deny kubeadm/wrong-type ${at(0)}`],
    },
  ],
});

const wanted = [calicoConfig({ typha_service_name: 'calico-typha' }), calicoNode({})];
testRules('Typha', DOCUMENTS, {
  valid: [
    {
      name: 'wanted and there',
      documents: [calicoConfig({ typha_service_name: 'calico-typha' }), calicoNode({}), ...typha(1)],
    },
    {
      name: 'one replica where none is written',
      documents: [calicoConfig({ typha_service_name: 'calico-typha' }), calicoNode({}), ...typha()],
    },
    { name: 'not wanted', documents: [calicoConfig({ typha_service_name: 'none' }), calicoNode({})] },
    ...[
      ['--target=deployment/calico-typha'],
      ['/cluster-proportional-autoscaler', '--namespace=kube-system', '--target=Deployment/calico-typha'],
      ['--target', 'deployment/calico-typha', '--logtostderr=true'],
    ].map((command) => ({
      name: `from no replicas, by ${command.join(' ')}`,
      documents: [...wanted, ...typha(0), proportionalAutoscaler(command)],
    })),
    ...['v2', 'v1', 'v2beta2'].map((version) => ({
      name: `from no replicas, by a HorizontalPodAutoscaler of ${version}`,
      documents: [...wanted, ...typha(0), podAutoscaler('calico-typha', 'Deployment', version)],
    })),
    {
      name: 'of two clusters, each in files of its own',
      documents: [...wanted, ...typha(3), ...wanted, ...typha(3)],
      files: ['a/node', 'a/node', 'a/typha', 'a/typha', 'b/node', 'b/node', 'b/typha', 'b/typha'],
    },
    {
      name: 'wanted, and calico-node is elsewhere',
      documents: [calicoConfig({ typha_service_name: 'calico-typha' })],
    },
    {
      name: 'under another name',
      documents: [calicoConfig({ typha_service_name: 'my-typha' }), calicoNode({})],
    },
  ],
  invalid: [
    {
      name: 'wanted and not there',
      documents: [calicoConfig({ typha_service_name: 'calico-typha' }), calicoNode({})],
      found: ['deny kubeadm/typha data.typha_service_name'],
    },
    {
      name: 'without replicas',
      documents: [calicoConfig({ typha_service_name: 'calico-typha' }), calicoNode({}), ...typha(0)],
      found: [
        { action: 'deny', rule: 'kubeadm/typha', path: 'data.typha_service_name', says: 'has no replicas' },
      ],
    },
    ...[
      ['something else', proportionalAutoscaler(['--target=deployment/coredns'])],
      ['what only begins alike', proportionalAutoscaler(['--target=deployment/calico-typha-2'])],
      ['another namespace', proportionalAutoscaler(['--target=deployment/calico-typha'], 'default')],
      ['another Deployment', podAutoscaler('coredns')],
      ['another kind', podAutoscaler('calico-typha', 'StatefulSet')],
    ].map(([name, autoscaler]) => ({
      name: `no replicas, and an autoscaler of ${name}`,
      documents: [...wanted, ...typha(0), autoscaler as object],
      found: ['deny kubeadm/typha data.typha_service_name'],
    })),
    {
      name: 'an autoscaler without Deployment',
      documents: [
        ...wanted,
        ...typha().slice(1),
        proportionalAutoscaler(['--target=deployment/calico-typha']),
      ],
      found: [
        { action: 'deny', rule: 'kubeadm/typha', path: 'data.typha_service_name', says: 'no Deployment' },
      ],
    },
    {
      name: 'without Service',
      documents: [
        calicoConfig({ typha_service_name: 'calico-typha' }),
        calicoNode({}),
        ...typha(1).slice(0, 1),
      ],
      found: [{ action: 'deny', rule: 'kubeadm/typha', path: 'data.typha_service_name', says: 'no Service' }],
    },
    {
      name: 'without Deployment',
      documents: [calicoConfig({ typha_service_name: 'calico-typha' }), calicoNode({}), ...typha(1).slice(1)],
      found: [
        { action: 'deny', rule: 'kubeadm/typha', path: 'data.typha_service_name', says: 'no Deployment' },
      ],
    },
    {
      name: 'wanted by calico-node itself',
      documents: [calicoNode({ FELIX_TYPHAK8SSERVICENAME: 'calico-typha' })],
      found: [`deny kubeadm/typha ${at(0)}`],
    },
  ],
});

testRules('ranges of kubeadm', DOCUMENTS, {
  valid: [
    ...['10.244.0.0/16', 'fd00:10:244::/56', '10.244.0.0/16,fd00:10:244::/56', ''].map((podSubnet) => ({
      name: `"${podSubnet}"`,
      documents: [subnets(podSubnet)],
    })),
    ...['10.96.0.0/12', 'fd00:10:96::/108'].map((serviceSubnet) => ({
      name: `Services in ${serviceSubnet}`,
      documents: [subnets(undefined, serviceSubnet)],
    })),
    { name: 'an address', documents: [advertise('172.17.0.52')] },
  ],
  invalid: [
    ...[
      '10.244.0.0/16, fd00:10:244::/56',
      ' 10.244.0.0/16',
      '10.244.0.0',
      '10.244.0.0/16,10.245.0.0/16',
      '10.244.0.0/16,fd00::/56,fd01::/56',
      '10.244.0.0/33',
    ].map((podSubnet) => ({
      name: `"${podSubnet}"`,
      documents: [subnets(podSubnet)],
      found: ['deny kubeadm/subnets networking.podSubnet'],
    })),
    {
      name: 'leading zeros, which Calico does not read',
      documents: [subnets('010.244.0.0/16', '010.96.0.0/12')],
      found: ['deny kubeadm/subnets networking.podSubnet', 'warn kubeadm/subnets networking.serviceSubnet'],
    },
    ...['10.0.0.0/8', 'fd00:10:96::/64', '10.96.0.0'].map((serviceSubnet) => ({
      name: `Services in ${serviceSubnet}`,
      documents: [subnets(undefined, serviceSubnet)],
      found: ['deny kubeadm/subnets networking.serviceSubnet'],
    })),
    {
      name: 'a name of other tools',
      documents: [{ kind: 'ClusterConfiguration', networking: { podCIDR: '10.244.0.0/16' } }],
      found: ['warn kubeadm/unknown-field networking.podCIDR'],
    },
    {
      name: 'a list where kubeadm expects a text',
      documents: [subnets(['10.244.0.0/16'])],
      found: ['deny kubeadm/wrong-type networking.podSubnet'],
    },
    {
      name: 'an address with port',
      documents: [advertise('172.17.0.52:6443')],
      found: ['deny kubeadm/advertise-address localAPIEndpoint.advertiseAddress'],
    },
    {
      name: 'a name, of a further node',
      documents: [joinConfiguration({ controlPlane: { localAPIEndpoint: { advertiseAddress: 'node-2' } } })],
      found: ['deny kubeadm/advertise-address controlPlane.localAPIEndpoint.advertiseAddress'],
    },
  ],
});

/** Flags of kube-controller-manager, as both versions of the API have them. */
function sized(podSubnet: string, flags: Readonly<Record<string, string>>) {
  const list = Object.entries(flags).map(([name, value]) => ({ name, value }));
  return [
    { extraArgs: flags, version: 'v1beta3' },
    { extraArgs: list, version: 'v1beta4' },
  ].map(({ extraArgs, version }) => ({
    name: `${podSubnet} with ${JSON.stringify(extraArgs)}`,
    documents: [
      clusterConfiguration({ networking: { podSubnet }, controllerManager: { extraArgs } }, version),
    ],
  }));
}
const IPV4_NODE = 'node-cidr-mask-size-ipv4';
const IPV6_NODE = 'node-cidr-mask-size-ipv6';
testRules('the size of subnets', DOCUMENTS, {
  valid: [
    ...['10.244.0.0/24', '10.0.0.0/8', 'fd00::/48', 'fd00::/64', '10.244.0.0/16,fd00::/56'].map(
      (podSubnet) => ({
        name: podSubnet,
        documents: [subnets(podSubnet, '192.168.0.0/16')],
      }),
    ),
    ...['10.96.0.0/28', 'fd00:10:96::/124'].map((serviceSubnet) => ({
      name: `Services in ${serviceSubnet}`,
      documents: [subnets(undefined, serviceSubnet)],
    })),
    ...sized('10.244.0.0/28', { [IPV4_NODE]: '28' }),
    ...sized('10.244.0.0/12', { [IPV4_NODE]: '28' }),
    ...sized('10.244.0.0/28', { 'allocate-node-cidrs': 'false' }),
    ...sized('10.244.0.0/28', { 'node-cidr-mask-size': '28' }),
    ...sized('10.244.0.0/16', { [IPV4_NODE]: '+24', [IPV6_NODE]: 'x' }),
    ...sized('10.244.0.0/24', { [IPV4_NODE]: '' }),
    // Until then kubeadm worked out the range of a node by itself.
    ...['v1.18.2', '1.19.16'].flatMap((kubernetesVersion) =>
      ['fd00::/80', '10.244.0.0/16,fd00::/80', 'fd00::/32'].map((podSubnet) => ({
        name: `${podSubnet} of ${kubernetesVersion}`,
        documents: [clusterConfiguration({ kubernetesVersion, networking: { podSubnet } })],
      })),
    ),
  ],
  invalid: [
    ...[
      '10.244.0.0/25',
      '10.244.0.0/32',
      'fd00::/65',
      '::ffff:10.244.0.0/112',
      '10.244.0.0/16,fd00::/72',
    ].map((podSubnet) => ({
      name: podSubnet,
      documents: [subnets(podSubnet)],
      found: ['deny kubeadm/subnet-size networking.podSubnet'],
    })),
    ...[
      { kubernetesVersion: 'v1.20.0', podSubnet: 'fd00::/80' },
      { kubernetesVersion: 'stable', podSubnet: 'fd00::/80' },
      { kubernetesVersion: 'v1.18.2', podSubnet: '10.244.0.0/25' },
    ].map(({ kubernetesVersion, podSubnet }) => ({
      name: `${podSubnet} of ${kubernetesVersion}`,
      documents: [clusterConfiguration({ kubernetesVersion, networking: { podSubnet } })],
      found: ['deny kubeadm/subnet-size networking.podSubnet'],
    })),
    ...['fd00::/47', '0.0.0.0/7'].map((podSubnet) => ({
      name: `${podSubnet}, in which there are more ranges than nodes`,
      documents: [subnets(podSubnet, 'fd99::/112')],
      found: ['warn kubeadm/subnet-size networking.podSubnet'],
    })),
    ...['10.96.0.0/29', '10.96.0.0/32', 'fd00:10:96::/125'].map((serviceSubnet) => ({
      name: `Services in ${serviceSubnet}`,
      documents: [subnets(undefined, serviceSubnet)],
      found: ['deny kubeadm/subnet-size networking.serviceSubnet'],
    })),
    ...[
      ...sized('10.244.0.0/28', { [IPV4_NODE]: '26' }),
      ...sized('10.244.0.0/29', { [IPV4_NODE]: '30' }),
      ...sized('10.244.0.0/16', { [IPV4_NODE]: 'x' }),
      ...sized('10.244.0.0/16', { [IPV4_NODE]: '24.0' }),
      ...sized('10.244.0.0/16', { [IPV4_NODE]: '-1' }),
      ...sized('10.244.0.0/28', { [IPV4_NODE]: '26', 'node-cidr-mask-size': '28' }),
      ...sized('10.244.0.0/28', { 'allocate-node-cidrs': 'true', 'node-cidr-mask-size-ipv6': '80' }),
    ].map((row) => ({ ...row, found: ['deny kubeadm/subnet-size networking.podSubnet'] })),
  ],
});

testRules('the domain of Services', DOCUMENTS, {
  valid: ['cluster.local', 'a', '', null].map((dnsDomain) => ({
    name: JSON.stringify(dnsDomain),
    documents: [clusterConfiguration({ networking: { dnsDomain } })],
  })),
  invalid: ['x_y', 'Cluster.local', 'cluster.local.', '-a', 'a..b'].map((dnsDomain) => ({
    name: dnsDomain,
    documents: [clusterConfiguration({ networking: { dnsDomain } })],
    found: ['deny kubeadm/dns-domain networking.dnsDomain'],
  })),
});

testRules('proxy before v1beta4', DOCUMENTS, {
  valid: [
    { name: 'v1beta4', documents: [clusterConfiguration({ proxy: { disabled: true } })] },
    { name: 'v1', documents: [clusterConfiguration({ proxy: { disabled: true } }, 'v1')] },
    { name: 'nothing', documents: [clusterConfiguration({ proxy: null }, 'v1beta3')] },
  ],
  invalid: ['v1beta2', 'v1beta3'].map((version) => ({
    name: version,
    documents: [clusterConfiguration({ proxy: { disabled: true } }, version)],
    found: ['warn kubeadm/unknown-field proxy'],
  })),
});

testRules('proxy', DOCUMENTS, {
  invalid: [
    {
      name: 'another field',
      documents: [clusterConfiguration({ proxy: { enabled: false } })],
      found: ['warn kubeadm/unknown-field proxy.enabled'],
    },
  ],
});

testRules('a loopback address', DOCUMENTS, {
  valid: [{ name: 'next to it', documents: [advertise('128.0.0.1')] }],
  invalid: ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'].map((address) => ({
    name: address,
    documents: [advertise(address)],
    found: ['warn kubeadm/advertise-address localAPIEndpoint.advertiseAddress'],
  })),
});

testRules('an address that no other node reaches', DOCUMENTS, {
  valid: ['223.255.255.255', '169.253.0.1', 'fd00::1', '0.0.0.0', '::', '240.0.0.1'].map((address) => ({
    name: address,
    documents: [advertise(address)],
  })),
  invalid: ['224.0.0.1', '239.1.1.1', '255.255.255.255', '169.254.1.1', 'ff02::1', 'fe80::1'].map(
    (address) => ({
      name: address,
      documents: [advertise(address)],
      found: ['warn kubeadm/advertise-address localAPIEndpoint.advertiseAddress'],
    }),
  ),
});
