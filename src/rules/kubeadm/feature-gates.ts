// A file that has seen several releases of Kubernetes still switches on what is no longer optional, such as
// IPv6DualStack, and kubeadm rejects names that it does not know.
import { nearest } from '../../formats/nearest.ts';
import { isBelow, parseVersion } from '../../formats/version.ts';
import { readMap, readString } from '../../policy/json.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** Of kubeadm 1.36. */
const GATES = ['NodeLocalCRISocket', 'PublicKeysECDSA', 'RootlessControlPlane'];
const MINOR = 36;
/** Of releases before it. */
const OLD_GATES = [
  'ControlPlaneKubeletLocalMode',
  'CoreDNS',
  'DynamicKubeletConfig',
  'EtcdLearnerMode',
  'HighAvailability',
  'IPv6DualStack',
  'SelfHosting',
  'UnversionedKubeletConfigMap',
  'UpgradeAddonsBeforeControlPlane',
  'WaitForAllControlPlaneComponents',
];
const MAX_GATES = 100;

export const featureGates: Rule<ObjectInput> = {
  id: 'kubeadm/feature-gates',
  title: 'featureGates should have the names of feature gates of kubeadm',
  action: 'warn',
  docs: {
    why: 'kubeadm rejects a file with a feature gate that it does not know: those of other components, such as the API server, belong in the arguments of these components, and those of old releases, such as `IPv6DualStack`, are removed.',
    fix: 'Remove the gate, or write it in the argument `feature-gates` of the component.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.36.0
featureGates:
  NodeLocalCRISocket: true
networking:
  podSubnet: 10.244.0.0/16,fd00:10:244::/56
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.36.0
featureGates:
  IPv6DualStack: true
networking:
  podSubnet: 10.244.0.0/16,fd00:10:244::/56
`,
    source: 'kubeadm 1.36, app/features/features.go, and validation: ValidateFeatureGates',
    since: '0.1.0',
  },
  *check({ object }) {
    const version = parseVersion(readString(object, 'kubernetesVersion') ?? '');
    const isOld = version !== undefined && isBelow(version, 1, MINOR);
    const known = isOld ? [...GATES, ...OLD_GATES] : GATES;
    for (const gate of Object.keys(readMap(object, 'featureGates') ?? {}).slice(0, MAX_GATES)) {
      if (known.includes(gate)) continue;
      const meant = nearest(gate, known);
      yield {
        path: ['featureGates', gate],
        at: 'key',
        reason: 'FieldValueNotSupported',
        problem: isOld ? 'kubeadm has no such feature gate' : `kubeadm 1.${MINOR} has no such feature gate`,
        advice:
          meant === undefined ? `remove it, or use ${listAlternatives(GATES)}` : `did you mean ${meant}?`,
      };
    }
  },
};
