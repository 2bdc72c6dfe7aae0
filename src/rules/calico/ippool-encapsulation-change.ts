// Nodes change to another encapsulation one after the other. Until the last one has changed, they cannot talk to each
// other, and the MTU of running pods may no longer fit.
import { type JsonObject, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { isEncapsulated } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ippoolEncapsulationChange: Rule<ObjectInput> = {
  id: 'calico/ippool-encapsulation-change',
  title: 'the encapsulation of a pool in use should only change on purpose',
  action: 'warn',
  docs: {
    why: 'While the nodes change, pods on different nodes lose packets, and a smaller MTU only applies to restarted pods.',
    fix: 'Make the change when an interruption is acceptable, and restart the pods afterwards. Or create a second pool with the other encapsulation and move the pods.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipipMode: Always
  natOutgoing: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  vxlanMode: Always
  natOutgoing: true
`,
    old: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipipMode: Always
  natOutgoing: true
`,
    source: 'Calico, documentation of the change from IP-in-IP to VXLAN',
    since: '0.1.0',
  },
  *check({ spec, old }) {
    if (old === undefined || read(old.spec, 'disabled') === true) return;
    for (const field of ['ipipMode', 'vxlanMode']) {
      const mode = modeOf(spec, field);
      const before = modeOf(old.spec, field);
      if (mode === undefined || mode === before) continue;
      yield {
        path: ['spec', field],
        reason: 'FieldValueInvalid',
        problem: `pods lose connections while nodes change from ${before}`,
        got: read(spec, field) ?? undefined,
        advice: 'plan an interruption, and restart the pods afterwards',
      };
    }
  },
};

/** Undefined if it is not a mode: another rule reports that. */
function modeOf(spec: JsonObject, field: string): string | undefined {
  const mode = read(spec, field) ?? 'Never';
  return mode === 'Never' || mode === '' ? 'Never' : isEncapsulated(mode) ? String(mode) : undefined;
}
