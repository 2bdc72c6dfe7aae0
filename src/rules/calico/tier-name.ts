// The names of tiers are part of the names and labels of their policies.
import { isDns1123Label, isDns1123Subdomain } from '../../formats/dns.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const tierName: Rule<ObjectInput> = {
  id: 'calico/tier-name',
  title: 'the name of a tier should be one DNS label',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject a name with dots or with more than 63 characters. With CRDs the tier is stored; but policies are looked up by a label with its name, and a label cannot have such a value.",
    fix: 'Write at most 63 lower-case letters, digits and `-`.',
    good: `
apiVersion: projectcalico.org/v3
kind: Tier
metadata:
  name: security
spec:
  order: 100
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: Tier
metadata:
  name: security.example.org
spec:
  order: 100
`,
    source: 'Calico, libcalico-go validator (validateTier)',
    since: '0.1.0',
  },
  *check({ object }) {
    const got = readString(object, 'metadata', 'name') ?? '';
    if (isDns1123Label(got) || !isDns1123Subdomain(got)) return;
    const problem = 'must be one DNS label of at most 63 characters';
    const path = ['metadata', 'name'];
    yield { path, reason: 'FieldValueInvalid', problem, got, advice: 'remove the dots, or shorten the name' };
  },
};
