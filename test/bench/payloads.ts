/** What is sent: a name for the tables, and the body of the request. */
export interface Payload {
  readonly name: string;
  readonly path: string;
  readonly body: Buffer;
}

const UID = '705ab4f5-6393-11e8-b7cc-42010a800002';
const TIME = '2026-11-21T10:00:00Z';

/** A full Shoot on AWS, as people have them, with so many groups of workers; nothing is wrong with it. */
export function makeShoot(workers: number): object {
  return {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: {
      name: 'crazy-botany',
      namespace: 'garden-dev',
      uid: UID,
      resourceVersion: '1234567',
      generation: 3,
      labels: { 'networking.extensions.gardener.cloud/calico': 'true', team: 'botany', stage: 'production' },
      annotations: { 'gardener.cloud/created-by': 'somebody@example.com', note: 'nobody waters the plants' },
      finalizers: ['gardener'],
    },
    spec: {
      cloudProfile: { kind: 'CloudProfile', name: 'aws' },
      region: 'eu-west-1',
      secretBindingName: 'core-aws',
      purpose: 'production',
      kubernetes: {
        version: '1.34.2',
        kubeAPIServer: { enableAnonymousAuthentication: false, requests: { maxNonMutatingInflight: 400 } },
        kubeControllerManager: { nodeCIDRMaskSize: 24 },
        kubeProxy: { enabled: true, mode: 'IPTables' },
        kubelet: { failSwapOn: true, maxPods: 110 },
        verticalPodAutoscaler: { enabled: true, evictAfterOOMThreshold: '10m0s', updaterInterval: '1m0s' },
      },
      networking: {
        type: 'calico',
        pods: '100.128.0.0/11',
        nodes: '10.250.0.0/16',
        services: '100.64.0.0/13',
        ipFamilies: ['IPv4'],
        providerConfig: {
          apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1',
          kind: 'NetworkConfig',
          backend: 'none',
          overlay: { enabled: false },
          ipv4: { mode: 'Never', pool: 'ipip' },
          typha: { enabled: true },
          vethMTU: '1440',
          snatToUpstreamDNS: { enabled: true },
        },
      },
      provider: {
        type: 'aws',
        infrastructureConfig: {
          apiVersion: 'aws.provider.extensions.gardener.cloud/v1alpha1',
          kind: 'InfrastructureConfig',
          networks: {
            vpc: { cidr: '10.250.0.0/16' },
            zones: [
              {
                name: 'eu-west-1a',
                internal: '10.250.112.0/22',
                public: '10.250.96.0/22',
                workers: '10.250.0.0/19',
              },
            ],
          },
        },
        controlPlaneConfig: {
          apiVersion: 'aws.provider.extensions.gardener.cloud/v1alpha1',
          kind: 'ControlPlaneConfig',
          cloudControllerManager: { useCustomRouteController: true },
        },
        workers: Array.from({ length: workers }, (_, number) => makeWorker(number)),
      },
      maintenance: {
        autoUpdate: { kubernetesVersion: true, machineImageVersion: true },
        timeWindow: { begin: '220000+0100', end: '230000+0100' },
      },
      hibernation: {
        schedules: [{ start: '00 20 * * 1,2,3,4,5', end: '00 6 * * 1,2,3,4,5', location: 'Europe/Berlin' }],
      },
      addons: { kubernetesDashboard: { enabled: false }, nginxIngress: { enabled: false } },
      dns: { domain: 'crazy-botany.core.my-custom-domain.com' },
      extensions: [{ type: 'shoot-dns-service' }, { type: 'shoot-cert-service' }],
    },
  };
}

function makeWorker(number: number): object {
  return {
    name: `worker-${number}`,
    minimum: 3,
    maximum: 6,
    maxSurge: 1,
    maxUnavailable: 0,
    machine: {
      type: 'm5.xlarge',
      image: { name: 'gardenlinux', version: '1592.4.0' },
      architecture: 'amd64',
    },
    volume: { type: 'gp3', size: '50Gi', encrypted: true },
    zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    labels: { pool: `pool-${number}`, 'example.com/cost-center': '4711' },
    taints: [{ key: 'example.com/dedicated', value: 'true', effect: 'NoSchedule' }],
    cri: { name: 'containerd', containerRuntimes: [{ type: 'gvisor' }] },
    providerConfig: {
      apiVersion: 'aws.provider.extensions.gardener.cloud/v1alpha1',
      kind: 'WorkerConfig',
      volume: { iops: 3000 },
    },
  };
}

/** As gardenlet leaves it: many conditions, and a line for every gardener. */
function withStatus(shoot: object): object {
  const conditions = [
    'APIServerAvailable',
    'ControlPlaneHealthy',
    'EveryNodeReady',
    'SystemComponentsHealthy',
    'ObservabilityComponentsHealthy',
  ];
  return {
    ...shoot,
    status: {
      conditions: conditions.map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: TIME,
        lastUpdateTime: TIME,
        reason: 'AllGood',
        message: `All of ${type} are as they should be, and have been for a while.`,
      })),
      gardener: { id: '8a6c7b', name: 'gardenlet-7b9f', version: 'v1.140.0' },
      lastOperation: {
        type: 'Reconcile',
        state: 'Succeeded',
        progress: 100,
        lastUpdateTime: TIME,
        description: 'Shoot cluster has been successfully reconciled.',
      },
      observedGeneration: 3,
      technicalID: 'shoot--dev--crazy-botany',
      uid: UID,
    },
  };
}

/** Server-side apply's books: who set which field, so many bytes of it. */
function withManagedFields(object: { metadata?: object }, bytes: number): object {
  const managedFields: object[] = [];
  for (let size = 0, number = 0; size < bytes; number += 1) {
    const entry = {
      manager: `manager-${number}`,
      operation: 'Update',
      apiVersion: 'core.gardener.cloud/v1beta1',
      time: TIME,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': {
          'f:annotations': { '.': {}, 'f:gardener.cloud/created-by': {} },
          'f:finalizers': { '.': {}, 'v:"gardener"': {} },
        },
        'f:spec': {
          'f:kubernetes': { 'f:kubeAPIServer': { 'f:enableAnonymousAuthentication': {} }, 'f:version': {} },
          'f:networking': {
            'f:nodes': {},
            'f:pods': {},
            'f:providerConfig': {},
            'f:services': {},
            'f:type': {},
          },
          'f:provider': {
            'f:infrastructureConfig': {},
            'f:type': {},
            'f:workers': { [`k:{"name":"worker-${number}"}`]: { '.': {}, 'f:machine': {}, 'f:zones': {} } },
          },
        },
      },
    };
    managedFields.push(entry);
    size += JSON.stringify(entry).length;
  }
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function makeReview(operation: string, object: object, oldObject: object | null): Buffer {
  return Buffer.from(
    JSON.stringify({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      request: {
        uid: UID,
        kind: { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' },
        resource: { group: 'core.gardener.cloud', version: 'v1beta1', resource: 'shoots' },
        requestKind: { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' },
        requestResource: { group: 'core.gardener.cloud', version: 'v1beta1', resource: 'shoots' },
        name: 'crazy-botany',
        namespace: 'garden-dev',
        operation,
        userInfo: { username: 'somebody@example.com', groups: ['system:authenticated', 'garden:dev'] },
        object,
        oldObject,
        dryRun: false,
        options: {
          kind: 'CreateOptions',
          apiVersion: 'meta.k8s.io/v1',
          fieldManager: 'kubectl-client-side-apply',
          fieldValidation: 'Strict',
        },
      },
    }),
  );
}

export function makeCreate(workers: number): Buffer {
  return makeReview('CREATE', makeShoot(workers), null);
}

/** The same with a warning and a refusal. */
export function makeRefused(workers: number): Buffer {
  const text = JSON.stringify(makeShoot(workers))
    .replace('"mode":"Never",', '"mode":"Never","autoDetectionMethod":"interface=eth0",')
    .replace('"enabled":true,"mode":"IPTables"', '"enabled":false');
  return makeReview('CREATE', JSON.parse(text), null);
}

/** The new object is the old one with one worker more of each group, so that there is something to judge. */
export function makeUpdate(workers: number, managedBytes: number): Buffer {
  const old = withManagedFields(withStatus(makeShoot(workers)), managedBytes);
  const text = JSON.stringify(old).replaceAll('"maximum":6', '"maximum":7');
  return makeReview('UPDATE', JSON.parse(text), old);
}

/** What a gardenlet makes: an annotation more, and the spec as it was. */
export function makeTouch(workers: number, managedBytes: number): Buffer {
  const old = withManagedFields(withStatus(makeShoot(workers)), managedBytes);
  const text = JSON.stringify(old).replace(
    '"annotations":{',
    '"annotations":{"gardener.cloud/operation":"reconcile",',
  );
  return makeReview('UPDATE', JSON.parse(text), old);
}

/** The same with a method that is a pattern, and with eBPF. */
export function makeEbpf(workers: number): Buffer {
  const text = JSON.stringify(makeShoot(workers)).replace(
    '"mode":"Never",',
    '"mode":"Never","autoDetectionMethod":"interface=^eth.*",',
  );
  return makeReview(
    'CREATE',
    JSON.parse(text.replace('"typha":', '"ebpfDataplane":{"enabled":true},"typha":')),
    null,
  );
}

/** 5 KB CREATE, allowed and refused; 45 KB UPDATE of which a third is managedFields; 300 KB UPDATE. */
export function makePayloads(): Payload[] {
  return [
    { name: '5 KB', path: '/validate', body: makeCreate(4) },
    { name: '5 KB, refused', path: '/validate', body: makeRefused(4) },
    { name: '5 KB, eBPF and a pattern', path: '/validate', body: makeEbpf(4) },
    { name: '45 KB', path: '/validate', body: makeUpdate(18, 7300) },
    { name: '45 KB, spec unchanged', path: '/validate', body: makeTouch(18, 7300) },
    { name: '300 KB', path: '/validate', body: makeUpdate(170, 50_000) },
  ];
}
