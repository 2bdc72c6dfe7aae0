// nodeMeshPassword and nodeMeshMaxRestartTime are settings of the mesh in which every node peers with every other.
// With the mesh off, Calico rejects them: the user would believe that a password protects the sessions.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpMesh: Rule<ObjectInput> = {
  id: 'calico/bgp-mesh',
  title: 'settings of the BGP mesh must come with the mesh',
  action: 'deny',
  docs: {
    why: 'Without the mesh its password and restart time apply to no session. Calico rejects them, so that no user relies on them.',
    fix: 'Move the setting to the BGPPeers (`password`, `maxRestartTime`), or set `nodeToNodeMeshEnabled` to `true`.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: true
  nodeMeshMaxRestartTime: 120s
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
  nodeMeshMaxRestartTime: 120s
`,
    source: 'Calico, BGPConfiguration CRD: validation rules',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (read(spec, 'nodeToNodeMeshEnabled') !== false) return;
    for (const field of ['nodeMeshPassword', 'nodeMeshMaxRestartTime']) {
      const value = read(spec, field);
      if (isUnset(value)) continue;
      yield {
        path: ['spec', field],
        reason: 'FieldValueForbidden',
        problem: 'the mesh is off, so this setting has no effect',
        got: value,
        advice: 'set it in the BGPPeers',
      };
    }
  },
};
