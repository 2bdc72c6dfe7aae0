import type {
  V1MutatingWebhookConfiguration,
  V1ValidatingWebhook,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';
import type { Policy } from '../policy/evaluate.ts';
import type { Registry } from '../policy/registry.ts';
import type { Cluster, KindGroup, TargetInfo } from '../policy/types.ts';

/** How kube-apiserver reaches the server: by Service inside its cluster, by URL from anywhere else. */
export type Endpoint =
  | { readonly kind: 'service'; readonly name: string; readonly namespace: string }
  | { readonly kind: 'url'; readonly base: string };

export interface WebhookOptions {
  readonly endpoint: Endpoint;
  /** PEM of the certificate authorities that the server's certificate may be signed by. */
  readonly caBundle: string;
  readonly cluster: Cluster;
  /** Further kinds of Calico to ask about, where the cluster is one of Calico's. */
  readonly groups?: readonly KindGroup[];
  /** Left out: what is safe in that cluster. */
  readonly failurePolicy?: FailurePolicy;
}

export type FailurePolicy = 'Fail' | 'Ignore';

interface Registration {
  /** Of the configurations; a garden or a seed may have those for its own Calico beside it. */
  readonly name: string;
  /** What the webhooks' names end with: kube-apiserver's metrics and audit log know a webhook by its name. */
  readonly domain: string;
  readonly mutatePath: string;
  readonly failurePolicy: FailurePolicy;
  readonly narrowed: Pick<V1ValidatingWebhook, 'namespaceSelector' | 'matchConditions'>;
}

// Work takes milliseconds; the time is for a retry after a 503 of a server that is starting or overloaded.
const TIMEOUT_SECONDS = 5;

// What is being deleted is neither refused nor corrected. Asked about it all the same, a server that is away would hold
// up the removal for ever: taking a finalizer off is an update. API servers before 1.28 leave this out, and ask.
const NOT_DELETED = {
  name: 'is-not-being-deleted',
  expression: '!has(object.metadata.deletionTimestamp)',
};

/** On a seed, the shoot namespaces of one cloud with Calico; gardenlet labels them. */
const SEED_PROVIDER = 'azure';
const SEED_SELECTOR = {
  matchExpressions: [
    { key: 'shoot.gardener.cloud/provider', operator: 'In', values: [SEED_PROVIDER] },
    { key: 'networking.shoot.gardener.cloud/provider', operator: 'In', values: ['calico'] },
  ],
};

/**
 * Calico's own writers of its objects. A denial would not be read by anybody, and keep the network from coming up.
 * Sources: calico.yaml and canal.yaml (ClusterRoles calico-node: create and update of pools, configurations, peers and
 * tiers; calico-kube-controllers: of endpoints and policies; calico-cni-plugin: of the IPAM configuration) and apiserver.yaml of projectcalico/calico; calico-system and tigera-operator of
 * tigera/operator. Since its pull request 3989 (Calico 3.31) calico-apiserver is in calico-system. That one writes
 * what its users have sent as projectcalico.org/v3, and has asked about it under their names.
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
    // Pods have no network before there is a pool, the webhook's own neither: Fail would refuse the very object that
    // its answer waits for, and nobody could repair a network that is down.
    failurePolicy: 'Ignore',
    narrowed: { matchConditions: [exceptServiceAccounts(CALICO_ITSELF)] },
  },
};

const registrations = Object.values(REGISTRATIONS);
/** The configurations' names, of either kind and whatever the cluster. */
export const WEBHOOK_CONFIGURATIONS: readonly string[] = [...new Set(registrations.map(({ name }) => name))];

/** The lists in which an API server has them, by their kind. */
export const WEBHOOK_RESOURCES = {
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
} as const;

/** A webhook is ours by its name, which is required to be a domain name; others may stand beside it. */
export function isOwnWebhook(name: string): boolean {
  return registrations.some(({ domain }) => name.endsWith(`.${domain}`));
}

/** @param accounts each as `namespace:name` */
function exceptServiceAccounts(accounts: readonly string[]) {
  const users = accounts.map((account) => `'system:serviceaccount:${account}'`);
  return { name: 'not-calico-itself', expression: `!(request.userInfo.username in [${users.join(', ')}])` };
}

/** Those that there is something for, with rules for exactly what the registry judges and corrects in that cluster. */
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
      // Another webhook may set a field that ours depends on; asked once more it changes nothing twice.
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

/** What of a kind is asked about, as admission webhooks and policies alike say it. */
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

/** Which objects of a cluster are left out, whoever is asked about them. */
export function narrowingOf(cluster: Cluster): Registration['narrowed'] {
  return REGISTRATIONS[cluster].narrowed;
}
