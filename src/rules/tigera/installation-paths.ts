// flexVolumePath and kubeletVolumePluginPath are directories of the node, or None, with a capital N. At a relative
// path the operator stops with a degraded TigeraStatus. The default is the directory of the provider.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const installationPaths: Rule<ObjectInput> = {
  id: 'tigera/installation-paths',
  title: 'directories on nodes must be absolute',
  action: 'deny',
  docs: {
    why: 'The operator rejects a relative path, because a node has no base directory for it.',
    fix: 'Write an absolute path, or `None` to disable it.',
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
        problem: 'must be an absolute path',
        got: path,
        advice: 'begin the path with /, or write None to disable it',
      };
    }
  },
};
