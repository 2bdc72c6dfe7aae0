// Without overlay, and with source NAT to the upstream DNS (its default there), Calico appends its iptables chains
// instead of inserting them. NodeLocalDNS has then already accepted the DNS traffic of a pod before any network policy
// is evaluated, so a policy that blocks DNS has no effect. The eBPF dataplane does not use these chains.
import { isMap, type JsonObject, read, readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { writtenOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const nodeLocalDnsWithoutOverlay: Rule<ShootInput> = {
  id: 'shoot/node-local-dns-without-overlay',
  title: 'NodeLocalDNS should be off without overlay if network policies block DNS',
  action: 'warn',
  docs: {
    why: 'Without overlay Calico appends its iptables rules, so NodeLocalDNS accepts the DNS traffic of pods before network policies are evaluated. A policy that blocks DNS to the cluster has no effect.',
    fix: 'If you need such a policy, use the overlay network, set `dnsPolicy: Default` in the pods that must not reach the cluster DNS, or disable NodeLocalDNS. If you do not need one, you can ignore this warning.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: true
  systemComponents:
    nodeLocalDNS:
      enabled: true
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: false
  systemComponents:
    nodeLocalDNS:
      enabled: true
`,
    source:
      'gardener-extension-networking-calico, docs/usage/usage.md (Known Limitations in conjunction with NodeLocalDNS)',
    since: '0.1.0',
  },
  *check({ spec, config }) {
    if (readBoolean(spec, 'systemComponents', 'nodeLocalDNS', 'enabled') !== true) return;
    if (writtenOverlay(config) !== false || !hasSourceNat(config)) return;
    if (readBoolean(config, 'ebpfDataplane', 'enabled') === true) return;
    yield {
      path: ['spec', 'systemComponents', 'nodeLocalDNS', 'enabled'],
      reason: 'FieldValueInvalid',
      problem: 'network policies cannot block DNS',
      got: true,
      advice: 'enable the overlay, set dnsPolicy: Default, or disable NodeLocalDNS',
    };
  },
};

/** Without overlay it is on unless it is disabled, and a block without enabled disables it. */
function hasSourceNat(config: JsonObject): boolean {
  const block = read(config, 'snatToUpstreamDNS');
  return !isMap(block) || readBoolean(block, 'enabled') === true;
}
