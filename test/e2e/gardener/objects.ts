export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly resourceVersion?: string;
  };
  readonly [field: string]: unknown;
}

// What fields there are and what they may hold is for Gardener to say: that is what these tests are about.
export type Fields = Readonly<Record<string, unknown>>;

export interface Shoot extends KubernetesObject {
  readonly spec: Fields;
}

/** Where the Shoots are; the Project `dev` owns it. */
export const NAMESPACE = 'garden-dev';
export const SHOOTS = `/apis/core.gardener.cloud/v1beta1/namespaces/${NAMESPACE}/shoots`;
/** A seed more, for Shoots that move; it has no default ranges. The others are named after their clouds. */
export const OTHER_SEED = 'other';
export const PROVIDERS = ['alicloud', 'aws', 'azure', 'gcp', 'local', 'openstack'] as const;

const CORE = 'core.gardener.cloud/v1beta1';
/** Of every cloud alike: the region, machine and image that the Shoots here are made of. */
const REGION = 'region-1';
const ZONE = 'region-1a';
const IMAGE = { name: 'gardenlinux', version: '1.0.0' };
const MACHINE = 'm.large';

/** On a seed a Shoot has to have them. */
const RANGES = { pods: '10.96.0.0/11', services: '10.64.0.0/13' };

const WORKER = {
  name: 'worker',
  minimum: 1,
  maximum: 2,
  machine: { type: MACHINE, image: IMAGE },
  volume: { type: 'ssd', size: '50Gi' },
  zones: [ZONE],
};

/** What an operator has to set up before a user can create a Shoot, in the order that Gardener requires. */
export function renderLandscape(): KubernetesObject[] {
  return [
    namespace('garden', 'garden'),
    namespace(NAMESPACE, 'dev'),
    // Without an extension for it Gardener rejects the type of a network, a provider or an operating system.
    {
      apiVersion: CORE,
      kind: 'ControllerRegistration',
      metadata: { name: 'extensions' },
      spec: {
        resources: [
          { kind: 'Network', type: 'calico' },
          { kind: 'Network', type: 'cilium' },
          { kind: 'OperatingSystemConfig', type: IMAGE.name },
          { kind: 'DNSRecord', type: 'dns' },
          { kind: 'BackupBucket', type: 'backup' },
          { kind: 'BackupEntry', type: 'backup' },
          ...PROVIDERS.flatMap((type) =>
            ['ControlPlane', 'Infrastructure', 'Worker'].map((kind) => ({ kind, type })),
          ),
        ],
      },
    },
    {
      apiVersion: CORE,
      kind: 'Project',
      metadata: { name: 'dev' },
      spec: {
        namespace: NAMESPACE,
        owner: { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'admin' },
      },
    },
    ...PROVIDERS.flatMap(renderProvider),
    renderSeed('aws', OTHER_SEED, {}),
  ];
}

function namespace(name: string, project: string): KubernetesObject {
  const labels = { 'gardener.cloud/role': 'project', 'project.gardener.cloud/name': project };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function renderProvider(type: string): KubernetesObject[] {
  return [
    {
      apiVersion: CORE,
      kind: 'CloudProfile',
      metadata: { name: type },
      spec: {
        type,
        kubernetes: { versions: [{ version: '1.34.1' }, { version: '1.34.0' }] },
        machineImages: [
          {
            name: IMAGE.name,
            versions: [{ version: IMAGE.version, architectures: ['amd64'], cri: [{ name: 'containerd' }] }],
          },
        ],
        machineTypes: [
          { name: MACHINE, cpu: '4', gpu: '0', memory: '16Gi', architecture: 'amd64', usable: true },
        ],
        volumeTypes: [{ name: 'ssd', class: 'standard', usable: true }],
        regions: [{ name: REGION, zones: [{ name: ZONE }] }],
      },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: type, namespace: NAMESPACE } },
    {
      apiVersion: 'security.gardener.cloud/v1alpha1',
      kind: 'CredentialsBinding',
      metadata: { name: type, namespace: NAMESPACE },
      provider: { type },
      credentialsRef: { apiVersion: 'v1', kind: 'Secret', name: type, namespace: NAMESPACE },
    },
    // A Shoot without ranges gets these as soon as it is on the seed.
    renderSeed(type, type, { shootDefaults: { pods: '100.96.0.0/11', services: '100.64.0.0/13' } }),
  ];
}

function renderSeed(type: string, name: string, networks: Fields): KubernetesObject {
  const credentialsRef = { apiVersion: 'v1', kind: 'Secret', name: 'credentials', namespace: 'garden' };
  return {
    apiVersion: CORE,
    kind: 'Seed',
    metadata: { name },
    spec: {
      provider: { type, region: REGION, zones: [ZONE] },
      networks: {
        nodes: '10.240.0.0/16',
        pods: '10.241.128.0/17',
        services: '10.241.0.0/17',
        ...networks,
      },
      ingress: { domain: `${name}.example.org`, controller: { kind: 'nginx' } },
      backup: { provider: 'backup', region: REGION, credentialsRef },
      dns: {
        provider: { type: 'dns', credentialsRef },
        internal: { type: 'dns', domain: 'internal.example.org', credentialsRef },
      },
    },
  };
}

export interface ShootOptions {
  /** One of PROVIDERS; aws by default. */
  readonly provider?: string;
  readonly providerConfig?: unknown;
  /** Over what is in spec.networking. */
  readonly networking?: Fields;
  /** Over what is in spec.kubernetes. */
  readonly kubernetes?: Fields;
  /** Over all the rest. */
  readonly spec?: Fields;
}

/** A Shoot that Gardener accepts, and we too, but for what the options say; undefined removes a field. */
export function makeShoot(name: string, options: ShootOptions = {}): Shoot {
  const { provider = 'aws', providerConfig } = options;
  return {
    apiVersion: CORE,
    kind: 'Shoot',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      cloudProfile: { kind: 'CloudProfile', name: provider },
      credentialsBindingName: provider,
      region: REGION,
      purpose: 'evaluation',
      kubernetes: { version: '1.34.0', ...options.kubernetes },
      provider: { type: provider, workers: [WORKER] },
      networking: {
        type: 'calico',
        nodes: '10.250.0.0/16',
        ...RANGES,
        ...(providerConfig !== undefined && { providerConfig }),
        ...options.networking,
      },
      ...options.spec,
    },
  };
}

/**
 * The same Shoot with what Gardener asks for besides: a case has only the fields that matter
 * to us, and maybe not even the cloud.
 */
export function completeShoot(name: string, sparse: { readonly spec?: unknown }, cloud = 'aws'): Shoot {
  const spec = toFields(sparse.spec);
  const provider = toFields(spec['provider']);
  const type = String(provider['type'] ?? cloud);
  const whole = makeShoot(name, { provider: type });
  const workers = Array.isArray(provider['workers']) ? provider['workers'] : [WORKER];
  return {
    ...whole,
    spec: {
      ...whole.spec,
      ...spec,
      // Only with workers; and a seed must be one that there is.
      credentialsBindingName: workers.length === 0 ? undefined : type,
      ...(spec['seedName'] !== undefined && {
        seedName: OTHER_SEED,
        networking: { ...RANGES, ...toFields(spec['networking']) },
      }),
      region: REGION,
      kubernetes: { ...toFields(whole.spec['kubernetes']), ...toFields(spec['kubernetes']) },
      provider: {
        type,
        ...provider,
        workers: workers.map((worker) => ({ ...WORKER, ...toFields(worker), machine: WORKER.machine })),
      },
    },
  };
}

export function toFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
