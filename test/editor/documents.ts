import { listRules } from '../../src/policy/registry.ts';
import { loadRegistry } from '../../src/registry.ts';

// Documents as a user types them, for the YAML language server, kubeconform and ajv alike.

export interface EditorCase {
  /** Name of the schema, without its ending. */
  readonly schema: string;
  /** With `# wrong` at the end of the line that is to be underlined. */
  readonly yaml: string;
}

const SHOOT = `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: foo
  namespace: garden-dev
spec:
  kubernetes:
    version: "1.34.1"
  provider:
    type: aws
    workers:
    - name: worker
      minimum: 1
      maximum: 3
  networking:
    type: calico
    nodes: 10.250.0.0/16
`;

function shoot(lines: string): EditorCase {
  return { schema: 'shoot', yaml: `${SHOOT}${indent(lines, 4)}` };
}

function providerConfig(lines: string): EditorCase {
  return shoot(`providerConfig:\n${indent(lines, 2)}`);
}

function calico(schema: string, kind: string, spec: string, name = 'default'): EditorCase {
  const head = `apiVersion: projectcalico.org/v3\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n`;
  return { schema, yaml: `${head}${indent(spec, 2)}` };
}

const ippool = (spec: string) => calico('ippool', 'IPPool', spec, 'pods');
const felix = (spec: string) => calico('felix-configuration', 'FelixConfiguration', spec);
const bgp = (spec: string) => calico('bgp-configuration', 'BGPConfiguration', spec);

function installation(network: string): EditorCase {
  const head = 'apiVersion: operator.tigera.io/v1\nkind: Installation\nmetadata:\n  name: default\nspec:\n';
  return { schema: 'installation', yaml: `${head}  calicoNetwork:\n${indent(network, 4)}` };
}

function kops(settings: string, cloud = 'aws'): EditorCase {
  return {
    schema: 'kops-cluster',
    yaml: `apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: ${cloud}
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
${indent(settings, 6)}`,
  };
}

function indent(lines: string, width: number): string {
  return lines.replace(/^(?=.)/gm, ' '.repeat(width)).replace(/\n?$/, '\n');
}

/** One wrong value each, which `check` finds as well. */
export const WRONG: readonly EditorCase[] = [
  shoot('ipFamilies: [ipv4] # wrong'),
  shoot('pods: 10.0.0.0/33 # wrong'),
  shoot('services: 100.64.0.0 # wrong'),
  providerConfig('apiVersion: calico.networking.extensions.gardener.cloud/v1 # wrong'),
  providerConfig('kind: networkConfig # wrong'),
  providerConfig('backend: None # wrong'),
  providerConfig('vethMTU: 1440 # wrong'),
  providerConfig('vethMTU: "1440.5" # wrong'),
  providerConfig('ipam:\n  type: calico # wrong'),
  providerConfig('ipam:\n  cidr: usePodCidrs # wrong'),
  providerConfig('ipv4:\n  mode: always # wrong'),
  providerConfig('ipv4:\n  pool: IPIP # wrong'),
  providerConfig('ipv4:\n  autoDetectionMethod: interfaces=eth0 # wrong'),
  providerConfig('typha:\n  enabled: "false" # wrong'),
  providerConfig('autoScaling:\n  mode: VPA # wrong'),
  providerConfig('autoScaling: # wrong\n  resources:\n    node:\n      cpu: 100m'),
  providerConfig('autoScaling:\n  mode: static\n  resources:\n    node:\n      cpu: 100mm # wrong'),
  providerConfig('autoScaling:\n  mode: static\n  resources:\n    node:\n      disk: 1Gi # wrong'),
  providerConfig('serviceLoopPrevention: drop # wrong'),
  providerConfig('wireguard: true # wrong'),
  ippool('cidr: 10.0.0.0/16\nblockSize: 8 # wrong'),
  ippool('cidr: 10.0.0.0/33 # wrong'),
  ippool('cidr: 10.0.0.0/16\nipipMode: always # wrong'),
  ippool('cidr: 10.0.0.0/16\nblocksize: 26 # wrong'),
  ippool('cidr: 10.0.0.0/16\nallowedUses: [Pods] # wrong'),
  {
    schema: 'ippool',
    yaml: 'apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: pods\nspec: # wrong\n  natOutgoing: true\n',
  },
  {
    schema: 'ippool',
    yaml: 'apiVersion: projectcalico.org/v3\nkind: IPPools # wrong\nmetadata:\n  name: pods\nspec:\n  cidr: 10.0.0.0/16\n',
  },
  felix('logSeverityScreen: Warn # wrong'),
  felix('defaultEndpointToHostAction: Allow # wrong'),
  felix('bpfExternalServiceMode: Direct # wrong'),
  felix('chainInsertMode: Prepend # wrong'),
  felix('bpfEnable: true # wrong'),
  felix('wireguardListeningPort: 0 # wrong'),
  felix('prometheusMetricsPort: 70000 # wrong'),
  felix('netlinkTimeout: "10" # wrong'),
  felix('iptablesRefreshInterval: 1.5s # wrong'),
  felix('natOutgoingAddress: 10.0.0.256 # wrong'),
  felix('failsafeInboundHostPorts:\n- protocol: TCP # wrong'),
  bgp('asNumber: 4294967296 # wrong'),
  bgp('listenPort: 0 # wrong'),
  bgp('logSeverityScreen: Warn # wrong'),
  bgp('serviceClusterIPs:\n- cidr: 10.96.0.0/33 # wrong'),
  bgp('nodeMeshMaxRestartTime: 2 minutes # wrong'),
  calico(
    'kube-controllers-configuration',
    'KubeControllersConfiguration',
    'controllers:\n  node:\n    syncLabels: "true" # wrong',
  ),
  installation('mtu: -1 # wrong'),
  installation('ipPools:\n- cidr: 192.168.0.0/16\n  blockSize: 8 # wrong'),
  installation('ipPools:\n- cidr: 192.168.0.0/33 # wrong'),
  installation('bgp: enabled # wrong'),
  kops('encapsulationMode: ipip', 'AWS # wrong'),
  kops('logSeverityScreen: warn # wrong'),
  kops('ipipMode: always # wrong'),
  kops('mtu: 70000 # wrong'),
  kops('IPIPMode: Always # wrong'),
  calico('bgp-peer', 'BGPPeer', 'peerIP: 192.0.2.1\nasNumber: 64513\nnextHopMode: self # wrong', 'rack'),
  calico('network-policy', 'NetworkPolicy', 'ingress:\n- action: Accept # wrong', 'allow'),
];

/** What `check` takes, and an editor could stumble over. */
export const RIGHT: readonly EditorCase[] = [
  providerConfig('backend: none\nipv4:\n  mode: Never\n  pool: vxlan\nvethMTU: "1440"\n'),
  // Another network: nothing of it is ours, whatever it looks like.
  {
    schema: 'shoot',
    yaml: `${SHOOT.replace('calico', 'cilium')}    providerConfig:
      apiVersion: cilium.networking.extensions.gardener.cloud/v1alpha1
      kind: NetworkConfig
      hubble:
        enabled: true
`,
  },
  // Filled in before it is applied.
  providerConfig('backend: ${BACKEND}\nvethMTU: ${MTU}\noverlay:\n  enabled: ${OVERLAY}\n'),
  ippool('cidr: ${POD_CIDR}\nblockSize: $BLOCK_SIZE\nnatOutgoing: "{{ .Values.nat }}"\n'),
  ippool('${SPEC_KEY}: 1\ncidr: 10.0.0.0/16\n'),
  // A key without a value.
  ippool('cidr: 10.0.0.0/16\nipipMode:\nnatOutgoing: true\nblockSize:\nallowedUses:\n'),
  // Words for a switch, and a number with underscores, as kubectl reads them.
  ippool('cidr: 10.0.0.0/16\nnatOutgoing: yes\ndisabled: off\n'),
  bgp('asNumber: 64_512\nnodeToNodeMeshEnabled: on\n'),
  // In any case.
  felix('logSeverityScreen: warning\nchainInsertMode: append\n'),
  // Documents of other kinds in one file.
  {
    schema: 'network-policy',
    yaml: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\nspec:\n  podSelector: {}\n---\napiVersion: v1\nkind: Service\nspec:\n  ports: []\n',
  },
  {
    schema: 'kops-cluster',
    yaml: 'apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nmetadata:\n  name: a\nspec:\n  clusterNetwork:\n    pods:\n      cidrBlocks: [10.0.0.0/16]\n',
  },
];

/** The good examples of all rules about kinds that have a schema, one document each. */
export function listGoodExamples(): (EditorCase & { readonly id: string })[] {
  const registry = loadRegistry();
  const schemas = new Map(
    registry.policies.flatMap(({ target }) => {
      const id = target.schema?.()['$id'];
      return typeof id === 'string' ? [[target.kind, id.replace(/\.json$/, '')] as const] : [];
    }),
  );
  return listRules(registry).flatMap(({ id, docs }) =>
    docs.good.split(/^---$/m).flatMap((yaml) => {
      const schema = schemas.get(/^kind: (\w+)$/m.exec(yaml)?.[1] ?? '');
      return schema === undefined ? [] : [{ id, schema, yaml }];
    }),
  );
}

export interface Completion extends EditorCase {
  /** With the cursor at `|`. */
  readonly yaml: string;
  readonly offered: readonly string[];
}

const cursor = ({ schema, yaml }: EditorCase, ...offered: readonly string[]): Completion => ({
  schema,
  yaml,
  offered,
});

/** All that is offered. */
export const COMPLETIONS: readonly Completion[] = [
  cursor(providerConfig('backend: |'), 'bird', 'none', 'vxlan'),
  cursor(providerConfig('ipv4:\n  mode: |'), 'Always', 'Never', 'CrossSubnet', '"Off"'),
  cursor(providerConfig('autoScaling:\n  mode: |'), 'cluster-proportional', 'vpa', 'static'),
  cursor(providerConfig('typha:\n  enabled: |'), 'true', 'false'),
  cursor(providerConfig('overlay:\n  |'), 'enabled', 'createPodRoutes'),
  cursor(providerConfig('kind: |'), 'NetworkConfig'),
  cursor(shoot('ipFamilies:\n- |'), 'IPv4', 'IPv6'),
  cursor(ippool('cidr: 10.0.0.0/16\nipipMode: |'), 'Never', 'Always', 'CrossSubnet'),
  cursor(ippool('cidr: 10.0.0.0/16\nblockSize: |')),
  cursor(felix('logSeverityScreen: |'), 'Trace', 'Debug', 'Info', 'Warning', 'Error', 'Fatal'),
  cursor(felix('bpfConntrackTimeouts:\n  tcpEstablished: |'), 'Auto'),
  cursor(installation('linuxDataplane: |'), 'Iptables', 'BPF', 'VPP', 'Nftables'),
  cursor(kops('encapsulationMode: |'), 'ipip', 'vxlan', 'none'),
  cursor({ schema: 'ippool', yaml: 'kind: |\n' }, 'IPPool'),
  cursor({ schema: 'ippool', yaml: 'apiVersion: |\n' }, 'projectcalico.org/v3', 'crd.projectcalico.org/v1'),
];
