import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Expiry, inspectPair, missingSans, readCertificates, readKey, validity } from './inspect.ts';
import { BACKDATE_MS, issueAuthority, issueServing, type KeyPair } from './issue.ts';
import type { Lifetimes } from './lifetimes.ts';
import type { AuthorityFacts, Facts, Step } from './rotation.ts';

/** Texts by their names, as the data of a Secret. Each is PEM or a time. */
export type Stored = Readonly<Record<string, string>>;

/** The names in a Secret. Other data in it is not changed. */
export const STORED_NAMES = [
  'tls.crt',
  'tls.key',
  'ca.crt',
  'ca.key',
  'next-ca.crt',
  'next-ca.key',
  'next-ca.published-since',
  'previous-ca.crt',
  'previous-ca.until',
] as const;

/**
 * A certificate authority whose key may be missing: the operator's own, or one whose key was removed so that it is
 * replaced.
 */
interface StoredAuthority {
  readonly cert: string;
  readonly key: string | undefined;
}

/** The stored certificates, as PEM. A part that cannot be read is undefined. */
export interface RotationState {
  readonly current: StoredAuthority | undefined;
  readonly next: (StoredAuthority & { readonly publishedSince: Date | undefined }) | undefined;
  readonly previous: { readonly cert: string; readonly until: Date | undefined } | undefined;
  readonly leaf: KeyPair | undefined;
}

/** Reads the stored texts. Never throws. */
export function readState(stored: Stored): RotationState {
  const cert = read(stored, 'tls.crt');
  const key = read(stored, 'tls.key');
  const next = onlyCertificate(read(stored, 'next-ca.crt'));
  const previous = onlyCertificate(read(stored, 'previous-ca.crt'));
  return {
    current: currentAuthority(read(stored, 'ca.crt'), read(stored, 'ca.key'), cert),
    next:
      next === undefined
        ? undefined
        : {
            cert: next,
            key: read(stored, 'next-ca.key'),
            publishedSince: date(read(stored, 'next-ca.published-since')),
          },
    previous:
      previous === undefined ? undefined : { cert: previous, until: date(read(stored, 'previous-ca.until')) },
    leaf: cert === undefined || key === undefined ? undefined : { cert, key },
  };
}

/** The texts to store. A missing part has no name in the result. */
export function writeState({ current, next, previous, leaf }: RotationState): Stored {
  const texts: Readonly<Record<(typeof STORED_NAMES)[number], string | undefined>> = {
    'tls.crt': leaf?.cert,
    'tls.key': leaf?.key,
    'ca.crt': current?.cert,
    'ca.key': current?.key,
    'next-ca.crt': next?.cert,
    'next-ca.key': next?.key,
    'next-ca.published-since': next?.publishedSince?.toISOString(),
    'previous-ca.crt': previous?.cert,
    'previous-ca.until': previous?.until?.toISOString(),
  };
  return Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The facts for the next step. */
export function factsOf(state: RotationState, stored: Stored, now: Date, sans: readonly string[]): Facts {
  const { current, next, previous, leaf } = state;
  const served = leaf && current && servable(leaf, current.cert, now) ? firstOf(leaf.cert) : undefined;
  return {
    empty: !STORED_NAMES.some((name) => read(stored, name) !== undefined),
    current: current && authorityFacts(current),
    next: next && { ...authorityFacts(next), publishedSince: next.publishedSince?.getTime() },
    // Without a stored time, an old certificate authority stays until it expires.
    previousUntil: previous && (previous.until ?? validityOf(previous.cert).notAfter).getTime(),
    leaf: served && { ...lifeOf(served), hasNames: missingSans(served, sans).length === 0 },
  };
}

/** Whether `state` has a certificate that may be served at `now`. */
export function isServable({ current, leaf }: RotationState, now: Date): boolean {
  return current !== undefined && leaf !== undefined && servable(leaf, current.cert, now);
}

/**
 * The certificates for the caBundles: at most three certificate authorities, PEM. They are in the order in which they
 * were made, so that a switch does not change the bundle: each change closes all connections of each API server.
 */
export function bundleOf({ current, next, previous }: RotationState): string {
  const certificates = [previous?.cert, current?.cert, next?.cert]
    .filter((pem) => pem !== undefined)
    .map((pem) => new X509Certificate(pem));
  const once = [...new Map(certificates.map((each) => [each.fingerprint256, each])).values()];
  const order = (each: X509Certificate) => `${validity(each).notBefore.toISOString()} ${each.fingerprint256}`;
  return once
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .map((each) => each.toString())
    .join('');
}

/** When each part expires. Undefined for a missing part. */
export function expiryOf({ current, next, previous, leaf }: RotationState): Expiry {
  const end = (pem: string | undefined) => (pem === undefined ? undefined : validityOf(pem).notAfter);
  return {
    leaf: end(leaf?.cert),
    ca: end(current?.cert),
    nextCa: end(next?.cert),
    previousCa: end(previous?.cert),
  };
}

/**
 * Does a step.
 * @throws CertificateError for names that no certificate may have
 */
export async function applyStep(
  state: RotationState,
  step: Step,
  context: { readonly now: Date; readonly sans: readonly string[]; readonly lifetimes: Lifetimes },
): Promise<RotationState> {
  const { now, lifetimes } = context;
  const clock = (): Date => now;
  const makeAuthority = () => issueAuthority({ now: clock, days: lifetimes.authority / DAY });
  const makeLeaf = (authority: StoredAuthority | undefined, sans = context.sans) =>
    issueServing({
      authority: signing(authority),
      sans,
      now: clock,
      days: lifetimes.serving / DAY,
      marginMs: lifetimes.margin,
    });
  switch (step) {
    case 'keep':
      return state;
    case 'found':
    case 'found-again': {
      const current = await makeAuthority();
      return { current, next: undefined, previous: undefined, leaf: await makeLeaf(current) };
    }
    case 'sign':
      return { ...state, leaf: await makeLeaf(state.current) };
    case 'sign-more-names':
      return { ...state, leaf: await makeLeaf(state.current, [...context.sans, ...namesOf(state.leaf)]) };
    case 'prepare':
      return { ...state, next: { ...(await makeAuthority()), publishedSince: undefined } };
    case 'published':
      return withMark(state, now);
    case 'unpublished':
      return withMark(state, undefined);
    case 'retire':
      return { ...state, previous: undefined };
    case 'switch':
    case 'switch-at-once': {
      const { current, next } = state;
      // A replica that cannot reach the API server serves its certificate until it expires, so that it must be
      // trusted until then.
      const lastLeaf = state.leaf === undefined ? 0 : validityOf(state.leaf.cert).notAfter.getTime();
      const until = new Date(Math.max(lastLeaf, now.getTime() + lifetimes.overlap));
      return {
        current: next && { cert: next.cert, key: next.key },
        next: undefined,
        // The key of the old certificate authority is not needed any more.
        previous: current && { cert: current.cert, until },
        leaf: await makeLeaf(next),
      };
    }
  }
}

const DAY = 86_400_000;

function read(stored: Stored, name: string): string | undefined {
  const text = Object.hasOwn(stored, name) ? stored[name] : undefined;
  return text === undefined || text.trim() === '' ? undefined : text;
}

function date(text: string | undefined): Date | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}

/**
 * A ca.crt of the operator may have several certificates: the current one belongs to the key, or signed the serving
 * certificate.
 */
function currentAuthority(
  ca: string | undefined,
  keyText: string | undefined,
  leafText: string | undefined,
): StoredAuthority | undefined {
  const found = authoritiesIn(ca);
  const key = keyText === undefined ? undefined : readKey(keyText);
  const leaf = leafText === undefined ? undefined : firstOf(leafText);
  const own = key && found.find((each) => each.checkPrivateKey(key));
  const signer = leaf && found.find((each) => leaf.checkIssued(each) && leaf.verify(each.publicKey));
  const cert = own ?? signer ?? found[0];
  return cert && { cert: cert.toString(), key: cert === own ? keyText : undefined };
}

function onlyCertificate(pem: string | undefined): string | undefined {
  return authoritiesIn(pem)[0]?.toString();
}

function authoritiesIn(pem: string | undefined): X509Certificate[] {
  const found = pem === undefined ? [] : (readCertificates(pem) ?? []);
  return found.filter((each) => each.ca && !Number.isNaN(validity(each).notAfter.getTime()));
}

function authorityFacts({ cert, key }: StoredAuthority): AuthorityFacts {
  const certificate = new X509Certificate(cert);
  const privateKey = key === undefined ? undefined : readKey(key);
  const signs = privateKey !== undefined && certificate.checkPrivateKey(privateKey);
  return { ...lifeOf(certificate), signs };
}

function servable(leaf: KeyPair, ca: string, now: Date): boolean {
  return inspectPair({ ...leaf, ca }, { now: () => now, sans: [] }).problem === undefined;
}

function signing(authority: StoredAuthority | undefined): KeyPair {
  if (authority?.key === undefined) throw new Error('a certificate authority without a key cannot sign');
  return { cert: authority.cert, key: authority.key };
}

function withMark(state: RotationState, publishedSince: Date | undefined): RotationState {
  return { ...state, next: state.next && { ...state.next, publishedSince } };
}

/** DNS names and addresses of a certificate, in the form of the settings. */
function namesOf(leaf: KeyPair | undefined): string[] {
  const names = (leaf && firstOf(leaf.cert)?.subjectAltName) ?? '';
  return names.split(', ').flatMap((name) => {
    const text = /^(?:DNS|IP Address):([\w.:*-]+)$/.exec(name)?.[1];
    if (text === undefined) return [];
    // Node.js prints ::1 in its long form: without this it would be there twice.
    return isIP(text) === 6 ? new URL(`https://[${text}]`).hostname.slice(1, -1) : text;
  });
}

function firstOf(pem: string): X509Certificate | undefined {
  return readCertificates(pem)?.[0];
}

function validityOf(pem: string): { notBefore: Date; notAfter: Date } {
  return validity(new X509Certificate(pem));
}

function lifeOf(certificate: X509Certificate): { from: number; to: number } {
  const { notBefore, notAfter } = validity(certificate);
  return { from: notBefore.getTime() + BACKDATE_MS, to: notAfter.getTime() };
}
