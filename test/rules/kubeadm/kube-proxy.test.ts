import { testRules } from '../../support/rule-tester.ts';
import { DOCUMENTS, kubeProxy } from './documents.ts';

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
    row('another mode', { mode: 'IPVS' }, `deny ${RULE} mode`),
    row('a mode that was removed', { mode: 'userspace' }, `warn ${RULE} mode`),
    row('another local mode', { detectLocalMode: 'None' }, `deny ${RULE} detectLocalMode`),
    row('no bridge', { detectLocalMode: 'BridgeInterface' }, `deny ${RULE} detectLocal.bridgeInterface`),
    row('no range', { clusterCIDR: '10.244.0.0' }, `warn ${RULE} clusterCIDR`),
    ...['10.244.0.0', '10.244.0.0/16, fd00::/56', '10.0.0.0/16,10.1.0.0/16', '10.0.0.0/16,'].map(
      (clusterCIDR) =>
        row(
          `the range ${clusterCIDR}`,
          { detectLocalMode: 'ClusterCIDR', clusterCIDR },
          `deny ${RULE} clusterCIDR`,
        ),
    ),
    row('a port without an address', { metricsBindAddress: ':10249' }, `deny ${RULE} metricsBindAddress`),
    row('a name', { healthzBindAddress: 'localhost:10256' }, `deny ${RULE} healthzBindAddress`),
    row('an address and a port', { bindAddress: '0.0.0.0:1' }, `deny ${RULE} bindAddress`),
    row('null in a list', { nodePortAddresses: [null] }, `deny ${RULE} nodePortAddresses[0]`),
    row(
      'primary and a range',
      { nodePortAddresses: ['10.0.0.0/8', 'primary'] },
      `deny ${RULE} nodePortAddresses[1]`,
    ),
    row(
      'a range of IPVS',
      { mode: 'ipvs', ipvs: { excludeCIDRs: ['10.0.0.1'] } },
      `deny ${RULE} ipvs.excludeCIDRs[0]`,
    ),
    row('a negative number', { conntrack: { maxPerCore: -1 } }, `deny ${RULE} conntrack.maxPerCore`),
    row('a bit', { mode: 'ipvs', iptables: { masqueradeBit: 32 } }, `deny ${RULE} iptables.masqueradeBit`),
    row(
      'days',
      { conntrack: { tcpEstablishedTimeout: '1d' } },
      `deny ${RULE} conntrack.tcpEstablishedTimeout`,
    ),
    row('an empty duration', { ipvs: { syncPeriod: '' } }, `deny ${RULE} ipvs.syncPeriod`),
    row('a negative duration', { iptables: { syncPeriod: '-1s' } }, `deny ${RULE} iptables.syncPeriod`),
  ],
});
