// serviceCIDRs is written for Windows nodes, and says what the cluster's Services have. A pool must not overlap it.
// Where one does, a Service and a pod will share an address one day, and one of them is not reached. The entries
// themselves must be ranges.

import { overlaps, parseCidr } from '../../formats/cidr.ts';
import { readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { checkCidr } from '../shared/cidr-advice.ts';

/** A cluster has two; a document that lists thousands must not cost the product of two long lists. */
const MOST_RANGES = 10;

export const installationServiceCidrs: Rule<InstallationInput> = {
  id: 'tigera/installation-service-cidrs',
  title: 'pools and Services have ranges of their own',
  action: 'deny',
  docs: {
    why: 'An address that is both of a pod and of a Service reaches one of them only: kube-proxy, or what replaces it, takes packets to the pod for packets to the Service. Nobody else compares the two.',
    fix: 'Choose a pool outside the ranges of Services.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  serviceCIDRs: [10.96.0.0/12]
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  serviceCIDRs: [10.96.0.0/12]
  calicoNetwork:
    ipPools:
      - cidr: 10.100.0.0/16
        encapsulation: VXLAN
`,
    source: 'kubernetes/kubeadm#1185 (nodes, pods and Services need distinct ranges)',
    since: '0.1.0',
  },
  *check({ spec, view }) {
    const services = readList(spec, 'serviceCIDRs').filter((each) => typeof each === 'string');
    for (const [index, range] of readList(spec, 'serviceCIDRs').entries()) {
      // Neither the CRD nor the operator looks at them, and only Windows nodes read them.
      for (const finding of checkCidr(['spec', 'serviceCIDRs', index], range)) {
        yield { ...finding, atMost: 'warn' };
      }
    }
    const ranges = services.flatMap((text) => parseCidr(text) ?? []).slice(0, MOST_RANGES);
    for (const { path, values, cidr } of view.pools) {
      if (cidr === undefined || !ranges.some((range) => overlaps(range, cidr))) continue;
      const got = readString(values, 'cidr') ?? '';
      yield {
        path: [...path, 'cidr'],
        reason: 'FieldValueForbidden',
        problem: 'overlaps the range of Services',
        got,
        advice: 'choose a range outside serviceCIDRs',
      };
    }
  },
};
