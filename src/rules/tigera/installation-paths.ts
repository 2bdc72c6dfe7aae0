// flexVolumePath and kubeletVolumePluginPath are directories of the node, or None, with a capital N. The operator
// stops at a relative path with a degraded TigeraStatus. Nothing written is fine: the directory of the provider is
// used.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const installationPaths: Rule<ObjectInput> = {
  id: 'tigera/installation-paths',
  title: 'directories on nodes are absolute',
  action: 'deny',
  docs: {
    why: 'The operator rejects a relative path, because a node has no directory that it would be relative to.',
    fix: 'Write an absolute path, or `None` to go without.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  flexVolumePath: None
  kubeletVolumePluginPath: /var/lib/kubelet
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubeletVolumePluginPath: var/lib/kubelet
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ['flexVolumePath', 'kubeletVolumePluginPath']) {
      const path = readString(spec, field) ?? '';
      if (path === '' || path === 'None' || path.startsWith('/')) continue;
      yield {
        path: ['spec', field],
        reason: 'FieldValueInvalid',
        problem: 'not an absolute path',
        got: path,
        advice: 'begin it with /, or write None to go without',
      };
    }
  },
};
