// Two pools with an address in common: both may give it to a pod, and the routes of one lead to the other's nodes.
// Calico's client rejects to create the second one, whether or not one of them is disabled; with CRDs it is stored, and
// only a condition on the pool tells (Allocatable is False, reason CIDROverlap).
import { type Cidr, compareCidrs, contains, parseCidr } from '../../formats/cidr.ts';
import type { FactOf } from '../../policy/fact.ts';
import { quote } from '../../policy/message.ts';
import { type BundleFinding, type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

interface Pool {
  readonly fact: LocatedFact<FactOf<'ip-pool'>>;
  readonly cidr: Cidr;
}

export const ippoolOverlap: BundleRule = {
  id: 'calico/ippool-overlap',
  title: 'pools do not overlap',
  action: 'deny',
  docs: {
    why: 'An address that two pools have can be given to two pods, and traffic to it goes astray. `calicoctl` rejects the second pool; a CRD takes it, and Calico then takes no addresses from the newer one.',
    fix: 'Give each pool a range of its own. A pool that is `disabled` still holds its range: delete it first.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: east
spec:
  cidr: 10.244.0.0/17
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: west
spec:
  cidr: 10.244.128.0/17
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: all
spec:
  cidr: 10.244.0.0/16
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: west
spec:
  cidr: 10.244.128.0/17
`,
    source: 'Calico, libcalico-go clientv3 (IPPool create) and kube-controllers, IPPool controller',
    since: '0.1.0',
  },
  *check(facts) {
    for (const group of groupByCluster(facts)) yield* findOverlaps(group);
  },
};

function* findOverlaps(facts: readonly LocatedFact[]): Generator<BundleFinding> {
  const pools = factsOf(facts, 'ip-pool').flatMap((each): Pool[] => {
    const cidr = parseCidr(each.cidr);
    return cidr === undefined ? [] : [{ fact: each, cidr }];
  });
  pools.sort(compare);
  // Ranges overlap only where one holds the other, so those that may hold the next one are always nested.
  const open: Pool[] = [];
  const names = new Set<string>();
  for (const pool of pools) {
    for (let last = open.at(-1); last && !contains(last.cidr, pool.cidr); last = open.at(-1)) {
      names.delete(nameOf(last));
      open.pop();
    }
    const name = nameOf(pool);
    // No name is open twice, so this looks at two of them at most.
    const other = open.findLast((each) => nameOf(each) !== name);
    if (other !== undefined) {
      const problem = `overlaps the pool ${nameOf(other)}, ${other.fact.cidr.slice(0, 43)}`;
      const { document, path } = pool.fact;
      yield {
        document,
        path,
        reason: 'FieldValueDuplicate',
        problem,
        got: pool.fact.cidr,
        advice: 'give each pool a range of its own',
      };
    }
    // The same pool may be there once more, perhaps in another file.
    if (names.has(name)) continue;
    names.add(name);
    open.push(pool);
  }
}

/** What makes two documents one pool. */
function nameOf({ fact: { document } }: Pool): string {
  return document.name === '' ? `without a name (document ${document.index + 1})` : quote(document.name);
}

/** The same range by name, so that the order of files makes no difference. */
function compare(a: Pool, b: Pool): number {
  const order = compareCidrs(a.cidr, b.cidr);
  if (order !== 0) return order;
  const [first, second] = [a.fact.document, b.fact.document];
  if (first.name !== second.name) return first.name < second.name ? -1 : 1;
  return first.index - second.index;
}
