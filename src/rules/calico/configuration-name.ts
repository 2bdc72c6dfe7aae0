// Calico reads its configurations by name: `default` for the whole cluster, `node.<name>` for one node; the
// controllers read only `default`. A configuration with any other name is stored and never read. A FelixConfiguration
// with a nodeSelector may have another name.
import { isUnset, read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { nameOf } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const configurationName: Rule<ObjectInput> = {
  id: 'calico/configuration-name',
  title: 'a configuration should have a name that Calico reads',
  action: 'warn',
  docs: {
    why: 'Calico reads the configurations `default` and `node.<name>`. A configuration with another name is stored and has no effect.',
    fix: 'Name it `default`, or `node.` followed by the name of the node; a FelixConfiguration with a `nodeSelector` may have any name.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: calico
spec:
  nodeToNodeMeshEnabled: true
`,
    source: 'Calico, documentation of FelixConfiguration, BGPConfiguration and KubeControllersConfiguration',
    since: '0.1.0',
  },
  *check(input) {
    const prefix = readString(input.object, 'metadata', 'generateName');
    const field = nameOf(input) === undefined && prefix !== undefined ? 'generateName' : 'name';
    const name = field === 'name' ? nameOf(input) : prefix;
    if (name === undefined || (field === 'name' && name === 'default')) return;
    const kind = readString(input.object, 'kind');
    const hasNodes = kind !== 'KubeControllersConfiguration';
    if (hasNodes && field === 'name' && name.startsWith('node.')) return;
    if (kind === 'FelixConfiguration' && !isUnset(read(input.spec, 'nodeSelector'))) return;
    const advice = `name it default${hasNodes ? ' or node.<name>' : ''}`;
    yield {
      path: ['metadata', field],
      reason: 'FieldValueInvalid',
      problem: 'Calico reads no configuration with this name',
      got: name,
      advice,
    };
  },
};
