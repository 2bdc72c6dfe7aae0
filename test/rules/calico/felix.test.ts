import { describe, expect, it } from 'vitest';
import { readMap, readString } from '../../../src/policy/json.ts';
import { findingsOf, validate } from '../../support/evaluate.ts';
import { registry } from '../../support/registry.ts';
import { testRule, testRules } from '../../support/rule-tester.ts';
import { loadSchema } from '../../support/schemas.ts';
import { calico, resource } from './base.ts';

const range = (min: unknown, max: unknown) => ({ min, max });
const PATTERN = '^eth.*';

// The cases of Calico's own validator_test and of its CRD, one by one.
testRules('the findings of a FelixConfiguration', calico('FelixConfiguration'), {
  valid: [
    { name: 'nothing', spec: {} },
    { name: 'iptablesBackend Legacy', spec: { iptablesBackend: 'Legacy' } },
    { name: 'iptablesBackend NFT', spec: { iptablesBackend: 'NFT' } },
    { name: 'defaultEndpointToHostAction drop', spec: { defaultEndpointToHostAction: 'drop' } },
    { name: 'iptablesFilterAllowAction Accept', spec: { iptablesFilterAllowAction: 'Accept' } },
    { name: 'iptablesFilterAllowAction ACCEPT', spec: { iptablesFilterAllowAction: 'ACCEPT' } },
    { name: 'iptablesMangleAllowAction Return', spec: { iptablesMangleAllowAction: 'Return' } },
    { name: 'iptablesFilterDenyAction Reject', spec: { iptablesFilterDenyAction: 'Reject' } },
    { name: 'awsSrcDstCheck Disable', spec: { awsSrcDstCheck: 'Disable' } },
    { name: 'bpfLogLevel info', spec: { bpfLogLevel: 'info' } },
    { name: 'bpfLogLevel empty', spec: { bpfLogLevel: '' } },
    { name: 'bpfExternalServiceMode dsr', spec: { bpfExternalServiceMode: 'dsr' } },
    { name: 'bpfEnforceRPF LOOSE', spec: { bpfEnforceRPF: 'LOOSE' } },
    { name: 'bpfAttachType Netkit', spec: { bpfAttachType: 'Netkit' } },
    { name: 'bpfRedirectToPeer L2Only, as up to 3.31', spec: { bpfRedirectToPeer: 'L2Only' } },
    { name: 'bpfConnectTimeLoadBalancing TCP', spec: { bpfConnectTimeLoadBalancing: 'TCP' } },
    { name: 'nftablesMode Auto', spec: { nftablesMode: 'Auto' } },
    { name: 'programClusterRoutes EnabledIPIPOnly', spec: { programClusterRoutes: 'EnabledIPIPOnly' } },
    { name: 'logSeverityScreen Trace', spec: { logSeverityScreen: 'Trace' } },
    { name: 'null as a word', spec: { awsSrcDstCheck: null, bpfLogLevel: null } },
    { name: 'bpfExtToServiceConnmark 0', spec: { bpfExtToServiceConnmark: 0 } },
    { name: 'bpfExtToServiceConnmark of 32 bits', spec: { bpfExtToServiceConnmark: 0xffffffff } },
    { name: 'bpfKubeProxyHealthzPort 0', spec: { bpfKubeProxyHealthzPort: 0 } },
    { name: 'wireguardListeningPort', spec: { wireguardListeningPort: 12345 } },
    { name: 'wireguardRoutingRulePriority 32765', spec: { wireguardRoutingRulePriority: 32765 } },
    { name: 'iptablesMarkMask', spec: { iptablesMarkMask: 0xffff0000 } },
    { name: 'ipv6ElevatedRoutePriority', spec: { ipv6ElevatedRoutePriority: 2147483646 } },
    { name: 'goGCThreshold -1', spec: { goGCThreshold: -1 } },
    { name: 'ipipMTU 0', spec: { ipipMTU: 0 } },
    { name: 'bpfDataIfacePattern eth.*', spec: { bpfDataIfacePattern: 'eth.*' } },
    { name: 'mtuIfacePattern eth.*', spec: { mtuIfacePattern: 'eth.*' } },
    { name: 'an empty pattern', spec: { bpfDisableGROForIfaces: '' } },
    { name: 'a duration', spec: { iptablesRefreshInterval: '1m30s' } },
    { name: 'the field with the right pattern', spec: { liveMigrationRouteConvergenceTime: '1.5s' } },
    { name: 'a field without pattern', spec: { nftablesRefreshInterval: '1.5s' } },
    {
      name: 'timeouts of connections',
      spec: { bpfConntrackTimeouts: { tcpEstablished: 'Auto', udpTimeout: '60s', tcpSynSent: '1h2m' } },
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
    { name: 'a watchdog', spec: { healthTimeoutOverrides: [{ name: 'Valid', timeout: '0s' }] } },
    { name: 'external nodes', spec: { externalNodesList: ['1.1.1.1', '1.1.1.2/32', '1.1.3.0/23'] } },
    { name: 'natOutgoingAddress', spec: { natOutgoingAddress: '10.0.0.1' } },
    { name: 'natOutgoingAddress empty', spec: { natOutgoingAddress: '' } },
    { name: 'deviceRouteSourceAddressIPv6', spec: { deviceRouteSourceAddressIPv6: 'fd00::1' } },
    {
      name: 'ranges of eBPF',
      spec: { bpfDSROptoutCIDRs: ['10.0.0.0/8', 'fd00::/8'], bpfExcludeCIDRsFromNAT: ['169.254.20.10/32'] },
    },
    { name: 'openstackRegion', spec: { openstackRegion: 'foo' } },
    { name: 'openstackRegion empty', spec: { openstackRegion: '' } },
    { name: 'iptablesNATOutgoingInterfaceFilter', spec: { iptablesNATOutgoingInterfaceFilter: 'cali-123' } },
    { name: 'wireguardInterfaceName', spec: { wireguardInterfaceName: 'wireguard.cali' } },
    { name: 'prometheusMetricsHost', spec: { prometheusMetricsHost: '::1' } },
    {
      name: 'featureDetectOverride',
      spec: { featureDetectOverride: 'SNATFullyRandom=true,MASQFullyRandom=false,X=' },
    },
    { name: 'logActionRateLimit', spec: { logActionRateLimit: '10/second' } },
    { name: 'bpfForceTrackPacketsFromIfaces', spec: { bpfForceTrackPacketsFromIfaces: ['docker+'] } },
    { name: 'routeTableRange', spec: { routeTableRange: range(1, 250) } },
    { name: 'routeTableRange of one', spec: { routeTableRange: range(8, 8) } },
    { name: 'routeTableRanges', spec: { routeTableRanges: [range(1, 10000)] } },
    { name: 'routeTableRanges of one', spec: { routeTableRanges: [range(8, 8), range(7, 7)] } },
    { name: 'as many tables as there may be', spec: { routeTableRanges: [range(1, 65535)] } },
    { name: 'node ports', spec: { kubeNodePortRanges: ['30000:32767', 15000, '16000'] } },
    { name: 'natPortRange', spec: { natPortRange: '32768:65535', bpfPSNATPorts: 20000 } },
    {
      name: 'ports that stay open',
      spec: {
        failsafeInboundHostPorts: [{ protocol: 'TCP', port: 22 }, { protocol: 'udp', port: 68 }, { port: 0 }],
        failsafeOutboundHostPorts: [{ protocol: 'SCTP', port: 20, net: '10.0.0.0/8' }],
      },
    },
    { name: 'eBPF with a pattern', spec: { bpfEnabled: true, bpfDataIfacePattern: PATTERN } },
    { name: 'a field of a newer Calico', spec: { quantumTunnelling: 'Enabled' } },
  ],
  invalid: [
    {
      name: 'a word, a range of ports and a field that there is not',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: FelixConfiguration
        metadata:
          name: default
        spec:
          awsSrcDstCheck: enable
                          ^^^^^^
          kubeNodePortRanges:
          - 30000:32767
          - 30000-32767
            ^^^^^^^^^^^
          bpfEnable: true
          ^^^^^^^^^
      `,
      found: [
        'deny calico/felix-word spec.awsSrcDstCheck',
        'deny calico/felix-port spec.kubeNodePortRanges[1]',
        'warn calico/misspelt-field spec.bpfEnable',
      ],
    },
    {
      name: 'iptablesBackend badVal',
      spec: { iptablesBackend: 'badVal' },
      found: ['deny calico/felix-word spec.iptablesBackend'],
    },
    {
      name: 'defaultEndpointToHostAction deny',
      spec: { defaultEndpointToHostAction: 'deny' },
      found: ['deny calico/felix-word spec.defaultEndpointToHostAction'],
    },
    {
      name: 'iptablesMangleAllowAction Drop',
      spec: { iptablesMangleAllowAction: 'Drop' },
      found: ['deny calico/felix-word spec.iptablesMangleAllowAction'],
    },
    {
      name: 'nftablesFilterDenyAction Accept',
      spec: { nftablesFilterDenyAction: 'Accept' },
      found: ['deny calico/felix-word spec.nftablesFilterDenyAction'],
    },
    {
      name: 'awsSrcDstCheck enable',
      spec: { awsSrcDstCheck: 'enable' },
      found: ['deny calico/felix-word spec.awsSrcDstCheck'],
    },
    {
      name: 'awsSrcDstCheck empty',
      spec: { awsSrcDstCheck: '' },
      found: ['deny calico/felix-word spec.awsSrcDstCheck'],
    },
    {
      name: 'bpfLogLevel badVal',
      spec: { bpfLogLevel: 'badVal' },
      found: ['deny calico/felix-word spec.bpfLogLevel'],
    },
    {
      name: 'bpfExternalServiceMode Foo',
      spec: { bpfExternalServiceMode: 'Foo' },
      found: ['deny calico/felix-word spec.bpfExternalServiceMode'],
    },
    {
      name: 'bpfAttachType tc',
      spec: { bpfAttachType: 'tc' },
      found: ['deny calico/felix-word spec.bpfAttachType'],
    },
    {
      name: 'bpfConnectTimeLoadBalancing BadVal',
      spec: { bpfConnectTimeLoadBalancing: 'BadVal' },
      found: ['deny calico/felix-word spec.bpfConnectTimeLoadBalancing'],
    },
    {
      name: 'nftablesMode enabled',
      spec: { nftablesMode: 'enabled' },
      found: ['deny calico/felix-word spec.nftablesMode'],
    },
    {
      name: 'programClusterRoutes Felix',
      spec: { programClusterRoutes: 'Felix' },
      found: ['deny calico/felix-word spec.programClusterRoutes'],
    },
    {
      name: 'serviceLoopPrevention Deny',
      spec: { serviceLoopPrevention: 'Deny' },
      found: ['deny calico/felix-word spec.serviceLoopPrevention'],
    },
    {
      name: 'logSeverityScreen badVal',
      spec: { logSeverityScreen: 'badVal' },
      found: ['deny calico/felix-word spec.logSeverityScreen'],
    },
    {
      name: 'logSeverityFile badVal',
      spec: { logSeverityFile: 'badVal' },
      found: ['deny calico/felix-word spec.logSeverityFile'],
    },
    {
      name: 'logSeveritySys Critical',
      spec: { logSeveritySys: 'Critical' },
      found: ['deny calico/felix-word spec.logSeveritySys'],
    },
    {
      name: 'true as a word',
      spec: { floatingIPs: true },
      found: ['deny calico/wrong-type spec.floatingIPs'],
    },
    {
      name: 'bpfExtToServiceConnmark of 33 bits',
      spec: { bpfExtToServiceConnmark: 0x100000000 },
      found: ['deny calico/felix-number spec.bpfExtToServiceConnmark'],
    },
    {
      name: 'bpfExtToServiceConnmark -1',
      spec: { bpfExtToServiceConnmark: -1 },
      found: ['deny calico/felix-number spec.bpfExtToServiceConnmark'],
    },
    {
      name: 'bpfKubeProxyHealthzPort 65536',
      spec: { bpfKubeProxyHealthzPort: 65536 },
      found: ['deny calico/felix-number spec.bpfKubeProxyHealthzPort'],
    },
    {
      name: 'wireguardListeningPort 0',
      spec: { wireguardListeningPort: 0 },
      found: ['deny calico/felix-number spec.wireguardListeningPort'],
    },
    {
      name: 'wireguardListeningPortV6 99999',
      spec: { wireguardListeningPortV6: 99999 },
      found: ['deny calico/felix-number spec.wireguardListeningPortV6'],
    },
    {
      name: 'wireguardRoutingRulePriority 32766',
      spec: { wireguardRoutingRulePriority: 32766 },
      found: ['deny calico/felix-number spec.wireguardRoutingRulePriority'],
    },
    {
      name: 'nftablesMarkMask of 33 bits',
      spec: { nftablesMarkMask: 0x100000000 },
      found: ['deny calico/felix-number spec.nftablesMarkMask'],
    },
    {
      name: 'ipv4NormalRoutePriority 0',
      spec: { ipv4NormalRoutePriority: 0 },
      found: ['deny calico/felix-number spec.ipv4NormalRoutePriority'],
    },
    {
      name: 'bpfMaglevMaxServices 3001',
      spec: { bpfMaglevMaxServices: 3001 },
      found: ['deny calico/felix-number spec.bpfMaglevMaxServices'],
    },
    {
      name: 'goGCThreshold -2',
      spec: { goGCThreshold: -2 },
      found: ['deny calico/felix-number spec.goGCThreshold'],
    },
    {
      name: 'logActionRateLimitBurst 10000',
      spec: { logActionRateLimitBurst: 10000 },
      found: ['deny calico/felix-number spec.logActionRateLimitBurst'],
    },
    { name: 'ipipMTU -1', spec: { ipipMTU: -1 }, found: ['warn calico/felix-number spec.ipipMTU'] },
    {
      name: 'vxlanPort 70000',
      spec: { vxlanPort: 70000 },
      found: ['warn calico/felix-number spec.vxlanPort'],
    },
    {
      name: 'vxlanVNI of 25 bits',
      spec: { vxlanVNI: 0x1000000 },
      found: ['warn calico/felix-number spec.vxlanVNI'],
    },
    { name: 'text as number', spec: { vxlanPort: '4789' }, found: ['deny calico/wrong-type spec.vxlanPort'] },
    {
      name: 'bpfDataIfacePattern *',
      spec: { bpfDataIfacePattern: '*' },
      found: ['deny calico/felix-pattern spec.bpfDataIfacePattern'],
    },
    {
      name: 'bpfDataIfacePattern (',
      spec: { bpfDataIfacePattern: '(' },
      found: ['deny calico/felix-pattern spec.bpfDataIfacePattern'],
    },
    {
      name: 'a lookahead',
      spec: { bpfL3IfacePattern: '(?!cali).*' },
      found: ['deny calico/felix-pattern spec.bpfL3IfacePattern'],
    },
    {
      name: 'mtuIfacePattern *',
      spec: { mtuIfacePattern: '*' },
      found: ['deny calico/felix-pattern spec.mtuIfacePattern'],
    },
    {
      name: 'logDebugFilenameRegex [',
      spec: { logDebugFilenameRegex: '[' },
      found: ['deny calico/felix-pattern spec.logDebugFilenameRegex'],
    },
    {
      name: 'a fraction',
      spec: { iptablesRefreshInterval: '1.5s' },
      found: ['deny calico/felix-duration spec.iptablesRefreshInterval'],
    },
    {
      name: 'no unit',
      spec: { netlinkTimeout: '10' },
      found: ['deny calico/felix-duration spec.netlinkTimeout'],
    },
    {
      name: 'a negative duration',
      spec: { netlinkTimeout: '-10s' },
      found: ['deny calico/felix-duration spec.netlinkTimeout'],
    },
    {
      name: 'days',
      spec: { usageReportingInterval: '1d' },
      found: ['deny calico/felix-duration spec.usageReportingInterval'],
    },
    {
      name: 'microseconds',
      spec: { netlinkTimeout: '100us' },
      found: ['deny calico/felix-duration spec.netlinkTimeout'],
    },
    {
      name: 'a number as duration',
      spec: { netlinkTimeout: 10 },
      found: ['deny calico/wrong-type spec.netlinkTimeout'],
    },
    {
      name: 'no duration without pattern',
      spec: { nftablesRefreshInterval: 'soon' },
      found: ['deny calico/felix-duration spec.nftablesRefreshInterval'],
    },
    {
      name: 'wrong timeouts of connections',
      spec: { bpfConntrackTimeouts: { tcpEstablished: 'auto', udpTimeout: '60', genericTimeout: '1,5s' } },
      found: [
        'deny calico/felix-duration spec.bpfConntrackTimeouts.genericTimeout',
        'deny calico/felix-duration spec.bpfConntrackTimeouts.tcpEstablished',
        'deny calico/felix-duration spec.bpfConntrackTimeouts.udpTimeout',
      ],
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
      found: [
        'deny calico/felix-duration spec.bpfConntrackTimeouts.genericTimeout',
        'deny calico/felix-duration spec.bpfConntrackTimeouts.icmpTimeout',
        'deny calico/felix-duration spec.bpfConntrackTimeouts.tcpSynSent',
        'deny calico/felix-duration spec.bpfConntrackTimeouts.udpTimeout',
      ],
    },
    {
      name: 'a negative watchdog',
      spec: { healthTimeoutOverrides: [{ name: 'Valid', timeout: '-1ns' }] },
      found: ['deny calico/felix-duration spec.healthTimeoutOverrides[0].timeout'],
    },
    {
      name: 'watchdogs of unknown components',
      spec: {
        healthTimeoutOverrides: [
          { name: '%', timeout: '10s' },
          { name: '', timeout: '10s' },
          { timeout: '10s' },
        ],
      },
      found: [
        'deny calico/felix-text spec.healthTimeoutOverrides[0].name',
        'deny calico/felix-text spec.healthTimeoutOverrides[1].name',
        'deny calico/felix-text spec.healthTimeoutOverrides[2].name',
      ],
    },
    {
      name: 'no external nodes',
      spec: { externalNodesList: ['foobar', '1.1.1.1'] },
      found: ['deny calico/felix-address spec.externalNodesList[0]'],
    },
    {
      name: 'external nodes with IPv6',
      spec: { externalNodesList: ['abcd::1', 'abef::2/128'] },
      found: [
        'deny calico/felix-address spec.externalNodesList[0]',
        'deny calico/felix-address spec.externalNodesList[1]',
      ],
    },
    {
      name: 'natOutgoingAddress IPv6',
      spec: { natOutgoingAddress: 'fd00::1' },
      found: ['deny calico/felix-address spec.natOutgoingAddress'],
    },
    {
      name: 'natOutgoingAddress no address',
      spec: { natOutgoingAddress: 'not-an-ip' },
      found: ['deny calico/felix-address spec.natOutgoingAddress'],
    },
    {
      name: 'deviceRouteSourceAddress IPv6',
      spec: { deviceRouteSourceAddress: 'fd00::1' },
      found: ['deny calico/felix-address spec.deviceRouteSourceAddress'],
    },
    {
      name: 'deviceRouteSourceAddressIPv6 IPv4',
      spec: { deviceRouteSourceAddressIPv6: '10.0.0.1' },
      found: ['deny calico/felix-address spec.deviceRouteSourceAddressIPv6'],
    },
    {
      name: 'no range of eBPF',
      spec: { bpfExcludeCIDRsFromNAT: ['10.0.0.0/40'] },
      found: ['deny calico/felix-address spec.bpfExcludeCIDRsFromNAT[0]'],
    },
    {
      name: 'openstackRegion FOO',
      spec: { openstackRegion: 'FOO' },
      found: ['deny calico/felix-text spec.openstackRegion'],
    },
    {
      name: 'openstackRegion too long',
      spec: { openstackRegion: 'my-region-has-a-very-long-and-extremely-interesting-name' },
      found: ['deny calico/felix-text spec.openstackRegion'],
    },
    {
      name: 'iptablesNATOutgoingInterfaceFilter cali@123',
      spec: { iptablesNATOutgoingInterfaceFilter: 'cali@123' },
      found: ['deny calico/felix-text spec.iptablesNATOutgoingInterfaceFilter'],
    },
    {
      name: 'wireguardInterfaceName of 16',
      spec: { wireguardInterfaceName: 'wireguard-calico' },
      found: ['deny calico/felix-text spec.wireguardInterfaceName'],
    },
    {
      name: 'prometheusMetricsHost with a slash',
      spec: { prometheusMetricsHost: 'a/b' },
      found: ['deny calico/felix-text spec.prometheusMetricsHost'],
    },
    {
      name: 'featureDetectOverride on',
      spec: { featureDetectOverride: 'SNATFullyRandom=on' },
      found: ['deny calico/felix-text spec.featureDetectOverride'],
    },
    {
      name: 'logActionRateLimit 0',
      spec: { logActionRateLimit: '0/second' },
      found: ['deny calico/felix-text spec.logActionRateLimit'],
    },
    {
      name: 'logActionRateLimit a week',
      spec: { logActionRateLimit: '10/week' },
      found: ['deny calico/felix-text spec.logActionRateLimit'],
    },
    {
      name: 'routeTableRange from 0',
      spec: { routeTableRange: range(0, 250) },
      found: ['deny calico/felix-route-tables spec.routeTableRange'],
    },
    {
      name: 'routeTableRange from -5',
      spec: { routeTableRange: range(-5, 250) },
      found: ['deny calico/felix-route-tables spec.routeTableRange'],
    },
    {
      name: 'routeTableRange reversed',
      spec: { routeTableRange: range(50, 45) },
      found: ['deny calico/felix-route-tables spec.routeTableRange'],
    },
    {
      name: 'routeTableRange to 253',
      spec: { routeTableRange: range(1, 253) },
      found: ['deny calico/felix-route-tables spec.routeTableRange'],
    },
    {
      name: 'routeTableRange without max',
      spec: { routeTableRange: { min: 1 } },
      found: ['deny calico/felix-route-tables spec.routeTableRange.max'],
    },
    {
      name: 'routeTableRanges from 0',
      spec: { routeTableRanges: [range(0, 250)] },
      found: ['deny calico/felix-route-tables spec.routeTableRanges[0]'],
    },
    {
      name: 'routeTableRanges reversed',
      spec: { routeTableRanges: [range(1, 2), range(50, 45)] },
      found: ['deny calico/felix-route-tables spec.routeTableRanges[1]'],
    },
    {
      name: 'routeTableRanges to what does not exist',
      spec: { routeTableRanges: [range(1, 0xf00000000)] },
      found: [
        'deny calico/felix-route-tables spec.routeTableRanges',
        'deny calico/felix-route-tables spec.routeTableRanges[0]',
      ],
    },
    {
      name: 'too many tables',
      spec: { routeTableRanges: [range(1, 0x10000)] },
      found: ['deny calico/felix-route-tables spec.routeTableRanges'],
    },
    {
      name: 'too many tables in all',
      spec: { routeTableRanges: [range(1, 2), range(3, 4), range(5, 0x10000)] },
      found: ['deny calico/felix-route-tables spec.routeTableRanges'],
    },
    {
      name: 'both',
      spec: { routeTableRange: range(1, 250), routeTableRanges: [range(1, 250)] },
      found: ['deny calico/felix-route-tables spec.routeTableRange'],
    },
    {
      name: 'too many node ports',
      spec: { kubeNodePortRanges: [1, 2, 3, 4, 5, 6, 7, 8] },
      found: ['deny calico/felix-port spec.kubeNodePortRanges'],
    },
    {
      name: 'a named node port',
      spec: { kubeNodePortRanges: ['testport'] },
      found: ['deny calico/felix-port spec.kubeNodePortRanges[0]'],
    },
    {
      name: 'node ports with a dash',
      spec: { kubeNodePortRanges: ['30000-32767'] },
      found: ['deny calico/felix-port spec.kubeNodePortRanges[0]'],
    },
    {
      name: 'node ports reversed',
      spec: { kubeNodePortRanges: ['32767:30000'] },
      found: ['deny calico/felix-port spec.kubeNodePortRanges[0]'],
    },
    {
      name: 'natPortRange to 99999',
      spec: { natPortRange: '1:99999' },
      found: ['deny calico/felix-port spec.natPortRange'],
    },
    {
      name: 'ports of nothing',
      spec: {
        failsafeInboundHostPorts: [{ protocol: 'jolly-UDP', port: 1 }],
        failsafeOutboundHostPorts: [{ protocol: 'TCP' }, { protocol: 'TCP', port: 70000 }],
      },
      found: [
        'deny calico/felix-port spec.failsafeInboundHostPorts[0].protocol',
        'deny calico/felix-port spec.failsafeOutboundHostPorts[0].port',
        'deny calico/felix-port spec.failsafeOutboundHostPorts[1].port',
      ],
    },
    {
      name: 'nodeSelector on default',
      spec: { nodeSelector: 'all()' },
      found: ['deny calico/felix-node-selector spec.nodeSelector'],
    },
    {
      name: 'text as switch',
      spec: { bpfEnabled: 'true' },
      found: ['deny calico/wrong-type spec.bpfEnabled'],
    },
    {
      name: 'text as list',
      spec: { externalNodesList: '1.1.1.1' },
      found: ['deny calico/wrong-type spec.externalNodesList'],
    },
  ],
});

testRule('calico/felix-duration', 'warn', calico('FelixConfiguration'), {
  invalid: [
    {
      name: 'a text that is no duration anybody writes',
      spec: {
        netlinkTimeout: '1s'.repeat(500_000),
        bpfConntrackTimeouts: { udpTimeout: `${'s'.repeat(1_000_000)}x` },
      },
      found: [
        { path: 'spec.netlinkTimeout', says: 'so it is not checked' },
        'spec.bpfConntrackTimeouts.udpTimeout',
      ],
    },
  ],
});

testRule('calico/felix-duration', 'deny', calico('FelixConfiguration'), {
  invalid: [
    {
      name: 'a fraction that has whole milliseconds',
      spec: { reportingInterval: '1.1s' },
      found: [
        {
          path: 'spec.reportingInterval',
          says: 'does not accept fractions of a duration (got "1.1s"); write 1100ms',
        },
      ],
    },
    {
      name: 'a reason that is true of the field',
      spec: { liveMigrationRouteConvergenceTime: '.5s', bpfConntrackTimeouts: { udpTimeout: '+1.5s' } },
      found: [
        {
          path: 'spec.liveMigrationRouteConvergenceTime',
          says: 'the CRD does not accept this form (got ".5s"); write 500ms',
        },
        {
          path: 'spec.bpfConntrackTimeouts.udpTimeout',
          says: 'the CRD does not accept this form (got "+1.5s"); write 1500ms',
        },
      ],
    },
    {
      name: 'a fraction of a minute',
      spec: { reportingInterval: '1.5m' },
      found: [{ path: 'spec.reportingInterval', says: 'write 90000ms' }],
    },
    {
      name: 'less than a millisecond',
      spec: { reportingInterval: '0.0001s' },
      found: [{ path: 'spec.reportingInterval', says: 'write a duration such as 90s' }],
    },
  ],
});

testRule('calico/felix-duration', 'deny', calico('FelixConfiguration'), {
  valid: [
    { name: 'the longest that Go can hold', spec: { reportingInterval: '2562047h47m16s' } },
    { name: 'none', spec: { reportingInterval: null, bpfConntrackTimeouts: { udpTimeout: 'Auto' } } },
  ],
  invalid: [
    {
      name: 'an empty one, which stops the list of all configurations',
      spec: { reportingInterval: '', liveMigrationRouteConvergenceTime: '', nftablesRefreshInterval: '' },
      found: [
        {
          path: 'spec.reportingInterval',
          message: 'the duration is empty (got ""); remove it, or write a duration such as 90s',
        },
        'spec.liveMigrationRouteConvergenceTime',
        'spec.nftablesRefreshInterval',
      ],
    },
    {
      name: 'more than 292 years',
      spec: { reportingInterval: '9999999h', liveMigrationRouteConvergenceTime: '9999999.5h' },
      found: [
        { path: 'spec.reportingInterval', says: 'longer than 292 years' },
        { path: 'spec.liveMigrationRouteConvergenceTime', says: 'longer than 292 years' },
      ],
    },
    {
      name: 'more than 292 years, where another form is wanted too',
      spec: {
        netlinkTimeout: '9999999.5h',
        nftablesRefreshInterval: '9999999h',
        healthTimeoutOverrides: [{ name: 'x', timeout: '9999999h' }],
      },
      found: [
        { path: 'spec.netlinkTimeout', says: 'longer than 292 years' },
        { path: 'spec.nftablesRefreshInterval', says: 'longer than 292 years' },
        { path: 'spec.healthTimeoutOverrides[0].timeout', says: 'longer than 292 years' },
      ],
    },
    {
      name: 'a timer that the CRD accepts and Felix ignores',
      spec: { bpfConntrackTimeouts: { tcpSynSent: '9999999h', udpTimeout: 's' } },
      found: [
        { path: 'spec.bpfConntrackTimeouts.tcpSynSent', action: 'warn', says: 'longer than 292 years' },
        { path: 'spec.bpfConntrackTimeouts.udpTimeout', action: 'warn', says: 'invalid duration' },
      ],
    },
  ],
});

testRule('calico/felix-word-case', 'warn', calico('FelixConfiguration'), {
  valid: [
    {
      name: 'as every API server accepts them',
      spec: { iptablesBackend: 'NFT', serviceLoopPrevention: 'Drop', workloadSourceSpoofing: 'Any' },
    },
    { name: 'none', spec: { iptablesBackend: null, serviceLoopPrevention: '', workloadSourceSpoofing: '' } },
    { name: 'another word, which is rejected', spec: { iptablesBackend: 'nftables' } },
    { name: 'no word', spec: { iptablesBackend: 5 } },
    { name: 'other fields, which are read in any case', spec: { bpfLogLevel: 'info' } },
  ],
  invalid: [
    {
      name: 'in another case',
      spec: { iptablesBackend: 'nft', serviceLoopPrevention: 'DROP', workloadSourceSpoofing: 'any' },
      found: [
        {
          path: 'spec.iptablesBackend',
          message: 'the CRDs of Calico 3.32 and later are case-sensitive here (got "nft"); write NFT',
          fix: { kind: 'replace', value: 'NFT' },
        },
        {
          path: 'spec.serviceLoopPrevention',
          message: 'Calico\'s own API server is case-sensitive here (got "DROP"); write Drop',
          fix: { kind: 'replace', value: 'Drop' },
        },
        'spec.workloadSourceSpoofing',
      ],
    },
    {
      name: 'empty',
      spec: { iptablesBackend: '' },
      found: [{ path: 'spec.iptablesBackend', says: 'empty, which the CRDs of Calico 3.32 and later' }],
    },
  ],
});

testRule('calico/felix-number', 'warn', calico('FelixConfiguration'), {
  valid: [{ name: 'within bounds', spec: { vxlanMTU: 1450, healthPort: 9099, deviceRouteProtocol: 80 } }],
  invalid: [
    {
      name: 'what every API stores, and the kernel or Felix rejects',
      spec: { healthPort: 70000, metadataPort: 65536, prometheusMetricsPort: -1, vxlanMTU: 70000 },
      found: ['spec.healthPort', 'spec.metadataPort', 'spec.prometheusMetricsPort', 'spec.vxlanMTU'],
    },
  ],
});

testRule('calico/felix-port', 'warn', calico('FelixConfiguration'), {
  invalid: [
    {
      name: 'a name in place of ports, which every API stores',
      spec: { natPortRange: 'http', bpfPSNATPorts: 'abc' },
      found: ['spec.natPortRange', 'spec.bpfPSNATPorts'],
    },
  ],
});

testRule('calico/felix-text', 'warn', calico('FelixConfiguration'), {
  invalid: [
    {
      name: 'any interface for one',
      spec: { wireguardInterfaceName: '*' },
      found: ['spec.wireguardInterfaceName'],
    },
  ],
});

testRule('calico/felix-text', 'deny', calico('FelixConfiguration'), {
  valid: [
    { name: 'feature gates', spec: { featureGates: 'a=true,b=false' } },
    { name: 'one', spec: { featureGates: 'BPFConnectTimeLoadBalancingWorkaround=enabled' } },
    { name: 'none', spec: { featureGates: '' } },
  ],
  invalid: [
    {
      name: 'blanks',
      spec: { featureGates: 'a=true, b=false' },
      found: [{ path: 'spec.featureGates', says: 'invalid list of feature gates' }],
    },
    { name: 'no value', spec: { featureGates: 'a' }, found: ['spec.featureGates'] },
    { name: 'an empty rate', spec: { logActionRateLimit: '' }, found: ['spec.logActionRateLimit'] },
  ],
});

testRule('calico/felix-address', 'warn', calico('FelixConfiguration'), {
  invalid: [
    {
      name: 'an empty entry, which the CRDs accept',
      spec: { bpfExcludeCIDRsFromNAT: [''], bpfDSROptoutCIDRs: ['10.0.0.0/8', ''] },
      found: ['spec.bpfDSROptoutCIDRs[1]', 'spec.bpfExcludeCIDRsFromNAT[0]'],
    },
  ],
});

testRule('calico/felix-node-selector', 'warn', calico('FelixConfiguration'), {
  invalid: [
    {
      name: 'one that cannot be read, which every API stores',
      metadataName: 'edge',
      spec: { nodeSelector: 'edge=true' },
      found: [{ path: 'spec.nodeSelector', says: 'unknown operator' }],
    },
  ],
});

testRule('calico/next-release', 'warn', calico('FelixConfiguration'), {
  valid: [
    { name: 'a word of 3.33', spec: { nftablesFlowTableOffload: 'All' } },
    {
      name: 'for an older Calico, which drops the field',
      spec: { nftablesFlowTableOffload: 'Enabled' },
      versions: { calico: '3.32' },
    },
  ],
  invalid: [
    {
      name: 'no word of 3.33',
      spec: { nftablesFlowTableOffload: 'Enabled' },
      found: [{ path: 'spec.nftablesFlowTableOffload', says: 'rejected by Calico 3.33 and later' }],
    },
  ],
});

testRule('calico/felix-node-selector', 'deny', calico('FelixConfiguration'), {
  valid: [
    { name: 'on another', metadataName: 'edge', spec: { nodeSelector: 'has(edge)' } },
    { name: 'null', spec: { nodeSelector: null } },
  ],
  invalid: [
    {
      name: 'on default',
      spec: { nodeSelector: 'has(edge)' },
      found: [{ path: 'spec.nodeSelector', says: '"default" already selects all nodes' }],
    },
    {
      name: 'on a node',
      metadataName: 'node.a',
      spec: { nodeSelector: 'has(edge)' },
      found: [{ path: 'spec.nodeSelector', says: '"node.a" already selects one node' }],
    },
    {
      name: 'too long',
      metadataName: 'edge',
      spec: { nodeSelector: 'a'.repeat(1025) },
      found: ['spec.nodeSelector'],
    },
  ],
});

testRule('calico/felix-ebpf-forwarding', 'warn', calico('FelixConfiguration'), {
  valid: [
    { name: 'neither', spec: { bpfEnabled: true, ipForwarding: 'Disabled', bpfEnforceRPF: 'disabled' } },
    { name: 'forwarding on', spec: { bpfEnabled: true, ipForwarding: 'Enabled' } },
    { name: 'without eBPF', spec: { ipForwarding: 'Disabled' } },
  ],
  invalid: [
    {
      name: 'forwarding off',
      spec: { bpfEnabled: true, ipForwarding: 'Disabled' },
      found: ['spec.ipForwarding'],
    },
    {
      name: 'a check that stays',
      spec: { bpfEnabled: true, ipForwarding: 'Disabled', bpfEnforceRPF: 'Strict' },
      found: ['spec.ipForwarding'],
    },
  ],
});

testRule('calico/felix-without-effect', 'warn', calico('FelixConfiguration'), {
  valid: [
    { name: 'eBPF not mentioned: the operator may switch it on', spec: { bpfExternalServiceMode: 'DSR' } },
    { name: 'eBPF on', spec: { bpfEnabled: true, bpfExternalServiceMode: 'DSR' } },
    { name: 'WireGuard off for IPv6 only', spec: { wireguardEnabledV6: false, wireguardMTU: 1440 } },
    {
      name: 'host encryption off as well',
      spec: { wireguardEnabled: false, wireguardEnabledV6: false, wireguardHostEncryptionEnabled: false },
    },
  ],
  invalid: [
    {
      name: 'eBPF switched off',
      spec: { bpfEnabled: false, bpfExternalServiceMode: 'DSR', bpfKubeProxyHealthzPort: 0 },
      found: [
        { path: 'spec.bpfExternalServiceMode', says: 'while bpfEnabled is false (got "DSR")' },
        'spec.bpfKubeProxyHealthzPort',
      ],
    },
    {
      name: 'WireGuard off',
      spec: { wireguardEnabled: false, wireguardMTU: 1440 },
      found: ['spec.wireguardMTU'],
    },
    {
      name: 'WireGuard off for both',
      spec: { wireguardEnabled: false, wireguardEnabledV6: false, wireguardHostEncryptionEnabled: true },
      found: ['spec.wireguardHostEncryptionEnabled'],
    },
    {
      name: 'metrics off',
      spec: { prometheusMetricsEnabled: false, prometheusMetricsPort: 9091 },
      found: ['spec.prometheusMetricsPort'],
    },
  ],
});

testRule('calico/felix-wireguard-ipv6', 'warn', calico('FelixConfiguration'), {
  valid: [
    { name: 'IPv6 on', spec: { wireguardEnabled: true, ipv6Support: true, wireguardEnabledV6: true } },
    { name: 'IPv6 decided', spec: { wireguardEnabled: true, ipv6Support: true, wireguardEnabledV6: false } },
    { name: 'nothing of IPv6', spec: { wireguardEnabled: true } },
    { name: 'no WireGuard', spec: { ipv6Support: true } },
  ],
  invalid: [
    { name: 'IPv6', spec: { wireguardEnabled: true, ipv6Support: true }, found: ['spec.wireguardEnabledV6'] },
    {
      name: 'settings for IPv6',
      spec: { wireguardEnabled: true, wireguardMTUV6: 1420 },
      found: ['spec.wireguardEnabledV6'],
    },
  ],
});

testRule('calico/felix-unusual-mtu', 'warn', calico('FelixConfiguration'), {
  valid: [
    { name: 'fine', spec: { ipipMTU: 1280, vxlanMTU: 9216, vxlanMTUV6: 0 } },
    { name: 'impossible, which another rule rejects', spec: { ipipMTU: -1, vxlanMTU: 70000 } },
  ],
  invalid: [
    {
      name: 'too small',
      spec: { wireguardMTU: 1279 },
      found: [{ path: 'spec.wireguardMTU', says: 'below 1280' }],
    },
    {
      name: 'too large',
      spec: { ipipMTU: 9217 },
      found: [{ path: 'spec.ipipMTU', says: 'larger than the MTU of usual networks' }],
    },
  ],
});

testRule('calico/felix-disruptive-change', 'warn', calico('FelixConfiguration'), {
  valid: [
    {
      name: 'the default, written',
      spec: { bpfEnabled: false, vxlanPort: 4789 },
      old: { spec: { logPrefix: 'x' } },
    },
    {
      name: 'nftables, of which the default is not known',
      spec: { nftablesMode: 'Enabled' },
      old: { spec: {} },
    },
    { name: 'a new object', spec: { bpfEnabled: true } },
    {
      name: 'something else',
      spec: { bpfEnabled: true, logPrefix: 'x' },
      old: { spec: { bpfEnabled: true } },
    },
    { name: 'no scalar', spec: { bpfEnabled: {} }, old: { spec: {} } },
  ],
  invalid: [
    {
      name: 'eBPF on',
      spec: { bpfEnabled: true },
      old: { spec: {} },
      found: [{ path: 'spec.bpfEnabled', says: 'changed from false (got true)' }],
    },
    {
      name: 'eBPF off',
      spec: {},
      old: { spec: { bpfEnabled: true } },
      found: [{ path: 'spec.bpfEnabled', says: 'changed from true; plan' }],
    },
    {
      name: 'VXLAN',
      spec: { vxlanPort: 8472, vxlanVNI: 1 },
      old: { spec: {} },
      found: [
        { path: 'spec.vxlanPort', says: 'changed from 4789 (got 8472)' },
        { path: 'spec.vxlanVNI', says: 'changed from 4096 (got 1)' },
      ],
    },
    {
      name: 'nftables from one to the other',
      spec: { nftablesMode: 'Enabled' },
      old: { spec: { nftablesMode: 'Disabled' } },
      found: ['spec.nftablesMode'],
    },
    {
      name: 'WireGuard',
      spec: { wireguardEnabled: true },
      old: { spec: {} },
      found: ['spec.wireguardEnabled'],
    },
  ],
});

testRule('calico/felix-ebpf-interfaces', 'audit', calico('FelixConfiguration'), {
  valid: [
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
  ],
  invalid: [
    {
      name: 'the default',
      spec: { bpfEnabled: true },
      found: [{ path: 'spec.bpfDataIfacePattern', says: 'the default pattern also matches' }],
    },
    {
      name: 'an empty pattern',
      spec: { bpfEnabled: true, bpfDataIfacePattern: '' },
      found: ['spec.bpfDataIfacePattern'],
    },
    {
      name: 'everything',
      spec: { bpfEnabled: true, bpfDataIfacePattern: '.*' },
      found: [{ path: 'spec.bpfDataIfacePattern', says: '(got ".*")' }],
    },
    {
      name: 'en, unanchored',
      spec: { bpfEnabled: true, bpfDataIfacePattern: 'en' },
      found: ['spec.bpfDataIfacePattern'],
    },
  ],
});

describe('a field of the schema that is a duration', () => {
  const fields = Object.entries(
    readMap(loadSchema('felix-configuration'), 'properties', 'spec', 'properties') ?? {},
  );
  const durations = fields.filter(([, each]) => readString(each, 'description')?.includes('A duration'));

  it.each(durations.map(([name]) => name))('%s', (name) => {
    const { findings } = validate(registry, { object: resource('FelixConfiguration', { [name]: 'soon' }) });
    expect(findings.map(({ rule, action }) => `${action} ${rule}`)).toEqual(['deny calico/felix-duration']);
  });
});

describe('corrections of Felix', () => {
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
    const [found] = findingsOf(validate(registry, { object: resource('FelixConfiguration', spec) }), rule);
    expect(found?.fix).toEqual(fix);
  });
});

testRule('calico/felix-port', 'deny', calico('FelixConfiguration'), {
  invalid: [
    {
      name: 'a range with a dash',
      spec: { natPortRange: '32768-65535' },
      found: [{ path: 'spec.natPortRange', says: 'write "32768:65535"' }],
    },
  ],
});
