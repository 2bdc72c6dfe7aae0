// With the mesh of all nodes off, and no peer in its place, BIRD tells no node of the others' pods.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const bgpMeshWithoutPeer: BundleRule = {
  id: 'calico/bgp-mesh-without-peer',
  title: 'where the BGP mesh is off there are peers',
  action: 'warn',
  docs: {
    why: 'With `nodeToNodeMeshEnabled: false` nodes peer with whom a BGPPeer names, and with nobody else. Without one, pods of a pool with IP-in-IP on different nodes do not reach each other: up to Calico 3.32 its routes come from BIRD (projectcalico/calico#3819). It is said where such a pool is among the files.',
    fix: 'Add BGPPeers, such as to route reflectors, before the mesh is switched off.',
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
    // A peer that is not in sight may lie elsewhere.
    if (!isWhole) return;
    for (const group of groupByCluster(facts)) {
      const needsRoutes = factsOf(group, 'pool').some(
        ({ encapsulation, isDisabled }) => encapsulation === 'ipip' && !isDisabled,
      );
      // Who programs the routes is written, so that it was thought of.
      if (!needsRoutes || factsOf(group, 'cluster-routes').length > 0) continue;
      if (factsOf(group, 'bgp-peer').length > 0) continue;
      for (const { document, path } of factsOf(group, 'mesh-off')) {
        const problem = 'the mesh is off, and no BGPPeer is among the files';
        const advice = 'add the peers, or leave the mesh on';
        yield { document, path, reason: 'FieldValueForbidden', problem, got: false, advice };
      }
    }
  },
};
