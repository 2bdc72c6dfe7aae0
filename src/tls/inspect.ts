import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../errors.ts';

/**
 * The first part of the common name of every certificate authority that this program makes. A time and a number
 * follow.
 */
export const AUTHORITY_NAME_PREFIX = 'calico-admission-ca@';

/**
 * PEM texts. `cert` may be a chain with the server's own certificate first; `ca` has one or more certificate
 * authorities.
 */
export interface PairText {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string | undefined;
}

/** When the serving certificate and its certificate authorities expire. Undefined: not known, or there is none. */
export interface Expiry {
  readonly leaf: Date | undefined;
  readonly ca: Date | undefined;
  /** The certificate authority that will be used next, and the previous one. */
  readonly nextCa?: Date | undefined;
  readonly previousCa?: Date | undefined;
}

/** `message` begins with the name of the file, and says what is wrong with it. */
export interface CertificateProblem {
  kind:
    | 'unreadable'
    | 'key-mismatch'
    | 'not-yet-valid'
    | 'expired'
    | 'san-missing'
    | 'not-for-servers'
    | 'not-signed-by-ca'
    | 'ca-expired';
  readonly file: 'tls.crt' | 'tls.key' | 'ca.crt';
  readonly message: string;
  /** Only with san-missing: the missing names. */
  readonly missing?: string[];
}

export interface Inspection {
  readonly problem: CertificateProblem | undefined;
  readonly expiry: Expiry;
}

/**
 * Checks whether a server may serve `pair` at `now`. Returns the most serious problem, or none. Names in `sans` must
 * all be in the certificate. Without `ca` the signer is not checked. Reads no file, never throws.
 */
export function inspectPair(
  pair: PairText,
  options: { now: () => Date; sans: readonly string[] },
): Inspection {
  try {
    return inspect(pair, options.now(), options.sans);
  } catch (error) {
    // OpenSSL throws on certificates that can be parsed but have an unknown type of key.
    return found(problem('unreadable', 'tls.crt', `cannot be used: ${messageOf(error)}`));
  }
}

function inspect(pair: PairText, now: Date, sans: readonly string[]): Inspection {
  const chain = readCertificates(pair.cert);
  const leaf = chain?.[0];
  if (chain === undefined || leaf === undefined) {
    return found(problem('unreadable', 'tls.crt', unreadable(pair.cert, 'certificate')));
  }
  const expiry: Expiry = { leaf: validity(leaf).notAfter, ca: undefined };
  const wrong = keyProblem(pair.key, leaf, chain) ?? datesProblem('tls.crt', leaf, now);
  if (wrong !== undefined) return found(wrong, expiry);

  const signed = inspectAuthority(pair.ca, leaf, chain, now);
  const known: Expiry = { ...expiry, ca: signed.ca };
  const wrongBelow = signed.problem ?? usageProblem(leaf, sans) ?? opensslProblem(pair);
  return wrongBelow === undefined ? { problem: undefined, expiry: known } : found(wrongBelow, known);
}

function keyProblem(
  text: string,
  leaf: X509Certificate,
  chain: readonly X509Certificate[],
): CertificateProblem | undefined {
  const key = readKey(text);
  if (key === undefined) {
    const why = text.includes('ENCRYPTED')
      ? 'has a passphrase; remove it with `openssl pkey`'
      : unreadable(text, 'private key');
    return problem('unreadable', 'tls.key', why);
  }
  if (leaf.checkPrivateKey(key)) return undefined;
  const why = chain.some((certificate) => certificate.checkPrivateKey(key))
    ? 'belongs to a certificate that is not the first in tls.crt; put the server’s own certificate first'
    : 'does not belong to the certificate in tls.crt';
  return problem('key-mismatch', 'tls.key', why);
}

/**
 * Whether the certificate authority signed the serving certificate and is valid. `ca` is when the first certificate
 * of the chain expires.
 */
function inspectAuthority(
  text: string | undefined,
  leaf: X509Certificate,
  chain: X509Certificate[],
  now: Date,
): { readonly problem?: CertificateProblem | undefined; readonly ca: Date | undefined } {
  if (text === undefined) return { ca: undefined };
  const authorities = readCertificates(text);
  if (authorities === undefined || authorities.length === 0) {
    return { problem: problem('unreadable', 'ca.crt', unreadable(text, 'certificate')), ca: undefined };
  }
  const path = pathToAuthority(leaf, chain.slice(1), authorities, now);
  if (path === undefined) {
    const why = 'was not signed by the certificate authority in ca.crt';
    return { problem: problem('not-signed-by-ca', 'tls.crt', why), ca: undefined };
  }
  const dated = path
    // All but the last are intermediates, which are in tls.crt after the server's own certificate.
    .map((each) => datesProblem(each === path.at(-1) ? 'ca.crt' : 'tls.crt', each, now))
    .find((each) => each !== undefined);
  return {
    problem: dated?.kind === 'expired' ? { ...dated, kind: 'ca-expired' } : dated,
    ca: earliest(path),
  };
}

/** Whether it is a server certificate with these names. */
function usageProblem(leaf: X509Certificate, sans: readonly string[]): CertificateProblem | undefined {
  if (!servesTls(leaf)) {
    return problem('not-for-servers', 'tls.crt', 'is not a server certificate (no serverAuth)');
  }
  const missing = missingSans(leaf, sans);
  if (leaf.subjectAltName === undefined || leaf.subjectAltName === '') {
    const why = 'has no subject alternative names, and clients check no other names';
    return { ...problem('san-missing', 'tls.crt', why), missing };
  }
  if (missing.length === 0) return undefined;
  return { ...problem('san-missing', 'tls.crt', `does not name ${missing.join(', ')}`), missing };
}

/** The last check is by Node.js: a key too short for OpenSSL's security level, a broken second certificate, … */
function opensslProblem({ cert, key }: PairText): CertificateProblem | undefined {
  try {
    createSecureContext({ cert, key });
    return undefined;
  } catch (error) {
    return problem('unreadable', 'tls.crt', `is rejected by OpenSSL: ${messageOf(error)}`);
  }
}

/** The validity of a certificate. Node 20 has the dates only as text; `validToDate` came with Node 22. */
export function validity(certificate: X509Certificate): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(certificate.validFrom), notAfter: new Date(certificate.validTo) };
}

/** The certificates of a PEM text, in its order. Undefined if one of them cannot be parsed. Never throws. */
export function readCertificates(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

/** The private key of a PEM text. Undefined if there is none, or one that needs a passphrase. Never throws. */
export function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** The names of `sans` that `certificate` does not have. Its common name does not count, as in Go and in browsers. */
export function missingSans(certificate: X509Certificate, sans: readonly string[]): string[] {
  const literal = new Set((certificate.subjectAltName ?? '').toLowerCase().split(', '));
  return sans.filter((san) => {
    if (isIP(san) !== 0) return certificate.checkIP(san) === undefined;
    // A wildcard in `sans` needs exactly the same entry in the certificate.
    if (san.startsWith('*.')) return !literal.has(`dns:${san.toLowerCase()}`);
    return certificate.checkHost(san, { subject: 'never' }) === undefined;
  });
}

/** Whether this program made the certificate authority, or the one that signed this certificate. */
export function isOfOurMaking(certificate: X509Certificate): boolean {
  return certificate.issuer.split('\n').some((part) => part.startsWith(`CN=${AUTHORITY_NAME_PREFIX}`));
}

/**
 * The chain from the issuer of the certificate to one of the certificate authorities. Undefined if there is none.
 * Valid chains come first.
 */
function pathToAuthority(
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  now: Date,
): X509Certificate[] | undefined {
  // A self-signed certificate that is its own certificate authority is a root like any other.
  const itself = authorities.find((authority) => authority.raw.equals(leaf.raw));
  if (itself !== undefined) return [itself];

  // While the certificate authority changes, the bundle has the old and the new one: the valid one must come first.
  const inOrder = [...authorities].sort((a, b) => Number(holds(b, now)) - Number(holds(a, now)));
  const path: X509Certificate[] = [];
  const left = [...intermediates];
  for (let current = leaf; ; ) {
    const anchor = inOrder.find((authority) => issued(authority, current));
    if (anchor !== undefined) return [...path, anchor];
    // Each is used once, so that two that signed each other make no endless loop.
    const next = left.findIndex((intermediate) => issued(intermediate, current));
    const intermediate = next === -1 ? undefined : left.splice(next, 1)[0];
    if (intermediate === undefined) return undefined;
    path.push(intermediate);
    current = intermediate;
  }
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function holds(certificate: X509Certificate, now: Date): boolean {
  const { notBefore, notAfter } = validity(certificate);
  return notBefore.getTime() <= now.getTime() && now.getTime() <= notAfter.getTime();
}

function earliest(certificates: readonly X509Certificate[]): Date {
  return new Date(Math.min(...certificates.map((certificate) => validity(certificate).notAfter.getTime())));
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_USAGE = '2.5.29.37.0';

function servesTls(certificate: X509Certificate): boolean {
  // keyUsage of Node.js is the extended key usage. @types/node says that it is always set, which is wrong.
  const usages: string[] | undefined = certificate.keyUsage;
  return usages === undefined || usages.includes(SERVER_AUTH) || usages.includes(ANY_USAGE);
}

function datesProblem(
  file: CertificateProblem['file'],
  certificate: X509Certificate,
  now: Date,
): CertificateProblem | undefined {
  const { notBefore, notAfter } = validity(certificate);
  if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime())) {
    return problem('unreadable', file, 'has dates that cannot be read');
  }
  if (now.getTime() > notAfter.getTime()) {
    return problem('expired', file, `expired on ${notAfter.toISOString()}`);
  }
  if (now.getTime() < notBefore.getTime()) {
    return problem('not-yet-valid', file, `is not valid before ${notBefore.toISOString()}`);
  }
  return undefined;
}

function unreadable(text: string, what: string): string {
  return text.trim() === '' ? 'is empty' : `has no ${what} that can be read as PEM`;
}

function problem(
  kind: CertificateProblem['kind'],
  file: CertificateProblem['file'],
  why: string,
): CertificateProblem {
  return { kind, file, message: `${file} ${why}` };
}

function found(it: CertificateProblem, expiry: Expiry = { leaf: undefined, ca: undefined }): Inspection {
  return { problem: it, expiry };
}
