// This rule checks that the filters of a BGPPeer exist. Calico omits a missing filter without an error, and routes are
// not filtered.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findMissingNames } from './shared/missing-name.ts';

export const bgpPeerFilter: BundleRule = {
  id: 'calico/bgp-peer-filter',
  title: 'the filters of a BGP peer should exist',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject a peer with a filter that does not exist. With CRDs it is stored, and the filter is omitted: routes that it should reject are imported and exported. It is reported where the files have other BGPFilters, but not this one.",
    fix: 'Write the name of a BGPFilter, or add the filter.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: no-default-route
spec:
  importV4:
  - action: Reject
    matchOperator: Equal
    cidr: 0.0.0.0/0
---
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  filters: [no-default-route]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: no-default-route
spec:
  importV4:
  - action: Reject
    matchOperator: Equal
    cidr: 0.0.0.0/0
---
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  filters: [no-default-routes]
`,
    source: 'Calico, libcalico-go clientv3 (BGPPeer); confd (bgp_processor.go)',
    since: '0.1.0',
  },
  *check(facts, _options, { isWhole }) {
    // A filter that is not among the files may exist elsewhere.
    if (!isWhole) return;
    for (const group of groupByCluster(facts)) {
      const filters = factsOf(group, 'bgp-filter').map(({ document }) => document.name);
      const used = factsOf(group, 'used-filter').map(({ filter, ...place }) => ({
        ...place,
        name: filter,
      }));
      yield* findMissingNames('BGPFilter', filters, used);
    }
  },
};
