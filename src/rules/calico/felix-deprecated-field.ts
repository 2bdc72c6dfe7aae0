// This rule reports fields of FelixConfiguration that Calico has replaced and that no longer have their old effect.
// Replaced fields that still work, such as routeTableRange, are not reported.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** The replacement of each field. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  bpfConnectTimeLoadBalancingEnabled:
    'write bpfConnectTimeLoadBalancing, TCP with bpfHostNetworkedNATWithoutCTLB: Enabled',
  bpfKubeProxyEndpointSlicesEnabled: 'remove it: EndpointSlices are always used',
};

export const felixDeprecatedField: Rule<ObjectInput> = {
  id: 'calico/felix-deprecated-field',
  title: 'a FelixConfiguration should not have replaced fields',
  action: 'warn',
  docs: {
    why: 'Calico has replaced the field. `bpfConnectTimeLoadBalancingEnabled: false`, once a workaround for DNS, leaves processes in the host network without Services.',
    fix: 'Write the field that replaces it. `bpfConnectTimeLoadBalancing: TCP` with `bpfHostNetworkedNATWithoutCTLB: Enabled` is the default of Calico.',
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
