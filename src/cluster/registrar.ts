import { createHash } from 'node:crypto';
import type { V1ConfigMap, V1Namespace, V1OwnerReference } from '@kubernetes/client-node';
import { parse } from 'yaml';
import type { SourceEvents } from '../tls/source.ts';
import { type ApiClient, ApiError } from './api.ts';
import type { WebhookConfiguration } from './bundle-patch.ts';
import { follow } from './follow.ts';
import { isOwnWebhook, WEBHOOK_CONFIGURATIONS, WEBHOOK_RESOURCES } from './webhook-configurations.ts';

// Tools that apply whole manifests again and again, such as gardener-resource-manager, remove the caBundle from a
// webhook configuration each time. For these tools the manifests have a ConfigMap with the configurations, and the
// server creates them from it.

export interface RegistrarOptions {
  readonly api: ApiClient;
  /** The namespace of the ConfigMap. It owns the webhook configurations, which are deleted with it. */
  readonly namespace: string;
  readonly name: string;
  readonly pollMs: number;
  readonly events: SourceEvents;
  /** Called when the ConfigMap has changed. */
  readonly onChange: () => void;
}

/** An expected webhook configuration, without its caBundle and its owner. */
export interface Wanted {
  readonly configuration: WebhookConfiguration;
  /** The digest of the expected configuration. */
  readonly digest: string;
}

export interface Registrar {
  /** @param resource for example validatingwebhookconfigurations */
  wanted(resource: string, name: string): Wanted | undefined;
  /** Whether the server created it, and the ConfigMap no longer contains it. */
  isDropped(resource: string, configuration: WebhookConfiguration): Promise<boolean>;
  /** Undefined where the namespace does not exist or is being deleted: then nothing may be created. */
  owner(): Promise<V1OwnerReference | undefined>;
  close(): void;
}

/** The annotation with the digest of the configuration. */
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
      // Where the ConfigMap is gone, the configurations stay until the namespace is deleted.
      if (configMap === undefined) return;
      const next = readConfigMap(configMap);
      if (wanted !== undefined && digestsOf(next) === digestsOf(wanted)) return;
      wanted = next;
      options.onChange();
    },
    onError: (error, isNew) => {
      events.onFault('registration');
      if (isNew) events.log.warn({ reason: String(error) }, 'webhook configurations cannot be created');
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

/** Whether a configuration has another digest, or was created by another program. */
export function isOutdated(configuration: WebhookConfiguration, { digest }: Wanted): boolean {
  return configuration.metadata?.annotations?.[DIGEST] !== digest;
}

/**
 * The configuration to write.
 * @param found the present configuration, whose caBundles stay
 * @param bundle PEM, for new webhooks
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
      // The API server rejects the write where another client has changed the object.
      ...(found?.metadata?.resourceVersion && { resourceVersion: found.metadata.resourceVersion }),
    },
    webhooks: webhooks?.map((webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle: before.get(webhook.name) || caBundle },
    })),
  } as WebhookConfiguration;
}

/**
 * @throws Error for anything but a webhook configuration of ours: the permissions of the server would let it write
 * others
 */
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
        throw new Error(`${key} of the ConfigMap is not a webhook configuration of calico-admission`);
      }
      const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
      return [`${resource}/${name}`, { configuration: configuration as WebhookConfiguration, digest }];
    }),
  );
}

function digestsOf(wanted: ReadonlyMap<string, Wanted>): string {
  return [...wanted].map(([key, { digest }]) => `${key} ${digest}`).join();
}
