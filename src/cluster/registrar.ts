import { createHash } from 'node:crypto';
import type { V1ConfigMap, V1Namespace, V1OwnerReference } from '@kubernetes/client-node';
import { parse } from 'yaml';
import type { SourceEvents } from '../tls/source.ts';
import { type ApiClient, ApiError } from './api.ts';
import type { WebhookConfiguration } from './bundle-patch.ts';
import { follow } from './follow.ts';
import { isOwnWebhook, WEBHOOK_CONFIGURATIONS, WEBHOOK_RESOURCES } from './webhook-configurations.ts';

// Tools that apply manifests again and again, as a whole, such as gardener-resource-manager, take the caBundle out of a
// webhook configuration each time. There the manifests hold a ConfigMap with the configurations, and the server makes
// them from it.

export interface RegistrarOptions {
  readonly api: ApiClient;
  /** Of the ConfigMap. The namespace owns the webhook configurations, and takes them along when it is deleted. */
  readonly namespace: string;
  readonly name: string;
  readonly pollMs: number;
  readonly events: SourceEvents;
  /** The ConfigMap says something else than before. */
  readonly onChange: () => void;
}

/** A webhook configuration as it should be, but for its caBundle and its owner. */
export interface Wanted {
  readonly configuration: WebhookConfiguration;
  /** Of what is wanted; another one for anything else. */
  readonly digest: string;
}

export interface Registrar {
  /** @param resource such as validatingwebhookconfigurations */
  wanted(resource: string, name: string): Wanted | undefined;
  /** Whether the server has made it, and the ConfigMap does not describe it any more. */
  isDropped(resource: string, configuration: WebhookConfiguration): Promise<boolean>;
  /** Undefined where the namespace is gone or going: nothing may be created that it cannot take along. */
  owner(): Promise<V1OwnerReference | undefined>;
  close(): void;
}

/** Holds the digest of what a configuration was made from. */
const DIGEST = 'calico-admission.gardener.cloud/registration';

const RESOURCES: ReadonlyMap<string, string> = new Map(Object.entries(WEBHOOK_RESOURCES));

export function openRegistrar(options: RegistrarOptions): Registrar {
  const { api, namespace, name, events } = options;
  /** Undefined until the ConfigMap has been read. */
  let wanted: ReadonlyMap<string, Wanted> | undefined;
  const follower = follow<V1ConfigMap>({
    api,
    path: `/api/v1/namespaces/${namespace}/configmaps`,
    name,
    pollMs: options.pollMs,
    onObject: async (configMap) => {
      // Where it is gone, what was made from it stays until its owner goes.
      if (configMap === undefined) return;
      const next = readConfigMap(configMap);
      if (wanted !== undefined && digestsOf(next) === digestsOf(wanted)) return;
      wanted = next;
      options.onChange();
    },
    onError: (error, isNew) => {
      events.onFault('registration');
      if (isNew) events.log.warn({ reason: String(error) }, 'webhook configurations cannot be made');
    },
  });
  const owner: Registrar['owner'] = async () => {
    const metadata = await readNamespace(api, namespace);
    const uid = metadata?.uid;
    if (uid === undefined || metadata?.deletionTimestamp !== undefined) return undefined;
    return { apiVersion: 'v1', kind: 'Namespace', name: namespace, uid };
  };
  return {
    wanted: (resource, each) => wanted?.get(`${resource}/${each}`),
    isDropped: async (resource, { metadata }) => {
      if (wanted === undefined || wanted.has(`${resource}/${metadata?.name}`)) return false;
      if (metadata?.annotations?.[DIGEST] === undefined) return false;
      const ours = await owner();
      return ours !== undefined && metadata.ownerReferences?.some(({ uid }) => uid === ours.uid) === true;
    },
    owner,
    close: () => follower.close(),
  };
}

async function readNamespace(api: ApiClient, name: string): Promise<V1Namespace['metadata']> {
  try {
    const found = (await api.request({ method: 'GET', path: `/api/v1/namespaces/${name}` })) as V1Namespace;
    return found.metadata;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Whether a configuration is made from something else, or by somebody else. */
export function isOutdated(configuration: WebhookConfiguration, { digest }: Wanted): boolean {
  return configuration.metadata?.annotations?.[DIGEST] !== digest;
}

/**
 * What is to be written.
 * @param found what is there, whose caBundles stay
 * @param bundle PEM, for webhooks that are new
 */
export function renderWanted(
  { configuration, digest }: Wanted,
  found: WebhookConfiguration | undefined,
  bundle: string,
  owner: V1OwnerReference,
): WebhookConfiguration {
  const { metadata, webhooks } = configuration;
  const before = new Map(found?.webhooks?.map(({ name, clientConfig }) => [name, clientConfig.caBundle]));
  const caBundle = Buffer.from(bundle).toString('base64');
  return {
    ...configuration,
    metadata: {
      ...metadata,
      annotations: { ...metadata?.annotations, [DIGEST]: digest },
      ownerReferences: [owner],
      // Refused where somebody was quicker.
      ...(found?.metadata?.resourceVersion && { resourceVersion: found.metadata.resourceVersion }),
    },
    webhooks: webhooks?.map((webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle: before.get(webhook.name) || caBundle },
    })),
  } as WebhookConfiguration;
}

/** @throws Error for what is no webhook configuration of ours: the server's rights would let it write others */
function readConfigMap({ data }: V1ConfigMap): ReadonlyMap<string, Wanted> {
  return new Map(
    Object.entries(data ?? {}).map(([key, text]) => {
      const configuration: Partial<WebhookConfiguration> | null = parse(text);
      const resource = RESOURCES.get(configuration?.kind ?? '');
      const name = configuration?.metadata?.name ?? '';
      const names = configuration?.webhooks?.map((webhook) => webhook.name) ?? [];
      const isOurs =
        configuration?.apiVersion === 'admissionregistration.k8s.io/v1' &&
        WEBHOOK_CONFIGURATIONS.includes(name) &&
        names.every((each) => isOwnWebhook(each ?? ''));
      if (resource === undefined || !isOurs) {
        throw new Error(`${key} of the ConfigMap is no webhook configuration of calico-admission`);
      }
      const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
      return [`${resource}/${name}`, { configuration: configuration as WebhookConfiguration, digest }];
    }),
  );
}

function digestsOf(wanted: ReadonlyMap<string, Wanted>): string {
  return [...wanted].map(([key, { digest }]) => `${key} ${digest}`).join();
}
