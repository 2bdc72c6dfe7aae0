import { testRules } from '../../support/rule-tester.ts';
import { INSTALLATION } from './base.ts';

// The findings follow from the CRD and the operator's own validation, of cases/oracle/installation.

const node = (values: object) => ({ calicoNodeDaemonSet: values });
const pods = (values: object) => ({ spec: { template: { spec: values } } });
const AFFINITY = 'spec.calicoNodeDaemonSet.spec.template.spec.affinity';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const rolling = (rollingUpdate: unknown) => ({ typhaDeployment: { spec: { strategy: { rollingUpdate } } } });

testRules('types and names of overrides', INSTALLATION, {
  valid: [
    { name: 'nothing', spec: node({}) },
    { name: 'null', spec: { calicoNodeDaemonSet: null } },
    {
      name: 'affinity',
      spec: node(
        pods({
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }],
              },
            },
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 1,
                  podAffinityTerm: { topologyKey: 'a', labelSelector: { matchLabels: { a: 'b' } } },
                },
              ],
            },
          },
        }),
      ),
    },
  ],
  invalid: [
    {
      name: 'a list',
      spec: { calicoNodeDaemonSet: [] },
      found: ['deny tigera/installation-wrong-type spec.calicoNodeDaemonSet'],
    },
    {
      name: 'a label that is a number',
      spec: node({ metadata: { labels: { team: 5 } } }),
      found: ['deny tigera/installation-wrong-type spec.calicoNodeDaemonSet.metadata.labels.team'],
    },
    {
      name: 'a field that the CRD does not have',
      spec: node(pods({ hostNetwork: true })),
      found: [
        'warn tigera/installation-unknown-field spec.calicoNodeDaemonSet.spec.template.spec.hostNetwork',
      ],
    },
    {
      name: 'affinity that the CRD rejects',
      spec: node(
        pods({
          affinity: {
            nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: ['x'] } },
            podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ['a'] }] },
          },
        }),
      ),
      found: [
        `deny tigera/installation-wrong-type ${AFFINITY}.nodeAffinity.${REQUIRED}.nodeSelectorTerms[0]`,
        `deny tigera/installation-missing-field ${AFFINITY}.podAffinity.${REQUIRED}[0].topologyKey`,
      ],
    },
    {
      name: 'a container of another component',
      spec: node(pods({ containers: [{ name: 'calico-typha' }] })),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-values',
          path: 'spec.calicoNodeDaemonSet.spec.template.spec.containers[0].name',
          says: 'use calico-node',
        },
      ],
    },
    {
      name: 'a container without a name',
      spec: node(pods({ containers: [{ resources: {} }] })),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-missing-field',
          path: 'spec.calicoNodeDaemonSet.spec.template.spec.containers[0].name',
          says: 'write calico-node',
        },
      ],
    },
    {
      name: 'a container that is null',
      spec: node(pods({ containers: [null] })),
      found: [
        'deny tigera/installation-wrong-type spec.calicoNodeDaemonSet.spec.template.spec.containers[0]',
      ],
    },
    {
      name: 'a probe',
      spec: node(pods({ containers: [{ name: 'calico-node', readinessProbe: { periodSeconds: 'x' } }] })),
      found: [
        'deny tigera/installation-wrong-type spec.calicoNodeDaemonSet.spec.template.spec.containers[0].readinessProbe.periodSeconds',
      ],
    },
  ],
});

testRules('numbers and words of the whole Installation', INSTALLATION, {
  valid: [{ name: 'seconds', spec: node({ spec: { minReadySeconds: 10 } }) }],
  invalid: [
    {
      name: 'fewer than none',
      spec: node({ spec: { minReadySeconds: -1 } }),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-number',
          path: 'spec.calicoNodeDaemonSet.spec.minReadySeconds',
          says: 'use a value from 0 to 2147483647',
        },
      ],
    },
    {
      name: 'more than 32 bits',
      spec: { nodeMetricsPort: 2 ** 31 },
      found: ['deny tigera/installation-number spec.nodeMetricsPort'],
    },
    {
      name: 'a cipher that does not exist',
      spec: { tlsCipherSuites: [{ name: 'TLS_AES_256_GCM_SHA38' }] },
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-values',
          path: 'spec.tlsCipherSuites[0].name',
          says: 'did you mean TLS_AES_256_GCM_SHA384?',
        },
      ],
    },
    {
      name: 'certificates without a CA',
      spec: { certificateManagement: { signerName: 'example.org/calico' } },
      found: ['deny tigera/installation-missing-field spec.certificateManagement.caCert'],
    },
    {
      name: 'an algorithm in another case',
      spec: {
        certificateManagement: { caCert: 'Zm9v', signerName: 'a.b/c', keyAlgorithm: 'RSAWITHSIZE2048' },
      },
      found: ['deny tigera/installation-values spec.certificateManagement.keyAlgorithm'],
    },
    {
      name: 'policies that are managed in another case',
      spec: { networkPolicy: { managePolicies: 'enabled' } },
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-values',
          path: 'spec.networkPolicy.managePolicies',
          says: 'did you mean Enabled?',
        },
      ],
    },
    {
      name: 'a word that the operator reads as Disabled',
      spec: { nonPrivileged: 'off' },
      found: ['warn tigera/installation-values spec.nonPrivileged'],
    },
    {
      name: 'a kernel setting without a value',
      net: { sysctl: [{ key: 'net.ipv4.tcp_keepalive_time' }] },
      found: ['deny tigera/installation-missing-field net.sysctl[0].value'],
    },
    {
      name: 'a pool that is null',
      net: { ipPools: [null] },
      found: ['deny tigera/installation-wrong-type net.ipPools[0]'],
    },
    {
      name: 'control plane on an operating system that is null',
      spec: { controlPlaneNodeSelector: { 'kubernetes.io/os': null } },
      found: ['deny tigera/installation-control-plane spec.controlPlaneNodeSelector.kubernetes.io/os'],
    },
  ],
});

testRules('quantities', INSTALLATION, {
  valid: [
    {
      name: 'that Kubernetes has',
      spec: node(
        pods({ initContainers: [{ name: 'install-cni', resources: { limits: { cpu: 1, memory: '1Gi' } } }] }),
      ),
    },
  ],
  invalid: [
    ...['128MB', '', 'abc', ' 1Gi'].map((memory) => ({
      name: `memory ${JSON.stringify(memory)}`,
      spec: node(pods({ containers: [{ name: 'calico-node', resources: { requests: { memory } } }] })),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-quantity',
          path: 'spec.calicoNodeDaemonSet.spec.template.spec.containers[0].resources.requests.memory',
          says: 'write a quantity such as 128Mi',
        },
      ],
    })),
    {
      name: 'a number that is no whole one',
      spec: node(pods({ containers: [{ name: 'calico-node', resources: { requests: { cpu: 0.5 } } }] })),
      found: [
        'deny tigera/installation-wrong-type spec.calicoNodeDaemonSet.spec.template.spec.containers[0].resources.requests.cpu',
      ],
    },
  ],
});

const limited = (resources: object) => node(pods({ containers: [{ name: 'calico-node', resources }] }));
const RESOURCES = 'spec.calicoNodeDaemonSet.spec.template.spec.containers[0].resources';

testRules('requests and limits that Kubernetes rejects', INSTALLATION, {
  valid: [
    { name: 'a limit above the request', spec: limited({ requests: { cpu: '500m' }, limits: { cpu: 1 } }) },
    { name: 'equal ones', spec: limited({ requests: { memory: '1Gi' }, limits: { memory: '1024Mi' } }) },
    { name: 'a device', spec: limited({ limits: { 'example.org/gpu': '2', 'hugepages-2Mi': '4Mi' } }) },
    { name: 'nothing', spec: limited({ requests: { cpu: null, Memory: null, memory: 0 }, limits: null }) },
  ],
  invalid: [
    {
      name: 'a name that is no resource',
      spec: limited({ limits: { Memory: '1Gi', '': 1, 'a/b/c': 1 } }),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-resources',
          path: `${RESOURCES}.limits.Memory`,
          says: 'not a resource of a container',
        },
        `deny tigera/installation-resources ${RESOURCES}.limits.a/b/c`,
        `deny tigera/installation-resources ${RESOURCES}.limits[""]`,
      ],
    },
    {
      name: 'a negative amount',
      spec: limited({ requests: { memory: '-1Gi' } }),
      found: [`deny tigera/installation-resources ${RESOURCES}.requests.memory`],
    },
    {
      name: 'half a device',
      spec: limited({ limits: { 'example.org/gpu': '500m' } }),
      found: [`deny tigera/installation-resources ${RESOURCES}.limits.example.org/gpu`],
    },
    {
      name: 'a request above the limit',
      spec: limited({
        requests: { cpu: 2, 'example.org/gpu': 1 },
        limits: { cpu: '1500m', 'example.org/gpu': 2 },
      }),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-resources',
          path: `${RESOURCES}.requests.cpu`,
          says: 'write at most 1500m',
        },
        `deny tigera/installation-resources ${RESOURCES}.requests.example.org/gpu`,
      ],
    },
    {
      name: 'of componentResources, which the operator passes on',
      spec: {
        componentResources: [{ componentName: 'Node', resourceRequirements: { limits: { gpu: 1 } } }],
      },
      found: [
        'warn tigera/installation-deprecated-field spec.componentResources',
        'warn tigera/installation-resources spec.componentResources[0].resourceRequirements.limits.gpu',
      ],
    },
    {
      name: 'a suffix without a number',
      spec: limited({ limits: { memory: 'm' } }),
      found: [`deny tigera/installation-quantity ${RESOURCES}.limits.memory`],
    },
  ],
});

const tolerating = (...tolerations: unknown[]) => node(pods({ tolerations }));
const TOLERATIONS = 'spec.calicoNodeDaemonSet.spec.template.spec.tolerations';

testRules('tolerations', INSTALLATION, {
  valid: [
    {
      name: 'every taint',
      spec: tolerating({ operator: 'Exists' }, { operator: 'Exists', effect: 'NoExecute' }),
    },
    {
      name: 'a value',
      spec: tolerating(
        { key: 'example.org/team', value: 'network', effect: 'NoSchedule' },
        { key: 'a', operator: 'Equal', value: '' },
        { key: 'a', operator: 'Exists', value: null, effect: 'NoExecute', tolerationSeconds: 60 },
      ),
    },
    { name: 'nothing', spec: tolerating() },
    { name: 'of the control plane', spec: { controlPlaneTolerations: [{ operator: 'Exists' }] } },
  ],
  invalid: [
    {
      name: 'every key without Exists',
      spec: tolerating({}, { effect: 'NoSchedule' }, { operator: 'Equal', value: 'a' }),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-toleration',
          path: `${TOLERATIONS}[0]`,
          says: 'needs the operator Exists',
        },
        `deny tigera/installation-toleration ${TOLERATIONS}[1]`,
        `deny tigera/installation-toleration ${TOLERATIONS}[2]`,
      ],
    },
    {
      name: 'words that are none',
      spec: tolerating({ key: 'a', operator: 'exists' }, { key: 'a', effect: 'noSchedule' }),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-toleration',
          path: `${TOLERATIONS}[0].operator`,
          says: 'Equal or Exists',
        },
        `deny tigera/installation-toleration ${TOLERATIONS}[1].effect`,
      ],
    },
    {
      name: 'names that are none',
      spec: tolerating({ key: 'a b', operator: 'Exists' }, { key: 'a', value: 'b c' }),
      found: [
        `deny tigera/installation-toleration ${TOLERATIONS}[0].key`,
        `deny tigera/installation-toleration ${TOLERATIONS}[1].value`,
      ],
    },
    {
      name: 'a value beside Exists, and seconds without NoExecute',
      spec: tolerating(
        { key: 'a', operator: 'Exists', value: 'b' },
        { key: 'a', value: 'b', effect: 'NoSchedule', tolerationSeconds: 0 },
      ),
      found: [
        `deny tigera/installation-toleration ${TOLERATIONS}[0].value`,
        `deny tigera/installation-toleration ${TOLERATIONS}[1].tolerationSeconds`,
      ],
    },
    {
      name: 'of the control plane, which the operator passes on',
      spec: { controlPlaneTolerations: [{ effect: 'NoSchedule' }] },
      found: ['warn tigera/installation-toleration spec.controlPlaneTolerations[0]'],
    },
    {
      name: 'of the wrong type',
      spec: tolerating({ key: 5 }),
      found: [`deny tigera/installation-wrong-type ${TOLERATIONS}[0].key`],
    },
  ],
});

testRules('numbers of overrides', INSTALLATION, {
  valid: [{ name: 'no time to end', spec: { typhaDeployment: pods({ terminationGracePeriodSeconds: 0 }) } }],
  invalid: [
    {
      name: 'a negative time to end',
      spec: { typhaDeployment: pods({ terminationGracePeriodSeconds: -1 }) },
      found: [
        'deny tigera/installation-number spec.typhaDeployment.spec.template.spec.terminationGracePeriodSeconds',
      ],
    },
    {
      name: 'more pods than 32 bits hold',
      spec: { nodeUpdateStrategy: { rollingUpdate: { maxSurge: 2_147_483_648 } } },
      found: ['deny tigera/installation-number spec.nodeUpdateStrategy.rollingUpdate.maxSurge'],
    },
  ],
});

testRules('labels', INSTALLATION, {
  valid: [
    {
      name: 'valid values',
      spec: node({
        metadata: { labels: { 'example.org/team': '' }, annotations: { 'Example.org/why': 'any text' } },
      }),
    },
  ],
  invalid: [
    {
      name: 'a value with blanks',
      spec: node({ metadata: { labels: { team: 'a b' } } }),
      found: ['deny tigera/installation-labels spec.calicoNodeDaemonSet.metadata.labels.team'],
    },
    {
      name: 'a key that is none',
      spec: node({ metadata: { labels: { '/team': 'a' } } }),
      found: ['deny tigera/installation-labels spec.calicoNodeDaemonSet.metadata.labels./team'],
    },
    {
      name: 'of pods',
      spec: node({ spec: { template: { metadata: { labels: { team: 'a b' } } } } }),
      found: ['deny tigera/installation-labels spec.calicoNodeDaemonSet.spec.template.metadata.labels.team'],
    },
    {
      name: 'of nodes',
      spec: node(pods({ nodeSelector: { team: 'a b' } })),
      found: [
        'deny tigera/installation-labels spec.calicoNodeDaemonSet.spec.template.spec.nodeSelector.team',
      ],
    },
    {
      name: 'an annotation whose key is none',
      spec: node({ metadata: { annotations: { '-a': 'c' } } }),
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-labels',
          path: 'spec.calicoNodeDaemonSet.metadata.annotations.-a',
          says: 'invalid key of an annotation',
        },
      ],
    },
  ],
});

const UPDATE = 'spec.typhaDeployment.spec.strategy.rollingUpdate';
testRules('how pods of Typha are replaced', INSTALLATION, {
  valid: [
    { name: 'nothing', spec: rolling(null) },
    { name: 'one more', spec: rolling({ maxSurge: 1 }) },
    { name: 'many more', spec: rolling({ maxSurge: '101%' }) },
    { name: 'all at a time', spec: rolling({ maxUnavailable: '100%' }) },
  ],
  invalid: [
    ...[{}, { maxSurge: 0 }, { maxUnavailable: null }, { maxSurge: '0%', maxUnavailable: 0 }].map((each) => ({
      name: JSON.stringify(each),
      spec: rolling(each),
      found: [`deny tigera/installation-typha-strategy ${UPDATE}`],
    })),
    ...[-1, '-5%', 'abc', '1', '%', '1.5'].map((maxSurge) => ({
      name: `more pods: ${JSON.stringify(maxSurge)}`,
      spec: rolling({ maxSurge }),
      found: [`deny tigera/installation-typha-strategy ${UPDATE}.maxSurge`],
    })),
    {
      name: 'more than all',
      spec: rolling({ maxUnavailable: '101%' }),
      found: [`deny tigera/installation-typha-strategy ${UPDATE}.maxUnavailable`],
    },
  ],
});

testRules('names of pools', INSTALLATION, {
  valid: [{ name: 'a good one', pool: { name: 'pods-east.1' } }],
  invalid: [
    ...['My Pool', 'a,b', 'None', 'a'.repeat(254)].map((name) => ({
      name: name.slice(0, 20),
      pool: { name },
      found: ['deny tigera/installation-pool-name net.ipPools[0].name'],
    })),
  ],
});

const hns = { spec: { serviceCIDRs: ['10.96.0.0/12'] } };
testRules('the default pool', INSTALLATION, {
  valid: [
    { name: 'needs none where Felix routes', net: { bgp: 'Disabled', clusterRoutingMode: 'Felix' } },
    { name: 'is not there', net: { bgp: 'Disabled', clusterRoutingMode: 'BIRD', ipPools: [] } },
    { name: 'has VXLAN on EKS', spec: { kubernetesProvider: 'EKS', cni: { type: 'Calico' } } },
    { name: 'on Windows, but not there', net: { windowsDataplane: 'HNS', ipPools: [] }, ...hns },
  ],
  invalid: [
    {
      name: 'needs BGP where BIRD routes',
      net: { bgp: 'Disabled', clusterRoutingMode: 'BIRD' },
      found: [{ action: 'deny', rule: 'tigera/installation-bgp', path: 'net.bgp', says: 'write ipPools' }],
    },
    {
      name: 'needs BGP before 3.33',
      net: { bgp: 'Disabled' },
      found: ['warn tigera/installation-ipip-without-bgp net.bgp'],
    },
    {
      name: 'does not work on Windows',
      net: { windowsDataplane: 'HNS' },
      ...hns,
      found: ['deny tigera/installation-windows net.ipPools'],
    },
  ],
});
