// Ports of rules. Go decodes them, and a text that it cannot decode makes the list of all policies of the kind fail:
// calico-node and Typha are no longer ready, in the whole cluster. What can be decoded and is no port makes Felix drop
// the policy.
import { isPortName, portRangeProblem } from '../../formats/port-range.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds } from './shared/policy-rules.ts';

export const policyPort: Rule<ObjectInput> = {
  id: 'calico/policy-port',
  title: 'the ports of a policy are ports, ranges and names',
  action: 'deny',
  docs: {
    why: 'A CRD takes any text. One that Calico cannot decode, such as `80,443`, makes the list of all policies fail: Typha and calico-node are no longer ready, and in the whole cluster no change of any policy is carried out (projectcalico/calico#11529). For `80-90`, which is read as a name, and for port 0 Felix drops the policy, so that what it denies is allowed.',
    fix: 'Write one port or range an entry: `443`, `"8000:8100"`, or the name of a port of a pod: at most 15 lower-case letters, digits and `-`.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
    destination:
      ports: [443, "8000:8100", metrics]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
    destination:
      ports: ["80,443"]
`,
    source:
      'Calico, numorstring.Port; decoding of policy lists, and conversion and validation for Felix, run: list fails, or policy ignored; projectcalico/calico#11529',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, entity } of listAllEnds(spec)) {
      for (const field of ['ports', 'notPorts']) {
        for (const [index, port] of readList(entity, field).entries()) {
          yield* checkPort([...path, field, index], port);
        }
      }
    }
  },
};

function* checkPort(path: FieldPath, got: unknown): Generator<Finding> {
  const isWhole = typeof got === 'number' && Number.isInteger(got);
  if (typeof got !== 'string' && !isWhole) return;
  const kind = isWhole && got < 0 ? 'out-of-range' : portRangeProblem(got);
  if (kind === undefined || (kind === 'name' && isPortName(String(got)))) return;
  yield { path, reason: 'FieldValueInvalid', got, ...describeProblem(kind, String(got)) };
}

function describeProblem(kind: NonNullable<ReturnType<typeof portRangeProblem>>, text: string) {
  switch (kind) {
    case 'out-of-range':
      return { problem: 'not a port', advice: 'use a value from 1 to 65535' };
    case 'reversed':
      return { problem: 'a range that ends before it begins', advice: 'write the smaller port first' };
    case 'name': {
      const [first, last] = text.split('-', 2);
      const isRange = /^[0-9]+-[0-9]+$/.test(text);
      const advice = isRange ? `write ${first}:${last}` : 'write at most 15 of a-z, 0-9 and -, with a letter';
      return { problem: isRange ? 'read as a name, and no name of a port' : 'no name of a port', advice };
    }
    default: {
      const advice = 'write one port, range or name an entry, such as 443 or 8000:8100';
      return { problem: 'cannot be decoded, and the list of all policies fails', advice };
    }
  }
}
