// Fields of FelixConfiguration that take one of a few words. The CRD compares some exactly and others without regard to
// case; a value that it does not know is refused, and Felix itself would log it and go on with the default. Words that
// only some releases know (L2Only, EnabledIPIPOnly) are taken.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const SWITCH: readonly string[] = ['Enabled', 'Disabled'];
const ALLOW: readonly string[] = ['Accept', 'Return'];
const DENY: readonly string[] = ['Drop', 'Reject'];
const SEVERITY: readonly string[] = ['Trace', 'Debug', 'Info', 'Warning', 'Error', 'Fatal'];

const EXACT: Readonly<Record<string, readonly string[]>> = {
  awsSrcDstCheck: ['DoNothing', 'Enable', 'Disable'],
  bpfAttachType: ['TC', 'TCX', 'Netkit'],
  bpfConnectTimeLoadBalancing: ['TCP', ...SWITCH],
  bpfConntrackLogLevel: ['Off', 'Debug'],
  bpfConntrackMode: ['Auto', 'Userspace', 'BPFProgram'],
  bpfHostNetworkedNATWithoutCTLB: SWITCH,
  bpfJITHardening: ['Auto', 'Strict'],
  bpfOverlayHostSourceIP: ['TunnelAddress', 'HostAddress'],
  bpfProfiling: SWITCH,
  bpfRedirectToPeer: [...SWITCH, 'L2Only'],
  floatingIPs: SWITCH,
  flowLogsLocalReporter: SWITCH,
  flowLogsPolicyEvaluationMode: ['None', 'Continuous'],
  ipForwarding: SWITCH,
  istioAmbientMode: SWITCH,
  localSubnetL2Reachability: ['Disabled', 'PodsAndLoadBalancers'],
  natOutgoingExclusions: ['IPPoolsOnly', 'IPPoolsAndHostIPs'],
  nftablesMode: [...SWITCH, 'Auto'],
  programClusterRoutes: [...SWITCH, 'EnabledIPIPOnly', 'EnabledNoEncapOnly'],
  windowsManageFirewallRules: SWITCH,
};

/** In any case, and empty for the default. */
const ANY_CASE: Readonly<Record<string, readonly string[]>> = {
  bpfEnforceRPF: ['Disabled', 'Strict', 'Loose'],
  bpfExternalServiceMode: ['Tunnel', 'DSR'],
  bpfLogLevel: ['Off', 'Info', 'Debug'],
  bpfMapSizeConntrackScaling: ['Disabled', 'DoubleIfFull'],
  chainInsertMode: ['Insert', 'Append'],
  defaultEndpointToHostAction: ['Drop', 'Accept', 'Return'],
  // Exact on the newest releases, in any case up to 3.31.
  iptablesBackend: ['Legacy', 'NFT', 'Auto'],
  iptablesFilterAllowAction: ALLOW,
  iptablesFilterDenyAction: DENY,
  iptablesMangleAllowAction: ALLOW,
  logSeverityFile: SEVERITY,
  logSeverityScreen: SEVERITY,
  logSeveritySys: SEVERITY,
  nftablesFilterAllowAction: ALLOW,
  nftablesFilterDenyAction: DENY,
  nftablesMangleAllowAction: ALLOW,
  routeSource: ['WorkloadIPs', 'CalicoIPAM'],
  serviceLoopPrevention: [...DENY, 'Disabled'],
  workloadSourceSpoofing: ['Disabled', 'Any'],
};

export const felixWord: Rule<ObjectInput> = {
  id: 'calico/felix-word',
  title: 'settings of Felix with a few words have one of them',
  action: 'deny',
  docs: {
    why: 'The API server refuses a word that the CRD does not know. Where it does not, Felix logs it and goes on with its default, as if nothing had been written.',
    fix: 'Write one of the words that the message lists. Some fields take them in any case, others only as they are listed.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  awsSrcDstCheck: Disable
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  awsSrcDstCheck: disable
`,
    source: 'Calico, FelixConfiguration CRD: enums and patterns',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [field, allowed] of Object.entries(EXACT)) {
      const value = read(spec, field);
      yield* checkAllowedValue({
        path: ['spec', field],
        value,
        problem: 'Felix knows no such value',
        allowed,
      });
    }
    for (const [field, allowed] of Object.entries(ANY_CASE)) {
      const value = read(spec, field);
      if (isUnset(value) || value === '') continue;
      const isKnown = typeof value === 'string' && isAmong(value, allowed);
      if (isKnown) continue;
      yield* checkAllowedValue({
        path: ['spec', field],
        value,
        problem: 'Felix knows no such value',
        allowed,
      });
    }
  },
};

function isAmong(value: string, allowed: readonly string[]): boolean {
  const lower = value.toLowerCase();
  return allowed.some((word) => word.toLowerCase() === lower);
}
