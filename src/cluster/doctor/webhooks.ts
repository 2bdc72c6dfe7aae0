import type { V1MutatingWebhook, V1ValidatingWebhook } from '@kubernetes/client-node';
import { isMap, read, readList, readString } from '../../policy/json.ts';
import type { ApiClient } from '../api.ts';
import { WEBHOOK_CONFIGURATIONS, WEBHOOK_DOMAINS } from '../webhook-configurations.ts';

/** A webhook of this program, as a cluster has it. */
export interface RegisteredWebhook {
  readonly kind: 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';
  readonly configuration: string;
  readonly webhook: V1ValidatingWebhook | V1MutatingWebhook;
}

const ROOT = '/apis/admissionregistration.k8s.io/v1';

/** Those of the configurations that `manifests` prints, and all others whose name ends as ours do. */
export async function listWebhooks(api: Pick<ApiClient, 'request'>): Promise<RegisteredWebhook[]> {
  const lists = await Promise.all(
    (['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const).map(async (kind) => {
      const list = await api.request({ method: 'GET', path: `${ROOT}/${kind.toLowerCase()}s` });
      return readList(list, 'items').flatMap((item) => webhooksOf(kind, item));
    }),
  );
  return lists.flat();
}

function webhooksOf(kind: RegisteredWebhook['kind'], item: unknown): RegisteredWebhook[] {
  const configuration = readString(item, 'metadata', 'name') ?? '';
  return readList(item, 'webhooks')
    .filter((webhook) => isMap(webhook) && isOurs(configuration, readString(webhook, 'name') ?? ''))
    .map((webhook) => ({ kind, configuration, webhook: webhook as unknown as V1ValidatingWebhook }));
}

function isOurs(configuration: string, webhook: string): boolean {
  return (
    WEBHOOK_CONFIGURATIONS.includes(configuration) ||
    WEBHOOK_DOMAINS.some((domain) => webhook.endsWith(`.${domain}`))
  );
}

/** The caBundle as PEM; undefined where there is none, and the API server trusts what its own machine trusts. */
export function caBundleOf({ webhook }: RegisteredWebhook): string | undefined {
  const text = readString(webhook, 'clientConfig', 'caBundle') ?? '';
  return text === '' ? undefined : Buffer.from(text, 'base64').toString('utf8');
}

/** What the path of the webhook says of the cloud: `/mutate/azure`. */
export function providerOf({ webhook }: RegisteredWebhook): string | undefined {
  const { url, service } = webhook.clientConfig;
  const path = service?.path ?? (url === undefined ? '' : new URL(url).pathname);
  return /^\/mutate\/([^/]+)$/.exec(path)?.[1];
}

/** The labels that a namespace must have, as the API takes them in a query; undefined: any namespace will do. */
export function namespaceQuery({ webhook }: RegisteredWebhook): string | undefined {
  const selector: unknown = webhook.namespaceSelector;
  const labels = Object.entries(read(selector, 'matchLabels') ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = readList(selector, 'matchExpressions').map((each) => {
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
