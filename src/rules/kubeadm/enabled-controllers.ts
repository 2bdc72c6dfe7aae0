// ENABLED_CONTROLLERS of calico-kube-controllers is a list of words, separated by commas, without spaces and in lower
// case. The program stops at an unknown word.
import { nearest } from '../../formats/nearest.ts';
import { isBelow } from '../../formats/version.ts';
import { quote } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import { readContainer, readVersion } from '../../targets/calico-node.ts';
import { KUBE_CONTROLLERS } from '../../targets/calico-typha.ts';
import type { ObjectInput } from '../../targets/object.ts';

const CONTROLLERS: readonly string[] = [
  'node',
  'policy',
  'namespace',
  'profile',
  'serviceaccount',
  'workloadendpoint',
];
/** From Calico 3.30 on. */
const LOAD_BALANCER = 'loadbalancer';
/** Runs alone. */
const MIGRATION = 'flannelmigration';

export const enabledControllers: Rule<ObjectInput> = {
  id: 'kubeadm/enabled-controllers',
  title: 'ENABLED_CONTROLLERS must list controllers that exist',
  action: 'deny',
  docs: {
    why: 'calico-kube-controllers stops at an unknown word in `ENABLED_CONTROLLERS`: addresses of deleted nodes are not released, and with the etcd datastore no policy or namespace is synchronized.',
    fix: 'Write words from node, loadbalancer (from Calico 3.30 on), policy, namespace, serviceaccount and workloadendpoint, in lower case, with commas and without spaces. `flannelmigration` must be alone.',
    good: `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: calico-kube-controllers
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-kube-controllers
          image: quay.io/calico/kube-controllers:v3.30.0
          env:
            - name: ENABLED_CONTROLLERS
              value: node,loadbalancer
`,
    bad: `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: calico-kube-controllers
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-kube-controllers
          image: quay.io/calico/kube-controllers:v3.30.0
          env:
            - name: ENABLED_CONTROLLERS
              value: node, loadbalancer
`,
    source: 'kube-controllers/pkg/config/runconfig.go (mergeEnabledControllers)',
    since: '0.1.0',
  },
  *check({ object }) {
    const container = readContainer(object, KUBE_CONTROLLERS);
    const variable = container?.variables.get('ENABLED_CONTROLLERS');
    if (container === undefined || variable?.value === undefined || variable.value === MIGRATION) return;
    const version = readVersion(container.image);
    const hasLoadBalancer = version === undefined || !isBelow(version, 3, 30);
    const known = hasLoadBalancer ? [...CONTROLLERS, LOAD_BALANCER] : CONTROLLERS;
    const written = variable.value.split(',');
    const wrong = written.find((each) => !known.includes(each));
    if (wrong === undefined) return;
    const meant = written.map((each) => findMeant(each, known));
    const isClear = meant.every((each) => each !== undefined);
    yield {
      path: variable.path,
      reason: 'FieldValueNotSupported',
      problem: `kube-controllers does not support ${quote(wrong)}, and stops`,
      got: variable.value,
      advice: isClear ? `write ${meant.join(',')}` : `write some of ${known.join(',')}`,
    };
  },
};

function findMeant(word: string, known: readonly string[]): string | undefined {
  const bare = word.trim().toLowerCase();
  return known.includes(bare) ? bare : nearest(bare, known);
}
