// What kOps checks of subnets apart from their ranges: each has a name of its own and a type, on some clouds a region,
// and all of them are either new or exist already.

import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const TYPES = ['Public', 'Private', 'DualStack', 'Utility'];
/** The first part of the name of what traffic leaves through: nat-0123. */
const EGRESS = ['nat', 'eipalloc', 'i', 'tgw', 'External'];

const WITH_SUBNETS: readonly unknown[] = ['aws', 'azure', 'gce', 'openstack', 'scaleway'];
const WITH_REGION: readonly unknown[] = ['azure', 'do', 'gce', 'linode'];

export const subnets: Rule<KopsClusterInput> = {
  id: 'kops/subnets',
  title: 'subnets must have what kOps needs',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster: each subnet needs a name of its own and a type, and on Azure, DigitalOcean, GCE and Linode all have one region. Existing subnets, which have an `id`, cannot be mixed with new ones.',
    fix: 'Write `name` and `type` (Public, Private, DualStack or Utility) for each subnet, and `region` where the cloud needs it. Only IPv6 clusters have subnets of type DualStack. On GCE subnets have no `zone`.',
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
  subnets:
  - name: us-east-1a
    type: Private
    zone: us-east-1a
    cidr: 172.20.32.0/19
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
    calico: {}
  subnets:
  - name: us-east-1a
    type: private
    zone: us-east-1a
    cidr: 172.20.32.0/19
`,
    source: 'kOps 1.37, validateSubnets, validateSubnet and gceValidateCluster',
    since: '0.1.0',
  },
  *check(input) {
    const { object, networkPath, cloud } = input;
    const path = [...networkPath, 'subnets'];
    const listed = readList(object, ...path);
    if (listed.length === 0 && Array.isArray(read(object, ...path)) && WITH_SUBNETS.includes(cloud)) {
      const problem = 'this cloud needs a subnet';
      yield {
        path,
        reason: 'FieldValueRequired',
        problem,
        advice: 'add one with a name, a type and a range',
      };
    }
    const seen = new Set<unknown>();
    for (const [index, each] of listed.entries()) {
      // To Go null is an empty subnet.
      const subnet = each === null ? {} : each;
      if (!isMap(subnet)) continue;
      yield* checkName([...path, index], subnet, seen);
      yield* checkType([...path, index], subnet, input);
      yield* checkPlace([...path, index], subnet, listed[0], cloud);
    }
  },
};

function* checkName(path: FieldPath, subnet: JsonObject, seen: Set<unknown>): Generator<Finding> {
  const name = read(subnet, 'name');
  const at = [...path, 'name'];
  if (isUnset(name) || name === '') {
    yield { path: at, reason: 'FieldValueRequired', problem: 'the subnet has no name', advice: 'add one' };
  } else if (seen.has(name)) {
    const problem = 'another subnet has this name';
    yield { path: at, reason: 'FieldValueDuplicate', problem, got: name, advice: 'choose another name' };
  }
  seen.add(name);
}

function* checkType(path: FieldPath, subnet: JsonObject, { isIpv6 }: KopsClusterInput): Generator<Finding> {
  const value = read(subnet, 'type');
  const at = [...path, 'type'];
  if (isUnset(value)) {
    const advice = 'add Public, Private or Utility';
    yield { path: at, reason: 'FieldValueRequired', problem: 'the subnet has no type', advice };
  } else if (value === 'DualStack' && !isIpv6) {
    const problem = 'only IPv6 clusters have such subnets';
    const advice = 'write Public or Private';
    yield { path: at, reason: 'FieldValueForbidden', problem, got: value, advice };
  } else {
    yield* checkAllowedValue({ path: at, value, problem: 'not known to kOps', allowed: TYPES });
  }
  const egress = read(subnet, 'egress');
  if (typeof egress !== 'string' || egress === '' || EGRESS.includes(egress.split('-', 1)[0] ?? '')) return;
  yield {
    path: [...path, 'egress'],
    reason: 'FieldValueInvalid',
    problem: 'not a gateway that kOps knows',
    got: egress,
    advice: 'write the id of a NAT gateway, an elastic IP, an instance or a transit gateway, or External',
  };
}

/** The first subnet decides about the others. */
function* checkPlace(
  path: FieldPath,
  subnet: JsonObject,
  first: unknown,
  cloud: unknown,
): Generator<Finding> {
  const region = read(subnet, 'region');
  const isWithoutRegion = isUnset(region) || region === '';
  if (WITH_REGION.includes(cloud) && isWithoutRegion) {
    const problem = 'this cloud needs the region of the subnet';
    yield { path: [...path, 'region'], reason: 'FieldValueRequired', problem, advice: 'add it' };
  } else if (WITH_REGION.includes(cloud) && region !== (read(first, 'region') || region)) {
    const problem = 'a cluster cannot span regions';
    const advice = 'write the region of the other subnets';
    yield { path: [...path, 'region'], reason: 'FieldValueForbidden', problem, got: region, advice };
  }
  const zone = read(subnet, 'zone');
  if (cloud === 'gce' && !isUnset(zone) && zone !== '') {
    const problem = 'subnets of GCE have no zone';
    yield { path: [...path, 'zone'], reason: 'FieldValueInvalid', problem, got: zone, advice: 'remove it' };
  }
  if (Boolean(read(subnet, 'id')) === Boolean(read(first, 'id'))) return;
  yield {
    path: [...path, 'id'],
    reason: 'FieldValueForbidden',
    problem: 'new and existing subnets cannot be mixed',
    got: read(subnet, 'id'),
    advice: 'write the id of each subnet, or of none',
  };
}
