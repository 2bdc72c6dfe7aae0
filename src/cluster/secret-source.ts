import type { V1Secret } from '@kubernetes/client-node';
import { CertificateError } from '../tls/certificate-error.ts';
import { checkedSans } from '../tls/names.ts';
import {
  decide,
  isEmergency,
  type Lifetimes,
  type Publication,
  renewalPoint,
  type Step,
} from '../tls/rotation.ts';
import {
  applyStep,
  bundleOf,
  expiryOf,
  factsOf,
  isServable,
  type RotationState,
  readState,
  STORED_NAMES,
  type Stored,
  writeState,
} from '../tls/rotation-state.ts';
import type { CertificateSource, Served, SourceEvents } from '../tls/source.ts';
import type { Api } from './api.ts';
import { type BundleKeeper, openKeeper } from './bundle-keeper.ts';
import { fingerprintsOf } from './bundle-patch.ts';
import { follow } from './follow.ts';
import { pacedApi } from './pace.ts';

export interface SecretOptions {
  /** The cluster that the Secret is in, and the one of the webhook configurations; often the same. */
  readonly api: Api;
  readonly target: Api;
  readonly namespace: string;
  readonly name: string;
  /** Names that the certificate must have. */
  readonly sans: readonly string[];
  readonly lifetimes: Lifetimes;
  /** How often to look at Secret and clock at least, in milliseconds. */
  readonly pollMs: number;
  /** This replica's name, which shifts its renewals a little. */
  readonly replica: string;
  readonly now: () => Date;
  readonly events: SourceEvents;
  /** Gives up, also before there is anything to serve. */
  readonly signal?: AbortSignal;
}

/** As far as certificates are backdated: whose clock is further off would make what nobody else can use. */
const MAX_SKEW_MS = 3_600_000;

/** How long a start waits for webhook configurations that cannot be read, and for a name that cannot be added. */
const GRACE_MS = 10_000;

/**
 * One Secret for all replicas, who all serve its leaf. Each of them may do what is due, and the first to write it has
 * done it: there is no leader. Resolves when there is something to serve, however long the API server takes.
 * @throws CertificateError for names that cannot be, and for a Secret that is somebody else's
 */
export async function openSecret(options: SecretOptions): Promise<CertificateSource> {
  const { events, now, lifetimes, pollMs } = options;
  const sans = checkedSans(options.sans);
  const renewAt = renewalPoint(options.replica);
  const path = `/api/v1/namespaces/${options.namespace}/secrets`;
  // A healthy replica makes two calls an object in the time of a poll, and about thirty when it starts; twice as many
  // if others start with it, and conflict.
  const limits = { burst: 60, perSecond: Math.max(1, 15_000 / pollMs) };
  const api = pacedApi(options.api, limits);
  const target = options.target === options.api ? api : pacedApi(options.target, limits);
  const openedAt = performance.now();
  let good: RotationState | undefined;
  let served: Served | undefined;
  let lacksName = false;

  return new Promise((resolve, reject) => {
    const follower = follow<V1Secret>({
      api,
      path,
      name: options.name,
      pollMs,
      onObject: async (secret) => {
        const refusal = secret && refusalOf(secret);
        if (refusal !== undefined) {
          if (served !== undefined) throw refusal;
          close();
          reject(refusal);
          return;
        }
        await bringForward(secret);
      },
      onError: (error, isNew) => {
        events.onFault('secret');
        if (isNew) events.log.warn({ secret: options.name, reason: String(error) }, 'Secret cannot be kept');
      },
    });
    const keeper: BundleKeeper = openKeeper({
      api: target,
      pollMs,
      events,
      known: () => served?.ca,
      fresh: async () => {
        const state = readState(decode((await follower.read()).object));
        return isServable(state, now()) ? bundleOf(state) : undefined;
      },
    });

    options.signal?.addEventListener('abort', close);

    function close(): void {
      follower.close();
      keeper.close();
    }

    function problem(): string | undefined {
      const isOver = performance.now() - openedAt > GRACE_MS;
      if (lacksName && !isOver) return 'the certificate lacks a name (another one is being made)';
      const trust = good?.current && publicationOf(good.current.cert);
      if (trust?.kind === 'shown') return undefined;
      if (trust?.kind === 'not-shown') {
        return 'a webhook configuration does not hold the authority of the certificate (its caBundle is being written)';
      }
      return isOver ? undefined : 'it is not known yet which authority the webhook configurations hold';
    }

    function publicationOf(authority: string): Publication {
      const [fingerprint = ''] = fingerprintsOf(authority);
      return keeper.publication(fingerprint);
    }

    /** Serves what is there, does what is due, and goes on until nothing is. */
    async function bringForward(found: V1Secret | undefined): Promise<void> {
      let secret = found;
      // A step makes the next one due at most a few times; more would be a mistake of ours, and must not spin.
      for (let steps = 0; steps < 8; steps += 1) {
        const stored = decode(secret);
        const state = readState(stored);
        const facts = factsOf(state, stored, now(), sans);
        if (facts.leaf !== undefined) {
          lacksName = !facts.leaf.hasNames;
          adopt(state);
        }
        // What is in memory is better than a new authority, which no API server knows.
        else if (good !== undefined && isServable(good, now())) {
          checkClock();
          secret = await write(secret, good);
          events.log.warn({ secret: options.name }, 'Secret restored from memory');
          events.onChange('restore');
          // What it holds is what it held, but while it held nothing no caBundle could be written.
          keeper.kick();
          continue;
        }
        const step = decide(
          // Where something was served before, an empty Secret is no beginning.
          { ...facts, empty: facts.empty && good === undefined },
          {
            now: now().getTime(),
            publication: state.next === undefined ? { kind: 'unknown' } : publicationOf(state.next.cert),
            lifetimes,
            renewAt,
          },
        );
        if (step === 'keep') return;
        checkClock();
        secret = await write(secret, await applyStep(state, step, { now: now(), sans, lifetimes }));
        announce(step);
      }
    }

    /** @throws Error when this machine's clock is not to be trusted with making anything */
    function checkClock(): void {
      const skew = now().getTime() - (api.time() ?? now().getTime());
      if (Math.abs(skew) <= MAX_SKEW_MS) return;
      const minutes = Math.round(skew / 60_000);
      throw new Error(`the clock here differs from the API server's (got ${minutes} minutes); set it right`);
    }

    function adopt(state: RotationState): void {
      if (state.leaf === undefined) return;
      const next: Served = { ...state.leaf, ca: bundleOf(state), expiry: expiryOf(state) };
      const isOtherBundle = served?.ca !== next.ca;
      // Most of what is written changes nothing that is served.
      if (served?.cert !== next.cert || isOtherBundle) events.onServe(next);
      served = next;
      good = state;
      if (isOtherBundle) keeper.kick();
      resolve({ served: () => served ?? next, problem, close });
    }

    /** @throws ApiError 409 when another replica was quicker */
    async function write(secret: V1Secret | undefined, state: RotationState): Promise<V1Secret> {
      const body = encode(secret, state);
      const written =
        secret === undefined
          ? await api.request({ method: 'POST', path, body })
          : await api.request({ method: 'PUT', path: `${path}/${options.name}`, body });
      return written as V1Secret;
    }

    function encode(secret: V1Secret | undefined, state: RotationState): V1Secret {
      const ours: readonly string[] = STORED_NAMES;
      const others = Object.entries(secret?.data ?? {}).filter(([name]) => !ours.includes(name));
      const texts = Object.entries(writeState(state)).map(([name, text]) => [
        name,
        Buffer.from(text).toString('base64'),
      ]);
      return {
        apiVersion: 'v1',
        kind: 'Secret',
        type: secret?.type ?? 'Opaque',
        metadata: secret?.metadata ?? {
          name: options.name,
          namespace: options.namespace,
          labels: { 'app.kubernetes.io/name': 'calico-admission' },
        },
        data: Object.fromEntries([...others, ...texts]),
      };
    }

    function announce(step: Step): void {
      events.onChange(step);
      const about = { secret: options.name, step };
      if (isEmergency(step)) {
        events.log.warn(
          about,
          'new authority without the usual wait: calls can fail until its caBundle is known',
        );
      } else {
        events.log.info(about, 'certificates changed');
      }
    }
  });
}

/** Whoever else makes this Secret would undo what we write, and we what they do. */
function refusalOf(secret: V1Secret): CertificateError | undefined {
  const maker = secret.metadata?.annotations?.['cert-manager.io/certificate-name'];
  if (maker === undefined) return undefined;
  return new CertificateError(
    `the Secret ${secret.metadata?.name} is cert-manager's; mount it and give --cert-dir, or choose another Secret with --cert-secret`,
  );
}

function decode(secret: V1Secret | undefined): Stored {
  const entries = Object.entries(secret?.data ?? {});
  return Object.fromEntries(
    entries.map(([name, text]) => [name, Buffer.from(text, 'base64').toString('utf8')]),
  );
}
