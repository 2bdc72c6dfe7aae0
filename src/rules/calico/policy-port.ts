// This rule checks the ports of the rules of a policy. With a text that Go cannot decode, listing all policies of the
// kind fails: calico-node and Typha are no longer ready in the whole cluster. With a text that can be decoded but is
// not a port, Felix drops the policy.
import { isPortName, portRangeProblem } from '../../formats/port-range.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds } from './shared/policy-rules.ts';

export const policyPort: Rule<ObjectInput> = {
  id: 'calico/policy-port',
  title: 'the ports of a policy must be ports, ranges or names',
  action: 'deny',
  docs: {
    why: 'A CRD accepts any text. With a text that Calico cannot decode, such as `80,443`, listing all policies fails: Typha and calico-node are no longer ready, and no change of any policy takes effect in the whole cluster (projectcalico/calico#11529). With `80-90`, which is read as a name, and with port 0 Felix drops the policy, so it allows what the policy denies.',
    fix: 'Write one port or range in each entry: `443`, `"8000:8100"`, or the name of a port of a pod: at most 15 lower-case letters, digits and `-`.',
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
      return { problem: 'invalid port', advice: 'use a value from 1 to 65535' };
    case 'reversed':
      return { problem: 'the end of the range is before its start', advice: 'write the lower port first' };
    case 'name': {
      const [first, last] = text.split('-', 2);
      const isRange = /^[0-9]+-[0-9]+$/.test(text);
      const advice = isRange ? `write ${first}:${last}` : 'write at most 15 of a-z, 0-9 and -, with a letter';
      return { problem: isRange ? 'read as a name, but not a valid port name' : 'invalid port name', advice };
    }
    default: {
      const advice = 'write one port, range or name in each entry, such as 443 or 8000:8100';
      return { problem: 'cannot be decoded, so listing all policies fails', advice };
    }
  }
}
