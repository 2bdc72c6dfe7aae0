import { testRules } from '../../support/rule-tester.ts';
import { INSTALLATION } from './base.ts';

// The verdicts are those of the CRD and of the operator's own validation, of cases/oracle/installation.

const node = (values: object) => ({ calicoNodeDaemonSet: values });
const pods = (values: object) => ({ spec: { template: { spec: values } } });
const rolling = (rollingUpdate: unknown) => ({ typhaDeployment: { spec: { strategy: { rollingUpdate } } } });

testRules('types and names of overrides', INSTALLATION, {
  valid: [
    { name: 'nothing', spec: node({}) },
    { name: 'null', spec: { calicoNodeDaemonSet: null } },
    {
      name: 'affinity, of which only Kubernetes knows more',
      spec: node(pods({ affinity: { nodeAffinity: { whatever: 1 } } })),
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
          says: 'write 0 to 2147483647',
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
      name: 'that Kubernetes knows',
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
          says: 'write one such as 128Mi',
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

testRules('labels', INSTALLATION, {
  valid: [
    {
      name: 'good ones',
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
          says: 'not a key of an annotation',
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
