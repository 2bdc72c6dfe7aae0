// This rule checks the domain of Services. kubeadm passes it to CoreDNS and to every kubelet.
import { isDns1123Subdomain } from '../../formats/dns.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const dnsDomain: Rule<ObjectInput> = {
  id: 'kubeadm/dns-domain',
  title: 'dnsDomain must be a domain name',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects anything but a domain name of lower-case letters, digits, `-` and dots.',
    fix: 'Write a name such as `cluster.local`, or remove `dnsDomain`.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  dnsDomain: cluster.local
  podSubnet: 10.244.0.0/16
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  dnsDomain: my_cluster.local
  podSubnet: 10.244.0.0/16
`,
    source: 'kubeadm 1.36, app/apis/kubeadm/validation: ValidateNetworking',
    since: '0.1.0',
  },
  *check({ object }) {
    const path = ['networking', 'dnsDomain'];
    const got = readString(object, ...path) ?? '';
    // Empty is the default.
    if (got === '' || isDns1123Subdomain(got)) return;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'must be a domain name',
      got,
      advice: 'write lower-case letters, digits, - and dots, such as cluster.local',
    };
  },
};
