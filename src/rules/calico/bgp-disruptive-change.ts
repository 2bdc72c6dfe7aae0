// The mesh of all nodes is switched off on a living cluster. Each node drops its sessions when it hears of it, and with
// them the routes; what takes their place (route reflectors, routers) has to be there before.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { nameOf } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpDisruptiveChange: Rule<ObjectInput> = {
  id: 'calico/bgp-disruptive-change',
  title: 'an update does not take the routes of a living cluster away',
  action: 'warn',
  docs: {
    why: 'Without the mesh every node drops its BGP sessions with the others, and the routes to their pods with them. Where no BGPPeer has taken over before, pods on different nodes do not reach each other any more (projectcalico/calico#3819, #3785).',
    fix: 'Configure the BGPPeers first, wait until their sessions are up, and then switch the mesh off. With VXLAN pools nothing depends on it.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: true
  logSeverityScreen: Debug
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
`,
    old: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: true
`,
    source: 'projectcalico/calico#3819, #3785; Calico documentation, configure BGP peering',
    since: '0.1.0',
  },
  *check(input) {
    const { spec, old } = input;
    if (old === undefined || nameOf(input) !== 'default') return;
    const path = ['spec', 'nodeToNodeMeshEnabled'];
    // Unset is on.
    if (read(spec, 'nodeToNodeMeshEnabled') !== false || read(old.spec, 'nodeToNodeMeshEnabled') === false)
      return;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'switched off on a living cluster, which drops all routes that no BGPPeer brings',
      got: false,
      advice: 'set up the BGPPeers first',
    };
  },
};
