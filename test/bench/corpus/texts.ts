import { pick, type Random } from '../../support/random.ts';

// Texts of the kinds of files that repositories hold. Their words are made up; their shapes, sizes and what of YAML they
// use are those of public ones.

const WORDS =
  'api app auth batch billing cache catalog checkout cluster config console data edge event export gateway image import index ingest job ledger login mail metrics node order payment pipeline portal proxy queue report router search session shop state store stream sync task token user vault web worker'.split(
    ' ',
  );

export function word(random: Random): string {
  return pick(WORDS, random);
}

function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function name(random: Random): string {
  return `${word(random)}-${word(random)}-${whole(random, 1, 999)}`;
}

function sentence(random: Random, words: number): string {
  return `${many(words, () => word(random)).join(' ')}.`;
}

function indent(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by));
}

function container(random: Random): string {
  return `- name: ${name(random)}
  image: registry.example.com/${word(random)}/${word(random)}:v${whole(random, 0, 9)}.${whole(random, 0, 30)}.${whole(random, 0, 9)}
  args: ["--${word(random)}=${word(random)}", "--${word(random)}", '--port=${whole(random, 1024, 9999)}']
  ports:
    - containerPort: ${whole(random, 1024, 9999)}
      name: http
  env:
${indent(many(whole(random, 1, 12), () => `- name: ${word(random).toUpperCase()}_${word(random).toUpperCase()}\n  value: "${word(random)}"`).join('\n'), 4)}
  resources:
    requests: {cpu: ${whole(random, 10, 500)}m, memory: ${whole(random, 16, 512)}Mi}
    limits:
      memory: ${whole(random, 512, 2048)}Mi # ${sentence(random, 5)}
  livenessProbe:
    httpGet: {path: /healthz, port: http}`;
}

function deployment(random: Random): string {
  const app = name(random);
  return `# ${sentence(random, 9)}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}
  namespace: ${word(random)}
  labels:
    app.kubernetes.io/name: ${app}
    app.kubernetes.io/part-of: ${word(random)}
spec:
  replicas: ${whole(random, 1, 5)}
  selector:
    matchLabels:
      app.kubernetes.io/name: ${app}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${app}
    spec:
      serviceAccountName: ${app}
      containers:
${indent(many(whole(random, 1, 3), () => container(random)).join('\n'), 8)}
`;
}

function service(random: Random): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name(random)}
spec:
  type: ClusterIP
  ports:
${indent(many(whole(random, 1, 4), (index) => `- name: port-${index}\n  port: ${whole(random, 80, 9999)}\n  targetPort: http`).join('\n'), 4)}
  selector:
    app.kubernetes.io/name: ${name(random)}
`;
}

function configMap(random: Random): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name(random)}
data:
  ${word(random)}.conf: |
${indent(many(whole(random, 3, 60), () => `${word(random)} = ${sentence(random, 4)}`).join('\n'), 4)}
  ${word(random)}-key: "${word(random)}"
`;
}

function role(random: Random): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: ${name(random)}
  namespace: ${word(random)}
rules:
${indent(many(whole(random, 1, 8), () => `- apiGroups: [""]\n  resources: ["${word(random)}s"]\n  verbs: ["get", "list", "watch"]`).join('\n'), 2)}
`;
}

/** Some objects that any cluster has, one to four of them. */
export function manifests(random: Random): string {
  const makers = [deployment, deployment, service, configMap, role];
  return many(whole(random, 1, 4), () => pick(makers, random)(random)).join('---\n');
}

function properties(random: Random, depth: number): string {
  return many(whole(random, 3, 7), (index) => {
    const head = `${word(random)}${index}:\n  description: ${sentence(random, whole(random, 8, 40))}\n`;
    if (depth === 0 || random() < 0.5)
      return `${head}  type: ${pick(['string', 'boolean', 'integer'], random)}`;
    return `${head}  type: object\n  properties:\n${indent(properties(random, depth - 1), 4)}`;
  }).join('\n');
}

/** A CustomResourceDefinition; some hundred kilobytes at a depth of 4. */
export function definition(random: Random, depth: number, group = `${word(random)}.example.com`): string {
  const kind = `${word(random)}${word(random)}`;
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${kind}s.${group}
spec:
  group: ${group}
  names: {kind: ${kind}, plural: ${kind}s, singular: ${kind}}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
${indent(properties(random, depth), 16)}
`;
}

export function kustomization(random: Random): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${word(random)}
resources:
${many(whole(random, 1, 8), () => `- ${name(random)}.yaml`).join('\n')}
commonLabels:
  team: ${word(random)}
images:
- name: ${word(random)}
  newTag: v${whole(random, 1, 99)}
`;
}

/** What stands below templates/ of a chart. */
export function template(random: Random): string {
  const chart = word(random);
  return `{{- if .Values.${word(random)}.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "${chart}.fullname" . }}
  labels:
    {{- include "${chart}.labels" . | nindent 4 }}
spec:
  {{- with .Values.${word(random)} }}
  replicas: {{ . }}
  {{- end }}
  template:
    spec:
      containers:
${indent(many(whole(random, 1, 6), () => `- name: {{ .Chart.Name }}\n  image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"\n  ${word(random)}: {{ .Values.${word(random)} | quote }}`).join('\n'), 8)}
{{- end }}
`;
}

export function values(random: Random): string {
  return many(
    whole(random, 4, 60),
    (index) =>
      `## ${sentence(random, 12)}\n${word(random)}${index}:\n  enabled: ${random() < 0.5}\n  ${word(random)}: "${word(random)}"\n  nodeSelector: {}\n  tolerations: []\n`,
  ).join('\n');
}

/** Of continuous integration, Ansible, a site and the like. */
export function settings(random: Random): string {
  return many(
    whole(random, 2, 30),
    (index) =>
      `- name: ${sentence(random, 4)}\n  ${word(random)}${index}:\n    ${word(random)}: ${word(random)}\n    run: |\n      set -eu\n${indent(many(whole(random, 1, 6), () => sentence(random, 6)).join('\n'), 6)}\n    when: ${word(random)} is defined\n`,
  ).join('');
}

export function json(random: Random, entries: number): string {
  const entry = (index: number) => [
    `${word(random)}${index}`,
    random() < 0.3
      ? {
          [word(random)]: many(whole(random, 1, 6), () => whole(random, 0, 1000)),
          title: sentence(random, 5),
        }
      : word(random),
  ];
  return `${JSON.stringify(Object.fromEntries(many(entries, entry)), null, 2)}\n`;
}

/** As tsconfig.json and devcontainer.json are: no JSON. */
export function jsonWithComments(random: Random): string {
  return `{\n  // ${sentence(random, 8)}\n  "${word(random)}": {\n    "${word(random)}": true, // ${word(random)}\n  },\n}\n`;
}

/** Names Calico, and holds none of its objects. */
export function mention(random: Random): string {
  return `# The network is Calico: ${sentence(random, 6)}
network_plugin: calico
calico_version: v3.${whole(random, 10, 32)}.${whole(random, 0, 4)}
images:
  - quay.io/calico/node
  - quay.io/tigera/operator
${settings(random)}`;
}

const subnet = (random: Random) => `10.${whole(random, 0, 255)}.${whole(random, 0, 255)}.0/24`;

function pool(random: Random): string {
  return `apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: ${name(random)}
spec:
  cidr: ${random() < 0.05 ? '<CIDR>' : subnet(random)}
  ipipMode: ${pick(['Always', 'Never', 'CrossSubnet'], random)}
  natOutgoing: true
  nodeSelector: all()
`;
}

function peer(random: Random): string {
  return `apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: ${name(random)}
spec:
  nodeSelector: rack == '${word(random)}'
  peerIP: 192.168.${whole(random, 0, 255)}.1
  asNumber: ${whole(random, 64_512, 65_534)}
`;
}

function policy(random: Random): string {
  return `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: ${name(random)}
spec:
  selector: app == '${word(random)}'
  order: ${whole(random, 1, 2000)}
  types: [Ingress, Egress]
  ingress:
${indent(many(whole(random, 1, 5), () => `- action: Allow\n  protocol: TCP\n  source:\n    nets: [${subnet(random)}]\n  destination:\n    ports: [${whole(random, 1, 9999)}, '8000:9000']`).join('\n'), 4)}
  egress:
    - action: Allow
`;
}

function felix(random: Random): string {
  return `apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: node.${name(random)}
spec:
  logSeverityScreen: ${random() < 0.05 ? 'Verbose' : 'Info'}
  reportingInterval: 30s
  mtuIfacePattern: ^(en|eth).*
`;
}

function installation(random: Random): string {
  return `apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    bgp: Disabled
    ipPools:
      - cidr: ${subnet(random)}
        encapsulation: VXLAN
        natOutgoing: Enabled
        nodeSelector: all()
`;
}

function shoot(random: Random): string {
  return `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: ${word(random)}
  namespace: garden-${word(random)}
spec:
  region: eu-west-1
  networking:
    type: calico
    pods: 100.${whole(random, 64, 127)}.0.0/16
    nodes: 10.${whole(random, 0, 255)}.0.0/16
    services: 100.63.0.0/16
    providerConfig:
      apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
      kind: NetworkConfig
      backend: ${random() < 0.05 ? 'birds' : 'none'}
      overlay: {enabled: false}
  provider:
    type: aws
    workers:
      - name: worker
        machine: {type: m5.large, image: {name: gardenlinux}}
        minimum: 1
        maximum: ${whole(random, 2, 20)}
`;
}

function kopsCluster(random: Random): string {
  return `apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: ${word(random)}.example.com
spec:
  cloudProvider: aws
  kubernetesVersion: 1.34.${whole(random, 0, 9)}
  networkCIDR: 172.20.0.0/16
  networking:
    calico:
      crossSubnet: true
`;
}

function kubeadm(random: Random): string {
  return `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.34.${whole(random, 0, 9)}
networking:
  podSubnet: 10.${whole(random, 0, 90)}.0.0/16
  serviceSubnet: 10.96.0.0/12
`;
}

/** Objects that rules are about, one to three of them. */
export function ours(random: Random): string {
  const makers = [pool, pool, peer, policy, policy, policy, felix, installation, shoot, kopsCluster, kubeadm];
  return many(whole(random, 1, 3), () => pick(makers, random)(random)).join('---\n');
}

/** calico.yaml as Calico releases it: its definitions, and the DaemonSet among other objects. */
export function calicoRelease(random: Random): string {
  const definitions = many(20, () => definition(random, 2, 'crd.projectcalico.org'));
  const node = `kind: DaemonSet
apiVersion: apps/v1
metadata:
  name: calico-node
  namespace: kube-system
spec:
  selector: {matchLabels: {k8s-app: calico-node}}
  template:
    metadata: {labels: {k8s-app: calico-node}}
    spec:
      containers:
        - name: calico-node
          image: docker.io/calico/node:v3.31.2
          env:
            - name: CALICO_IPV4POOL_CIDR
              value: "10.${whole(random, 0, 255)}.0.0/16"
            - name: FELIX_HEALTHENABLED
              value: "true"
`;
  return [...definitions, configMap(random), role(random), node].join('---\n');
}
