// kOps reads the version before anything else, because half of its validation depends on it, and stops where it cannot.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';

const MAX_LENGTH = 100;
/** Up to three numbers; what follows needs all of them. */
const VERSION = /^v?(?:[0-9]+(?:\.[0-9]+)?|[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/;

export const kubernetesVersion: Rule<KopsClusterInput> = {
  id: 'kops/kubernetes-version',
  title: 'the version of Kubernetes must be one that kOps can read',
  action: 'deny',
  docs: {
    why: 'kOps rejects a Cluster whose version of Kubernetes it cannot read, and validates nothing else. A word such as `latest` is not a version.',
    fix: 'Write a version such as `1.34.0`.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  kubernetesVersion: 1.34.0
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico: {}
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  kubernetesVersion: latest
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico: {}
`,
    source: 'kOps 1.37, ValidateCluster and ParseKubernetesVersion',
    since: '0.1.0',
  },
  *check({ spec }) {
    const got = readString(spec, 'kubernetesVersion') ?? '';
    // kops create chooses one where there is none, and reads the version out of an address.
    if (got === '' || got.includes('://')) return;
    if (got.length <= MAX_LENGTH && VERSION.test(got.trim())) return;
    yield {
      path: ['spec', 'kubernetesVersion'],
      reason: 'FieldValueInvalid',
      problem: 'not a version of Kubernetes',
      got,
      advice: 'write one such as 1.34.0',
    };
  },
};
