import type {
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
  V1ValidatingWebhook,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';
import type { Policy } from '../policy/evaluate.ts';
import type { Registry } from '../policy/registry.ts';

/** How kube-apiserver reaches the server: by Service inside its cluster, by URL from anywhere else. */
export type Endpoint =
  | { readonly kind: 'service'; readonly name: string; readonly namespace: string }
  | { readonly kind: 'url'; readonly base: string };

export interface WebhookOptions {
  readonly endpoint: Endpoint;
  /** PEM of the certificate authorities that the server's certificate may be signed by. */
  readonly caBundle: string;
  /** Which cluster it is for: Shoots live in the (virtual) garden, Networks in every seed. */
  readonly cluster: 'garden' | 'seed';
  readonly failurePolicy: 'Fail' | 'Ignore';
}

const NAME = 'calico-admission';
const DOMAIN = 'calico-admission.gardener.cloud';

/** The configurations' names, of either kind. */
export const WEBHOOK_CONFIGURATIONS: readonly string[] = [NAME];
/** What the names of our webhooks end in. */
export const WEBHOOK_DOMAINS: readonly string[] = [DOMAIN];

// Work takes milliseconds; the time is for a retry after a 503 of a server that is starting or overloaded.
const TIMEOUT_SECONDS = 5;

/** On a seed, the shoot namespaces of one cloud with Calico; gardenlet labels them. */
const SEED_PROVIDER = 'azure';
const SEED_SELECTOR = {
  matchExpressions: [
    { key: 'shoot.gardener.cloud/provider', operator: 'In', values: [SEED_PROVIDER] },
    { key: 'networking.shoot.gardener.cloud/provider', operator: 'In', values: ['calico'] },
  ],
};

/** The two webhook configurations, with rules for exactly what the registry judges and corrects in that cluster. */
export function renderWebhookConfigurations(
  registry: Registry,
  options: WebhookOptions,
): (V1ValidatingWebhookConfiguration | V1MutatingWebhookConfiguration)[] {
  const target = options.cluster === 'seed' ? 'network' : 'shoot';
  const policies = registry.policies.filter((policy) => policy.target.id === target);
  const validated = policies.filter((policy) => policy.rules.length > 0);
  const mutated = policies.filter((policy) => policy.mutations.length > 0);
  const metadata = {
    name: NAME,
    labels: { 'app.kubernetes.io/name': NAME },
  };
  const configurations: (V1ValidatingWebhookConfiguration | V1MutatingWebhookConfiguration)[] = [];
  if (validated.length > 0) {
    configurations.push({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata,
      webhooks: [validatingWebhook(validated, options)],
    });
  }
  if (mutated.length > 0) {
    configurations.push({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata,
      webhooks: [mutatingWebhook(mutated, options)],
    });
  }
  return configurations;
}

function validatingWebhook(policies: readonly Policy[], options: WebhookOptions): V1ValidatingWebhook {
  return { name: `validate.${DOMAIN}`, ...webhook(policies, '/validate', options) };
}

function mutatingWebhook(policies: readonly Policy[], options: WebhookOptions): V1MutatingWebhook {
  const path = options.cluster === 'seed' ? `/mutate/${SEED_PROVIDER}` : '/mutate';
  // Another webhook may set a field that ours depends on; being called once more is cheap and changes nothing twice.
  return {
    name: `mutate.${DOMAIN}`,
    ...webhook(policies, path, options),
    reinvocationPolicy: 'IfNeeded',
  };
}

function webhook(
  policies: readonly Policy[],
  path: string,
  options: WebhookOptions,
): Omit<V1ValidatingWebhook, 'name'> {
  const { endpoint } = options;
  const caBundle = Buffer.from(options.caBundle).toString('base64');
  return {
    admissionReviewVersions: ['v1'],
    clientConfig:
      endpoint.kind === 'url'
        ? { url: `${endpoint.base}${path}`, caBundle }
        : { service: { name: endpoint.name, namespace: endpoint.namespace, path, port: 443 }, caBundle },
    failurePolicy: options.failurePolicy,
    matchPolicy: 'Equivalent',
    sideEffects: 'None',
    timeoutSeconds: TIMEOUT_SECONDS,
    rules: policies.map(({ target }) => ({
      apiGroups: [target.group],
      apiVersions: [...target.versions],
      resources: [target.resource],
      operations: ['CREATE', 'UPDATE'],
      scope: 'Namespaced',
    })),
    ...(options.cluster === 'seed' && { namespaceSelector: SEED_SELECTOR }),
  };
}
