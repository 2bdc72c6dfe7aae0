// The range of a pool and its block size are part of every existing block and route. Calico's own API rejects a change
// of them, and the change of a pool of load balancers into a pool of pods; CRDs up to Calico 3.31 allow it, and IPAM
// then has blocks that belong to no pool. Another spelling of the same range is not a change.
import { formatCidr, parseCidr } from '../../formats/cidr.ts';
import { type JsonObject, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { usesOf } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { blockSizeOf } from './ippool-block-size.ts';

export const ippoolImmutable: Rule<ObjectInput> = {
  id: 'calico/ippool-immutable',
  title: 'the range, the block size and the use LoadBalancer of a pool must not change',
  action: 'deny',
  docs: {
    why: 'Blocks that nodes already have, and the routes to them, use the old range and size. If they change, Calico rejects the pool or loses track of the addresses.',
    fix: 'Create a second pool, set `disabled: true` on the first, restart the pods so that they get new addresses, and delete the first pool.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  disabled: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.245.0.0/16
`,
    old: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
`,
    source:
      'Calico, IPPool CRD (projectcalico.org/v3): transition rules; libcalico-go, clientv3 IPPool update',
    since: '0.1.0',
  },
  *check({ spec, old }) {
    if (old === undefined) return;
    yield* checkRange(spec, old.spec);
    if (!usesOf(old.spec).includes('LoadBalancer') || usesOf(spec).includes('LoadBalancer')) return;
    yield {
      path: ['spec', 'allowedUses'],
      reason: 'FieldValueForbidden',
      problem: 'a LoadBalancer pool cannot be changed to another use',
      advice: 'keep LoadBalancer and create a second pool for the rest',
    };
  },
};

function* checkRange(spec: JsonObject, old: JsonObject): Generator<Finding> {
  const text = readString(spec, 'cidr') ?? '';
  const cidr = parseCidr(text);
  const before = parseCidr(readString(old, 'cidr') ?? '');
  // A range that cannot be parsed was never in use.
  if (cidr === undefined || before === undefined) return;
  if (formatCidr(cidr) !== formatCidr(before)) {
    const advice = `keep ${formatCidr(before)} and create a second pool`;
    yield {
      path: ['spec', 'cidr'],
      reason: 'FieldValueForbidden',
      problem: 'the range of a pool cannot be changed',
      got: text,
      advice,
    };
    return;
  }
  const size = blockSizeOf(cidr, read(spec, 'blockSize'));
  const sizeBefore = blockSizeOf(before, read(old, 'blockSize'));
  if (size === undefined || sizeBefore === undefined || size === sizeBefore) return;
  const got = read(spec, 'blockSize') ?? undefined;
  yield {
    path: ['spec', 'blockSize'],
    reason: 'FieldValueForbidden',
    problem: 'the block size of a pool cannot be changed',
    got,
    advice: `keep ${sizeBefore} and create a second pool`,
  };
}
