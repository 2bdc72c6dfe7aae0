import { type JsonObject, read, readList, readMap, readString } from '../../policy/json.ts';
import type { ApiClient } from '../api.ts';
import { isOwnWebhook, WEBHOOK_CONFIGURATIONS, WEBHOOK_RESOURCES } from '../webhook-configurations.ts';

/** A webhook of this program in a cluster. Fields that are left out have the default of the API. */
export interface RegisteredWebhook {
  readonly kind: 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';
  readonly configuration: string;
  readonly name: string;
  readonly failurePolicy: string;
  /** The resources in its rules. */
  readonly resources: readonly GroupVersionResource[];
  readonly namespaceSelector: JsonObject;
  readonly address: ServiceAddress | UrlAddress;
  /** PEM. Undefined where there is none: the API server then uses the certificate authorities of its own machine. */
  readonly caBundle: string | undefined;
}

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export interface ServiceAddress {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly path: string;
}

export interface UrlAddress {
  readonly url: URL;
}

const ROOT = '/apis/admissionregistration.k8s.io/v1';

/**
 * The webhooks of the configurations that `manifests` prints, and all other webhooks whose name has the same ending.
 */
export async function listWebhooks(api: Pick<ApiClient, 'request'>): Promise<RegisteredWebhook[]> {
  const lists = await Promise.all(
    (['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const).map(async (kind) => {
      const list = await api.request({ method: 'GET', path: `${ROOT}/${WEBHOOK_RESOURCES[kind]}` });
      return readList(list, 'items').flatMap((item) => webhooksOf(kind, item));
    }),
  );
  return lists.flat();
}

function webhooksOf(kind: RegisteredWebhook['kind'], item: unknown): RegisteredWebhook[] {
  const configuration = readString(item, 'metadata', 'name') ?? '';
  return readList(item, 'webhooks')
    .map((webhook) => readWebhook(kind, configuration, webhook))
    .filter(isOurs);
}

function readWebhook(
  kind: RegisteredWebhook['kind'],
  configuration: string,
  webhook: unknown,
): RegisteredWebhook {
  const caBundle = readString(webhook, 'clientConfig', 'caBundle') ?? '';
  return {
    kind,
    configuration,
    name: readString(webhook, 'name') ?? '',
    failurePolicy: readString(webhook, 'failurePolicy') ?? 'Fail',
    resources: readList(webhook, 'rules').flatMap(readResources),
    namespaceSelector: readMap(webhook, 'namespaceSelector') ?? {},
    address: readAddress(readMap(webhook, 'clientConfig') ?? {}),
    caBundle: caBundle === '' ? undefined : Buffer.from(caBundle, 'base64').toString('utf8'),
  };
}

function readResources(rule: unknown): GroupVersionResource[] {
  const texts = (key: string) => readList(rule, key).filter((each) => typeof each === 'string');
  return texts('apiGroups').flatMap((group) =>
    texts('apiVersions').flatMap((version) =>
      texts('resources').map((resource) => ({ group, version, resource })),
    ),
  );
}

function readAddress(clientConfig: JsonObject): ServiceAddress | UrlAddress {
  const url = readString(clientConfig, 'url');
  if (url !== undefined) return { url: new URL(url) };
  const port = read(clientConfig, 'service', 'port');
  return {
    namespace: readString(clientConfig, 'service', 'namespace') ?? '',
    service: readString(clientConfig, 'service', 'name') ?? '',
    port: typeof port === 'number' ? port : 443,
    path: readString(clientConfig, 'service', 'path') ?? '',
  };
}

function isOurs({ configuration, name }: RegisteredWebhook): boolean {
  return WEBHOOK_CONFIGURATIONS.includes(configuration) || isOwnWebhook(name);
}

/** The cloud provider in the path of the webhook: `/mutate/azure`. */
export function providerOf({ address }: RegisteredWebhook): string | undefined {
  const path = 'url' in address ? address.url.pathname : address.path;
  return /^\/mutate\/([^/]+)$/.exec(path)?.[1];
}

/** The labels that a namespace must have, as a query of the API. Undefined: any namespace. */
export function namespaceQuery({ namespaceSelector }: RegisteredWebhook): string | undefined {
  const labels = Object.entries(readMap(namespaceSelector, 'matchLabels') ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  const expressions = readList(namespaceSelector, 'matchExpressions').map((each) => {
    const key = readString(each, 'key') ?? '';
    const values = readList(each, 'values').join(',');
    const operators: Readonly<Record<string, string>> = {
      In: `${key} in (${values})`,
      NotIn: `${key} notin (${values})`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    return operators[readString(each, 'operator') ?? ''] ?? key;
  });
  const all = [...labels, ...expressions];
  return all.length === 0 ? undefined : all.join(',');
}
