// The operator rolls out calico-node only by RollingUpdate, and the other components only on Linux nodes and with at
// least one replica. With anything else it stops, and updates of Calico are no longer rolled out. Users try OnDelete to
// update node by node.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const installationControlPlane: Rule<ObjectInput> = {
  id: 'tigera/installation-control-plane',
  title: 'the operator must be able to roll out its components',
  action: 'deny',
  docs: {
    why: 'The operator rolls out calico-node node by node and runs its other components on Linux nodes. It rejects any other way, and fewer than one replica.',
    fix: 'Write `nodeUpdateStrategy.type: RollingUpdate` or nothing, `kubernetes.io/os: linux` or nothing, and 1 or more replicas.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  controlPlaneReplicas: 2
  controlPlaneNodeSelector:
    kubernetes.io/os: linux
  nodeUpdateStrategy:
    type: RollingUpdate
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  nodeUpdateStrategy:
    type: OnDelete
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    const strategy = read(spec, 'nodeUpdateStrategy', 'type') || undefined;
    if (typeof strategy === 'string' && strategy !== 'RollingUpdate') {
      yield {
        path: ['spec', 'nodeUpdateStrategy', 'type'],
        reason: 'FieldValueNotSupported',
        problem: 'calico-node supports only RollingUpdate',
        got: strategy,
        advice: 'use RollingUpdate',
      };
    }
    for (const label of ['kubernetes.io/os', 'beta.kubernetes.io/os']) {
      const os = read(spec, 'controlPlaneNodeSelector', label);
      if (os === undefined || os === 'linux') continue;
      yield {
        path: ['spec', 'controlPlaneNodeSelector', label],
        reason: 'FieldValueNotSupported',
        problem: 'these components only run on Linux',
        got: os,
        advice: 'use linux',
      };
    }
    const replicas = read(spec, 'controlPlaneReplicas');
    if (typeof replicas !== 'number' || replicas > 0) return;
    yield {
      path: ['spec', 'controlPlaneReplicas'],
      reason: 'FieldValueInvalid',
      problem: 'at least one replica is required',
      got: replicas,
      advice: 'use 1 or more',
    };
  },
};
