// With the node-to-node mesh disabled and no peer instead of it, no node learns the routes to pods of other nodes.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const bgpMeshWithoutPeer: BundleRule = {
  id: 'calico/bgp-mesh-without-peer',
  title: 'BGPPeers should exist where the BGP mesh is off',
  action: 'warn',
  docs: {
    why: 'With `nodeToNodeMeshEnabled: false` nodes peer only with the peers of BGPPeers. Without a BGPPeer, pods of an IP-in-IP pool on different nodes cannot reach each other: up to Calico 3.32 the routes come from BIRD (projectcalico/calico#3819). It is reported where such a pool is among the files.',
    fix: 'Add BGPPeers, for example to route reflectors, before you disable the mesh.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipipMode: Always
  natOutgoing: true
---
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
---
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: reflectors
spec:
  nodeSelector: all()
  peerSelector: has(route-reflector)
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipipMode: Always
  natOutgoing: true
---
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
`,
    source: 'Calico, documentation of BGP; projectcalico/calico#3819',
    since: '0.1.0',
  },
  *check(facts, _options, { isWhole }) {
    // A peer that is not among the files may exist elsewhere.
    if (!isWhole) return;
    for (const group of groupByCluster(facts)) {
      const needsRoutes = factsOf(group, 'pool').some(
        ({ encapsulation, isDisabled }) => encapsulation === 'ipip' && !isDisabled,
      );
      // The user has decided who programs the routes.
      if (!needsRoutes || factsOf(group, 'cluster-routes').length > 0) continue;
      if (factsOf(group, 'bgp-peer').length > 0) continue;
      for (const { document, path } of factsOf(group, 'mesh-off')) {
        const problem = 'the mesh is off, and the files have no BGPPeer';
        const advice = 'add the peers, or keep the mesh on';
        yield { document, path, reason: 'FieldValueForbidden', problem, got: false, advice };
      }
    }
  },
};
