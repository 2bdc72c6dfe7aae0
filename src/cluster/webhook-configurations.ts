import type {
  V1MutatingWebhookConfiguration,
  V1ValidatingWebhook,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';
import type { Policy } from '../policy/evaluate.ts';
import type { Registry } from '../policy/registry.ts';
import type { Cluster, KindGroup, TargetInfo } from '../policy/types.ts';

/** How kube-apiserver reaches the server: by a Service in its cluster, or by a URL. */
export type Endpoint =
  | { readonly kind: 'service'; readonly name: string; readonly namespace: string }
  | { readonly kind: 'url'; readonly base: string };

export interface WebhookOptions {
  readonly endpoint: Endpoint;
  /** The certificate authorities of the server's certificate, PEM. */
  readonly caBundle: string;
  readonly cluster: Cluster;
  /** Groups of Calico kinds to add, where the cluster is `calico`. */
  readonly groups?: readonly KindGroup[];
  /** Default: the safe value for the cluster. */
  readonly failurePolicy?: FailurePolicy;
}

export type FailurePolicy = 'Fail' | 'Ignore';

interface Registration {
  /** The name of the configurations. A garden or a seed may also have those for its own Calico. */
  readonly name: string;
  /** The ending of the webhooks' names, by which metrics and the audit log of kube-apiserver name them. */
  readonly domain: string;
  readonly mutatePath: string;
  readonly failurePolicy: FailurePolicy;
  readonly narrowed: Pick<V1ValidatingWebhook, 'namespaceSelector' | 'matchConditions'>;
}

// A review takes milliseconds. The time is for a retry after a 503 of a server that is starting or overloaded.
const TIMEOUT_SECONDS = 5;

// An object that is being deleted is not evaluated. Otherwise a server that is down would block the removal of
// finalizers, which is an update. API servers before 1.28 do not support this, and send the request.
const NOT_DELETED = {
  name: 'is-not-being-deleted',
  expression: '!has(object.metadata.deletionTimestamp)',
};

/** On a seed: shoot namespaces with this cloud provider and Calico, by the labels of gardenlet. */
const SEED_PROVIDER = 'azure';
const SEED_SELECTOR = {
  matchExpressions: [
    { key: 'shoot.gardener.cloud/provider', operator: 'In', values: [SEED_PROVIDER] },
    { key: 'networking.shoot.gardener.cloud/provider', operator: 'In', values: ['calico'] },
  ],
};

/**
 * Calico's own components that write these objects. A person would not see a denial, and the network would not start.
 * Sources: calico.yaml and canal.yaml (ClusterRoles calico-node: create and update of pools, configurations, peers
 * and tiers; calico-kube-controllers: of endpoints and policies; calico-cni-plugin: of the IPAM configuration) and
 * apiserver.yaml of projectcalico/calico; calico-system and tigera-operator of tigera/operator. Since its pull
 * request 3989 (Calico 3.31) calico-apiserver is in calico-system. It writes what its users send as
 * projectcalico.org/v3, which is reviewed under their names.
 */
const CALICO_ITSELF = [
  'kube-system:calico-node',
  'kube-system:calico-kube-controllers',
  'kube-system:calico-cni-plugin',
  'kube-system:canal',
  'calico-system:calico-node',
  'calico-system:calico-kube-controllers',
  'calico-system:calico-cni-plugin',
  'calico-system:calico-apiserver',
  'calico-apiserver:calico-apiserver',
  'tigera-operator:tigera-operator',
];

const GARDENER = {
  name: 'calico-admission',
  domain: 'calico-admission.gardener.cloud',
  failurePolicy: 'Fail',
} as const;

const REGISTRATIONS: Readonly<Record<Cluster, Registration>> = {
  garden: {
    ...GARDENER,
    mutatePath: '/mutate',
    narrowed: { matchConditions: [NOT_DELETED] },
  },
  seed: {
    ...GARDENER,
    mutatePath: `/mutate/${SEED_PROVIDER}`,
    narrowed: { namespaceSelector: SEED_SELECTOR, matchConditions: [NOT_DELETED] },
  },
  calico: {
    name: 'calico-admission-calico',
    domain: 'calico-admission.calico.gardener.cloud',
    mutatePath: '/mutate',
    // Pods have no network before there is a pool, and neither has the webhook itself. With Fail, API servers would
    // reject the very object that the webhook waits for, and a broken network could not be repaired.
    failurePolicy: 'Ignore',
    narrowed: { matchConditions: [exceptServiceAccounts(CALICO_ITSELF)] },
  },
};

const registrations = Object.values(REGISTRATIONS);
/** The names of the configurations, of both kinds and for all clusters. */
export const WEBHOOK_CONFIGURATIONS: readonly string[] = [...new Set(registrations.map(({ name }) => name))];

/** The lists of an API server that contain them, by kind. */
export const WEBHOOK_RESOURCES = {
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
} as const;

/**
 * The name of a webhook, which is a domain name, shows whether it is ours. Other webhooks may be in the same
 * configuration.
 */
export function isOwnWebhook(name: string): boolean {
  return registrations.some(({ domain }) => name.endsWith(`.${domain}`));
}

/** @param accounts each as `namespace:name` */
function exceptServiceAccounts(accounts: readonly string[]) {
  const users = accounts.map((account) => `'system:serviceaccount:${account}'`);
  return { name: 'not-calico-itself', expression: `!(request.userInfo.username in [${users.join(', ')}])` };
}

/**
 * The configurations for a cluster, with rules for exactly the kinds that the registry evaluates and mutates there.
 */
export function renderWebhookConfigurations(
  registry: Registry,
  options: WebhookOptions,
): (V1ValidatingWebhookConfiguration | V1MutatingWebhookConfiguration)[] {
  const registration = REGISTRATIONS[options.cluster];
  const { name, domain, mutatePath } = registration;
  const asked: readonly unknown[] = [options.cluster, ...(options.groups ?? [])];
  const policies = registry.policies.filter(({ target }) => asked.includes(target.registration));
  const validated = policies.filter((policy) => policy.rules.length > 0);
  const mutated = policies.filter((policy) => policy.mutations.length > 0);
  const metadata = { name, labels: { 'app.kubernetes.io/name': 'calico-admission' } };
  const configurations: (V1ValidatingWebhookConfiguration | V1MutatingWebhookConfiguration)[] = [];
  if (validated.length > 0) {
    const webhook = renderWebhook(validated, '/validate', registration, options);
    configurations.push({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata,
      webhooks: [{ name: `validate.${domain}`, ...webhook }],
    });
  }
  if (mutated.length > 0) {
    const webhook = renderWebhook(mutated, mutatePath, registration, options);
    configurations.push({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata,
      // Another webhook may set a field that ours depends on. Our mutations are idempotent, so that a second call
      // does no harm.
      webhooks: [{ name: `mutate.${domain}`, ...webhook, reinvocationPolicy: 'IfNeeded' }],
    });
  }
  return configurations;
}

function renderWebhook(
  policies: readonly Policy[],
  path: string,
  { failurePolicy, narrowed }: Registration,
  { endpoint, caBundle, failurePolicy: wanted }: WebhookOptions,
): Omit<V1ValidatingWebhook, 'name'> {
  const authorities = Buffer.from(caBundle).toString('base64');
  return {
    admissionReviewVersions: ['v1'],
    clientConfig:
      endpoint.kind === 'url'
        ? { url: `${endpoint.base}${path}`, caBundle: authorities }
        : {
            service: { name: endpoint.name, namespace: endpoint.namespace, path, port: 443 },
            caBundle: authorities,
          },
    failurePolicy: wanted ?? failurePolicy,
    matchPolicy: 'Equivalent',
    sideEffects: 'None',
    timeoutSeconds: TIMEOUT_SECONDS,
    rules: policies.flatMap(({ target }) => renderRules(target)),
    ...narrowed,
  };
}

/** The rules of a webhook or a policy for one kind. */
export function renderRules({ apis, resource, scope }: TargetInfo) {
  return apis
    .filter(({ isOfFiles }) => !isOfFiles)
    .map((api) => ({
      apiGroups: [api.group],
      apiVersions: [...api.versions],
      resources: [resource],
      operations: ['CREATE', 'UPDATE'],
      scope,
    }));
}

/** Which objects of a cluster are left out, for webhooks and policies. */
export function narrowingOf(cluster: Cluster): Registration['narrowed'] {
  return REGISTRATIONS[cluster].narrowed;
}
