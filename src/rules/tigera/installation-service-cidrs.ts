// serviceCIDRs is required for Windows nodes, and has the ranges of the Services of the cluster. A pool must not
// overlap them. Otherwise a Service and a pod will share an address at some time, and one of them cannot be reached.
// The entries themselves must be ranges.

import { overlaps, parseCidr } from '../../formats/cidr.ts';
import { readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { checkCidr } from '../shared/cidr-advice.ts';

/** A cluster has two ranges; a document with thousands of them must not cost the product of two long lists. */
const MOST_RANGES = 10;

export const installationServiceCidrs: Rule<InstallationInput> = {
  id: 'tigera/installation-service-cidrs',
  title: 'the ranges of pools and Services must not overlap',
  action: 'deny',
  docs: {
    why: 'Traffic to an address of both a pod and a Service reaches only one of them: kube-proxy, or its replacement, treats packets to the pod as packets to the Service. No other component compares the two.',
    fix: 'Choose a pool outside the Service ranges.',
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
      // Neither the CRD nor the operator validates them, and only Windows nodes read them.
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
        problem: 'overlaps the Service range',
        got,
        advice: 'choose a range outside serviceCIDRs',
      };
    }
  },
};
