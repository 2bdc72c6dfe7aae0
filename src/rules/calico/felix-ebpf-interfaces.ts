// On Azure, virtual machines with accelerated networking have a second interface, enP…, below eth0. A pattern that
// matches both attaches the eBPF dataplane to both, and the node cannot be reached. The configuration alone does not
// say which cloud it is for, so this rule only runs in the audit; where the cloud is known,
// calico/ebpf-azure-interfaces warns.
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { matchesAccelerated } from './shared/ebpf-interfaces.ts';

export const felixEbpfInterfaces: Rule<ObjectInput> = {
  id: 'calico/felix-ebpf-interfaces',
  title: 'an eBPF interface pattern that matches accelerated networking is a risk on Azure',
  action: 'audit',
  docs: {
    why: 'The default of `bpfDataIfacePattern` matches the interfaces `enP…` of accelerated networking on Azure, below `eth0`. If the dataplane attaches to both, the node cannot be reached. On other clouds the pattern does no harm.',
    fix: 'On Azure write a `bpfDataIfacePattern` that does not match `enP…`: `^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan|bond).*)`. On other clouds there is nothing to do.',
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
      problem: `the ${pattern === undefined ? 'default ' : ''}pattern also matches enP interfaces`,
      got: pattern,
      advice: 'exclude them on Azure, or nodes cannot be reached',
    };
  },
};
