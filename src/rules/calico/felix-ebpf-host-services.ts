// With eBPF, a process in the host network has two ways to reach a Service: at connect time
// (bpfConnectTimeLoadBalancing), and by NAT of its packets (bpfHostNetworkedNATWithoutCTLB). If both are off there is
// no way, which Felix only logs.
import { isUnset, read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const felixEbpfHostServices: Rule<ObjectInput> = {
  id: 'calico/felix-ebpf-host-services',
  title: 'hosts should be able to reach Services with eBPF',
  action: 'warn',
  docs: {
    why: 'If load balancing at connect time and NAT for processes in the host network are both off, kubelets and pods with hostNetwork cannot reach Services: webhooks, CSI drivers and node agents fail.',
    fix: 'Remove both settings, or write `bpfConnectTimeLoadBalancing: TCP` or `bpfHostNetworkedNATWithoutCTLB: Enabled`, which are the defaults.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^eth0$
  bpfConnectTimeLoadBalancing: Disabled
  bpfHostNetworkedNATWithoutCTLB: Enabled
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^eth0$
  bpfConnectTimeLoadBalancing: Disabled
  bpfHostNetworkedNATWithoutCTLB: Disabled
`,
    source:
      'felix/dataplane/linux/int_dataplane.go (BPFHostNetworkedNAT is disabled); projectcalico/calico#8139',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (read(spec, 'bpfEnabled') === false) return;
    if (readString(spec, 'bpfHostNetworkedNATWithoutCTLB') !== 'Disabled') return;
    const mode = read(spec, 'bpfConnectTimeLoadBalancing');
    const isOff = isUnset(mode)
      ? read(spec, 'bpfConnectTimeLoadBalancingEnabled') === false
      : mode === 'Disabled';
    if (!isOff) return;
    yield {
      path: ['spec', 'bpfHostNetworkedNATWithoutCTLB'],
      reason: 'FieldValueInvalid',
      problem: 'hosts reach no Service without connect-time load balancing',
      got: 'Disabled',
      advice: 'write Enabled, or bpfConnectTimeLoadBalancing: TCP',
    };
  },
};
