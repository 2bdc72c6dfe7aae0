// Two pools with a common address: both may assign it to a pod, and the routes of one lead to the nodes of the other.
// Calico's client rejects the second one, whether or not one of them is disabled; with CRDs it is stored, and only a
// condition of the pool shows it (Allocatable is False, reason CIDROverlap).
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
  title: 'pools must not overlap',
  action: 'deny',
  docs: {
    why: 'Two pods can get the same address, and then traffic to it is lost. `calicoctl` rejects the second pool; a CRD accepts it, and Calico then assigns no addresses from the newer one.',
    fix: 'Give each pool its own range. A pool that is `disabled` still has its range: delete it first.',
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
  // Two ranges overlap only if one contains the other, so the ranges that may contain the next one are always nested.
  const open: Pool[] = [];
  const names = new Set<string>();
  for (const pool of pools) {
    for (let last = open.at(-1); last && !contains(last.cidr, pool.cidr); last = open.at(-1)) {
      names.delete(nameOf(last));
      open.pop();
    }
    const name = nameOf(pool);
    // No name is open twice, so this compares at most two of them.
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
        advice: 'give each pool its own range',
      };
    }
    // The same pool may appear twice, for example in two files.
    if (names.has(name)) continue;
    names.add(name);
    open.push(pool);
  }
}

/** The identity of a pool: documents with the same one are the same pool. */
function nameOf({ fact: { document } }: Pool): string {
  return document.name === '' ? `without a name (document ${document.index + 1})` : quote(document.name);
}

/** Equal ranges are sorted by name, so that the order of files makes no difference. */
function compare(a: Pool, b: Pool): number {
  const order = compareCidrs(a.cidr, b.cidr);
  if (order !== 0) return order;
  const [first, second] = [a.fact.document, b.fact.document];
  if (first.name !== second.name) return first.name < second.name ? -1 : 1;
  return first.index - second.index;
}
