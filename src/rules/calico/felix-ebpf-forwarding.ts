// In eBPF mode the kernel drops forwarded packets whose reverse path it does not know, unless forwarding is on or the
// reverse path check of Felix (bpfEnforceRPF) is off. Calico documents that one of the two is required, and nothing
// checks it.
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const felixEbpfForwarding: Rule<ObjectInput> = {
  id: 'calico/felix-ebpf-forwarding',
  title: 'the eBPF dataplane should have IP forwarding, or no reverse path filtering',
  action: 'warn',
  docs: {
    why: 'Because of the way the kernel works, the eBPF dataplane needs `ipForwarding: Enabled` or `bpfEnforceRPF: Disabled`: otherwise packets of pods are dropped.',
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
      problem: 'bpfEnabled needs IP forwarding',
      got,
      advice: 'write Enabled, or set bpfEnforceRPF: Disabled',
    };
  },
};
