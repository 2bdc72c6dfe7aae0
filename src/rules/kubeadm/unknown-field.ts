// podCIDR, podSubnets, serviceCIDR: names of other tools, which kubeadm ignores. The three right names are the same in
// both versions of its API. The cluster then gets the default ranges, which cannot be changed later. Before v1beta4
// there is no `proxy` either. kube-proxy ignores proxyMode and clusterCidr as well.
import { nearest } from '../../formats/nearest.ts';
import { isUnset, read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { isBeforeV1beta4 } from '../../targets/kubeadm.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** The fields of a ClusterConfiguration, in all versions. */
const CLUSTER_FIELDS = [
  'apiServer',
  'apiVersion',
  'caCertificateValidityPeriod',
  'certificateValidityPeriod',
  'certificatesDir',
  'clusterName',
  'controlPlaneEndpoint',
  'controllerManager',
  'dns',
  'encryptionAlgorithm',
  'etcd',
  'featureGates',
  'imageRepository',
  'kind',
  'kubernetesVersion',
  'metadata',
  'networking',
  'proxy',
  'scheduler',
  'useHyperKubeImage',
];
const NETWORKING_FIELDS: readonly string[] = ['podSubnet', 'serviceSubnet', 'dnsDomain'];
const MAX_NAMES = 100;

export const unknownField: Rule<ObjectInput> = {
  id: 'kubeadm/unknown-field',
  title: 'a configuration of kubeadm or kube-proxy should have no unknown fields about networking',
  action: 'warn',
  docs: {
    why: 'kubeadm and kube-proxy log an unknown field as a warning and ignore it: the cluster gets its default ranges, kube-proxy its default mode, or kube-proxy runs although `proxy` is set in a version before v1beta4. `kubeadm config validate` rejects the file.',
    fix: 'Correct the name: `podSubnet`, `serviceSubnet` and `dnsDomain`; in a KubeProxyConfiguration `mode` and `clusterCIDR`. `proxy` needs `kubeadm.k8s.io/v1beta4`.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podCIDR: 10.244.0.0/16
`,
    source: 'kubeadm, its configuration API (v1beta3 and v1beta4)',
    since: '0.1.0',
  },
  *check({ object, shape }) {
    yield* shape.filter((problem) => problem.kind === 'unknown-field');
    if (read(object, 'kind') === 'ClusterConfiguration') yield* checkNames(Object.keys(object));
    if (isUnset(read(object, 'proxy')) || !isBeforeV1beta4(object)) return;
    yield {
      path: ['proxy'],
      at: 'key',
      reason: 'FieldValueForbidden',
      problem: 'this version of the API has no such field',
      advice: 'use apiVersion kubeadm.k8s.io/v1beta4',
    };
  },
};

/** Only names whose meaning is clear: a version that is newer than this list may have others. */
function* checkNames(names: readonly string[]): Generator<Finding> {
  for (const name of names.slice(0, MAX_NAMES)) {
    if (CLUSTER_FIELDS.includes(name)) continue;
    const meant = nearest(name, CLUSTER_FIELDS);
    const isMisplaced = NETWORKING_FIELDS.includes(name);
    if (!isMisplaced && meant === undefined) continue;
    yield {
      path: [name],
      at: 'key',
      reason: 'FieldValueForbidden',
      problem: 'unknown field',
      got: name,
      advice: isMisplaced ? 'move it into networking' : `did you mean ${meant}? Names are case-sensitive`,
    };
  }
}
