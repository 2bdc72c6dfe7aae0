// The network of the nodes is unknown offline, but some addresses of nodes are known: advertiseAddress,
// controlPlaneEndpoint, and node-ip of the kubelet. None may be in podSubnet, serviceSubnet or a pool of Calico.
// Otherwise packets to such a node go to a tunnel or a Service, and the node is disconnected from the cluster.
import { type Cidr, contains, parseCidr } from '../../formats/cidr.ts';
import { familyBits, parseIp } from '../../formats/ip.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { type BundleRule, type DocumentRef, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { DEFAULT_SERVICES, findKubeadm } from './shared/kubeadm-cluster.ts';

export const nodeAddressInRange: BundleRule = {
  id: 'kubeadm/node-address-in-range',
  title: 'addresses of nodes must be outside the ranges of pods and Services',
  action: 'deny',
  docs: {
    why: 'Calico routes the pod range into the cluster: packets to a node with an address in this range no longer reach the node. calico-node restarts forever, and the node is not ready.',
    fix: 'Choose ranges outside the network of the nodes. 192.168.0.0/16, the example in most instructions, is also the network of most homes and laboratories.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  advertiseAddress: 192.168.50.10
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  advertiseAddress: 192.168.50.10
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 192.168.0.0/16
`,
    source: 'projectcalico/calico#2720; kubernetes/kubeadm#1185',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const addresses = factsOf(cluster, 'node-address').flatMap(({ address }) => {
        const ip = parseIp(address);
        return ip === undefined
          ? []
          : [{ address, cidr: { family: ip.family, address: ip.value, prefix: familyBits(ip.family) } }];
      });
      if (addresses.length === 0) continue;
      for (const { document, path, text, what, ranges } of listRanges(cluster)) {
        const inside = addresses.find(({ cidr }) => ranges.some((range) => contains(range, cidr)));
        if (inside === undefined) continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: `the node ${inside.address.slice(0, 45)} is in ${what}`,
          got: text,
          advice: 'choose another range',
        };
      }
    }
  },
};

interface Range {
  readonly document: DocumentRef;
  readonly path: FieldPath;
  readonly text: string;
  readonly what: string;
  readonly ranges: readonly Cidr[];
}

function* listRanges(cluster: readonly LocatedFact[]): Generator<Range> {
  const kubeadm = findKubeadm(cluster);
  const podRanges = parseSubnets(kubeadm?.podSubnet ?? '');
  if (kubeadm !== undefined) {
    const { document, podSubnet = '', serviceSubnet, podSubnetPath, serviceSubnetPath } = kubeadm;
    yield { document, path: podSubnetPath, text: podSubnet, what: 'the pod range', ranges: podRanges };
    const text = serviceSubnet ?? DEFAULT_SERVICES;
    const what = serviceSubnet === undefined ? 'the default Service range' : 'the Service range';
    yield { document, path: serviceSubnetPath, text, what, ranges: parseSubnets(text) };
  }
  for (const { document, path, cidr, isDisabled } of factsOf(cluster, 'pool')) {
    const range = parseCidr(cidr);
    // An address inside podSubnet is already reported there.
    if (range === undefined || isDisabled || podRanges.some((each) => contains(each, range))) continue;
    yield { document, path, text: cidr, what: 'the pool', ranges: [range] };
  }
}
