// Ranges of rules. Felix leaves out what it cannot read, and with it the restriction: a rule that allows one range then
// allows every address. An empty text makes it panic.
import { parseNet } from '../../formats/cidr.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds, listNets } from './shared/policy-rules.ts';

export const policyNet: Rule<ObjectInput> = {
  id: 'calico/policy-net',
  title: 'the ranges of a policy can be read',
  action: 'deny',
  docs: {
    why: "A CRD takes any text. Felix leaves out a range that it cannot read: with `nets: [10.0.0.1-10.0.0.9]` a rule that was to allow nine addresses allows all of them, and an exception in `notNets` is gone. An empty text makes Felix panic. Calico's API server rejects all of these.",
    fix: 'Write ranges such as `10.0.0.0/24`. Names, lists with commas and `first-last` are no ranges.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: from-office
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      nets: [192.0.2.0/24]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: from-office
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      nets: [192.0.2.1-192.0.2.9]
`,
    source:
      'Calico, libcalico-go validator; conversion of policies for Felix, run: CIDR dropped, rule wider than written',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const end of listAllEnds(spec)) {
      for (const { path, text, isNegated } of listNets(end)) {
        if (parseNet(text) !== undefined) continue;
        if (text === '') {
          const problem = 'empty, which makes Felix panic';
          yield { path, reason: 'FieldValueInvalid', problem, advice: 'remove the entry, or write a range' };
        } else {
          const problem = `not a range, so that Felix leaves the ${isNegated ? 'exception' : 'restriction'} out`;
          const advice = 'write one, such as 10.0.0.0/24';
          yield { path, reason: 'FieldValueInvalid', problem, got: text, advice };
        }
      }
    }
  },
};
