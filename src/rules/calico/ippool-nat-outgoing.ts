// Only the nodes know the addresses of an overlay. Without natOutgoing a packet of a pod leaves the cluster with such
// an address, and no answer comes back. The operator and calico-node enable it in the pools that they create; in a
// pool that a user writes it is off by default. Reported only for private IPv4 ranges: others may be routed.
import { overlaps, parseCidr } from '../../formats/cidr.ts';
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { isEncapsulated, usesOf } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(parseCidr);

export const ippoolNatOutgoing: Rule<ObjectInput> = {
  id: 'calico/ippool-nat-outgoing',
  title: 'natOutgoing should be on in pools of an overlay',
  action: 'warn',
  docs: {
    why: 'The addresses of an overlay are unknown outside the cluster: without `natOutgoing` pods reach neither the internet nor neighboring networks. It is off by default, while pools of the operator and of calico-node have it on.',
    fix: 'Write `natOutgoing: true`. If no traffic may leave the cluster, disable this rule.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  vxlanMode: Always
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
`,
    source:
      'Calico, documentation of natOutgoing; tigera/operator and calico-node, defaults of the pools they create',
    since: '0.1.0',
  },
  *check({ spec }) {
    const isOverlay = isEncapsulated(read(spec, 'ipipMode')) || isEncapsulated(read(spec, 'vxlanMode'));
    if (!isOverlay || read(spec, 'natOutgoing') === true || read(spec, 'disabled') === true) return;
    if (!usesOf(spec).includes('Workload')) return;
    // The pool is for no node by default: only pods that ask for it get its addresses, and the user set natOutgoing to false.
    if (read(spec, 'natOutgoing') === false && readString(spec, 'nodeSelector')?.trim() === '!all()') return;
    const cidr = parseCidr(readString(spec, 'cidr') ?? '');
    if (!PRIVATE.some((range) => range && cidr && overlaps(range, cidr))) return;
    const got = read(spec, 'natOutgoing') ?? undefined;
    yield {
      path: ['spec', 'natOutgoing'],
      reason: 'FieldValueInvalid',
      problem: 'pods of this overlay cannot reach anything outside the cluster',
      got,
      advice: 'write true',
    };
  },
};
