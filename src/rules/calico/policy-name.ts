// Names of policies, of their tiers and of annotations of their rules, in the form that Calico's API server requires.
import { isDns1123Subdomain, isQualifiedName } from '../../formats/dns.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { type JsonObject, readMap, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { isNamespaced, listPolicyRules } from './shared/policy-rules.ts';

/** The name prefixes of Kubernetes and OpenStack policies where Calico lists them with its own. */
const OF_NAMESPACES = /^(?:knp|ossg)\.default\../;
const OF_CLUSTER = /^(?:kanp|kbanp|kcnp)\.[a-z0-9-]+\../;

export const policyName: Rule<ObjectInput> = {
  id: 'calico/policy-name',
  title: "names in a policy should be valid for Calico's API server",
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject a policy with more than one dot in its name, an invalid tier name, and annotations of rules with invalid keys. With CRDs it is stored; a policy of a tier that does not exist comes after all others.",
    fix: 'Write `name` or `tier.name`; for annotations write keys such as `example.org/ticket`.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: security.deny-all
spec:
  tier: security
  types: [Ingress, Egress]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: security.v1.deny-all
spec:
  tier: security
  types: [Ingress, Egress]
`,
    source: 'Calico, libcalico-go validator (names of policies and tiers, annotations)',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    yield* checkName(object);
    const tier = readString(spec, 'tier') ?? '';
    if (tier !== '' && !isDns1123Subdomain(tier)) {
      yield reject(['spec', 'tier'], 'no tier can have this name', tier, 'write the name of a tier');
    }
    for (const { path, rule } of listPolicyRules(spec)) {
      const annotations = readMap(rule, 'metadata', 'annotations') ?? {};
      for (const key of Object.keys(annotations)) {
        if (isQualifiedName(key.toLowerCase())) continue;
        const finding = reject(
          [...path, 'metadata', 'annotations', key],
          'invalid key',
          key,
          'write a key such as ticket',
        );
        yield { ...finding, at: 'key' };
      }
    }
  },
};

function* checkName(object: JsonObject): Generator<Finding> {
  const name = readString(object, 'metadata', 'name') ?? '';
  // Another rule reports what the API server rejects.
  if (!isDns1123Subdomain(name) || name.split('.').length <= 2) return;
  if ((isNamespaced(object) ? OF_NAMESPACES : OF_CLUSTER).test(name)) return;
  yield reject(['metadata', 'name'], 'the name has more than one dot', name, 'write name or tier.name');
}

function reject(path: FieldPath, what: string, got: string, advice: string): Finding {
  const problem = `${what}, which Calico's API server rejects`;
  return { path, reason: 'FieldValueInvalid', problem, got, advice };
}
