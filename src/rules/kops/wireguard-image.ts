// kOps installs WireGuard only on Ubuntu. On another system the image or a hook must provide it; if it is missing,
// traffic between nodes is not encrypted, and there is no error. Reports only images that are certainly not Ubuntu.
import { type BundleRule, factsOf } from '../../policy/types.ts';

const OTHER_SYSTEM =
  /(?:^|[^a-z])(?:alma|al2023|amazon|amzn|bottlerocket|centos|cos-|debian|fedora|flatcar|oracle|photon|redhat|rhel|rocky|suse)/i;

export const wireguardImage: BundleRule = {
  id: 'kops/wireguard-image',
  title: 'nodes with WireGuard should run Ubuntu, or have WireGuard in their image',
  action: 'warn',
  docs: {
    why: 'kOps installs WireGuard only on Ubuntu. Without it Calico does not encrypt the traffic of the node.',
    fix: 'Use an Ubuntu image, or make sure that the image or a hook provides WireGuard.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      wireguardEnabled: true
---
apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata:
  name: nodes
  labels:
    kops.k8s.io/cluster: my.example.com
spec:
  role: Node
  maxSize: 10
  image: 099720109477/ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250610
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      wireguardEnabled: true
---
apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata:
  name: nodes
  labels:
    kops.k8s.io/cluster: my.example.com
spec:
  role: Node
  maxSize: 10
  image: 075585003325/Flatcar-stable-4230.2.1-hvm
`,
    source: 'kOps, docs/networking/calico.md (Configuring WireGuard)',
    since: '0.1.0',
  },
  *check(facts) {
    const clusters = factsOf(facts, 'kops-cluster').filter(({ wireguard }) => wireguard);
    const encrypted = new Set(clusters.map(({ cluster }) => cluster));
    for (const { cluster, image, path, document } of factsOf(facts, 'instance-group')) {
      if (!encrypted.has(cluster) || image === undefined) continue;
      if (/ubuntu/i.test(image) || !OTHER_SYSTEM.test(image)) continue;
      yield {
        document,
        path: [...path, 'image'],
        reason: 'FieldValueInvalid',
        problem: 'kOps installs WireGuard only on Ubuntu',
        got: image,
        advice: 'use Ubuntu, or an image that has WireGuard',
      };
    }
  },
};
