import type {
  V1MutatingWebhookConfiguration,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';
import { readCertificates } from '../tls/inspect.ts';
import { isOwnWebhook } from './webhook-configurations.ts';

export type WebhookConfiguration = V1ValidatingWebhookConfiguration | V1MutatingWebhookConfiguration;

export interface CaBundleOperation {
  readonly op: 'test' | 'add';
  readonly path: string;
  readonly value: string;
}

/**
 * The authorities that API servers trust for our webhooks by this configuration, as fingerprints: those that are in
 * the caBundles of all our entries. Undefined where it has no entry of ours, so that nobody calls us by it.
 */
export function trustedBy(configuration: WebhookConfiguration): ReadonlySet<string> | undefined {
  const [first, ...others] = ownEntries(configuration).map(({ caBundle }) => fingerprints(caBundle));
  if (first === undefined) return undefined;
  return new Set([...first].filter((each) => others.every((other) => other.has(each))));
}

/**
 * What makes the caBundles of our entries hold exactly the certificates of `bundle` (PEM), or nothing where they do.
 * It touches nothing else, and does nothing at all if the configuration has changed since it was read.
 */
export function patchBundles(configuration: WebhookConfiguration, bundle: string): CaBundleOperation[] {
  const value = Buffer.from(bundle).toString('base64');
  const wanted = fingerprintsOf(bundle);
  const operations = ownEntries(configuration)
    // Another order or other line ends are no reason for a change, which costs each API server its connections.
    .filter(({ caBundle }) => !isSame(fingerprints(caBundle), wanted))
    .flatMap(({ index, name }): CaBundleOperation[] => [
      { op: 'test', path: `/webhooks/${index}/name`, value: name },
      { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value },
    ]);
  if (operations.length === 0) return [];
  const version = configuration.metadata?.resourceVersion ?? '';
  return [{ op: 'test', path: '/metadata/resourceVersion', value: version }, ...operations];
}

/** A certificate's fingerprint, as trustedBy gives them. */
export function fingerprintsOf(pem: string): ReadonlySet<string> {
  return new Set((readCertificates(pem) ?? []).map((each) => each.fingerprint256));
}

/** Whoever adds others keeps them. */
function ownEntries({ webhooks }: WebhookConfiguration) {
  return (webhooks ?? []).flatMap(({ name, clientConfig }, index) =>
    isOwnWebhook(name) ? [{ index, name, caBundle: clientConfig?.caBundle }] : [],
  );
}

function fingerprints(caBundle: string | undefined): ReadonlySet<string> {
  return fingerprintsOf(Buffer.from(caBundle ?? '', 'base64').toString('utf8'));
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}
