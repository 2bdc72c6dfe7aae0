// Fields of an Installation that take one of a few words. The CRD refuses any other word, or the operator stops with
// a degraded TigeraStatus after it was stored. Words are case-sensitive. The rule looks at every such field that has
// to do with the network, and at a few others.
import type { FieldPath } from '../../policy/field-path.ts';
import { read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../allowed-value.ts';

const SWITCH: readonly string[] = ['Enabled', 'Disabled'];
const NETWORK: FieldPath = ['spec', 'calicoNetwork'];

/** By path; a `*` stands for every entry of a list. */
const FIELDS: readonly { readonly path: readonly string[]; readonly allowed: readonly string[] }[] = [
  { path: ['spec', 'variant'], allowed: ['Calico', 'CalicoEnterprise', 'TigeraSecureEnterprise'] },
  {
    path: ['spec', 'kubernetesProvider'],
    allowed: ['EKS', 'GKE', 'AKS', 'OpenShift', 'DockerEnterprise', 'RKE2', 'TKG', 'Kind'],
  },
  { path: ['spec', 'imagePullPolicy'], allowed: ['Always', 'IfNotPresent', 'Never'] },
  { path: ['spec', 'nonPrivileged'], allowed: SWITCH },
  { path: ['spec', 'fipsMode'], allowed: SWITCH },
  { path: ['spec', 'azure', 'policyMode'], allowed: ['Default', 'Manual'] },
  { path: ['spec', 'logging', 'cni', 'logSeverity'], allowed: ['Error', 'Warning', 'Info', 'Debug'] },
  {
    path: ['spec', 'componentResources', '*', 'componentName'],
    allowed: ['Node', 'Typha', 'KubeControllers'],
  },
  { path: ['spec', 'cni', 'type'], allowed: ['Calico', 'GKE', 'AmazonVPC', 'AzureVNET'] },
  { path: ['spec', 'cni', 'ipam', 'type'], allowed: ['Calico', 'HostLocal', 'AmazonVPC', 'AzureVNET'] },
  { path: ['spec', 'cni', 'specVersion'], allowed: ['Auto', '0.3.1', '0.4.0', '1.0.0'] },
  { path: ['spec', 'cni', 'installMode'], allowed: ['All', 'CalicoOnly'] },
  ...network('linuxDataplane', ['Iptables', 'BPF', 'VPP', 'Nftables']),
  ...network('windowsDataplane', ['HNS', 'Disabled']),
  ...network('bpfNetworkBootstrap', SWITCH),
  ...network('kubeProxyManagement', SWITCH),
  ...network('bgp', SWITCH),
  ...network('clusterRoutingMode', ['BIRD', 'Felix', 'FelixIPIPOnly']),
  ...network('hostPorts', SWITCH),
  ...network('multiInterfaceMode', ['None', 'Multus']),
  ...network('containerIPForwarding', SWITCH),
  ...network('linuxPodInterfaceType', ['Veth', 'Netkit']),
  ...network('nodeAddressAutodetectionV4.kubernetes', ['NodeInternalIP']),
  ...network('nodeAddressAutodetectionV6.kubernetes', ['NodeInternalIP']),
  ...network('ipPools.*.encapsulation', ['IPIP', 'IPIPCrossSubnet', 'VXLAN', 'VXLANCrossSubnet', 'None']),
  ...network('ipPools.*.natOutgoing', SWITCH),
  ...network('ipPools.*.assignmentMode', ['Automatic', 'Manual']),
  ...network('ipPools.*.allowedUses.*', ['Workload', 'Tunnel', 'LoadBalancer']),
];

const SYSCTLS: readonly string[] = [
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
];

/** Of these an empty string is as good as nothing: the operator asks for one, or fills it in. */
const MAY_BE_EMPTY: readonly string[] = ['kubernetesProvider', 'assignmentMode'];

export const installationValues: Rule<ObjectInput> = {
  id: 'tigera/installation-values',
  title: 'fields of an Installation with a few words have one of them',
  action: 'deny',
  docs: {
    why: 'The API server refuses any other word; where an older CRD does not, the operator reports a degraded TigeraStatus and changes nothing.',
    fix: 'Write one of the words that the message names. They are case-sensitive.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: Vxlan
`,
    source: 'Tigera operator of Calico 3.33, CRD of Installation; pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ object }) {
    for (const { path, allowed } of FIELDS) {
      for (const at of expand(object, path)) {
        const value = read(object, ...at);
        if (value === '' && MAY_BE_EMPTY.includes(path.at(-1) ?? '')) continue;
        yield* checkAllowedValue({ path: at, value, problem: 'not a value of this field', allowed });
      }
    }
    for (const path of expand(object, [...NETWORK.map(String), 'sysctl', '*', 'key'])) {
      const key = read(object, ...path);
      if (typeof key !== 'string' || SYSCTLS.includes(key)) continue;
      const advice = 'use net.ipv4.tcp_keepalive_intvl, …_probes or …_time';
      yield {
        path,
        reason: 'FieldValueNotSupported',
        problem: 'not a kernel setting that Calico takes',
        got: key,
        advice,
      };
    }
  },
};

function network(path: string, allowed: readonly string[]) {
  return [{ path: [...NETWORK.map(String), ...path.split('.')], allowed }];
}

function expand(object: unknown, path: readonly string[]): FieldPath[] {
  if (!path.includes('*')) return [path];
  let found: FieldPath[] = [[]];
  for (const step of path) {
    found = found.flatMap((at): FieldPath[] =>
      step === '*' ? readList(object, ...at).map((_, index) => [...at, index]) : [[...at, step]],
    );
  }
  return found;
}
