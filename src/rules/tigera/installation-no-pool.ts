// With ipPools: [] the operator creates no pool, for users who create IPPools themselves. If no IPPool is among the
// files, no pod gets an address. Pools are often created elsewhere, so this is only reported with the configuration of
// a whole cluster.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const installationNoPool: BundleRule = {
  id: 'tigera/installation-no-pool',
  title: 'a pool should exist',
  action: 'warn',
  docs: {
    why: 'With an empty list of pools the operator creates none, not even its default. Until an IPPool is created no pod gets an address, and nodes stay NotReady.',
    fix: 'Add an IPPool, write the pool here, or remove `ipPools` to use the default of the operator.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools: []
---
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
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools: []
`,
    source: 'Tigera operator, api/v1/installation_types.go (ipPools) and pkg/controller/ippool',
    since: '0.1.0',
  },
  *check(facts, _options, { isWhole }) {
    if (!isWhole || factsOf(facts, 'ip-pool').length > 0) return;
    for (const cluster of groupByCluster(facts)) {
      if (factsOf(cluster, 'pool').length > 0) continue;
      if (factsOf(cluster, 'kubeadm-cluster').length === 0) continue;
      for (const { document, path, usesCalicoCni, hasNoPools } of factsOf(cluster, 'installation')) {
        if (!usesCalicoCni || !hasNoPools) continue;
        const problem = 'the operator creates no pool, and the files have no IPPool';
        const advice = 'add an IPPool, or no pod gets an address';
        yield { document, path: [...path, 'ipPools'], reason: 'FieldValueRequired', problem, advice };
      }
    }
  },
};
