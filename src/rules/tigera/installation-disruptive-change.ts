// This rule reports updates of a running Installation that interrupt traffic: dataplane, CNI and IPAM plugin, BGP, MTU,
// and of pools the range, the block size, the encapsulation, and the removal of a pool. Compares the effective values.
// A new Installation is never reported.
import { read, readString } from '../../policy/json.ts';
import { describe, quote } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import {
  type InstallationPool,
  type InstallationView,
  NETWORK_PATH,
} from '../../targets/installation-view.ts';

type Switch = 'dataplane' | 'cni' | 'ipam' | 'bgp';

const SWITCHES: readonly {
  readonly path: readonly string[];
  readonly key: Switch;
  readonly effect: string;
}[] = [
  { path: ['calicoNetwork', 'linuxDataplane'], key: 'dataplane', effect: 'connections break node by node' },
  { path: ['cni', 'type'], key: 'cni', effect: 'running pods lose their network' },
  {
    path: ['cni', 'ipam', 'type'],
    key: 'ipam',
    effect: 'running pods keep addresses that can be assigned again',
  },
  { path: ['calicoNetwork', 'bgp'], key: 'bgp', effect: 'routes change node by node' },
];

export const installationDisruptiveChange: Rule<InstallationInput> = {
  id: 'tigera/installation-disruptive-change',
  title: 'settings that interrupt the network should only change on purpose',
  action: 'warn',
  docs: {
    why: 'The operator applies the change node by node, or deletes and creates pools: until it has finished, nodes and pods with the old setting cannot reach those with the new one. Addresses that pods already have stay as they are.',
    fix: 'Plan the interruption. To use another range add a second pool, move the pods, and then remove the first pool.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: IPIP
      - cidr: 172.16.0.0/16
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    old: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: IPIP
`,
    source:
      'Calico documentation: change IP pool block size, migrate from one IP pool to another, enable eBPF; Calico 3.33, CRD of IPPool (cidr and blockSize cannot change)',
    since: '0.1.0',
  },
  *check({ spec, old, view: after }) {
    if (old === undefined) return;
    const before = old.view;
    for (const { path, key, effect } of SWITCHES) {
      if (before[key] === after[key]) continue;
      yield {
        path: ['spec', ...path],
        reason: 'FieldValueForbidden',
        problem: `${effect}, changed from ${quote(before[key])}`,
        got: read(spec, ...path) ?? undefined,
        advice: 'plan an interruption',
      };
    }
    const mtu = [read(before.network, 'mtu') ?? 0, read(after.network, 'mtu') ?? 0];
    if (mtu[0] !== mtu[1]) {
      yield {
        path: [...NETWORK_PATH, 'mtu'],
        reason: 'FieldValueForbidden',
        problem: 'running pods keep their MTU',
        got: mtu[1],
        advice: 'restart the pods',
      };
    }
    yield* comparePools(before, after);
  },
};

function* comparePools(before: InstallationView, after: InstallationView): Generator<Finding> {
  const left = new Set(after.pools);
  for (const pool of before.pools.slice(0, 100)) {
    const same = [...left].find((other) => isSame(pool, other));
    if (same === undefined) {
      const problem = `the pool ${quote(readString(pool.values, 'cidr') ?? '')} is removed, but pods may still use it`;
      const advice = 'move its pods to another pool first';
      yield { path: [...NETWORK_PATH, 'ipPools'], reason: 'FieldValueForbidden', problem, advice };
      continue;
    }
    left.delete(same);
    yield* comparePool(pool, same);
  }
}

function isSame(a: InstallationPool, b: InstallationPool): boolean {
  const name = readString(a.values, 'name') ?? '';
  if (name !== '' && name === readString(b.values, 'name')) return true;
  return readString(a.values, 'cidr') === readString(b.values, 'cidr');
}

function* comparePool(before: InstallationPool, after: InstallationPool): Generator<Finding> {
  for (const field of ['cidr', 'blockSize']) {
    const was = read(before.values, field) ?? undefined;
    const got = read(after.values, field) ?? undefined;
    if (was === got) continue;
    const problem = `a pool cannot change this${was === undefined ? '' : ` from ${describe(was)}`}`;
    const advice = 'add a second pool';
    yield { path: [...after.path, field], reason: 'FieldValueForbidden', problem, got, advice };
  }
  const [was, is] = [before.encapsulation, after.encapsulation];
  if (was === undefined || is === undefined || was === is) return;
  yield {
    path: [...after.path, 'encapsulation'],
    reason: 'FieldValueForbidden',
    problem: `traffic breaks node by node, changed from ${quote(was)}`,
    got: read(after.values, 'encapsulation') ?? undefined,
    advice: 'plan an interruption',
  };
}
