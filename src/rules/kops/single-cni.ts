// A cluster has one network plugin: kOps rejects a Cluster with several, and plugins that it has removed. The names
// differ between the versions (kuberouter and kubeRouter, amazonvpc and amazonVPC, gce and gcp). The finding has the
// path that kOps uses: the one that comes later in the order in which kOps checks them.
import { isBelow } from '../../formats/version.ts';
import { isUnset, read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';

const PATH = ['spec', 'networking'];
const GIVEN_UP = ['classic', 'weave', 'romana', 'lyftvpc'];
/** Plugins without a field in v1alpha3, so kOps drops them. */
const DROPPED = GIVEN_UP.filter((name) => name !== 'weave');
const BEFORE_CALICO = ['kubenet', 'external', 'kopeio', 'cni', 'flannel', 'kindnet'];
/** kOps has it from 1.32 on; older releases drop the field. */
const KINDNET_MINOR = 32;
const AFTER_CALICO = {
  v1alpha2: ['canal', 'kuberouter', 'amazonvpc', 'cilium', 'gce'],
  v1alpha3: ['canal', 'kubeRouter', 'amazonVPC', 'cilium', 'gcp'],
};

export const singleCni: Rule<KopsClusterInput> = {
  id: 'kops/single-cni',
  title: 'Calico must be the only network plugin',
  action: 'deny',
  docs: {
    why: 'kOps installs one network plugin and rejects a Cluster with several. v1alpha3 drops the fields of some removed plugins, which is a warning.',
    fix: 'Remove every plugin except `calico`.',
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
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico: {}
    cilium: {}
`,
    source: 'kOps, validateNetworking; kindnet from kOps 1.32 on',
    since: '0.1.0',
  },
  *check({ networking, version }, { versions: { kops } }) {
    const isKnown = (name: string) => name !== 'kindnet' || !isBelow(kops, 1, KINDNET_MINOR);
    const isChosen = (name: string) => !isUnset(read(networking, name)) && isKnown(name);
    for (const name of GIVEN_UP.filter(isChosen)) {
      yield {
        path: [...PATH, name],
        at: 'key',
        reason: 'FieldValueForbidden',
        problem: 'kOps no longer has this network plugin',
        advice: 'remove it, and keep calico',
        ...(version === 'v1alpha3' && DROPPED.includes(name) ? { atMost: 'warn' } : {}),
      };
    }
    const before = BEFORE_CALICO.filter(isChosen);
    if (before.length > 0) {
      yield onlyOne('calico', String(before[0]));
    }
    for (const name of AFTER_CALICO[version].filter(isChosen)) {
      yield onlyOne(name, 'calico');
    }
  },
};

function onlyOne(name: string, other: string): Finding {
  return {
    path: [...PATH, name],
    at: 'key',
    reason: 'FieldValueForbidden',
    problem: `only one network plugin is allowed, and ${other} is also set`,
    advice: 'keep one of them',
  };
}
