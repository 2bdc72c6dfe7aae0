// A DaemonSet or Deployment of Calico in calico-system from a user: the operator creates everything there from the
// Installation, and undoes changes. An object that was read from a cluster names its owner, and is not reported.
import { readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** The setting that the operator uses, by the prefix of the variable; the first match is reported. */
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
  title: 'objects of the operator should not be changed by hand',
  action: 'warn',
  docs: {
    why: 'The Tigera operator creates the objects in calico-system from the Installation. It undoes every change, so a variable or an argument that you set there is removed within seconds.',
    fix: 'Write the setting into the Installation or a FelixConfiguration. Write resources, tolerations and similar settings into its overrides (`calicoNodeDaemonSet`, `typhaDeployment`).',
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
      problem: 'the Tigera operator owns the objects there, and undoes changes',
      got: 'calico-system',
      advice: `use ${place ?? 'the overrides of the Installation'}`,
    };
  },
};
