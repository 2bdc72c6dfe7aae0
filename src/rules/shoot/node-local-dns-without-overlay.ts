// Without overlay, and with source NAT to the upstream DNS (its default there), Calico appends its iptables chains
// instead of inserting them. NodeLocalDNS has then accepted a pod's DNS traffic before any network policy is asked, so
// that a policy that is to block DNS does not. The eBPF dataplane does not use these chains.
import { isMap, type JsonObject, read, readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { writtenOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const nodeLocalDnsWithoutOverlay: Rule<ShootInput> = {
  id: 'shoot/node-local-dns-without-overlay',
  title: 'network policies can block DNS',
  action: 'warn',
  docs: {
    why: 'NodeLocalDNS accepts the DNS traffic of pods before network policies are asked, because without overlay Calico appends its iptables rules. A policy that is to block DNS to the cluster does not.',
    fix: 'Three ways out, if you need such a policy: use the overlay network, set `dnsPolicy: Default` in the pods that are to be kept from the cluster DNS, or switch NodeLocalDNS off. If you do not need one, nothing has to be done.',
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
      problem: 'network policies may not block DNS',
      got: true,
      advice: 'use the overlay, dnsPolicy Default in pods, or no NodeLocalDNS',
    };
  },
};

/** Without overlay it is on unless it is switched off, and a block without enabled switches it off. */
function hasSourceNat(config: JsonObject): boolean {
  const block = read(config, 'snatToUpstreamDNS');
  return !isMap(block) || readBoolean(block, 'enabled') === true;
}
