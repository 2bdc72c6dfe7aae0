// A document with a value of the wrong type is rejected as a whole: kubeadm does not start, and kubectl does not apply
// it. The most common mistake is a number without quotes in a ConfigMap or an environment. The schemas of the
// documents decide, for the fields that other rules read.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const wrongType: Rule<ObjectInput> = {
  id: 'kubeadm/wrong-type',
  title: 'every field must have the right type',
  action: 'deny',
  docs: {
    why: 'kubeadm and the API server stop at a value of the wrong type. Values of a ConfigMap and of an environment are strings, even if they look like numbers.',
    fix: 'Write the type from the message. Put a number that must be a string in quotes.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  veth_mtu: "1440"
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  veth_mtu: 1440
`,
    source: 'Kubernetes API, ConfigMap and DaemonSet; kubeadm, its configuration API',
    since: '0.1.0',
  },
  *check({ shape }) {
    yield* shape.filter((problem) => problem.kind === 'wrong-type');
  },
};
