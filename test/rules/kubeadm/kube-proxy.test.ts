import { testRules } from '../../support/rule-tester.ts';
import {
  clusterConfiguration,
  DOCUMENTS,
  initConfiguration,
  joinConfiguration,
  kubeProxy,
} from './documents.ts';

function row(name: string, body: object, ...found: string[]) {
  return { name, documents: [kubeProxy(body)], found };
}

const RULE = 'kubeadm/kube-proxy-setting';

testRules('names of a KubeProxyConfiguration', DOCUMENTS, {
  valid: [
    row('what kubeadm writes', {
      bindAddress: '0.0.0.0',
      clientConnection: { acceptContentTypes: '', burst: 0, contentType: '', kubeconfig: '/a', qps: 0 },
      clusterCIDR: '10.244.0.0/16',
      configSyncPeriod: '0s',
      conntrack: { maxPerCore: null, min: null, tcpCloseWaitTimeout: null, udpTimeout: '0s' },
      detectLocal: { bridgeInterface: '', interfaceNamePrefix: '' },
      featureGates: { NFTablesProxyMode: true },
      iptables: { localhostNodePorts: null, masqueradeBit: null, minSyncPeriod: '0s', syncPeriod: '0s' },
      ipvs: { excludeCIDRs: null, scheduler: '', strictARP: false, tcpTimeout: '0s' },
      logging: { flushFrequency: 0, options: { json: { infoBufferSize: '0' } }, verbosity: 0 },
      metricsBindAddress: '',
      mode: '',
      nodePortAddresses: null,
      oomScoreAdj: null,
      winkernel: { enableDSR: false, networkName: '' },
    }),
    row('fields of old releases', { resourceContainer: '', udpIdleTimeout: '0s', conntrack: { max: null } }),
  ],
  invalid: [
    row('a mode by the name of kOps', { proxyMode: 'ipvs' }, 'warn kubeadm/unknown-field proxyMode'),
    row('wrong case', { clusterCidr: '10.0.0.0/8' }, 'warn kubeadm/unknown-field clusterCidr'),
    row('in a section', { ipvs: { strictArp: true } }, 'warn kubeadm/unknown-field ipvs.strictArp'),
    row('a text as a switch', { ipvs: { strictARP: 'yes' } }, 'deny kubeadm/wrong-type ipvs.strictARP'),
    row('null as a duration', { configSyncPeriod: null }, 'deny kubeadm/wrong-type configSyncPeriod'),
  ],
});

testRules('values of a KubeProxyConfiguration', DOCUMENTS, {
  valid: [
    ...['iptables', 'ipvs', 'nftables', 'kernelspace', ''].map((mode) => row(`mode "${mode}"`, { mode })),
    ...['', 'NodeCIDR'].map((detectLocalMode) => row(`local "${detectLocalMode}"`, { detectLocalMode })),
    row('a bridge', { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'br0' } }),
    row('a space, which kube-proxy trims', { clusterCIDR: '10.244.0.0/16, fd00::/56' }),
    row('a range without effect', { detectLocalMode: 'NodeCIDR', clusterCIDR: 'x' }),
    row('dual-stack', { detectLocalMode: 'ClusterCIDR', clusterCIDR: '10.244.0.0/16,fd00::/56' }),
    row('an address without a port', { metricsBindAddress: '0.0.0.0', healthzBindAddress: '[::]:10256' }),
    row('the primary address', { nodePortAddresses: ['primary'] }),
    row('settings of another mode', { ipvs: { tcpTimeout: '-1s' }, nftables: { masqueradeBit: 40 } }),
  ],
  invalid: [
    row('another mode', { mode: 'IPVS' }, `warn ${RULE} mode`),
    row('a mode that was removed', { mode: 'userspace' }, `warn ${RULE} mode`),
    row('another local mode', { detectLocalMode: 'None' }, `warn ${RULE} detectLocalMode`),
    row('no bridge', { detectLocalMode: 'BridgeInterface' }, `warn ${RULE} detectLocal.bridgeInterface`),
    row('no range', { clusterCIDR: '10.244.0.0' }, `warn ${RULE} clusterCIDR`),
    ...['10.244.0.0', '10.244.0.0/16, fd00::/56', '10.0.0.0/16,10.1.0.0/16', '10.0.0.0/16,'].map(
      (clusterCIDR) =>
        row(
          `the range ${clusterCIDR}`,
          { detectLocalMode: 'ClusterCIDR', clusterCIDR },
          `warn ${RULE} clusterCIDR`,
        ),
    ),
    row('a port without an address', { metricsBindAddress: ':10249' }, `warn ${RULE} metricsBindAddress`),
    row('a name', { healthzBindAddress: 'localhost:10256' }, `warn ${RULE} healthzBindAddress`),
    row('an address and a port', { bindAddress: '0.0.0.0:1' }, `warn ${RULE} bindAddress`),
    row('null in a list', { nodePortAddresses: [null] }, `warn ${RULE} nodePortAddresses[0]`),
    row(
      'primary and a range',
      { nodePortAddresses: ['10.0.0.0/8', 'primary'] },
      `warn ${RULE} nodePortAddresses[1]`,
    ),
    row(
      'a range of IPVS',
      { mode: 'ipvs', ipvs: { excludeCIDRs: ['10.0.0.1'] } },
      `warn ${RULE} ipvs.excludeCIDRs[0]`,
    ),
    row('a negative number', { conntrack: { maxPerCore: -1 } }, `warn ${RULE} conntrack.maxPerCore`),
    row('a bit', { mode: 'ipvs', iptables: { masqueradeBit: 32 } }, `warn ${RULE} iptables.masqueradeBit`),
    row(
      'days',
      { conntrack: { tcpEstablishedTimeout: '1d' } },
      `deny ${RULE} conntrack.tcpEstablishedTimeout`,
    ),
    row('an empty duration', { ipvs: { syncPeriod: '' } }, `deny ${RULE} ipvs.syncPeriod`),
    row('a negative duration', { iptables: { syncPeriod: '-1s' } }, `warn ${RULE} iptables.syncPeriod`),
  ],
});

function configuration(name: string, body: object, ...found: string[]) {
  return { name, documents: [clusterConfiguration(body)], found };
}

function node(name: string, nodeRegistration: object, version: string, ...found: string[]) {
  return { name, documents: [initConfiguration({ nodeRegistration }, version)], found };
}

const ARGS = 'nodeRegistration.kubeletExtraArgs';

testRules('arguments of components', DOCUMENTS, {
  valid: [
    node('a map', { kubeletExtraArgs: { 'node-ip': '10.0.0.1' } }, 'v1beta3'),
    node('a list', { kubeletExtraArgs: [{ name: 'node-ip', value: '10.0.0.1' }] }, 'v1beta4'),
    node('nothing', { kubeletExtraArgs: null }, 'v1beta4'),
  ],
  invalid: [
    node('a list in v1beta3', { kubeletExtraArgs: [] }, 'v1beta3', `deny kubeadm/extra-args ${ARGS}`),
    node('a map in v1beta4', { kubeletExtraArgs: {} }, 'v1beta4', `deny kubeadm/extra-args ${ARGS}`),
    node(
      'no name',
      { kubeletExtraArgs: [{ value: 'x' }] },
      'v1beta4',
      `deny kubeadm/extra-args ${ARGS}[0].name`,
    ),
    node('a number', { kubeletExtraArgs: { v: 2 } }, 'v1beta3', `deny kubeadm/extra-args ${ARGS}.v`),
    node(
      'a number in a list',
      { kubeletExtraArgs: [{ name: 'v', value: 2 }] },
      'v1beta4',
      `deny kubeadm/extra-args ${ARGS}[0].value`,
    ),
    node('a text in a list', { kubeletExtraArgs: ['v=2'] }, 'v1beta4', `deny kubeadm/extra-args ${ARGS}[0]`),
    ...['apiServer', 'controllerManager', 'scheduler'].map((component) =>
      configuration(
        component,
        { [component]: { extraArgs: {} } },
        `deny kubeadm/extra-args ${component}.extraArgs`,
      ),
    ),
    configuration(
      'etcd',
      { etcd: { local: { extraArgs: {} } } },
      'deny kubeadm/extra-args etcd.local.extraArgs',
    ),
  ],
});

testRules('controlPlaneEndpoint', DOCUMENTS, {
  valid: [
    '',
    'api.example.com',
    'api.example.com:6443',
    '172.16.0.1:6443',
    '[fd00::1]:6443',
    'fd00::1',
    'a:',
  ].map((controlPlaneEndpoint) => configuration(`"${controlPlaneEndpoint}"`, { controlPlaneEndpoint })),
  invalid: [
    'https://a:6443',
    'API.example.com',
    'a:0',
    'a:65536',
    'a:x',
    ':6443',
    '[fd00::1]',
    'a/',
    'a b',
  ].map((controlPlaneEndpoint) =>
    configuration(
      controlPlaneEndpoint,
      { controlPlaneEndpoint },
      'deny kubeadm/control-plane-endpoint controlPlaneEndpoint',
    ),
  ),
});

testRules('bindPort', DOCUMENTS, {
  valid: [0, 6443, 65535].map((bindPort) => ({
    name: String(bindPort),
    documents: [initConfiguration({ localAPIEndpoint: { bindPort } })],
  })),
  invalid: [
    {
      name: 'too large',
      documents: [initConfiguration({ localAPIEndpoint: { bindPort: 65536 } })],
      found: ['deny kubeadm/bind-port localAPIEndpoint.bindPort'],
    },
    {
      name: 'negative',
      documents: [joinConfiguration({ controlPlane: { localAPIEndpoint: { bindPort: -1 } } })],
      found: ['deny kubeadm/bind-port controlPlane.localAPIEndpoint.bindPort'],
    },
    {
      name: 'another name',
      documents: [initConfiguration({ localAPIEndpoint: { port: 6443 } })],
      found: ['warn kubeadm/unknown-field localAPIEndpoint.port'],
    },
  ],
});

const DUAL_STACK = { featureGates: { IPv6DualStack: true } };
const GATE = 'warn kubeadm/feature-gates featureGates';

testRules('feature gates', DOCUMENTS, {
  valid: [
    configuration('a gate of 1.36', { featureGates: { NodeLocalCRISocket: true } }),
    configuration('a gate of an old release', { kubernetesVersion: 'v1.22.0', ...DUAL_STACK }),
  ],
  invalid: [
    configuration('a gate that was removed', DUAL_STACK, `${GATE}.IPv6DualStack`),
    configuration(
      'another case',
      { featureGates: { nodeLocalCRISocket: true } },
      `${GATE}.nodeLocalCRISocket`,
    ),
    configuration(
      'a gate of another component',
      { kubernetesVersion: 'v1.30.0', featureGates: { InPlacePodVerticalScaling: true } },
      `${GATE}.InPlacePodVerticalScaling`,
    ),
  ],
});

testRules('the flag for both families', DOCUMENTS, {
  invalid: [
    configuration(
      'which new releases do not read',
      {
        kubernetesVersion: 'v1.34.0',
        networking: { podSubnet: '10.244.0.0/25' },
        controllerManager: { extraArgs: [{ name: 'node-cidr-mask-size', value: '26' }] },
      },
      'deny kubeadm/subnet-size networking.podSubnet',
    ),
  ],
});

testRules('names of a ClusterConfiguration', DOCUMENTS, {
  valid: [
    configuration('all that are in use', {
      caCertificateValidityPeriod: '87600h',
      clusterName: 'a',
      encryptionAlgorithm: 'RSA-2048',
      imageRepository: 'registry.k8s.io',
    }),
    configuration('a name like no other', { somethingNew: true }),
  ],
  invalid: [
    configuration('wrong case', { Networking: {} }, 'warn kubeadm/unknown-field Networking'),
    configuration('a slip', { netwroking: {} }, 'warn kubeadm/unknown-field netwroking'),
    configuration('a range', { podSubnet: '10.0.0.0/8' }, 'warn kubeadm/unknown-field podSubnet'),
  ],
});
