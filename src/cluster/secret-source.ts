import type { V1Secret } from '@kubernetes/client-node';
import { checkedSans } from '../tls/names.ts';
import {
  isEmergency,
  type Lifetimes,
  nextStep,
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
  writeState,
} from '../tls/rotation-state.ts';
import type { CertificateSource, Served, SourceEvents } from '../tls/source.ts';
import type { ApiClient } from './api.ts';
import { type BundleKeeper, openKeeper } from './bundle-keeper.ts';
import { fingerprintsOf } from './bundle-patch.ts';
import { follow } from './follow.ts';
import { pacedApi } from './pace.ts';
import { openRegistrar, type Registrar } from './registrar.ts';
import { decodeSecret, listPathOf, refusalOf, writeSecret } from './stored-secret.ts';

export interface SecretOptions {
  /** The cluster that the Secret is in, and the one of the webhook configurations; often the same. */
  readonly api: ApiClient;
  readonly target: ApiClient;
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
  /** The ConfigMap from which the webhook configurations are made, in the cluster that has them. */
  readonly registration?: { readonly namespace: string; readonly name: string } | undefined;
  /** Gives up, also before there is anything to serve. */
  readonly signal?: AbortSignal;
}

/** As far as certificates are backdated: whose clock is further off would make what nobody else can use. */
const MAX_SKEW_MS = 3_600_000;

/** How long a start waits for webhook configurations that cannot be read, and for a name that cannot be added. */
const GRACE_MS = 10_000;

/** Most steps in one turn: a step makes the next one due at most a few times. More would be our mistake, and a busy loop. */
const MAX_STEPS = 8;

/**
 * One Secret for all replicas, which all serve its leaf. Each of them may do what is due, and the first to write it has
 * done it: there is no leader. Resolves when there is something to serve, however long the API server takes.
 * @throws CertificateError for names that cannot be, and for a Secret that is somebody else's
 */
export async function openSecret(options: SecretOptions): Promise<CertificateSource> {
  // A healthy replica makes two calls an object in the time of a poll, and about thirty when it starts; twice as many
  // if others start with it, and conflict.
  const limits = { burst: 60, perSecond: Math.max(1, 15_000 / options.pollMs) };
  const api = pacedApi(options.api, limits);
  const target = options.target === options.api ? api : pacedApi(options.target, limits);
  return new Promise((resolve, reject) => {
    const settled = { onFirst: resolve, onRefusal: reject };
    new SecretSource({ ...options, api, target, sans: checkedSans(options.sans) }, settled);
  });
}

/** Who hears of the beginning: once, of one or the other. */
interface Opening {
  onFirst(source: CertificateSource): void;
  onRefusal(error: Error): void;
}

class SecretSource implements CertificateSource {
  readonly #options: SecretOptions;
  readonly #opening: Opening;
  readonly #openedAt = performance.now();
  /** When in a certificate's life this replica renews it; not the same for all. */
  readonly #renewAt: number;
  readonly #follower: ReturnType<typeof follow<V1Secret>>;
  readonly #keeper: BundleKeeper;
  readonly #registrar: Registrar | undefined;
  /** The last state that can be served, to restore a Secret that was lost. */
  #good: RotationState | undefined;
  #served: Served | undefined;
  /** What is served lacks one of the names, until another leaf has been made. */
  #lacksName = false;

  constructor(options: SecretOptions, opening: Opening) {
    this.#options = options;
    this.#opening = opening;
    this.#renewAt = renewalPoint(options.replica);
    this.#follower = follow<V1Secret>({
      api: options.api,
      path: listPathOf(options),
      name: options.name,
      pollMs: options.pollMs,
      onObject: (secret) => this.#onSecret(secret),
      onError: (error, isNew) => this.#onError(error, isNew),
    });
    const { target, pollMs, events, registration } = options;
    this.#registrar =
      registration &&
      openRegistrar({ ...registration, api: target, pollMs, events, onChange: () => this.#keeper.kick() });
    this.#keeper = openKeeper({
      ...{ api: target, pollMs, events, registrar: this.#registrar },
      known: () => this.#served?.ca,
      fresh: () => this.#readBundle(),
    });
    options.signal?.addEventListener('abort', () => this.close());
  }

  served(): Served {
    if (this.#served === undefined) throw new Error('nothing is served before the source is open');
    return this.#served;
  }

  problem(): string | undefined {
    const isOver = performance.now() - this.#openedAt > GRACE_MS;
    if (this.#lacksName && !isOver) return 'the certificate lacks a name (another one is being made)';
    const trust = this.#good?.current && this.#publicationOf(this.#good.current.cert);
    if (trust?.kind === 'shown') return undefined;
    if (trust?.kind === 'not-shown') {
      return 'a webhook configuration does not hold the authority of the certificate (its caBundle is being written)';
    }
    return isOver ? undefined : 'it is not known yet which authority the webhook configurations hold';
  }

  close(): void {
    this.#follower.close();
    this.#keeper.close();
    this.#registrar?.close();
  }

  async #onSecret(secret: V1Secret | undefined): Promise<void> {
    const refusal = secret && refusalOf(secret);
    if (refusal === undefined) return await this.#bringForward(secret);
    if (this.#served !== undefined) throw refusal;
    this.close();
    this.#opening.onRefusal(refusal);
  }

  #onError(error: unknown, isNew: boolean): void {
    const { events, name } = this.#options;
    events.onFault('secret');
    if (isNew) events.log.warn({ secret: name, reason: String(error) }, 'Secret cannot be kept');
  }

  /** The authorities that the Secret holds now; undefined while it holds nothing that can be served. */
  async #readBundle(): Promise<string | undefined> {
    const state = readState(decodeSecret((await this.#follower.read()).object));
    return isServable(state, this.#options.now()) ? bundleOf(state) : undefined;
  }

  #publicationOf(authority: string): Publication {
    const [fingerprint = ''] = fingerprintsOf(authority);
    return this.#keeper.publication(fingerprint);
  }

  /** Serves what is there, does what is due, and goes on until nothing is. */
  async #bringForward(found: V1Secret | undefined): Promise<void> {
    let secret = found;
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const next = await this.#takeStep(secret);
      if (next === undefined) return;
      secret = next;
    }
  }

  /** @returns the Secret as it was written; undefined where nothing was due */
  async #takeStep(secret: V1Secret | undefined): Promise<V1Secret | undefined> {
    const { now, sans, lifetimes } = this.#options;
    const stored = decodeSecret(secret);
    const state = readState(stored);
    const facts = factsOf(state, stored, now(), sans);
    if (facts.leaf !== undefined) {
      this.#lacksName = !facts.leaf.hasNames;
      this.#adopt(state);
    } else if (this.#good !== undefined && isServable(this.#good, now())) {
      // What is in memory is better than a new authority, which no API server knows.
      return await this.#restore(secret, this.#good);
    }
    const step = nextStep(
      // Where something was served before, an empty Secret is no beginning.
      { ...facts, empty: facts.empty && this.#good === undefined },
      {
        now: now().getTime(),
        publication: state.next === undefined ? { kind: 'unknown' } : this.#publicationOf(state.next.cert),
        lifetimes,
        renewAt: this.#renewAt,
      },
    );
    if (step === 'keep') return undefined;
    this.#checkClock();
    const written = await this.#write(secret, await applyStep(state, step, { now: now(), sans, lifetimes }));
    this.#announce(step);
    return written;
  }

  async #restore(secret: V1Secret | undefined, good: RotationState): Promise<V1Secret> {
    const { events, name } = this.#options;
    this.#checkClock();
    const written = await this.#write(secret, good);
    events.log.warn({ secret: name }, 'Secret restored from memory');
    events.onChange('restore');
    // What it holds is what it held, but while it held nothing no caBundle could be written.
    this.#keeper.kick();
    return written;
  }

  #adopt(state: RotationState): void {
    if (state.leaf === undefined) return;
    const next: Served = { ...state.leaf, ca: bundleOf(state), expiry: expiryOf(state) };
    const isOtherBundle = this.#served?.ca !== next.ca;
    // Most of what is written changes nothing that is served.
    if (this.#served?.cert !== next.cert || isOtherBundle) this.#options.events.onServe(next);
    this.#served = next;
    this.#good = state;
    if (isOtherBundle) this.#keeper.kick();
    this.#opening.onFirst(this);
  }

  /** @throws ApiError 409 when another replica was quicker */
  #write(secret: V1Secret | undefined, state: RotationState): Promise<V1Secret> {
    return writeSecret(this.#options, secret, writeState(state));
  }

  /** @throws Error when this machine's clock is not to be trusted with making anything */
  #checkClock(): void {
    const { now, api } = this.#options;
    const skew = now().getTime() - (api.time() ?? now().getTime());
    if (Math.abs(skew) <= MAX_SKEW_MS) return;
    const minutes = Math.round(skew / 60_000);
    throw new Error(`the clock here differs from the API server's (got ${minutes} minutes); set it right`);
  }

  #announce(step: Step): void {
    const { events, name } = this.#options;
    events.onChange(step);
    const about = { secret: name, step };
    if (isEmergency(step)) {
      events.log.warn(
        about,
        'new authority without the usual wait: calls can fail until its caBundle is known',
      );
    } else {
      events.log.info(about, 'certificates changed');
    }
  }
}
