import { testRule } from '../../support/rule-tester.ts';
import { at, calicoNode, configMap, DOCUMENTS, felix, initConfiguration, installation } from './documents.ts';

// What probes ask, where the API server is, and what the controllers run.

interface Container {
  readonly env?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

function workload(
  kind: string,
  name: string,
  { env = {}, ...container }: Container,
  namespace = 'kube-system',
) {
  const variables = Object.entries(env).map(([each, value]) =>
    typeof value === 'object' ? { name: each, valueFrom: value } : { name: each, value },
  );
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace },
    spec: { template: { spec: { containers: [{ name, env: variables, ...container }] } } },
  };
}

const node = (container: Container) => workload('DaemonSet', 'calico-node', container);
const typha = (container: Container) => workload('Deployment', 'calico-typha', container);
const exec = (...command: readonly string[]) => ({ exec: { command: ['/bin/calico-node', ...command] } });
const http = (port: unknown, path = '/liveness') => ({ httpGet: { path, port, host: 'localhost' } });
const PROBE = 'spec.template.spec.containers[0].livenessProbe.httpGet.port';

testRule('kubeadm/health-probes', 'deny', DOCUMENTS, {
  valid: [
    {
      name: "calico-node's own command reads the port",
      documents: [node({ env: { FELIX_HEALTHPORT: '9199' }, livenessProbe: exec('-felix-live') })],
    },
    { name: 'no probe', documents: [node({ env: { FELIX_HEALTHENABLED: 'false' } })] },
    {
      name: 'a probe of BIRD',
      documents: [node({ env: { FELIX_HEALTHENABLED: 'false' }, livenessProbe: exec('-bird-live') })],
    },
    {
      name: 'switched on by a FelixConfiguration, perhaps',
      documents: [node({ livenessProbe: exec('-felix-live') })],
    },
    {
      name: 'the same port',
      documents: [typha({ env: { TYPHA_HEALTHPORT: '09198' }, livenessProbe: http(9198) })],
    },
    { name: 'no port is named', documents: [typha({ livenessProbe: http(9198) })] },
    {
      name: 'a port by its name',
      documents: [typha({ env: { TYPHA_HEALTHPORT: '9198' }, livenessProbe: http('health') })],
    },
    {
      name: 'from somewhere else',
      documents: [
        typha({
          env: { TYPHA_HEALTHPORT: { configMapKeyRef: {} }, TYPHA_HEALTHENABLED: { configMapKeyRef: {} } },
          livenessProbe: http(9098),
        }),
      ],
    },
    {
      name: 'another page',
      documents: [typha({ env: { TYPHA_HEALTHPORT: '9198' }, livenessProbe: http(9093, '/metrics') })],
    },
    {
      name: 'what is no probe',
      documents: [
        typha({ env: { TYPHA_HEALTHENABLED: 'false' }, livenessProbe: 7, readinessProbe: { exec: 'x' } }),
      ],
    },
    {
      name: 'another container',
      documents: [
        workload('Deployment', 'calico-typha', {
          name: 'sidecar',
          env: { TYPHA_HEALTHENABLED: 'false' },
          livenessProbe: http(9098),
        }),
      ],
    },
  ],
  invalid: [
    {
      name: 'Felix is switched off',
      documents: [node({ env: { FELIX_HEALTHENABLED: 'false' }, readinessProbe: exec('-felix-ready') })],
      found: [{ path: at(0), got: 'false', advice: 'write "true"' }],
    },
    {
      name: 'Typha is switched off',
      documents: [typha({ env: { TYPHA_HEALTHENABLED: 'No' }, livenessProbe: http(9098) })],
      found: [at(0)],
    },
    {
      name: 'another port',
      documents: [typha({ env: { TYPHA_HEALTHPORT: '9198' }, livenessProbe: http(9098) })],
      found: [{ path: PROBE, got: 9098, advice: 'write 9198' }],
    },
    {
      name: 'another port of Felix, by HTTP',
      documents: [node({ env: { FELIX_HEALTHPORT: '9199' }, livenessProbe: http(9099) })],
      found: [{ path: PROBE, says: 'FELIX_HEALTHPORT' }],
    },
    {
      name: 'each probe',
      documents: [
        typha({
          env: { TYPHA_HEALTHPORT: '9198' },
          livenessProbe: http(9098),
          readinessProbe: http(9098, '/readiness'),
        }),
      ],
      found: [PROBE, PROBE.replace('liveness', 'readiness')],
    },
  ],
});

const ASKS = { livenessProbe: exec('-felix-live', '-bird-live') };

testRule('kubeadm/felix-health-port', 'warn', DOCUMENTS, {
  valid: [
    { name: 'no calico-node', documents: [felix({ healthPort: 9199 })] },
    { name: 'the default', documents: [node(ASKS), felix({ healthPort: 9099 })] },
    { name: 'no number', documents: [node(ASKS), felix({ healthPort: '9199' })] },
    {
      name: 'the environment as well',
      documents: [node({ ...ASKS, env: { FELIX_HEALTHPORT: '9199' } }), felix({ healthPort: 9199 })],
    },
    {
      name: 'the environment wins',
      documents: [node({ ...ASKS, env: { FELIX_HEALTHPORT: '9099' } }), felix({ healthPort: 9199 })],
    },
    {
      name: 'an environment from somewhere else',
      documents: [
        node({ ...ASKS, envFrom: [{ configMapRef: { name: 'mine' } }] }),
        felix({ healthPort: 9199 }),
      ],
    },
    { name: 'no probe of Felix', documents: [node({}), felix({ healthPort: 9199 })] },
    {
      name: "the operator's",
      documents: [
        workload('DaemonSet', 'calico-node', ASKS, 'calico-system'),
        installation({}),
        felix({ healthPort: 9199 }),
      ],
    },
  ],
  invalid: [
    {
      name: 'another port',
      documents: [node(ASKS), felix({ healthPort: 9199 })],
      found: [{ document: 1, path: 'spec.healthPort', got: 9199, says: 'use 9099' }],
    },
    {
      name: 'the environment that the manifests take',
      documents: [
        node({ ...ASKS, envFrom: [{ configMapRef: { name: 'kubernetes-services-endpoint' } }] }),
        felix({ healthPort: 9199 }),
      ],
      found: [{ document: 1, path: 'spec.healthPort' }],
    },
  ],
});

const WITHOUT_PROXY = initConfiguration({ skipPhases: ['addon/kube-proxy'] });
const EBPF = { FELIX_BPFENABLED: 'true' };
const ENDPOINT = configMap('kubernetes-services-endpoint', {
  KUBERNETES_SERVICE_HOST: 'api.example.com',
  KUBERNETES_SERVICE_PORT: '6443',
});

testRule('kubeadm/services-endpoint-missing', 'warn', DOCUMENTS, {
  valid: [
    { name: 'there', documents: [WITHOUT_PROXY, calicoNode(EBPF), ENDPOINT] },
    { name: 'kube-proxy may run', documents: [calicoNode(EBPF)] },
    { name: 'kube-proxy runs', documents: [initConfiguration({}), calicoNode(EBPF)] },
    { name: 'no eBPF', documents: [WITHOUT_PROXY, calicoNode({})] },
    { name: 'no DaemonSet', documents: [WITHOUT_PROXY, felix({ bpfEnabled: true })] },
    {
      name: 'the environment names it',
      documents: [WITHOUT_PROXY, calicoNode({ ...EBPF, KUBERNETES_SERVICE_HOST: '192.0.2.1' })],
    },
    {
      name: 'the environment may name it',
      documents: [WITHOUT_PROXY, node({ env: EBPF, envFrom: [{ secretRef: { name: 'mine' } }] })],
    },
    {
      name: 'the operator has a way of its own',
      documents: [
        WITHOUT_PROXY,
        installation({
          linuxDataplane: 'BPF',
          bpfNetworkBootstrap: 'Enabled',
          kubeProxyManagement: 'Enabled',
        }),
      ],
    },
    {
      name: 'two clusters',
      documents: [WITHOUT_PROXY, calicoNode(EBPF), initConfiguration({}), calicoNode({})],
      files: ['a/init.yaml', 'a/calico.yaml', 'b/init.yaml', 'b/calico.yaml'],
    },
  ],
  invalid: [
    {
      name: 'missing',
      documents: [WITHOUT_PROXY, calicoNode(EBPF)],
      found: [{ document: 1, path: at(0), advice: 'add ConfigMap kubernetes-services-endpoint' }],
    },
    {
      name: 'by a FelixConfiguration',
      documents: [WITHOUT_PROXY, calicoNode({}), felix({ bpfEnabled: true })],
      found: [{ document: 2, path: 'spec.bpfEnabled' }],
    },
  ],
});

function controllers(value: unknown, image = 'quay.io/calico/kube-controllers:v3.31.0', namespace?: string) {
  const container = { image, env: { ENABLED_CONTROLLERS: value } };
  return workload('Deployment', 'calico-kube-controllers', container, namespace);
}

testRule('kubeadm/enabled-controllers', 'deny', DOCUMENTS, {
  valid: [
    { name: 'one', documents: [controllers('node')] },
    {
      name: 'all',
      documents: [controllers('node,loadbalancer,policy,namespace,profile,serviceaccount,workloadendpoint')],
    },
    { name: 'the migration alone', documents: [controllers('flannelmigration')] },
    { name: 'from somewhere else', documents: [controllers({ configMapKeyRef: {} })] },
    { name: 'of no version', documents: [controllers('loadbalancer', 'registry.example.com/mine')] },
    { name: 'not set', documents: [workload('Deployment', 'calico-kube-controllers', {})] },
    { name: 'another Deployment', documents: [{ ...controllers('x'), metadata: { name: 'mine' } }] },
    { name: 'another namespace', documents: [controllers('x', undefined, 'default')] },
  ],
  invalid: [
    {
      name: 'blanks',
      documents: [controllers('node, policy')],
      found: [
        { path: at(0), got: 'node, policy', advice: 'write node,policy', says: 'does not support " policy"' },
      ],
    },
    {
      name: 'another case',
      documents: [controllers('Node')],
      found: [{ path: at(0), advice: 'write node' }],
    },
    {
      name: 'a slip',
      documents: [controllers('node,serviceacount')],
      found: [{ path: at(0), advice: 'write node,serviceaccount' }],
    },
    {
      name: 'no controller',
      documents: [controllers('node,ipam-everything')],
      found: [{ path: at(0), says: 'write some of node,policy' }],
    },
    { name: 'nothing', documents: [controllers('')], found: [at(0)] },
    { name: 'a comma at the end', documents: [controllers('node,')], found: [at(0)] },
    {
      name: 'the migration beside others',
      documents: [controllers('node,flannelmigration')],
      found: [at(0)],
    },
    {
      name: 'load balancers before 3.30',
      documents: [controllers('node,loadbalancer', 'quay.io/calico/kube-controllers:v3.29.1')],
      found: [{ path: at(0), says: 'does not support "loadbalancer"' }],
    },
  ],
});
