// On Azure virtual machines with accelerated networking have a second interface, enP…, below eth0. A pattern that
// matches both attaches the eBPF dataplane to both, and the node cannot be reached. From the configuration alone nobody
// sees which cloud it is for, so this is for the audit; where the cloud is known, calico/ebpf-azure-interfaces warns.
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { matchesAccelerated } from './shared/ebpf-interfaces.ts';

export const felixEbpfInterfaces: Rule<ObjectInput> = {
  id: 'calico/felix-ebpf-interfaces',
  title: 'the eBPF dataplane would attach to interfaces of accelerated networking',
  action: 'audit',
  docs: {
    why: "Calico's default for `bpfDataIfacePattern` matches the interfaces `enP…` of accelerated networking on Azure, below `eth0`. Attached to both, the dataplane cuts the node off. Elsewhere the pattern does no harm.",
    fix: 'On Azure write a `bpfDataIfacePattern` that leaves `enP…` out: `^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan|bond).*)`. Elsewhere nothing.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan|bond).*)
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
`,
    source:
      'Calico, documentation of bpfDataIfacePattern; gardener-extension-provider-azure#722; projectcalico/calico#6392',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (read(spec, 'bpfEnabled') !== true) return;
    const pattern = readString(spec, 'bpfDataIfacePattern') || undefined;
    if (!matchesAccelerated(pattern)) return;
    yield {
      path: ['spec', 'bpfDataIfacePattern'],
      reason: 'FieldValueInvalid',
      problem: `the ${pattern === undefined ? 'default ' : ''}pattern matches enP interfaces too`,
      got: pattern,
      advice: 'leave them out on Azure, where nodes are cut off otherwise',
    };
  },
};
