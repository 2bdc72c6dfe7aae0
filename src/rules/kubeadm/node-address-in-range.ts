// Offline the nodes' network is not known, but some of their addresses are: advertiseAddress, controlPlaneEndpoint,
// and node-ip of the kubelet. None may lie in podSubnet, serviceSubnet or a pool of Calico. Packets to such a node go
// to a tunnel or a Service instead, and the node drops out of the cluster.
import { type Cidr, contains, parseCidr } from '../../formats/cidr.ts';
import { familyBits, parseIp } from '../../formats/ip.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { type BundleRule, type DocumentRef, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { DEFAULT_SERVICES, findKubeadm } from './shared/kubeadm-cluster.ts';

export const nodeAddressInRange: BundleRule = {
  id: 'kubeadm/node-address-in-range',
  title: 'nodes have addresses outside the ranges of pods and Services',
  action: 'deny',
  docs: {
    why: 'Calico routes the range of the pods into the cluster: packets to a node whose address lies in it no longer reach the node. calico-node restarts for ever, and the node is not ready.',
    fix: 'Choose ranges that the network of the nodes is not in. 192.168.0.0/16, the example in most instructions, is also the network of most homes and laboratories.',
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
    yield { document, path: podSubnetPath, text: podSubnet, what: "the pods' range", ranges: podRanges };
    const text = serviceSubnet ?? DEFAULT_SERVICES;
    const what = serviceSubnet === undefined ? 'the default range of Services' : 'the range of Services';
    yield { document, path: serviceSubnetPath, text, what, ranges: parseSubnets(text) };
  }
  for (const { document, path, cidr, isDisabled } of factsOf(cluster, 'pool')) {
    const range = parseCidr(cidr);
    // What lies within podSubnet has been told there.
    if (range === undefined || isDisabled || podRanges.some((each) => contains(each, range))) continue;
    yield { document, path, text: cidr, what: 'the pool', ranges: [range] };
  }
}
