// The API server drops fields that the CRD does not have: kubectl apply rejects them by default, but other clients
// (Helm, Argo CD, Terraform) store the object without them, and the fields have no effect. A newer operator may have
// more fields than we know, so this is not an error.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** Fields of a pool, and names that charts use for them, at the level of the network. */
const POOL_FIELDS: ReadonlyMap<unknown, string> = new Map([
  ['backend', 'encapsulation in a pool of calicoNetwork.ipPools[]'],
  ...['blockSize', 'cidr', 'encapsulation', 'natOutgoing', 'nodeSelector'].map(
    (field) => [field, `it in a pool of calicoNetwork.ipPools[]`] as const,
  ),
]);

export const installationUnknownField: Rule<ObjectInput> = {
  id: 'tigera/installation-unknown-field',
  title: 'an Installation should have no unknown fields',
  action: 'warn',
  docs: {
    why: 'A field that the CRD does not have is silently dropped, so it has no effect.',
    fix: 'Correct the name (names are case-sensitive), move the field to where it belongs, or remove it. If your operator is newer than the release that we follow and has the field, disable this rule.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: Iptables
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataPlane: Iptables
`,
    source: 'Tigera operator of Calico 3.33, CRD of Installation',
    since: '0.1.0',
  },
  *check({ shape }) {
    for (const problem of shape) {
      if (problem.kind !== 'unknown-field') continue;
      const isOutside =
        problem.path.length === 2 || (problem.path.length === 3 && problem.path[1] === 'calicoNetwork');
      const home = isOutside ? POOL_FIELDS.get(problem.path.at(-1)) : undefined;
      yield home === undefined ? problem : { ...problem, advice: `write ${home}` };
    }
  },
};
