// Fields of FelixConfiguration that Calico has replaced, and that no longer do what they are written for. Those that still
// do, such as routeTableRange, are left alone.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** What is to be written instead, by the field. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  bpfConnectTimeLoadBalancingEnabled:
    'write bpfConnectTimeLoadBalancing, TCP with bpfHostNetworkedNATWithoutCTLB: Enabled',
  bpfKubeProxyEndpointSlicesEnabled: 'remove it: EndpointSlices are always used',
};

export const felixDeprecatedField: Rule<ObjectInput> = {
  id: 'calico/felix-deprecated-field',
  title: 'a FelixConfiguration has no field that was replaced',
  action: 'warn',
  docs: {
    why: 'Calico has replaced the field. `bpfConnectTimeLoadBalancingEnabled: false`, once a cure for DNS, leaves processes in the host network without Services.',
    fix: 'Write its successor. `bpfConnectTimeLoadBalancing: TCP` with `bpfHostNetworkedNATWithoutCTLB: Enabled` is what Calico does where nothing is written.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^eth0$
  bpfConnectTimeLoadBalancing: TCP
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
  bpfConnectTimeLoadBalancingEnabled: false
`,
    source: 'Calico, FelixConfiguration CRD (Deprecated); projectcalico/calico#4509',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [field, advice] of Object.entries(SUCCESSORS)) {
      const got = read(spec, field);
      if (isUnset(got)) continue;
      const problem = 'deprecated';
      yield { path: ['spec', field], at: 'key', reason: 'FieldValueForbidden', problem, got, advice };
    }
  },
};
