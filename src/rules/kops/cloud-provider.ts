// kOps must know the cloud: Calico's defaults and half of the rules for its settings depend on it. v1alpha2 takes a
// name, v1alpha3 a map with that name as its one key; both are case-sensitive.
import { isMap, isUnset, read } from '../../policy/json.ts';
import { describe } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { KOPS_CLOUDS, type KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../allowed-value.ts';

const PATH = ['spec', 'cloudProvider'];

export const cloudProvider: Rule<KopsClusterInput> = {
  id: 'kops/cloud-provider',
  title: 'the cloud is one that kOps knows',
  action: 'deny',
  docs: {
    why: 'Without a cloud that it knows kOps refuses the Cluster.',
    fix: 'v1alpha2: `cloudProvider: aws`. v1alpha3: `cloudProvider: {aws: {}}`. The names are aws, azure, do, gce, hetzner, linode, metal, openstack and scaleway, in lower case.',
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
    calico: {}
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: AWS
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico: {}
`,
    source: 'kOps, pkg/apis/kops/v1alpha2/conversion.go; validateCloudProvider',
    since: '0.1.0',
  },
  *check({ spec, version }) {
    const value = read(spec, 'cloudProvider');
    if (isUnset(value) || value === '') {
      const message = `kOps must know the cloud (got ${describe(value)}); add it, such as ${exampleOf(version)}`;
      yield { path: PATH, reason: 'FieldValueRequired', message };
    } else if (version === 'v1alpha2') {
      yield* checkName(value);
    } else {
      yield* checkMap(value);
    }
  },
};

function exampleOf(version: KopsClusterInput['version']): string {
  return version === 'v1alpha2' ? 'aws' : '{aws: {}}';
}

function* checkName(value: unknown): Generator<Finding> {
  if (isMap(value)) {
    const message = 'v1alpha2 wants a name (got a map); write it alone, such as aws, or use v1alpha3';
    yield { path: PATH, reason: 'FieldValueTypeInvalid', message };
  }
  yield* checkAllowedValue({ path: PATH, value, wrong: 'not a cloud of kOps', allowed: KOPS_CLOUDS });
}

function* checkMap(value: unknown): Generator<Finding> {
  if (!isMap(value)) {
    if (typeof value !== 'string') return;
    const message = `v1alpha3 wants a map (got ${describe(value)}); write it as {aws: {}}`;
    yield { path: PATH, reason: 'FieldValueTypeInvalid', message };
    return;
  }
  const [first, ...others] = KOPS_CLOUDS.filter((cloud) => !isUnset(read(value, cloud)));
  if (first === undefined) {
    const message = `names no cloud of kOps (got ${describe(value)}); add one as a key, such as aws: {}`;
    yield { path: PATH, reason: 'FieldValueRequired', message };
  }
  for (const cloud of others) {
    const message = `only one cloud is allowed (got ${cloud} beside ${first}); keep one of them`;
    yield { path: [...PATH, cloud], reason: 'FieldValueForbidden', message };
  }
}
