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
 * The fingerprints of the certificate authorities in the caBundles of all our webhooks in this configuration.
 * Undefined where it has no webhook of ours, so that no API server calls us because of it.
 */
export function trustedBy(configuration: WebhookConfiguration): ReadonlySet<string> | undefined {
  const [first, ...others] = ownEntries(configuration).map(({ caBundle }) => fingerprints(caBundle));
  if (first === undefined) return undefined;
  return new Set([...first].filter((each) => others.every((other) => other.has(each))));
}

/**
 * The patch that sets the caBundles of our webhooks to the certificates of `bundle` (PEM). Empty where they have
 * them already. It changes nothing else, and fails if the configuration has changed since it was read.
 */
export function patchBundles(configuration: WebhookConfiguration, bundle: string): CaBundleOperation[] {
  const value = Buffer.from(bundle).toString('base64');
  const wanted = fingerprintsOf(bundle);
  const operations = ownEntries(configuration)
    // Another order or other line ends are not changed: a change closes the connections of every API server.
    .filter(({ caBundle }) => !isSame(fingerprints(caBundle), wanted))
    .flatMap(({ index, name }): CaBundleOperation[] => [
      { op: 'test', path: `/webhooks/${index}/name`, value: name },
      { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value },
    ]);
  if (operations.length === 0) return [];
  const version = configuration.metadata?.resourceVersion ?? '';
  return [{ op: 'test', path: '/metadata/resourceVersion', value: version }, ...operations];
}

/** The fingerprints of certificates, as in `trustedBy`. */
export function fingerprintsOf(pem: string): ReadonlySet<string> {
  return new Set((readCertificates(pem) ?? []).map((each) => each.fingerprint256));
}

/** Webhooks of other programs in the same configuration stay as they are. */
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
