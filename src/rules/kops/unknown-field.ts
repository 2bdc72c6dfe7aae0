// kOps drops an unknown field without an error, and the setting has no effect. The most common case is IPIPMode, which
// is in the documentation of kOps; the field is ipipMode. The same happens to a field at the path of the other API
// version. Looks at spec.networking.calico, and at the ranges that v1alpha3 moved to spec.networking.
import { isBelow } from '../../formats/version.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, type JsonObject, read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { formatRelease } from '../../policy/versions.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico, ONLY_IN_V1ALPHA2 } from './shared/calico-field.ts';

/** Fields that a release added. */
const NEWER = [{ name: 'nftablesMode', minor: 35 }];
const MOVED = [
  'networkCIDR',
  'additionalNetworkCIDRs',
  'networkID',
  'nonMasqueradeCIDR',
  'podCIDR',
  'serviceClusterIPRange',
  'subnets',
];

export const unknownField: Rule<KopsClusterInput> = {
  id: 'kops/unknown-field',
  title: 'fields must be ones that kOps reads',
  action: 'deny',
  docs: {
    why: 'kOps silently drops unknown fields: there is no error, and the field has no effect. `IPIPMode` in the kOps documentation is such a field.',
    fix: 'Correct the name (names are case-sensitive: `ipipMode`), move the field to its place in this API version, or remove it. Set the release that you run with `versions.kops` in the configuration file, or `--kops-version`.',
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
      ipipMode: CrossSubnet
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
      IPIPMode: CrossSubnet
`,
    source:
      'kOps, pkg/apis/kops/v1alpha2 and v1alpha3 (networking.go, conversion.go); docs/networking/calico.md',
    since: '0.1.0',
  },
  *check({ shape, version, calico, spec, networking }, { versions: { kops } }) {
    yield* shape.filter((problem) => problem.kind === 'unknown-field');
    for (const { name, minor } of NEWER) {
      if (isUnset(read(calico, name)) || !isBelow(kops, 1, minor)) continue;
      yield {
        path: inCalico(name),
        at: 'key',
        reason: 'FieldValueForbidden',
        problem: `kOps ${formatRelease(kops)} has no such field`,
        got: name,
        advice: `remove it, or use kOps 1.${minor}`,
      };
    }
    if (version === 'v1alpha2') {
      yield* checkMoved(networking, ['spec', 'networking'], 'move it to spec, or use v1alpha3');
      return;
    }
    yield* checkMoved(spec, ['spec'], 'move it to spec.networking');
    for (const name of ONLY_IN_V1ALPHA2.filter((each) => !isUnset(read(calico, each)))) {
      yield {
        path: inCalico(name),
        at: 'key',
        reason: 'FieldValueForbidden',
        problem: 'v1alpha3 has no such field',
        got: name,
        advice: 'remove it, because it had no effect before',
      };
    }
  },
};

function* checkMoved(map: JsonObject, path: FieldPath, advice: string): Generator<Finding> {
  for (const name of MOVED.filter((each) => !isUnset(read(map, each)))) {
    const problem = 'this API version does not read it here';
    yield { path: [...path, name], at: 'key', reason: 'FieldValueForbidden', problem, got: name, advice };
  }
}
