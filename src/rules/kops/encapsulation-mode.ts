// How packets between nodes are encapsulated. kOps runs Calico with ipip or vxlan with IPv4, with none with IPv6, and
// only with vxlan on Azure, whose network drops IP-in-IP. The words are lower case; without the field kOps chooses the
// right one.

import kopsCalico from '../../kinds/kops-calico.json' with { type: 'json' };
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

const MODES = wordsAt(kopsCalico, 'encapsulationMode');

export const encapsulationMode: Rule<KopsClusterInput> = {
  id: 'kops/encapsulation-mode',
  title: 'the encapsulation must be one that kOps supports there',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster: with IPv4 it supports no mode without encapsulation, with IPv6 none with encapsulation, and the network of Azure drops IP-in-IP packets.',
    fix: 'Remove `encapsulationMode`, so that kOps chooses; or write `ipip` or `vxlan` (IPv4), `none` (IPv6), `vxlan` (Azure).',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: azure
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      encapsulationMode: vxlan
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: azure
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      encapsulationMode: ipip
`,
    source: 'kOps, validateNetworkingCalico; kubernetes/kops#17832; Calico, documentation of Azure',
    since: '0.1.0',
  },
  *check(input) {
    const path = inCalico('encapsulationMode');
    const value = read(input.calico, 'encapsulationMode');
    const word = wordOf(input, 'encapsulationMode');
    if (word !== undefined && !MODES.includes(word)) {
      yield* checkAllowedValue({ path, value: word, problem: 'unsupported encapsulation', allowed: MODES });
      return;
    }
    if (!isUnset(value) && typeof value !== 'string') return;
    const problem = findProblem(input);
    if (problem === undefined) return;
    yield {
      path,
      reason: 'FieldValueForbidden',
      ...problem,
      got: value,
    };
  },
};

function findProblem({ encapsulation, cloud, isIpv6 }: KopsClusterInput) {
  if (isIpv6 && cloud === 'azure') {
    return {
      problem: 'kOps does not support Calico with IPv6 on Azure',
      advice: 'choose an IPv4 nonMasqueradeCIDR',
    };
  }
  if (isIpv6 && encapsulation !== 'none') {
    return { problem: 'IPv6 clusters do not support encapsulation', advice: 'remove it, or write none' };
  }
  if (cloud === 'azure' && encapsulation !== 'vxlan') {
    return { problem: 'Azure supports only vxlan', advice: 'remove it, or write vxlan' };
  }
  if (!isIpv6 && encapsulation === 'none') {
    return { problem: 'only allowed in IPv6 clusters', advice: 'remove it, or write ipip or vxlan' };
  }
  return undefined;
}
