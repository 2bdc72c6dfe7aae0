import { testRule, testVerdicts } from './table.ts';

const used = (...communities: unknown[]) => [{ cidr: '10.0.0.0/8', communities }];
const SECRET = { secretKeyRef: { name: 's', key: 'k' } };

testVerdicts('BGPConfiguration', [
  { name: 'nothing', spec: {} },
  {
    name: 'the mesh with its settings',
    spec: { nodeToNodeMeshEnabled: true, nodeMeshPassword: SECRET, nodeMeshMaxRestartTime: '200s' },
  },
  {
    name: 'settings of the mesh, which is on by default',
    spec: { nodeMeshPassword: SECRET, nodeMeshMaxRestartTime: '1.5m' },
  },
  {
    name: 'a password without mesh',
    spec: { nodeToNodeMeshEnabled: false, nodeMeshPassword: SECRET },
    denied: ['nodeMeshPassword'],
  },
  {
    name: 'an empty password without mesh',
    spec: { nodeToNodeMeshEnabled: false, nodeMeshPassword: {} },
    denied: ['nodeMeshPassword'],
  },
  {
    name: 'a restart time without mesh',
    spec: { nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: '60s' },
    denied: ['nodeMeshMaxRestartTime'],
  },
  { name: 'no mesh', spec: { nodeToNodeMeshEnabled: false, nodeMeshPassword: null } },
  { name: 'no duration', spec: { nodeMeshMaxRestartTime: 'soon' }, denied: ['nodeMeshMaxRestartTime'] },
  {
    name: 'a Secret without key',
    spec: { nodeMeshPassword: { secretKeyRef: { name: 's' } } },
    denied: ['nodeMeshPassword.secretKeyRef.key'],
  },
  {
    name: 'communities and what uses them',
    spec: {
      communities: [{ name: 'my-community', value: '65001:100' }],
      prefixAdvertisements: used('my-community'),
    },
  },
  { name: 'values that are not named', spec: { prefixAdvertisements: used('65001:100', '65001:100:200') } },
  {
    name: 'communities that nothing uses',
    spec: { communities: [{ name: 'my-community', value: '65001:100' }] },
    denied: ['communities'],
  },
  {
    name: 'communities for no prefix',
    spec: { communities: [{ name: 'my-community', value: '65001:100' }], prefixAdvertisements: [] },
    denied: ['communities'],
  },
  {
    name: 'no community',
    spec: {
      communities: [{ name: 'my-community', value: 'many' }],
      prefixAdvertisements: used('my-community'),
    },
    denied: ['communities[0].value'],
  },
  {
    name: 'numbers with too many bits',
    spec: {
      communities: [{ name: 'a', value: '65536:1' }],
      prefixAdvertisements: used('a', '1:65536', '1:2:4294967296'),
    },
    denied: [
      'communities[0].value',
      'prefixAdvertisements[0].communities[1]',
      'prefixAdvertisements[0].communities[2]',
    ],
  },
  {
    name: 'no name and no value',
    spec: { communities: [{}, { name: 'a', value: '' }], prefixAdvertisements: used('65001:100') },
    denied: ['communities[0].name', 'communities[0].value', 'communities[1].value'],
  },
  {
    name: 'a name that is not defined',
    spec: { prefixAdvertisements: used('undefined-name') },
    denied: ['prefixAdvertisements[0].communities[0]'],
  },
  {
    name: 'no prefix',
    spec: { prefixAdvertisements: [{ communities: ['1:2'] }] },
    denied: ['prefixAdvertisements[0].cidr'],
  },
  {
    name: 'a prefix that cannot be',
    spec: { prefixAdvertisements: [{ cidr: '10.0.0.0/33', communities: ['1:2'] }] },
    denied: ['prefixAdvertisements[0].cidr'],
  },
  {
    name: 'ranges of Services',
    spec: {
      serviceClusterIPs: [{ cidr: '10.96.0.0/12' }],
      serviceExternalIPs: [{ cidr: 'fdf5:1234::808:808/128' }],
    },
  },
  {
    name: 'no ranges of Services',
    spec: {
      serviceClusterIPs: [{ cidr: 'x.x.x.x' }],
      serviceExternalIPs: [{ cidr: 'y.y.y.y' }],
      serviceLoadBalancerIPs: [{ cidr: '1.2.3.4/99' }],
    },
    denied: ['serviceClusterIPs[0].cidr', 'serviceExternalIPs[0].cidr', 'serviceLoadBalancerIPs[0].cidr'],
  },
  { name: 'listenPort', spec: { listenPort: 1790 } },
  { name: 'listenPort 0', spec: { listenPort: 0 }, denied: ['listenPort'] },
  { name: 'listenPort 65536', spec: { listenPort: 65536 }, denied: ['listenPort'] },
  { name: 'bindMode NodeIP', spec: { bindMode: 'NodeIP' } },
  { name: 'bindMode nodeip', spec: { bindMode: 'nodeip' }, denied: ['bindMode'] },
  {
    name: 'serviceLoadBalancerAggregation',
    spec: { serviceLoadBalancerAggregation: 'disabled' },
    denied: ['serviceLoadBalancerAggregation'],
  },
  { name: 'logSeverityScreen info', spec: { logSeverityScreen: 'info' } },
  {
    name: 'logSeverityScreen invalidLvl',
    spec: { logSeverityScreen: 'invalidLvl' },
    denied: ['logSeverityScreen'],
  },
  { name: 'AS numbers', spec: { asNumber: 4294967295 } },
  { name: 'an AS number with a dot', spec: { asNumber: '1.10' } },
  { name: 'an AS number of 33 bits', spec: { asNumber: 4294967296 }, denied: ['asNumber'] },
  { name: 'no AS number', spec: { asNumber: 'AS64512' }, denied: ['asNumber'] },
  { name: 'interfaces', spec: { ignoredInterfaces: ['valid_iface*', 'interface_name'] } },
  { name: 'all interfaces', spec: { ignoredInterfaces: ['*'] }, denied: ['ignoredInterfaces[0]'] },
  {
    name: 'a long interface',
    spec: { ignoredInterfaces: ['eth0', 'interface-of-16c'] },
    denied: ['ignoredInterfaces[1]'],
  },
  {
    name: 'peering with pods',
    spec: { localWorkloadPeeringIPV4: '169.254.0.179', localWorkloadPeeringIPV6: 'fe80::179' },
  },
  {
    name: 'peering with the other family',
    spec: { localWorkloadPeeringIPV4: 'fe80::179', localWorkloadPeeringIPV6: '169.254.0.179' },
    denied: ['localWorkloadPeeringIPV4', 'localWorkloadPeeringIPV6'],
  },
  {
    name: 'ipv4NormalRoutePriority 0',
    spec: { ipv4NormalRoutePriority: 0 },
    denied: ['ipv4NormalRoutePriority'],
  },
  { name: 'programClusterRoutes', spec: { programClusterRoutes: 'EnabledNoEncapOnly' } },
  {
    name: 'programClusterRoutes BIRD',
    spec: { programClusterRoutes: 'BIRD' },
    denied: ['programClusterRoutes'],
  },
  { name: 'text as list', spec: { serviceClusterIPs: '10.96.0.0/12' }, denied: ['serviceClusterIPs'] },
]);

testRule('BGPConfiguration', 'calico/bgp-community', 'deny', [
  {
    name: 'a slip of the finger',
    spec: { communities: [{ name: 'no-transit', value: '1:2' }], prefixAdvertisements: used('no-trasit') },
    paths: ['prefixAdvertisements[0].communities[0]'],
    says: ['did you mean "no-transit"?'],
  },
]);

testRule('BGPConfiguration', 'calico/bgp-range-without-prefix', 'warn', [
  {
    name: 'addresses',
    spec: { serviceClusterIPs: [{ cidr: '1.2.3.4' }], serviceExternalIPs: [{ cidr: 'fdf5:1234::808:808' }] },
    paths: ['serviceClusterIPs[0].cidr', 'serviceExternalIPs[0].cidr'],
    says: ['(got "1.2.3.4"); append /32', 'append /128'],
  },
  { name: 'ranges', spec: { serviceClusterIPs: [{ cidr: '10.96.0.0/12' }, {}, null] } },
]);

testRule('BGPConfiguration', 'calico/configuration-name', 'warn', [
  { name: 'default', spec: {} },
  { name: 'of a node', metadataName: 'node.a', spec: {} },
  {
    name: 'another',
    metadataName: 'bgp',
    spec: {},
    paths: ['/metadata.name'],
    says: ['default or node.<name>'],
  },
]);

testRule('KubeControllersConfiguration', 'calico/configuration-name', 'warn', [
  { name: 'default', spec: { controllers: {} } },
  {
    name: 'of a node',
    metadataName: 'node.a',
    spec: { controllers: {} },
    paths: ['/metadata.name'],
    says: ['name it default'],
  },
]);

testRule('FelixConfiguration', 'calico/configuration-name', 'warn', [
  { name: 'of a node', metadataName: 'node.a', spec: {} },
  { name: 'another', metadataName: 'edge', spec: {}, paths: ['/metadata.name'] },
  { name: 'another with a selector', metadataName: 'edge', spec: { nodeSelector: 'all()' } },
]);
