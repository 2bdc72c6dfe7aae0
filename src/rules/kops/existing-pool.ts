// calico-node reads the mode and the range of the pool only when it creates the first IPPool. A change of ipipMode,
// vxlanMode or podCIDR in a running cluster does not change that pool; encapsulationMode changes the backend and not
// the pool, and then nothing programs the routes that the pool needs. Compares the effective settings of the old and
// the new Cluster.
import { formatCidr } from '../../formats/cidr.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { KopsClusterInput, KopsRange } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

export const existingPool: Rule<KopsClusterInput> = {
  id: 'kops/existing-pool',
  title: 'a change of the pool should also be made in the existing IPPool',
  action: 'warn',
  docs: {
    why: 'calico-node reads the mode and the range only when it creates the first IPPool. Later changes have no effect, and another `encapsulationMode` changes the backend while the pool still needs the old one: pods on different nodes cannot reach each other.',
    fix: 'Also change the IPPool (`kubectl edit ippool default-ipv4-ippool`). A range cannot be changed: add a pool and move the pods.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      typhaReplicas: 3
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      ipipMode: Always
`,
    old: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      ipipMode: CrossSubnet
`,
    source: 'kubernetes/kops#3019; Calico, calico-node startup (CALICO_IPV4POOL_*)',
    since: '0.1.0',
  },
  *check(input) {
    const { old } = input;
    if (old === undefined) return;
    if (old.encapsulation !== input.encapsulation) {
      const problem = 'the existing IPPool keeps the old mode';
      yield kept(
        input,
        inCalico('encapsulationMode'),
        problem,
        'also change the pool, or pods cannot reach each other',
      );
    } else {
      yield* checkModes(input, old);
    }
    yield* checkRange(input, old);
  },
};

function kept(input: KopsClusterInput, path: FieldPath, problem: string, advice: string): Finding {
  const got = read(input.object, ...path);
  return { path, reason: 'FieldValueInvalid', problem, got, advice };
}

function* checkModes(input: KopsClusterInput, old: KopsClusterInput): Generator<Finding> {
  for (const name of ['ipipMode', 'vxlanMode'] as const) {
    if (old[name] === input[name]) continue;
    yield kept(input, inCalico(name), 'does not change the existing IPPool', 'change the pool itself');
  }
}

function* checkRange(input: KopsClusterInput, old: KopsClusterInput): Generator<Finding> {
  const { podRange, ranges } = input;
  if (podRange === undefined || old.podRange === undefined) return;
  if (formatCidr(podRange) === formatCidr(old.podRange)) return;
  const pairs: readonly (readonly [KopsRange, KopsRange])[] = [
    [ranges.controllerManager, old.ranges.controllerManager],
    [ranges.pod, old.ranges.pod],
    [ranges.nonMasquerade, old.ranges.nonMasquerade],
  ];
  const changed = pairs.find(([now, before]) => now.value !== before.value)?.[0] ?? ranges.pod;
  const problem =
    changed === ranges.nonMasquerade
      ? 'Services keep their addresses, and the existing IPPool keeps its range'
      : 'does not change the existing IPPool';
  const advice = 'add a new pool and move the pods to it';
  yield kept(
    input,
    changed.path,
    problem,
    changed === ranges.nonMasquerade ? `keep it, or ${advice}` : advice,
  );
}
