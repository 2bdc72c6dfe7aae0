// In eBPF mode the kernel drops forwarded packets whose way back it does not know, unless forwarding is on or Felix'
// check of the way back (bpfEnforceRPF) is off. Calico documents that one of the two must hold, and nobody checks it.
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const felixEbpfForwarding: Rule<ObjectInput> = {
  id: 'calico/felix-ebpf-forwarding',
  title: 'the eBPF dataplane has forwarding, or does without reverse path filtering',
  action: 'warn',
  docs: {
    why: 'With the eBPF dataplane, by the way the kernel works, either `ipForwarding` must be `Enabled` or `bpfEnforceRPF` `Disabled`: otherwise packets of pods are dropped.',
    fix: 'Remove `ipForwarding`, or set `bpfEnforceRPF: Disabled` on hosts that have no pods.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^eth.*
  ipForwarding: Disabled
  bpfEnforceRPF: Disabled
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^eth.*
  ipForwarding: Disabled
`,
    source: 'Calico, FelixConfiguration CRD, description of ipForwarding',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (read(spec, 'bpfEnabled') !== true || read(spec, 'ipForwarding') !== 'Disabled') return;
    if (readString(spec, 'bpfEnforceRPF')?.toLowerCase() === 'disabled') return;
    const got = read(spec, 'ipForwarding');
    yield {
      path: ['spec', 'ipForwarding'],
      reason: 'FieldValueInvalid',
      problem: 'with bpfEnabled forwarding must be on',
      got,
      advice: 'write Enabled, or bpfEnforceRPF: Disabled',
    };
  },
};
