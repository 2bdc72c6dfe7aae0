// The port of the API server. kubeadm replaces 0 by its default.
import type { FieldPath } from '../../policy/field-path.ts';
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkNumber } from '../shared/number-range.ts';

const PATHS: readonly FieldPath[] = [
  ['localAPIEndpoint', 'bindPort'],
  ['controlPlane', 'localAPIEndpoint', 'bindPort'],
];

export const bindPort: Rule<ObjectInput> = {
  id: 'kubeadm/bind-port',
  title: 'bindPort must be a port',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects any number that is not a port.',
    fix: 'Write a port such as 6443, or remove `bindPort`.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  bindPort: 6443
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  bindPort: 644300
`,
    source: 'kubeadm 1.36, app/apis/kubeadm/validation: ValidatePort',
    since: '0.1.0',
  },
  *check({ object }) {
    for (const path of PATHS) {
      yield* checkNumber({ path, value: read(object, ...path), min: 0, max: 65535, what: 'port' });
    }
  },
};
