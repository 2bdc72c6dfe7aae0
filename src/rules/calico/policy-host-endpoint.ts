// This rule checks policies for host endpoints that apply before connection tracking, or before DNAT. The two exclude
// each other, and both need applyOnForward.
import { type JsonObject, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const policyHostEndpoint: Rule<ObjectInput> = {
  id: 'calico/policy-host-endpoint',
  title: 'doNotTrack and preDNAT must come with the fields that they need',
  action: 'deny',
  docs: {
    why: 'The API server rejects the policy (Calico 3.32 and later). A policy applies either before connection tracking or before DNAT. Before DNAT there is only incoming traffic. Both also apply to forwarded traffic.',
    fix: 'Write either `doNotTrack` or `preDNAT`, with `applyOnForward: true`. With `preDNAT` write neither egress rules nor the type Egress.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: node-ports
spec:
  selector: has(host-endpoint)
  preDNAT: true
  applyOnForward: true
  types: [Ingress]
  ingress:
  - action: Deny
    protocol: TCP
    destination:
      ports: ["30000:32767"]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: node-ports
spec:
  selector: has(host-endpoint)
  preDNAT: true
  types: [Ingress]
  ingress:
  - action: Deny
    protocol: TCP
    destination:
      ports: ["30000:32767"]
`,
    source: 'Calico 3.32, GlobalNetworkPolicy CRD: validation rules',
    since: '0.1.0',
  },
  *check({ spec }) {
    const [doNotTrack, preDnat] = [isOn(spec, 'doNotTrack'), isOn(spec, 'preDNAT')];
    const reason = 'FieldValueForbidden';
    if (doNotTrack && preDnat) {
      const problem = 'doNotTrack and preDNAT cannot be combined';
      yield {
        path: ['spec', 'preDNAT'],
        at: 'key',
        reason,
        problem,
        advice: 'remove one of them, or write two policies',
      };
    }
    if ((doNotTrack || preDnat) && !isOn(spec, 'applyOnForward')) {
      const problem = `${preDnat ? 'preDNAT' : 'doNotTrack'} needs applyOnForward`;
      yield { path: ['spec', 'applyOnForward'], reason: 'FieldValueRequired', problem, advice: 'write true' };
    }
    if (!preDnat) return;
    if (readList(spec, 'egress').length > 0) {
      const problem = 'before DNAT there is only incoming traffic';
      yield {
        path: ['spec', 'egress'],
        at: 'key',
        reason,
        problem,
        advice: 'move the rules to another policy',
      };
    }
    if (readList(spec, 'types').includes('Egress')) {
      const problem = 'preDNAT does not allow the type Egress';
      yield { path: ['spec', 'types'], reason, problem, advice: 'write [Ingress]' };
    }
  },
};

function isOn(spec: JsonObject, field: string): boolean {
  return read(spec, field) === true;
}
