import { testRule, testRules } from '../../support/rule-tester.ts';
import { calico } from './base.ts';

const used = (...communities: unknown[]) => [{ cidr: '10.0.0.0/8', communities }];
const SECRET = { secretKeyRef: { name: 's', key: 'k' } };

testRules('the findings of a BGPConfiguration', calico('BGPConfiguration'), {
  valid: [
    { name: 'nothing', spec: {} },
    {
      name: 'the mesh with its settings',
      spec: { nodeToNodeMeshEnabled: true, nodeMeshPassword: SECRET, nodeMeshMaxRestartTime: '200s' },
    },
    {
      name: 'settings of the mesh, which is on by default',
      spec: { nodeMeshPassword: SECRET, nodeMeshMaxRestartTime: '1.5m' },
    },
    { name: 'no mesh', spec: { nodeToNodeMeshEnabled: false, nodeMeshPassword: null } },
    {
      name: 'communities and what uses them',
      spec: {
        communities: [{ name: 'my-community', value: '65001:100' }],
        prefixAdvertisements: used('my-community'),
      },
    },
    { name: 'values that are not named', spec: { prefixAdvertisements: used('65001:100', '65001:100:200') } },
    {
      name: 'ranges of Services',
      spec: {
        serviceClusterIPs: [{ cidr: '10.96.0.0/12' }],
        serviceExternalIPs: [{ cidr: 'fdf5:1234::808:808/128' }],
      },
    },
    { name: 'listenPort', spec: { listenPort: 1790 } },
    { name: 'bindMode NodeIP', spec: { bindMode: 'NodeIP' } },
    { name: 'logSeverityScreen info', spec: { logSeverityScreen: 'info' } },
    { name: 'an AS number', spec: { asNumber: 64512 } },
    { name: 'interfaces', spec: { ignoredInterfaces: ['valid_iface*', 'interface_name'] } },
    {
      name: 'peering with pods',
      spec: { localWorkloadPeeringIPV4: '169.254.0.179', localWorkloadPeeringIPV6: 'fe80::179' },
    },
    { name: 'programClusterRoutes', spec: { programClusterRoutes: 'EnabledNoEncapOnly' } },
  ],
  invalid: [
    {
      name: 'one community of several',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: BGPConfiguration
        metadata:
          name: default
        spec:
          prefixAdvertisements:
          - cidr: 10.0.0.0/8
            communities: [65001:100, "1:65536"]
                                     ^^^^^^^^^
      `,
      found: ['deny calico/bgp-community spec.prefixAdvertisements[0].communities[1]'],
    },
    {
      name: 'a password without mesh',
      spec: { nodeToNodeMeshEnabled: false, nodeMeshPassword: SECRET },
      found: ['deny calico/bgp-mesh spec.nodeMeshPassword'],
    },
    {
      name: 'an empty password without mesh',
      spec: { nodeToNodeMeshEnabled: false, nodeMeshPassword: {} },
      found: ['deny calico/bgp-mesh spec.nodeMeshPassword'],
    },
    {
      name: 'a restart time without mesh',
      spec: { nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: '60s' },
      found: ['deny calico/bgp-mesh spec.nodeMeshMaxRestartTime'],
    },
    {
      name: 'no duration',
      spec: { nodeMeshMaxRestartTime: 'soon' },
      found: ['deny calico/bgp-setting spec.nodeMeshMaxRestartTime'],
    },
    {
      name: 'a Secret without key',
      spec: { nodeMeshPassword: { secretKeyRef: { name: 's' } } },
      found: ['deny calico/bgp-setting spec.nodeMeshPassword.secretKeyRef.key'],
    },
    {
      name: 'communities that nothing uses',
      spec: { communities: [{ name: 'my-community', value: '65001:100' }] },
      found: ['deny calico/bgp-community spec.communities'],
    },
    {
      name: 'communities for no prefix',
      spec: { communities: [{ name: 'my-community', value: '65001:100' }], prefixAdvertisements: [] },
      found: ['deny calico/bgp-community spec.communities'],
    },
    {
      name: 'no community',
      spec: {
        communities: [{ name: 'my-community', value: 'many' }],
        prefixAdvertisements: used('my-community'),
      },
      found: ['deny calico/bgp-community spec.communities[0].value'],
    },
    {
      name: 'numbers with too many bits',
      spec: {
        communities: [{ name: 'a', value: '65536:1' }],
        prefixAdvertisements: used('a', '1:65536', '1:2:4294967296'),
      },
      found: [
        'deny calico/bgp-community spec.communities[0].value',
        'deny calico/bgp-community spec.prefixAdvertisements[0].communities[1]',
        'deny calico/bgp-community spec.prefixAdvertisements[0].communities[2]',
      ],
    },
    {
      name: 'no name and no value',
      spec: { communities: [{}, { name: 'a', value: '' }], prefixAdvertisements: used('65001:100') },
      found: [
        'deny calico/bgp-community spec.communities[0].name',
        'deny calico/bgp-community spec.communities[0].value',
        'deny calico/bgp-community spec.communities[1].value',
      ],
    },
    {
      name: 'a name that is not defined',
      spec: { prefixAdvertisements: used('undefined-name') },
      found: ['deny calico/bgp-community spec.prefixAdvertisements[0].communities[0]'],
    },
    {
      name: 'no prefix',
      spec: { prefixAdvertisements: [{ communities: ['1:2'] }] },
      found: ['deny calico/bgp-range spec.prefixAdvertisements[0].cidr'],
    },
    {
      name: 'a prefix that cannot be',
      spec: { prefixAdvertisements: [{ cidr: '10.0.0.0/33', communities: ['1:2'] }] },
      found: ['deny calico/bgp-range spec.prefixAdvertisements[0].cidr'],
    },
    {
      name: 'no ranges of Services',
      spec: {
        serviceClusterIPs: [{ cidr: 'x.x.x.x' }],
        serviceExternalIPs: [{ cidr: 'y.y.y.y' }],
        serviceLoadBalancerIPs: [{ cidr: '1.2.3.4/99' }],
      },
      found: [
        'deny calico/bgp-range spec.serviceClusterIPs[0].cidr',
        'deny calico/bgp-range spec.serviceExternalIPs[0].cidr',
        'deny calico/bgp-range spec.serviceLoadBalancerIPs[0].cidr',
      ],
    },
    { name: 'listenPort 0', spec: { listenPort: 0 }, found: ['deny calico/bgp-setting spec.listenPort'] },
    {
      name: 'listenPort 65536',
      spec: { listenPort: 65536 },
      found: ['deny calico/bgp-setting spec.listenPort'],
    },
    {
      name: 'bindMode nodeip',
      spec: { bindMode: 'nodeip' },
      found: ['deny calico/bgp-setting spec.bindMode'],
    },
    {
      name: 'serviceLoadBalancerAggregation',
      spec: { serviceLoadBalancerAggregation: 'disabled' },
      found: ['deny calico/bgp-setting spec.serviceLoadBalancerAggregation'],
    },
    {
      name: 'logSeverityScreen invalidLvl',
      spec: { logSeverityScreen: 'invalidLvl' },
      found: ['deny calico/bgp-setting spec.logSeverityScreen'],
    },
    {
      name: 'an AS number of 33 bits',
      spec: { asNumber: 4294967296 },
      found: ['deny calico/bgp-setting spec.asNumber'],
    },
    { name: 'no AS number', spec: { asNumber: 'AS64512' }, found: ['deny calico/bgp-setting spec.asNumber'] },
    {
      name: 'all interfaces',
      spec: { ignoredInterfaces: ['*'] },
      found: ['deny calico/bgp-setting spec.ignoredInterfaces[0]'],
    },
    {
      name: 'a long interface',
      spec: { ignoredInterfaces: ['eth0', 'interface-of-16c'] },
      found: ['deny calico/bgp-setting spec.ignoredInterfaces[1]'],
    },
    {
      name: 'peering with the other family',
      spec: { localWorkloadPeeringIPV4: 'fe80::179', localWorkloadPeeringIPV6: '169.254.0.179' },
      found: [
        'deny calico/bgp-setting spec.localWorkloadPeeringIPV4',
        'deny calico/bgp-setting spec.localWorkloadPeeringIPV6',
      ],
    },
    {
      name: 'ipv4NormalRoutePriority 0',
      spec: { ipv4NormalRoutePriority: 0 },
      found: ['deny calico/bgp-setting spec.ipv4NormalRoutePriority'],
    },
    {
      name: 'programClusterRoutes BIRD',
      spec: { programClusterRoutes: 'BIRD' },
      found: ['deny calico/bgp-setting spec.programClusterRoutes'],
    },
    {
      name: 'text as list',
      spec: { serviceClusterIPs: '10.96.0.0/12' },
      found: ['deny calico/wrong-type spec.serviceClusterIPs'],
    },
  ],
});

testRule('calico/bgp-community', 'deny', calico('BGPConfiguration'), {
  invalid: [
    {
      name: 'a slip of the finger',
      spec: { communities: [{ name: 'no-transit', value: '1:2' }], prefixAdvertisements: used('no-trasit') },
      found: [{ path: 'spec.prefixAdvertisements[0].communities[0]', says: 'did you mean "no-transit"?' }],
    },
  ],
});

testRule('calico/bgp-community', 'warn', calico('BGPConfiguration'), {
  valid: [
    {
      name: 'a name',
      spec: { communities: [{ name: 'no-transit', value: '1:2' }], prefixAdvertisements: used('no-transit') },
    },
  ],
  invalid: [
    {
      name: "a name for the CRDs, and not for Calico's API server",
      spec: { communities: [{ name: 'No_Transit', value: '1:2' }], prefixAdvertisements: used('No_Transit') },
      found: [{ path: 'spec.communities[0].name', got: 'No_Transit' }],
    },
  ],
});

testRule('calico/next-release', 'warn', calico('BGPConfiguration'), {
  valid: [
    {
      name: 'as many communities as it accepts',
      spec: { prefixAdvertisements: [{ cidr: '10.244.0.0/16', communities: Array(50).fill('1:2') }] },
    },
  ],
  invalid: [
    {
      name: 'more communities of a range than 3.33 accepts',
      spec: { prefixAdvertisements: [{ cidr: '10.244.0.0/16', communities: Array(51).fill('1:2') }] },
      found: ['spec.prefixAdvertisements[0].communities'],
    },
    {
      name: 'and more of them',
      spec: {
        communities: Array.from({ length: 501 }, (_, index) => ({ name: `a${index}`, value: '1:2' })),
        prefixAdvertisements: used('a1'),
      },
      found: ['spec.communities'],
    },
  ],
});

testRule('calico/bgp-range-without-prefix', 'warn', calico('BGPConfiguration'), {
  valid: [{ name: 'ranges', spec: { serviceClusterIPs: [{ cidr: '10.96.0.0/12' }, {}] } }],
  invalid: [
    {
      name: 'addresses',
      spec: {
        serviceClusterIPs: [{ cidr: '1.2.3.4' }],
        serviceExternalIPs: [{ cidr: 'fdf5:1234::808:808' }],
      },
      found: [
        { path: 'spec.serviceClusterIPs[0].cidr', says: '(got "1.2.3.4"); append /32' },
        { path: 'spec.serviceExternalIPs[0].cidr', says: 'append /128' },
      ],
    },
  ],
});

testRule('calico/configuration-name', 'warn', calico('BGPConfiguration'), {
  valid: [
    { name: 'default', spec: {} },
    { name: 'of a node', metadataName: 'node.a', spec: {} },
  ],
  invalid: [
    {
      name: 'another',
      metadataName: 'bgp',
      spec: {},
      found: [{ path: 'metadata.name', says: 'default or node.<name>' }],
    },
  ],
});

testRule('calico/configuration-name', 'warn', calico('KubeControllersConfiguration'), {
  valid: [{ name: 'default', spec: { controllers: {} } }],
  invalid: [
    {
      name: 'of a node',
      metadataName: 'node.a',
      spec: { controllers: {} },
      found: [{ path: 'metadata.name', says: 'name it default' }],
    },
  ],
});

testRule('calico/configuration-name', 'warn', calico('FelixConfiguration'), {
  valid: [
    { name: 'of a node', metadataName: 'node.a', spec: {} },
    { name: 'another with a selector', metadataName: 'edge', spec: { nodeSelector: 'all()' } },
  ],
  invalid: [{ name: 'another', metadataName: 'edge', spec: {}, found: ['metadata.name'] }],
});

testRule('calico/as-number-form', 'warn', calico('BGPConfiguration'), {
  valid: [{ name: 'a number of 31 bits', spec: { asNumber: 2147483647 } }],
  invalid: [
    {
      name: 'of 32 bits',
      spec: { asNumber: 4294967295 },
      found: [{ path: 'spec.asNumber', says: 'from Kubernetes 1.36 on' }],
    },
    { name: 'with a dot', spec: { asNumber: '1.10' }, found: ['spec.asNumber'] },
    { name: 'in quotes', spec: { asNumber: '64512' }, found: ['spec.asNumber'] },
  ],
});

testRule('calico/bgp-range', 'deny', calico('BGPConfiguration'), {
  valid: [
    {
      name: 'first addresses',
      spec: {
        serviceExternalIPs: [{ cidr: '203.0.113.0/24' }, { cidr: '203.0.113.7/32' }, { cidr: 'fd00::/64' }],
      },
    },
  ],
  invalid: [
    {
      name: 'host bits, in every list',
      spec: {
        prefixAdvertisements: [{ cidr: '10.244.1.0/16', communities: ['1:2'] }],
        serviceClusterIPs: [{ cidr: '10.96.0.1/12' }],
        serviceExternalIPs: [{ cidr: '203.0.113.7/24' }],
        serviceLoadBalancerIPs: [{ cidr: 'fd00::1/64' }],
      },
      found: [
        'spec.prefixAdvertisements[0].cidr',
        'spec.serviceClusterIPs[0].cidr',
        {
          path: 'spec.serviceExternalIPs[0].cidr',
          message:
            'host bits are set, so BIRD rejects its configuration on all nodes (got "203.0.113.7/24"); write 203.0.113.0/24',
        },
        { path: 'spec.serviceLoadBalancerIPs[0].cidr', says: 'write fd00::/64' },
      ],
    },
    {
      name: 'host bits before a length with zeros, which Go reads over',
      spec: { serviceLoadBalancerIPs: [{ cidr: '10.0.0.1/08' }] },
      found: [{ path: 'spec.serviceLoadBalancerIPs[0].cidr', says: 'write 10.0.0.0/8' }],
    },
  ],
});

testRule('calico/bgp-advertisement', 'warn', calico('BGPConfiguration'), {
  valid: [
    { name: 'with communities', spec: { prefixAdvertisements: used('65001:100') } },
    { name: 'no entry', spec: { prefixAdvertisements: [] } },
    { name: 'no map', spec: { prefixAdvertisements: ['10.0.0.0/8'] } },
  ],
  invalid: [
    {
      name: 'without communities',
      spec: {
        prefixAdvertisements: [
          { cidr: '10.0.0.0/8' },
          { cidr: '10.0.0.0/8', communities: [] },
          { cidr: '10.0.0.0/8', communities: null },
        ],
      },
      found: [
        {
          path: 'spec.prefixAdvertisements[0].communities',
          message:
            'without communities the entry does nothing; write communities, such as ["65001:100"], or remove the entry',
        },
        'spec.prefixAdvertisements[1].communities',
        'spec.prefixAdvertisements[2].communities',
      ],
    },
  ],
});

testRule('calico/bgp-disruptive-change', 'warn', calico('BGPConfiguration'), {
  valid: [
    { name: 'a new object', spec: { nodeToNodeMeshEnabled: false } },
    {
      name: 'off before',
      spec: { nodeToNodeMeshEnabled: false, listenPort: 1790 },
      old: { spec: { nodeToNodeMeshEnabled: false } },
    },
    {
      name: 'switched on',
      spec: { nodeToNodeMeshEnabled: true },
      old: { spec: { nodeToNodeMeshEnabled: false } },
    },
    { name: 'left to its default', spec: {}, old: { spec: { nodeToNodeMeshEnabled: true } } },
    {
      name: 'of a node, which does not decide about the mesh',
      metadataName: 'node.a',
      spec: { nodeToNodeMeshEnabled: false },
      old: { metadataName: 'node.a', spec: {} },
    },
  ],
  invalid: [
    {
      name: 'switched off',
      spec: { nodeToNodeMeshEnabled: false },
      old: { spec: { nodeToNodeMeshEnabled: true } },
      found: [{ path: 'spec.nodeToNodeMeshEnabled', says: 'set up the BGPPeers first' }],
    },
    {
      name: 'switched off where nothing was written',
      spec: { nodeToNodeMeshEnabled: false },
      old: { spec: { listenPort: 1790 } },
      found: ['spec.nodeToNodeMeshEnabled'],
    },
  ],
});

testRule('calico/limit', 'deny', calico('BGPConfiguration'), {
  valid: [{ name: 'a set', spec: { ignoredInterfaces: ['eth0', 'eth1'] } }],
  invalid: [
    {
      name: 'an interface twice',
      spec: { ignoredInterfaces: ['eth0', 'eth1', 'eth0'] },
      found: ['spec.ignoredInterfaces[2]'],
    },
  ],
});

testRule('calico/wrong-type', 'deny', calico('BGPConfiguration'), {
  invalid: [
    {
      name: 'nothing after the dash',
      spec: {
        ignoredInterfaces: [null],
        serviceClusterIPs: [null],
        prefixAdvertisements: [{ cidr: '10.0.0.0/8', communities: [null] }],
      },
      found: [
        'spec.ignoredInterfaces[0]',
        'spec.prefixAdvertisements[0].communities[0]',
        'spec.serviceClusterIPs[0]',
      ],
    },
  ],
});
