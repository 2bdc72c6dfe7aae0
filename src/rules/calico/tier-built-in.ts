// Three tiers belong to Calico: their order and their default action are fixed.
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const BUILT_IN: Readonly<Record<string, { readonly order: number; readonly defaultAction: string }>> = {
  default: { order: 1_000_000, defaultAction: 'Deny' },
  'kube-admin': { order: 1000, defaultAction: 'Pass' },
  'kube-baseline': { order: 10_000_000, defaultAction: 'Pass' },
};

export const tierBuiltIn: Rule<ObjectInput> = {
  id: 'calico/tier-built-in',
  title: "Calico's own tiers must keep their order and default action",
  action: 'deny',
  docs: {
    why: 'The validation rules of the CRD of Calico 3.32 and later reject the tier: these three tiers order the policies of Kubernetes, of its administrators and of Calico.',
    fix: 'Do not change the three tiers: `default` with order 1000000 and Deny, `kube-admin` with 1000 and Pass, `kube-baseline` with 10000000 and Pass. Create another tier if you need another order.',
    good: `
apiVersion: projectcalico.org/v3
kind: Tier
metadata:
  name: default
spec:
  order: 1000000
  defaultAction: Deny
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: Tier
metadata:
  name: default
spec:
  order: 100
  defaultAction: Deny
`,
    source: 'Calico 3.32, Tier CRD: validation rules',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    const name = readString(object, 'metadata', 'name') ?? '';
    const wanted = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
    if (wanted === undefined) return;
    const order = read(spec, 'order') ?? undefined;
    const problem = `the tier ${name} belongs to Calico and cannot be changed`;
    const reason = 'FieldValueInvalid';
    if (order !== wanted.order) {
      yield { path: ['spec', 'order'], reason, problem, ...given(order), advice: `write ${wanted.order}` };
    }
    // The default of the API server is Deny.
    const action = read(spec, 'defaultAction') ?? 'Deny';
    if (action !== wanted.defaultAction) {
      const path = ['spec', 'defaultAction'];
      const written = read(spec, 'defaultAction') ?? undefined;
      yield { path, reason, problem, ...given(written), advice: `write ${wanted.defaultAction}` };
    }
  },
};

function given(got: unknown): { readonly got?: unknown } {
  return got === undefined ? {} : { got };
}
