// calico_backend of ConfigMap calico-config, and CALICO_NETWORKING_BACKEND of calico-node if it is set: bird, vxlan
// without BGP, or none for network policies only. With any other word calico-node starts BIRD, without VXLAN and
// without an error.

import configMap from '../../kinds/config-map.json' with { type: 'json' };
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import { isCalicoConfig } from '../../targets/calico-config-map.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const BACKENDS = wordsAt(configMap, 'data', 'calico_backend');

export const backend: Rule<ObjectInput & Partial<CalicoNodeInput>> = {
  id: 'kubeadm/backend',
  title: 'the backend must be bird, vxlan or none',
  action: 'deny',
  docs: {
    why: 'calico-node compares the word exactly: with any other word it starts BIRD.',
    fix: 'Write `bird`, `vxlan` or `none`.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  calico_backend: "vxlan"
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  calico_backend: "VXLAN"
`,
    source: 'Calico documentation, configuring calico/node (CALICO_NETWORKING_BACKEND)',
    since: '0.1.0',
  },
  *check({ object, node }) {
    const variable = node?.variables.get('CALICO_NETWORKING_BACKEND');
    const values = [
      {
        path: ['data', 'calico_backend'],
        value: isCalicoConfig(object) && read(object, 'data', 'calico_backend'),
      },
      { path: variable?.path ?? [], value: variable?.value || undefined },
    ];
    for (const { path, value } of values) {
      yield* checkAllowedValue({ path, value, problem: 'unsupported backend', allowed: BACKENDS });
    }
  },
};
