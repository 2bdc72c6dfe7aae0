import { describe, expect, it } from 'vitest';
import { readMap, readString } from '../../../src/policy/json.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgementsOf, validate } from '../../support/judge.ts';
import { loadSchema } from '../../support/schemas.ts';
import { resource, testRule, testVerdicts } from './table.ts';

const range = (min: unknown, max: unknown) => ({ min, max });
const PATTERN = '^eth.*';

// The cases of Calico's own validator_test and of its CRD, one by one.
testVerdicts('FelixConfiguration', [
  { name: 'nothing', spec: {} },
  { name: 'iptablesBackend Legacy', spec: { iptablesBackend: 'Legacy' } },
  { name: 'iptablesBackend NFT', spec: { iptablesBackend: 'NFT' } },
  { name: 'iptablesBackend nft, as up to 3.31', spec: { iptablesBackend: 'nft' } },
  { name: 'iptablesBackend badVal', spec: { iptablesBackend: 'badVal' }, denied: ['iptablesBackend'] },
  { name: 'defaultEndpointToHostAction drop', spec: { defaultEndpointToHostAction: 'drop' } },
  {
    name: 'defaultEndpointToHostAction deny',
    spec: { defaultEndpointToHostAction: 'deny' },
    denied: ['defaultEndpointToHostAction'],
  },
  { name: 'iptablesFilterAllowAction Accept', spec: { iptablesFilterAllowAction: 'Accept' } },
  { name: 'iptablesFilterAllowAction ACCEPT', spec: { iptablesFilterAllowAction: 'ACCEPT' } },
  { name: 'iptablesMangleAllowAction Return', spec: { iptablesMangleAllowAction: 'Return' } },
  {
    name: 'iptablesMangleAllowAction Drop',
    spec: { iptablesMangleAllowAction: 'Drop' },
    denied: ['iptablesMangleAllowAction'],
  },
  { name: 'iptablesFilterDenyAction Reject', spec: { iptablesFilterDenyAction: 'Reject' } },
  {
    name: 'nftablesFilterDenyAction Accept',
    spec: { nftablesFilterDenyAction: 'Accept' },
    denied: ['nftablesFilterDenyAction'],
  },
  { name: 'awsSrcDstCheck Disable', spec: { awsSrcDstCheck: 'Disable' } },
  { name: 'awsSrcDstCheck enable', spec: { awsSrcDstCheck: 'enable' }, denied: ['awsSrcDstCheck'] },
  { name: 'awsSrcDstCheck empty', spec: { awsSrcDstCheck: '' }, denied: ['awsSrcDstCheck'] },
  { name: 'bpfLogLevel info', spec: { bpfLogLevel: 'info' } },
  { name: 'bpfLogLevel badVal', spec: { bpfLogLevel: 'badVal' }, denied: ['bpfLogLevel'] },
  { name: 'bpfLogLevel empty', spec: { bpfLogLevel: '' } },
  { name: 'bpfExternalServiceMode dsr', spec: { bpfExternalServiceMode: 'dsr' } },
  {
    name: 'bpfExternalServiceMode Foo',
    spec: { bpfExternalServiceMode: 'Foo' },
    denied: ['bpfExternalServiceMode'],
  },
  { name: 'bpfEnforceRPF LOOSE', spec: { bpfEnforceRPF: 'LOOSE' } },
  { name: 'bpfAttachType Netkit', spec: { bpfAttachType: 'Netkit' } },
  { name: 'bpfAttachType tc', spec: { bpfAttachType: 'tc' }, denied: ['bpfAttachType'] },
  { name: 'bpfRedirectToPeer L2Only, as up to 3.31', spec: { bpfRedirectToPeer: 'L2Only' } },
  { name: 'bpfConnectTimeLoadBalancing TCP', spec: { bpfConnectTimeLoadBalancing: 'TCP' } },
  {
    name: 'bpfConnectTimeLoadBalancing BadVal',
    spec: { bpfConnectTimeLoadBalancing: 'BadVal' },
    denied: ['bpfConnectTimeLoadBalancing'],
  },
  { name: 'nftablesMode Auto', spec: { nftablesMode: 'Auto' } },
  { name: 'nftablesMode enabled', spec: { nftablesMode: 'enabled' }, denied: ['nftablesMode'] },
  { name: 'programClusterRoutes EnabledIPIPOnly', spec: { programClusterRoutes: 'EnabledIPIPOnly' } },
  {
    name: 'programClusterRoutes Felix',
    spec: { programClusterRoutes: 'Felix' },
    denied: ['programClusterRoutes'],
  },
  { name: 'serviceLoopPrevention drop', spec: { serviceLoopPrevention: 'drop' } },
  {
    name: 'serviceLoopPrevention Deny',
    spec: { serviceLoopPrevention: 'Deny' },
    denied: ['serviceLoopPrevention'],
  },
  { name: 'logSeverityScreen Trace', spec: { logSeverityScreen: 'Trace' } },
  { name: 'logSeverityScreen badVal', spec: { logSeverityScreen: 'badVal' }, denied: ['logSeverityScreen'] },
  { name: 'logSeverityFile badVal', spec: { logSeverityFile: 'badVal' }, denied: ['logSeverityFile'] },
  { name: 'logSeveritySys Critical', spec: { logSeveritySys: 'Critical' }, denied: ['logSeveritySys'] },
  { name: 'workloadSourceSpoofing any', spec: { workloadSourceSpoofing: 'any' } },
  { name: 'null as a word', spec: { awsSrcDstCheck: null, bpfLogLevel: null } },
  { name: 'true as a word', spec: { floatingIPs: true }, denied: ['floatingIPs'] },

  { name: 'bpfExtToServiceConnmark 0', spec: { bpfExtToServiceConnmark: 0 } },
  { name: 'bpfExtToServiceConnmark of 32 bits', spec: { bpfExtToServiceConnmark: 0xffffffff } },
  {
    name: 'bpfExtToServiceConnmark of 33 bits',
    spec: { bpfExtToServiceConnmark: 0x100000000 },
    denied: ['bpfExtToServiceConnmark'],
  },
  {
    name: 'bpfExtToServiceConnmark -1',
    spec: { bpfExtToServiceConnmark: -1 },
    denied: ['bpfExtToServiceConnmark'],
  },
  { name: 'bpfKubeProxyHealthzPort 0', spec: { bpfKubeProxyHealthzPort: 0 } },
  {
    name: 'bpfKubeProxyHealthzPort 65536',
    spec: { bpfKubeProxyHealthzPort: 65536 },
    denied: ['bpfKubeProxyHealthzPort'],
  },
  {
    name: 'wireguardListeningPort 0',
    spec: { wireguardListeningPort: 0 },
    denied: ['wireguardListeningPort'],
  },
  { name: 'wireguardListeningPort', spec: { wireguardListeningPort: 12345 } },
  {
    name: 'wireguardListeningPortV6 99999',
    spec: { wireguardListeningPortV6: 99999 },
    denied: ['wireguardListeningPortV6'],
  },
  { name: 'wireguardRoutingRulePriority 32765', spec: { wireguardRoutingRulePriority: 32765 } },
  {
    name: 'wireguardRoutingRulePriority 32766',
    spec: { wireguardRoutingRulePriority: 32766 },
    denied: ['wireguardRoutingRulePriority'],
  },
  { name: 'iptablesMarkMask', spec: { iptablesMarkMask: 0xffff0000 } },
  {
    name: 'nftablesMarkMask of 33 bits',
    spec: { nftablesMarkMask: 0x100000000 },
    denied: ['nftablesMarkMask'],
  },
  {
    name: 'ipv4NormalRoutePriority 0',
    spec: { ipv4NormalRoutePriority: 0 },
    denied: ['ipv4NormalRoutePriority'],
  },
  { name: 'ipv6ElevatedRoutePriority', spec: { ipv6ElevatedRoutePriority: 2147483646 } },
  {
    name: 'bpfMaglevMaxServices 3001',
    spec: { bpfMaglevMaxServices: 3001 },
    denied: ['bpfMaglevMaxServices'],
  },
  { name: 'goGCThreshold -1', spec: { goGCThreshold: -1 } },
  { name: 'goGCThreshold -2', spec: { goGCThreshold: -2 }, denied: ['goGCThreshold'] },
  {
    name: 'logActionRateLimitBurst 10000',
    spec: { logActionRateLimitBurst: 10000 },
    denied: ['logActionRateLimitBurst'],
  },
  { name: 'ipipMTU -1', spec: { ipipMTU: -1 }, denied: ['ipipMTU'] },
  { name: 'ipipMTU 0', spec: { ipipMTU: 0 } },
  { name: 'vxlanPort 70000', spec: { vxlanPort: 70000 }, denied: ['vxlanPort'] },
  { name: 'vxlanVNI of 25 bits', spec: { vxlanVNI: 0x1000000 }, denied: ['vxlanVNI'] },
  { name: 'text as number', spec: { vxlanPort: '4789' }, denied: ['vxlanPort'] },

  { name: 'bpfDataIfacePattern *', spec: { bpfDataIfacePattern: '*' }, denied: ['bpfDataIfacePattern'] },
  { name: 'bpfDataIfacePattern eth.*', spec: { bpfDataIfacePattern: 'eth.*' } },
  { name: 'bpfDataIfacePattern (', spec: { bpfDataIfacePattern: '(' }, denied: ['bpfDataIfacePattern'] },
  { name: 'a lookahead', spec: { bpfL3IfacePattern: '(?!cali).*' }, denied: ['bpfL3IfacePattern'] },
  { name: 'mtuIfacePattern *', spec: { mtuIfacePattern: '*' }, denied: ['mtuIfacePattern'] },
  { name: 'mtuIfacePattern eth.*', spec: { mtuIfacePattern: 'eth.*' } },
  {
    name: 'logDebugFilenameRegex [',
    spec: { logDebugFilenameRegex: '[' },
    denied: ['logDebugFilenameRegex'],
  },
  { name: 'an empty pattern', spec: { bpfDisableGROForIfaces: '' } },

  { name: 'a duration', spec: { iptablesRefreshInterval: '1m30s' } },
  { name: 'an empty duration', spec: { iptablesRefreshInterval: '' } },
  { name: 'a fraction', spec: { iptablesRefreshInterval: '1.5s' }, denied: ['iptablesRefreshInterval'] },
  { name: 'no unit', spec: { netlinkTimeout: '10' }, denied: ['netlinkTimeout'] },
  { name: 'a negative duration', spec: { netlinkTimeout: '-10s' }, denied: ['netlinkTimeout'] },
  { name: 'days', spec: { usageReportingInterval: '1d' }, denied: ['usageReportingInterval'] },
  { name: 'microseconds', spec: { netlinkTimeout: '100us' }, denied: ['netlinkTimeout'] },
  { name: 'a number as duration', spec: { netlinkTimeout: 10 }, denied: ['netlinkTimeout'] },
  { name: 'the field with the right pattern', spec: { liveMigrationRouteConvergenceTime: '1.5s' } },
  { name: 'a field without pattern', spec: { nftablesRefreshInterval: '1.5s' } },
  {
    name: 'no duration without pattern',
    spec: { nftablesRefreshInterval: 'soon' },
    denied: ['nftablesRefreshInterval'],
  },
  {
    name: 'timeouts of connections',
    spec: { bpfConntrackTimeouts: { tcpEstablished: 'Auto', udpTimeout: '60s', tcpSynSent: '1h2m' } },
  },
  {
    name: 'wrong timeouts of connections',
    spec: { bpfConntrackTimeouts: { tcpEstablished: 'auto', udpTimeout: '60', genericTimeout: '1,5s' } },
    denied: [
      'bpfConntrackTimeouts.tcpEstablished',
      'bpfConntrackTimeouts.udpTimeout',
      'bpfConntrackTimeouts.genericTimeout',
    ],
  },
  {
    name: 'fractions in timeouts of connections, whose pattern has the dot right',
    spec: {
      bpfConntrackTimeouts: {
        creationGracePeriod: '1.5s',
        genericTimeout: '0.5h',
        icmpTimeout: '.5s',
        tcpEstablished: '1h0.5m',
        tcpFinsSeen: '1.5m30.5s',
        tcpResetSeen: '2.25ms',
        tcpSynSent: '1.s',
        udpTimeout: '1.5us',
      },
    },
  },
  {
    name: 'what only looks like a fraction',
    spec: {
      bpfConntrackTimeouts: {
        udpTimeout: '1.5',
        icmpTimeout: '1.5.5s',
        tcpSynSent: '1.5ns',
        genericTimeout: '+1.5s',
      },
    },
    denied: [
      'bpfConntrackTimeouts.udpTimeout',
      'bpfConntrackTimeouts.icmpTimeout',
      'bpfConntrackTimeouts.tcpSynSent',
      'bpfConntrackTimeouts.genericTimeout',
    ],
  },
  { name: 'a watchdog', spec: { healthTimeoutOverrides: [{ name: 'Valid', timeout: '0s' }] } },
  {
    name: 'a negative watchdog',
    spec: { healthTimeoutOverrides: [{ name: 'Valid', timeout: '-1ns' }] },
    denied: ['healthTimeoutOverrides[0].timeout'],
  },
  {
    name: 'watchdogs of nobody',
    spec: {
      healthTimeoutOverrides: [
        { name: '%', timeout: '10s' },
        { name: '', timeout: '10s' },
        { timeout: '10s' },
      ],
    },
    denied: [
      'healthTimeoutOverrides[0].name',
      'healthTimeoutOverrides[1].name',
      'healthTimeoutOverrides[2].name',
    ],
  },

  { name: 'external nodes', spec: { externalNodesList: ['1.1.1.1', '1.1.1.2/32', '1.1.3.0/23'] } },
  {
    name: 'no external nodes',
    spec: { externalNodesList: ['foobar', '1.1.1.1'] },
    denied: ['externalNodesList[0]'],
  },
  {
    name: 'external nodes with IPv6',
    spec: { externalNodesList: ['abcd::1', 'abef::2/128'] },
    denied: ['externalNodesList[0]', 'externalNodesList[1]'],
  },
  { name: 'natOutgoingAddress', spec: { natOutgoingAddress: '10.0.0.1' } },
  {
    name: 'natOutgoingAddress IPv6',
    spec: { natOutgoingAddress: 'fd00::1' },
    denied: ['natOutgoingAddress'],
  },
  {
    name: 'natOutgoingAddress no address',
    spec: { natOutgoingAddress: 'not-an-ip' },
    denied: ['natOutgoingAddress'],
  },
  { name: 'natOutgoingAddress empty', spec: { natOutgoingAddress: '' } },
  {
    name: 'deviceRouteSourceAddress IPv6',
    spec: { deviceRouteSourceAddress: 'fd00::1' },
    denied: ['deviceRouteSourceAddress'],
  },
  { name: 'deviceRouteSourceAddressIPv6', spec: { deviceRouteSourceAddressIPv6: 'fd00::1' } },
  {
    name: 'deviceRouteSourceAddressIPv6 IPv4',
    spec: { deviceRouteSourceAddressIPv6: '10.0.0.1' },
    denied: ['deviceRouteSourceAddressIPv6'],
  },
  {
    name: 'ranges of eBPF',
    spec: { bpfDSROptoutCIDRs: ['10.0.0.0/8', 'fd00::/8'], bpfExcludeCIDRsFromNAT: ['169.254.20.10/32'] },
  },
  {
    name: 'no range of eBPF',
    spec: { bpfExcludeCIDRsFromNAT: ['10.0.0.0/40'] },
    denied: ['bpfExcludeCIDRsFromNAT[0]'],
  },

  { name: 'openstackRegion', spec: { openstackRegion: 'foo' } },
  { name: 'openstackRegion empty', spec: { openstackRegion: '' } },
  { name: 'openstackRegion FOO', spec: { openstackRegion: 'FOO' }, denied: ['openstackRegion'] },
  {
    name: 'openstackRegion too long',
    spec: { openstackRegion: 'my-region-has-a-very-long-and-extremely-interesting-name' },
    denied: ['openstackRegion'],
  },
  { name: 'iptablesNATOutgoingInterfaceFilter', spec: { iptablesNATOutgoingInterfaceFilter: 'cali-123' } },
  {
    name: 'iptablesNATOutgoingInterfaceFilter cali@123',
    spec: { iptablesNATOutgoingInterfaceFilter: 'cali@123' },
    denied: ['iptablesNATOutgoingInterfaceFilter'],
  },
  { name: 'wireguardInterfaceName', spec: { wireguardInterfaceName: 'wireguard.cali' } },
  {
    name: 'wireguardInterfaceName of 16',
    spec: { wireguardInterfaceName: 'wireguard-calico' },
    denied: ['wireguardInterfaceName'],
  },
  { name: 'prometheusMetricsHost', spec: { prometheusMetricsHost: '::1' } },
  {
    name: 'prometheusMetricsHost with a slash',
    spec: { prometheusMetricsHost: 'a/b' },
    denied: ['prometheusMetricsHost'],
  },
  {
    name: 'featureDetectOverride',
    spec: { featureDetectOverride: 'SNATFullyRandom=true,MASQFullyRandom=false,X=' },
  },
  {
    name: 'featureDetectOverride on',
    spec: { featureDetectOverride: 'SNATFullyRandom=on' },
    denied: ['featureDetectOverride'],
  },
  { name: 'logActionRateLimit', spec: { logActionRateLimit: '10/second' } },
  { name: 'logActionRateLimit 0', spec: { logActionRateLimit: '0/second' }, denied: ['logActionRateLimit'] },
  {
    name: 'logActionRateLimit a week',
    spec: { logActionRateLimit: '10/week' },
    denied: ['logActionRateLimit'],
  },
  { name: 'bpfForceTrackPacketsFromIfaces', spec: { bpfForceTrackPacketsFromIfaces: ['docker+'] } },

  { name: 'routeTableRange', spec: { routeTableRange: range(1, 250) } },
  { name: 'routeTableRange of one', spec: { routeTableRange: range(8, 8) } },
  { name: 'routeTableRange from 0', spec: { routeTableRange: range(0, 250) }, denied: ['routeTableRange'] },
  { name: 'routeTableRange from -5', spec: { routeTableRange: range(-5, 250) }, denied: ['routeTableRange'] },
  { name: 'routeTableRange reversed', spec: { routeTableRange: range(50, 45) }, denied: ['routeTableRange'] },
  { name: 'routeTableRange to 253', spec: { routeTableRange: range(1, 253) }, denied: ['routeTableRange'] },
  {
    name: 'routeTableRange without max',
    spec: { routeTableRange: { min: 1 } },
    denied: ['routeTableRange.max'],
  },
  { name: 'routeTableRanges', spec: { routeTableRanges: [range(1, 10000)] } },
  { name: 'routeTableRanges of one', spec: { routeTableRanges: [range(8, 8), range(7, 7)] } },
  {
    name: 'routeTableRanges from 0',
    spec: { routeTableRanges: [range(0, 250)] },
    denied: ['routeTableRanges[0]'],
  },
  {
    name: 'routeTableRanges reversed',
    spec: { routeTableRanges: [range(1, 2), range(50, 45)] },
    denied: ['routeTableRanges[1]'],
  },
  {
    name: 'routeTableRanges to what does not exist',
    spec: { routeTableRanges: [range(1, 0xf00000000)] },
    denied: ['routeTableRanges[0]', 'routeTableRanges'],
  },
  { name: 'as many tables as there may be', spec: { routeTableRanges: [range(1, 65535)] } },
  { name: 'too many tables', spec: { routeTableRanges: [range(1, 0x10000)] }, denied: ['routeTableRanges'] },
  {
    name: 'too many tables in all',
    spec: { routeTableRanges: [range(1, 2), range(3, 4), range(5, 0x10000)] },
    denied: ['routeTableRanges'],
  },
  {
    name: 'both',
    spec: { routeTableRange: range(1, 250), routeTableRanges: [range(1, 250)] },
    denied: ['routeTableRange'],
  },

  { name: 'node ports', spec: { kubeNodePortRanges: ['30000:32767', 15000, '16000'] } },
  {
    name: 'too many node ports',
    spec: { kubeNodePortRanges: [1, 2, 3, 4, 5, 6, 7, 8] },
    denied: ['kubeNodePortRanges'],
  },
  {
    name: 'a named node port',
    spec: { kubeNodePortRanges: ['testport'] },
    denied: ['kubeNodePortRanges[0]'],
  },
  {
    name: 'node ports with a dash',
    spec: { kubeNodePortRanges: ['30000-32767'] },
    denied: ['kubeNodePortRanges[0]'],
  },
  {
    name: 'node ports reversed',
    spec: { kubeNodePortRanges: ['32767:30000'] },
    denied: ['kubeNodePortRanges[0]'],
  },
  { name: 'natPortRange', spec: { natPortRange: '32768:65535', bpfPSNATPorts: 20000 } },
  { name: 'natPortRange to 99999', spec: { natPortRange: '1:99999' }, denied: ['natPortRange'] },
  {
    name: 'ports that stay open',
    spec: {
      failsafeInboundHostPorts: [{ protocol: 'TCP', port: 22 }, { protocol: 'udp', port: 68 }, { port: 0 }],
      failsafeOutboundHostPorts: [{ protocol: 'SCTP', port: 20, net: '10.0.0.0/8' }],
    },
  },
  {
    name: 'ports of nothing',
    spec: {
      failsafeInboundHostPorts: [{ protocol: 'jolly-UDP', port: 1 }],
      failsafeOutboundHostPorts: [{ protocol: 'TCP' }, { protocol: 'TCP', port: 70000 }],
    },
    denied: [
      'failsafeInboundHostPorts[0].protocol',
      'failsafeOutboundHostPorts[0].port',
      'failsafeOutboundHostPorts[1].port',
    ],
  },
  { name: 'nodeSelector on default', spec: { nodeSelector: 'all()' }, denied: ['nodeSelector'] },
  { name: 'eBPF with a pattern', spec: { bpfEnabled: true, bpfDataIfacePattern: PATTERN } },
  { name: 'text as switch', spec: { bpfEnabled: 'true' }, denied: ['bpfEnabled'] },
  { name: 'text as list', spec: { externalNodesList: '1.1.1.1' }, denied: ['externalNodesList'] },
  { name: 'a field of a newer Calico', spec: { quantumTunnelling: 'Enabled' } },
]);

testRule('FelixConfiguration', 'calico/felix-duration', 'warn', [
  {
    name: 'a text that is no duration anybody writes',
    spec: {
      netlinkTimeout: '1s'.repeat(500_000),
      bpfConntrackTimeouts: { udpTimeout: `${'s'.repeat(1_000_000)}x` },
    },
    paths: ['netlinkTimeout', 'bpfConntrackTimeouts.udpTimeout'],
    says: ['too long to be looked at'],
  },
]);

testRule('FelixConfiguration', 'calico/felix-duration', 'deny', [
  {
    name: 'a fraction that has whole milliseconds',
    spec: { reportingInterval: '1.1s' },
    paths: ['reportingInterval'],
    says: ['takes no fractions of a duration (got "1.1s"); write 1100ms'],
  },
  {
    name: 'a reason that is true of the field',
    spec: { liveMigrationRouteConvergenceTime: '.5s', bpfConntrackTimeouts: { udpTimeout: '+1.5s' } },
    paths: ['liveMigrationRouteConvergenceTime', 'bpfConntrackTimeouts.udpTimeout'],
    says: [
      'not spelt as the CRD takes it (got ".5s"); write 500ms',
      'not spelt as the CRD takes it (got "+1.5s"); write 1500ms',
    ],
  },
  {
    name: 'a fraction of a minute',
    spec: { reportingInterval: '1.5m' },
    paths: ['reportingInterval'],
    says: ['write 90000ms'],
  },
  {
    name: 'less than a millisecond',
    spec: { reportingInterval: '0.0001s' },
    paths: ['reportingInterval'],
    says: ['write one such as 90s or 1m30s'],
  },
]);

testRule('FelixConfiguration', 'calico/felix-node-selector', 'deny', [
  {
    name: 'on default',
    spec: { nodeSelector: 'has(edge)' },
    paths: ['nodeSelector'],
    says: ['"default" is for all nodes'],
  },
  {
    name: 'on a node',
    metadataName: 'node.a',
    spec: { nodeSelector: 'has(edge)' },
    paths: ['nodeSelector'],
    says: ['"node.a" is for one node'],
  },
  { name: 'on another', metadataName: 'edge', spec: { nodeSelector: 'has(edge)' } },
  {
    name: 'one that cannot be read',
    metadataName: 'edge',
    spec: { nodeSelector: 'edge=true' },
    paths: ['nodeSelector'],
    says: ['not an operator of selectors'],
  },
  {
    name: 'too long',
    metadataName: 'edge',
    spec: { nodeSelector: 'a'.repeat(1025) },
    paths: ['nodeSelector'],
  },
  { name: 'null', spec: { nodeSelector: null } },
]);

testRule('FelixConfiguration', 'calico/felix-ebpf-forwarding', 'warn', [
  { name: 'forwarding off', spec: { bpfEnabled: true, ipForwarding: 'Disabled' }, paths: ['ipForwarding'] },
  { name: 'neither', spec: { bpfEnabled: true, ipForwarding: 'Disabled', bpfEnforceRPF: 'disabled' } },
  {
    name: 'a check that stays',
    spec: { bpfEnabled: true, ipForwarding: 'Disabled', bpfEnforceRPF: 'Strict' },
    paths: ['ipForwarding'],
  },
  { name: 'forwarding on', spec: { bpfEnabled: true, ipForwarding: 'Enabled' } },
  { name: 'without eBPF', spec: { ipForwarding: 'Disabled' } },
]);

testRule('FelixConfiguration', 'calico/felix-without-effect', 'warn', [
  {
    name: 'eBPF switched off',
    spec: { bpfEnabled: false, bpfExternalServiceMode: 'DSR', bpfKubeProxyHealthzPort: 0 },
    paths: ['bpfExternalServiceMode', 'bpfKubeProxyHealthzPort'],
    says: ['while bpfEnabled is false (got "DSR")'],
  },
  { name: 'eBPF not mentioned: the operator may switch it on', spec: { bpfExternalServiceMode: 'DSR' } },
  { name: 'eBPF on', spec: { bpfEnabled: true, bpfExternalServiceMode: 'DSR' } },
  { name: 'WireGuard off', spec: { wireguardEnabled: false, wireguardMTU: 1440 }, paths: ['wireguardMTU'] },
  { name: 'WireGuard off for IPv6 only', spec: { wireguardEnabledV6: false, wireguardMTU: 1440 } },
  {
    name: 'WireGuard off for both',
    spec: { wireguardEnabled: false, wireguardEnabledV6: false, wireguardHostEncryptionEnabled: true },
    paths: ['wireguardHostEncryptionEnabled'],
  },
  {
    name: 'host encryption off as well',
    spec: { wireguardEnabled: false, wireguardEnabledV6: false, wireguardHostEncryptionEnabled: false },
  },
  {
    name: 'metrics off',
    spec: { prometheusMetricsEnabled: false, prometheusMetricsPort: 9091 },
    paths: ['prometheusMetricsPort'],
  },
]);

testRule('FelixConfiguration', 'calico/felix-wireguard-ipv6', 'warn', [
  { name: 'IPv6', spec: { wireguardEnabled: true, ipv6Support: true }, paths: ['wireguardEnabledV6'] },
  {
    name: 'settings for IPv6',
    spec: { wireguardEnabled: true, wireguardMTUV6: 1420 },
    paths: ['wireguardEnabledV6'],
  },
  { name: 'IPv6 on', spec: { wireguardEnabled: true, ipv6Support: true, wireguardEnabledV6: true } },
  { name: 'IPv6 decided', spec: { wireguardEnabled: true, ipv6Support: true, wireguardEnabledV6: false } },
  { name: 'nothing of IPv6', spec: { wireguardEnabled: true } },
  { name: 'no WireGuard', spec: { ipv6Support: true } },
]);

testRule('FelixConfiguration', 'calico/felix-unusual-mtu', 'warn', [
  { name: 'too small', spec: { wireguardMTU: 1279 }, paths: ['wireguardMTU'], says: ['below 1280'] },
  {
    name: 'too large',
    spec: { ipipMTU: 9217 },
    paths: ['ipipMTU'],
    says: ['more than networks usually carry'],
  },
  { name: 'fine', spec: { ipipMTU: 1280, vxlanMTU: 9216, vxlanMTUV6: 0 } },
  { name: 'impossible, which another rule refuses', spec: { ipipMTU: -1, vxlanMTU: 70000 } },
]);

testRule('FelixConfiguration', 'calico/felix-disruptive-change', 'warn', [
  {
    name: 'eBPF on',
    spec: { bpfEnabled: true },
    old: {},
    paths: ['bpfEnabled'],
    says: ['changed from false (got true)'],
  },
  {
    name: 'eBPF off',
    spec: {},
    old: { bpfEnabled: true },
    paths: ['bpfEnabled'],
    says: ['changed from true; plan'],
  },
  { name: 'the default, written', spec: { bpfEnabled: false, vxlanPort: 4789 }, old: { logPrefix: 'x' } },
  {
    name: 'VXLAN',
    spec: { vxlanPort: 8472, vxlanVNI: 1 },
    old: {},
    paths: ['vxlanPort', 'vxlanVNI'],
    says: ['changed from 4789 (got 8472)', 'changed from 4096 (got 1)'],
  },
  {
    name: 'nftables from one to the other',
    spec: { nftablesMode: 'Enabled' },
    old: { nftablesMode: 'Disabled' },
    paths: ['nftablesMode'],
  },
  { name: 'nftables, of which the default is not known', spec: { nftablesMode: 'Enabled' }, old: {} },
  { name: 'WireGuard', spec: { wireguardEnabled: true }, old: {}, paths: ['wireguardEnabled'] },
  { name: 'a new object', spec: { bpfEnabled: true } },
  { name: 'something else', spec: { bpfEnabled: true, logPrefix: 'x' }, old: { bpfEnabled: true } },
  { name: 'no scalar', spec: { bpfEnabled: {} }, old: {} },
]);

testRule('FelixConfiguration', 'calico/felix-ebpf-interfaces', 'audit', [
  {
    name: 'the default',
    spec: { bpfEnabled: true },
    paths: ['bpfDataIfacePattern'],
    says: ['the default pattern matches'],
  },
  {
    name: 'an empty pattern',
    spec: { bpfEnabled: true, bpfDataIfacePattern: '' },
    paths: ['bpfDataIfacePattern'],
  },
  {
    name: 'everything',
    spec: { bpfEnabled: true, bpfDataIfacePattern: '.*' },
    paths: ['bpfDataIfacePattern'],
    says: ['(got ".*")'],
  },
  {
    name: 'en, unanchored',
    spec: { bpfEnabled: true, bpfDataIfacePattern: 'en' },
    paths: ['bpfDataIfacePattern'],
  },
  { name: 'eth', spec: { bpfEnabled: true, bpfDataIfacePattern: '^eth.*' } },
  {
    name: 'as provider-azure writes it',
    spec: { bpfEnabled: true, bpfDataIfacePattern: '^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan).*)' },
  },
  { name: 'a pattern that cannot be compiled', spec: { bpfEnabled: true, bpfDataIfacePattern: '(' } },
  {
    name: 'a pattern that takes time',
    spec: { bpfEnabled: true, bpfDataIfacePattern: '(e{0,1000}){0,1000}' },
  },
  { name: 'eBPF off', spec: {} },
]);

describe('a field of the schema that is a duration', () => {
  const registry = loadRegistry();
  const fields = Object.entries(
    readMap(loadSchema('felix-configuration'), 'properties', 'spec', 'properties') ?? {},
  );
  const durations = fields.filter(([, each]) => readString(each, 'description')?.includes('A duration'));

  it.each(durations.map(([name]) => name))('%s', (name) => {
    const { judgements } = validate(registry, { object: resource('FelixConfiguration', { [name]: 'soon' }) });
    expect(judgements.map(({ rule, action }) => `${action} ${rule}`)).toEqual(['deny calico/felix-duration']);
  });
});

describe('corrections of Felix', () => {
  const registry = loadRegistry();
  it.each([
    {
      spec: { netlinkTimeout: '1.5s' },
      rule: 'calico/felix-duration',
      fix: { kind: 'replace', value: '1500ms' },
    },
    {
      spec: { awsSrcDstCheck: 'disable' },
      rule: 'calico/felix-word',
      fix: { kind: 'replace', value: 'Disable' },
    },
    { spec: { bpfEnable: true }, rule: 'calico/misspelt-field', fix: { kind: 'rename', to: 'bpfEnabled' } },
    { spec: { bpfEnabled: 'true' }, rule: 'calico/wrong-type', fix: { kind: 'replace', value: true } },
  ])('$rule', ({ spec, rule, fix }) => {
    const [found] = judgementsOf(validate(registry, { object: resource('FelixConfiguration', spec) }), rule);
    expect(found?.fix).toEqual(fix);
  });
});
