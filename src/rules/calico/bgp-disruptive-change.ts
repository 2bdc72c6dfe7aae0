// The node-to-node mesh is disabled in a running cluster. Each node drops its sessions, and with them the routes. The
// replacement (route reflectors, routers) must exist before.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { nameOf } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpDisruptiveChange: Rule<ObjectInput> = {
  id: 'calico/bgp-disruptive-change',
  title: 'the node-to-node mesh of a running cluster should only be disabled with BGPPeers',
  action: 'warn',
  docs: {
    why: 'Without the mesh every node drops its BGP sessions with the other nodes, and the routes to their pods. If no BGPPeer replaces the mesh, pods on different nodes no longer reach each other (projectcalico/calico#3819, #3785).',
    fix: 'Configure the BGPPeers first, wait until their sessions are up, and then disable the mesh. With VXLAN pools no traffic depends on it.',
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
      problem: 'disabling the mesh of a running cluster removes all routes that no BGPPeer provides',
      got: false,
      advice: 'set up the BGPPeers first',
    };
  },
};
