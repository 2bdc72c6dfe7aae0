// A DaemonSet or Deployment of Calico in calico-system that somebody wrote: the operator makes all that is there from the
// Installation, and undoes what differs. One that was read from a cluster names its owner, and is left alone.
import { readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** Where the operator takes it from, by the beginning of the variable's name; the first that is found is told. */
const PLACES: readonly (readonly [prefix: string, place: string])[] = [
  ['IP_AUTODETECTION_METHOD', 'calicoNetwork.nodeAddressAutodetectionV4 of the Installation'],
  ['IP6_AUTODETECTION_METHOD', 'calicoNetwork.nodeAddressAutodetectionV6 of the Installation'],
  ['CALICO_IPV', 'calicoNetwork.ipPools of the Installation'],
  ['CALICO_NETWORKING_BACKEND', 'calicoNetwork.bgp of the Installation'],
  ['CNI_MTU', 'calicoNetwork.mtu of the Installation'],
  ['FELIX_BPFENABLED', 'calicoNetwork.linuxDataplane of the Installation'],
  ['FELIX_', 'a FelixConfiguration'],
];

export const operatorOwned: Rule<ObjectInput & Partial<CalicoNodeInput>> = {
  id: 'kubeadm/operator-owned',
  title: 'what the operator makes is left to the operator',
  action: 'warn',
  docs: {
    why: 'The Tigera operator makes what is in calico-system from the Installation. It undoes every change, so that a variable or an argument that is set there is gone within seconds.',
    fix: 'Write the setting into the Installation or a FelixConfiguration; resources, tolerations and such into its overrides (`calicoNodeDaemonSet`, `typhaDeployment`).',
    good: `
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: IP_AUTODETECTION_METHOD
              value: interface=eth1
`,
    bad: `
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: calico-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: IP_AUTODETECTION_METHOD
              value: interface=eth1
`,
    source: 'projectcalico/calico#4521; Tigera operator, pkg/render/node.go',
    since: '0.1.0',
  },
  *check({ object, node }) {
    if (readString(object, 'metadata', 'namespace') !== 'calico-system') return;
    if (readList(object, 'metadata', 'ownerReferences').length > 0) return;
    const names = [...(node?.variables.keys() ?? [])];
    const place = PLACES.find(([prefix]) => names.some((name) => name.startsWith(prefix)))?.[1];
    yield {
      path: ['metadata', 'namespace'],
      reason: 'FieldValueForbidden',
      problem: 'the Tigera operator owns what is there, and undoes changes of it',
      got: 'calico-system',
      advice: `use ${place ?? "the Installation's overrides"}`,
    };
  },
};
