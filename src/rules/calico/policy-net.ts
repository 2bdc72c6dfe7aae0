// This rule checks the ranges of the rules of a policy. Felix ignores a range that it cannot parse, and with it the
// restriction: a rule that allows one range then allows every address. An empty text makes Felix panic.
import { parseNet } from '../../formats/cidr.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds, listNets } from './shared/policy-rules.ts';

export const policyNet: Rule<ObjectInput> = {
  id: 'calico/policy-net',
  title: 'the ranges of a policy must be valid',
  action: 'deny',
  docs: {
    why: "A CRD accepts any text. Felix ignores a range that it cannot parse: with `nets: [10.0.0.1-10.0.0.9]` a rule that should allow nine addresses allows all of them, and an exception in `notNets` is lost. An empty text makes Felix panic. Calico's API server rejects all of these.",
    fix: 'Write ranges such as `10.0.0.0/24`. Names, lists with commas and `first-last` are not valid.',
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
          const problem = 'the entry is empty, which makes Felix panic';
          yield { path, reason: 'FieldValueInvalid', problem, advice: 'remove the entry, or write a range' };
        } else {
          const problem = `not a CIDR range, so Felix ignores the ${isNegated ? 'exception' : 'restriction'}`;
          const advice = 'write a CIDR range, such as 10.0.0.0/24';
          yield { path, reason: 'FieldValueInvalid', problem, got: text, advice };
        }
      }
    }
  },
};
