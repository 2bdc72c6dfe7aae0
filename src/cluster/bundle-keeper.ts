import type { Publication } from '../tls/rotation.ts';
import type { SourceEvents } from '../tls/source.ts';
import { type ApiClient, ApiError } from './api.ts';
import { patchBundles, trustedBy, type WebhookConfiguration } from './bundle-patch.ts';
import { follow } from './follow.ts';
import { isOutdated, type Registrar, renderWanted, type Wanted } from './registrar.ts';
import { WEBHOOK_CONFIGURATIONS, WEBHOOK_RESOURCES } from './webhook-configurations.ts';

export interface KeeperOptions {
  readonly api: ApiClient;
  readonly pollMs: number;
  readonly events: SourceEvents;
  /**
   * The certificates that the caBundles should have (PEM), as this replica knows them. Undefined while it does not
   * know.
   */
  readonly known: () => string | undefined;
  /** The same, read again: another replica may have published newer certificates. */
  readonly fresh: () => Promise<string | undefined>;
  /** The expected webhook configurations, where the server creates them. */
  readonly registrar?: Registrar | undefined;
}

/** Writes the caBundle of all our webhook configurations, in the cluster that has them. */
export interface BundleKeeper {
  /** Whether all of them contain the certificate authority with that fingerprint. */
  publication(fingerprint: string): Publication;
  /** Checks again, because the expected certificates have changed. */
  refresh(): void;
  close(): void;
}

interface Kept {
  readonly resource: string;
  /** The path of its list. */
  readonly path: string;
  readonly name: string;
}

const KEPT: readonly Kept[] = Object.values(WEBHOOK_RESOURCES).flatMap((resource) =>
  WEBHOOK_CONFIGURATIONS.map((name) => ({
    resource,
    path: `/apis/admissionregistration.k8s.io/v1/${resource}`,
    name,
  })),
);

/** The certificate authorities of one configuration when it was last read. Times are monotonic milliseconds. */
interface Observation {
  readonly at: number;
  /**
   * Since when each certificate authority has been in it. Undefined: the configuration does not exist, or has no
   * webhook of ours.
   */
  readonly since: ReadonlyMap<string, number> | undefined;
}

export function openKeeper(options: KeeperOptions): BundleKeeper {
  const { api, events, known, fresh } = options;
  const sights = new Map<Kept, Observation>();
  // A configuration that was last read so long ago may have changed.
  const maxAge = 4 * options.pollMs + 10_000;

  function see(kept: Kept, configuration: WebhookConfiguration | undefined): void {
    const at = performance.now();
    const trusted = configuration && trustedBy(configuration);
    const before = sights.get(kept)?.since;
    const since = trusted && new Map([...trusted].map((each) => [each, before?.get(each) ?? at]));
    sights.set(kept, { at, since });
  }

  async function keep(kept: Kept, configuration: WebhookConfiguration | undefined): Promise<void> {
    see(kept, configuration);
    const wanted = options.registrar?.wanted(kept.resource, kept.name);
    if (wanted !== undefined && (configuration === undefined || isOutdated(configuration, wanted))) {
      await register(kept, configuration, wanted);
      return;
    }
    if (configuration === undefined) return;
    if (await options.registrar?.isDropped(kept.resource, configuration)) {
      await unregister(kept, configuration);
      return;
    }
    const expected = known();
    if (expected === undefined) return;
    if (patchBundles(configuration, expected).length === 0) return;
    const bundle = await fresh();
    const operations = bundle === undefined ? [] : patchBundles(configuration, bundle);
    if (operations.length === 0) return;
    const written = await api.request({
      method: 'PATCH',
      path: `${kept.path}/${kept.name}`,
      body: operations,
    });
    events.onChange('publish');
    events.log.info({ path: kept.path, name: kept.name }, 'caBundle written');
    see(kept, written as WebhookConfiguration);
  }

  /** Creates or replaces a configuration. */
  async function register(
    kept: Kept,
    found: WebhookConfiguration | undefined,
    wanted: Wanted,
  ): Promise<void> {
    const owner = await options.registrar?.owner();
    const bundle = await fresh();
    if (owner === undefined || bundle === undefined) return;
    const { path, name } = kept;
    const body = renderWanted(wanted, found, bundle, owner);
    const written = await api.request(
      found === undefined ? { method: 'POST', path, body } : { method: 'PUT', path: `${path}/${name}`, body },
    );
    events.onChange('register');
    events.log.info({ path, name }, 'webhook configuration written');
    see(kept, written as WebhookConfiguration);
  }

  /** Deletes it only in the version that was read. A configuration that has changed is read again. */
  async function unregister(kept: Kept, { metadata }: WebhookConfiguration): Promise<void> {
    const { path, name } = kept;
    const preconditions = { uid: metadata?.uid, resourceVersion: metadata?.resourceVersion };
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions };
    try {
      await api.request({ method: 'DELETE', path: `${path}/${name}`, body });
    } catch (error) {
      // Another replica has created it.
      if (error instanceof ApiError && error.status === 404) return;
      throw error;
    }
    events.onChange('unregister');
    events.log.info({ path, name }, 'webhook configuration removed');
    see(kept, undefined);
  }

  const followers = KEPT.map((kept) =>
    follow<WebhookConfiguration>({
      api,
      path: kept.path,
      name: kept.name,
      pollMs: options.pollMs,
      onObject: (configuration) => keep(kept, configuration),
      onError: (error, isNew) => {
        events.onFault('ca-bundle');
        if (isNew) events.log.warn({ reason: String(error) }, 'caBundle cannot be written');
      },
    }),
  );

  return {
    publication(fingerprint) {
      const now = performance.now();
      const seen = KEPT.map((kept) => sights.get(kept)).filter(
        (each): each is Observation => each !== undefined && now - each.at <= maxAge,
      );
      const without = seen.filter(({ since }) => since !== undefined && !since.has(fingerprint));
      if (without.length > 0) {
        return { kind: 'not-shown', ageMs: now - Math.max(...without.map(({ at }) => at)) };
      }
      if (seen.length < KEPT.length) return { kind: 'unknown' };
      return {
        kind: 'shown',
        forMs: now - Math.max(...seen.map(({ since }) => since?.get(fingerprint) ?? 0)),
      };
    },
    refresh: () => {
      for (const each of followers) each.refresh();
    },
    close: () => {
      for (const each of followers) each.close();
    },
  };
}
