import { createPrivateKey, type KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { CertificateError } from '../errors.ts';
import { AUTHORITY_NAME_PREFIX, validity } from './inspect.ts';
import { checkedSans } from './names.ts';

/** A certificate and its private key (PKCS#8), both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** A certificate is valid from so long before it is made, because clocks of clients may be behind. */
export const BACKDATE_MS = HOUR;
const DEFAULT_AUTHORITY_DAYS = 365;
const MAX_SERVING_DAYS = 90;

/**
 * Makes a new certificate authority: EC P-256, valid from an hour ago (clocks of clients may be behind) for `days`
 * (default 365). Its name is unique: two certificate authorities with one name in a bundle break OpenSSL's chain
 * building.
 */
export async function issueAuthority(options: { now: () => Date; days?: number }): Promise<KeyPair> {
  const now = options.now();
  const days = checkedDays(options.days ?? DEFAULT_AUTHORITY_DAYS, Number.MAX_SAFE_INTEGER);
  return sign({
    commonName: `${AUTHORITY_NAME_PREFIX}${now.toISOString()}-${randomBytes(4).toString('hex')}`,
    notBefore: new Date(now.getTime() - BACKDATE_MS),
    notAfter: new Date(now.getTime() + days * DAY),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
    authority: undefined,
  });
}

/**
 * Makes a serving certificate signed by `authority`, valid from an hour ago for `days` (default and maximum 90), and
 * at most until `marginMs` (default a day) before the certificate authority expires. IP addresses in `sans` become IP
 * names.
 * @throws SanError for an invalid name; CertificateError when the certificate authority is unusable or expires within
 * that margin
 */
export async function issueServing(options: {
  authority: KeyPair;
  sans: readonly string[];
  now: () => Date;
  days?: number;
  marginMs?: number;
}): Promise<KeyPair> {
  const now = options.now();
  const sans = checkedSans(options.sans);
  const days = checkedDays(options.days ?? MAX_SERVING_DAYS, MAX_SERVING_DAYS);
  const authority = readAuthority(options.authority);
  const end = validity(authority.cert);
  const latest = end.notAfter.getTime() - (options.marginMs ?? DAY);
  const notAfter = new Date(Math.min(now.getTime() + days * DAY, latest));
  if (notAfter.getTime() <= now.getTime() || end.notBefore.getTime() > now.getTime()) {
    throw new CertificateError(
      `the certificate authority cannot sign a certificate now (got one valid from ${end.notBefore.toISOString()} to ${end.notAfter.toISOString()}, and a certificate must end before it); create a new certificate authority`,
    );
  }
  // Some verifiers reject a certificate that begins before its certificate authority.
  const notBefore = new Date(Math.max(now.getTime() - BACKDATE_MS, end.notBefore.getTime()));
  return sign({
    commonName: 'calico-admission-webhook',
    notBefore,
    notAfter,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: sans.map((san) => (isIP(san) === 0 ? { type: 2, value: san } : { type: 7, ip: san })),
      },
    ],
    authority,
  });
}

interface SigningAuthority {
  readonly cert: X509Certificate;
  readonly key: KeyObject;
}
type Generate = typeof import('selfsigned')['generate'];
type Extensions = NonNullable<NonNullable<Parameters<Generate>[1]>['extensions']>;

async function sign(request: {
  commonName: string;
  notBefore: Date;
  notAfter: Date;
  extensions: Extensions;
  authority: SigningAuthority | undefined;
}): Promise<KeyPair> {
  // Loaded here because they take about 100 ms, and a start with valid certificates needs neither.
  const { generate, x509 } = await import('./libraries.ts');

  // The names below are constants: selfsigned joins a subject without escaping, so that a comma would add a field.
  const draft = await generate([{ name: 'commonName', value: request.commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: wholeSeconds(request.notBefore),
    notAfterDate: wholeSeconds(request.notAfter),
    extensions: request.extensions,
  });

  // selfsigned writes no key identifiers and serial numbers of 72 bits. `openssl verify -x509_strict` rejects them,
  // and chain building cannot tell two certificate authorities apart. So its draft is signed again with them.
  const unsigned = new x509.X509Certificate(draft.cert);
  const issuer =
    request.authority === undefined ? unsigned : new x509.X509Certificate(request.authority.cert.raw);
  const subjectId = await x509.SubjectKeyIdentifierExtension.create(unsigned.publicKey, false, webcrypto);
  // A certificate authority of the operator may have another form of identifier: it is copied.
  const issuerId =
    issuer === unsigned
      ? subjectId.keyId
      : (issuer.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId ??
        (await x509.SubjectKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto)).keyId);
  const signed = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serial(),
      subject: unsigned.subjectName,
      issuer: issuer.subjectName,
      notBefore: unsigned.notBefore,
      notAfter: unsigned.notAfter,
      publicKey: unsigned.publicKey,
      signingKey: await signingKey(request.authority?.key ?? createPrivateKey(draft.private)),
      extensions: [...unsigned.extensions, subjectId, new x509.AuthorityKeyIdentifierExtension(issuerId)],
    },
    webcrypto,
  );
  return { cert: `${signed.toString('pem').trimEnd()}\n`, key: draft.private };
}

/** 16 bytes, the first between 0x40 and 0x7f: always 128 bits long and never negative (RFC 5280, 4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const CURVES: Record<string, { namedCurve: string; hash: string }> = {
  prime256v1: { namedCurve: 'P-256', hash: 'SHA-256' },
  secp384r1: { namedCurve: 'P-384', hash: 'SHA-384' },
  secp521r1: { namedCurve: 'P-521', hash: 'SHA-512' },
};

function signingAlgorithm(
  key: KeyObject,
): webcrypto.RsaHashedImportParams | (webcrypto.EcKeyImportParams & { hash: string }) {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (key.asymmetricKeyType === 'ec' && curve !== undefined) return { name: 'ECDSA', ...curve };
  throw new CertificateError(
    `the certificate authority's key has a type that is not supported (got ${key.asymmetricKeyType}); use an EC P-256 or an RSA key`,
  );
}

async function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const algorithm = signingAlgorithm(key);
  const imported = await webcrypto.subtle.importKey(
    'pkcs8',
    key.export({ type: 'pkcs8', format: 'der' }),
    algorithm,
    false,
    ['sign'],
  );
  return imported;
}

function readAuthority(pair: KeyPair): SigningAuthority {
  let authority: SigningAuthority;
  try {
    authority = { cert: new X509Certificate(pair.cert), key: createPrivateKey(pair.key) };
  } catch (error) {
    throw new CertificateError(
      `the certificate authority cannot be read (got ${String(error)}); give its certificate and its key without a passphrase, both PEM`,
      { cause: error },
    );
  }
  if (!authority.cert.ca) {
    throw new CertificateError(
      `this certificate cannot sign other certificates (got ${authority.cert.subject.replaceAll('\n', ', ')}); give one with CA:TRUE`,
    );
  }
  if (!authority.cert.checkPrivateKey(authority.key)) {
    throw new CertificateError(
      `the certificate authority's key does not belong to its certificate (got ${authority.cert.subject.replaceAll('\n', ', ')}); give the certificate and key that were created together`,
    );
  }
  return authority;
}

function checkedDays(days: number, most: number): number {
  if (Number.isFinite(days) && days > 0 && days <= most) return days;
  const range = most === Number.MAX_SAFE_INTEGER ? 'more than 0' : `more than 0 and at most ${most}`;
  throw new CertificateError(`a certificate cannot be valid that long (got ${days} days); give ${range}`);
}

/** X.509 has whole seconds: milliseconds would be a difference when dates are compared. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
