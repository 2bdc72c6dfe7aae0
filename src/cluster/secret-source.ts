import type { V1Secret } from '@kubernetes/client-node';
import type { Lifetimes } from '../tls/lifetimes.ts';
import { checkedSans } from '../tls/names.ts';
import { isEmergency, nextStep, type Publication, renewalPoint, type Step } from '../tls/rotation.ts';
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
import { decodeSecret, findForeignOwner, listPathOf, writeSecret } from './stored-secret.ts';

export interface SecretOptions {
  /** The API servers of the Secret and of the webhook configurations. Often the same. */
  readonly api: ApiClient;
  readonly target: ApiClient;
  readonly namespace: string;
  readonly name: string;
  /** Names that the certificate must have. */
  readonly sans: readonly string[];
  readonly lifetimes: Lifetimes;
  /** The maximum time between two checks of Secret and clock, in milliseconds. */
  readonly pollMs: number;
  /** The name of this replica, which shifts its renewals a little. */
  readonly replica: string;
  readonly now: () => Date;
  readonly events: SourceEvents;
  /** The ConfigMap for the webhook configurations, in the cluster that has them. */
  readonly registration?: { readonly namespace: string; readonly name: string } | undefined;
  /** Ends the start, also before there is a certificate to serve. */
  readonly signal?: AbortSignal;
}

/**
 * Certificates are backdated by the same time: a clock that differs by more would make certificates that no other
 * machine accepts.
 */
const MAX_SKEW_MS = 3_600_000;

/** How long a start waits for webhook configurations that cannot be read, and for a name that cannot be added. */
const GRACE_MS = 10_000;

/**
 * Limit of the steps in one run: each step makes the next one due at most a few times. More steps would be a mistake
 * of ours, and a busy loop.
 */
const MAX_STEPS = 8;

/**
 * One Secret for all replicas, which all serve its certificate. Each replica may do a step that is due, and the first
 * one to write it has done it: there is no leader. Resolves when there is a certificate to serve, however long the
 * API server takes.
 * @throws CertificateError for invalid names, and for a Secret of another owner
 */
export async function openSecret(options: SecretOptions): Promise<CertificateSource> {
  // A replica makes two calls for each object in one poll interval, and about thirty calls when it starts; twice as
  // many if other replicas start at the same time, because of conflicts.
  const limits = { burst: 60, perSecond: Math.max(1, 15_000 / options.pollMs) };
  const api = pacedApi(options.api, limits);
  const target = options.target === options.api ? api : pacedApi(options.target, limits);
  return new Promise((resolve, reject) => {
    const settled = { onFirst: resolve, onForeignOwner: reject };
    new SecretSource({ ...options, api, target, sans: checkedSans(options.sans) }, settled);
  });
}

/** Receives the result of the start, once. */
interface Opening {
  onFirst(source: CertificateSource): void;
  onForeignOwner(error: Error): void;
}

class SecretSource implements CertificateSource {
  readonly #options: SecretOptions;
  readonly #opening: Opening;
  readonly #openedAt = performance.now();
  /** The part of a certificate's life after which this replica renews it. It differs between replicas. */
  readonly #renewAt: number;
  readonly #follower: ReturnType<typeof follow<V1Secret>>;
  readonly #keeper: BundleKeeper;
  readonly #registrar: Registrar | undefined;
  /** The last state that can be served, to restore a lost Secret. */
  #good: RotationState | undefined;
  #served: Served | undefined;
  /** The served certificate lacks one of the names, until a new one is made. */
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
      openRegistrar({ ...registration, api: target, pollMs, events, onChange: () => this.#keeper.refresh() });
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
    if (this.#lacksName && !isOver) return 'the certificate lacks a name (a new one is being created)';
    const trust = this.#good?.current && this.#publicationOf(this.#good.current.cert);
    if (trust?.kind === 'shown') return undefined;
    if (trust?.kind === 'not-shown') {
      return 'a webhook configuration does not have the certificate authority (CA) of the certificate (its caBundle is being written)';
    }
    return isOver
      ? undefined
      : 'it is not known yet which certificate authority (CA) the webhook configurations have';
  }

  close(): void {
    this.#follower.close();
    this.#keeper.close();
    this.#registrar?.close();
  }

  async #onSecret(secret: V1Secret | undefined): Promise<void> {
    const refusal = secret && findForeignOwner(secret);
    if (refusal === undefined) return await this.#bringForward(secret);
    if (this.#served !== undefined) throw refusal;
    this.close();
    this.#opening.onForeignOwner(refusal);
  }

  #onError(error: unknown, isNew: boolean): void {
    const { events, name } = this.#options;
    events.onFault('secret');
    if (isNew) events.log.warn({ secret: name, reason: String(error) }, 'Secret cannot be read or written');
  }

  /** The certificate authorities in the Secret. Undefined while the Secret has nothing that can be served. */
  async #readBundle(): Promise<string | undefined> {
    const state = readState(decodeSecret((await this.#follower.read()).object));
    return isServable(state, this.#options.now()) ? bundleOf(state) : undefined;
  }

  #publicationOf(authority: string): Publication {
    const [fingerprint = ''] = fingerprintsOf(authority);
    return this.#keeper.publication(fingerprint);
  }

  /** Serves the present state, and does the steps that are due, until none is. */
  async #bringForward(found: V1Secret | undefined): Promise<void> {
    let secret = found;
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const next = await this.#takeStep(secret);
      if (next === undefined) return;
      secret = next;
    }
  }

  /** @returns the Secret as it was written; undefined where no step was due */
  async #takeStep(secret: V1Secret | undefined): Promise<V1Secret | undefined> {
    const { now, sans, lifetimes } = this.#options;
    const stored = decodeSecret(secret);
    const state = readState(stored);
    const facts = factsOf(state, stored, now(), sans);
    if (facts.leaf !== undefined) {
      this.#lacksName = !facts.leaf.hasNames;
      this.#adopt(state);
    } else if (this.#good !== undefined && isServable(this.#good, now())) {
      // The state in memory is better than a new certificate authority, which no API server trusts.
      return await this.#restore(secret, this.#good);
    }
    const step = nextStep(
      // Where a certificate was served before, an empty Secret is not a new installation.
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
    // The bundle is the same as before, but could not be written while the Secret was empty.
    this.#keeper.refresh();
    return written;
  }

  #adopt(state: RotationState): void {
    if (state.leaf === undefined) return;
    const next: Served = { ...state.leaf, ca: bundleOf(state), expiry: expiryOf(state) };
    const isOtherBundle = this.#served?.ca !== next.ca;
    // Most writes change nothing that is served.
    if (this.#served?.cert !== next.cert || isOtherBundle) this.#options.events.onServe(next);
    this.#served = next;
    this.#good = state;
    if (isOtherBundle) this.#keeper.refresh();
    this.#opening.onFirst(this);
  }

  /** @throws ApiError 409 when another replica has written the Secret */
  #write(secret: V1Secret | undefined, state: RotationState): Promise<V1Secret> {
    return writeSecret(this.#options, secret, writeState(state));
  }

  /** @throws Error when the clock of this machine is too far off to make certificates */
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
        'new certificate authority (CA) without the usual wait: calls can fail until API servers have its caBundle',
      );
    } else {
      events.log.info(about, 'certificates changed');
    }
  }
}
