import {
  type CertificateProblem,
  type Expiry,
  inspectPair,
  isOfOurMaking,
  missingSans,
  readCertificates,
  readKey,
  validity,
} from './inspect.ts';
import type { KeyPair } from './issue.ts';

/** The texts of a certificate directory. Undefined for a missing file. */
export interface Files {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly ca: string | undefined;
  readonly caKey: string | undefined;
}

/** A pair that may be served now. `ca` is undefined only where the operator's files have none. */
export interface Usable {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
  readonly expiry: Expiry;
}

export interface Note {
  readonly level: 'info' | 'warn';
  readonly about: object;
  readonly message: string;
}

/** `fallback`: the present files are valid, and only due for renewal. */
export type Plan =
  | { step: 'reuse'; usable: Usable; note: Note | undefined }
  | { step: 'make-serving'; authority: KeyPair; fallback: Usable | undefined }
  | { step: 'make-both'; replacesAuthority: boolean; fallback: Usable | undefined }
  | { step: 'refuse'; message: string };

export interface PlanContext {
  readonly dir: string;
  readonly sans: readonly string[];
  readonly now: () => Date;
  readonly inCluster: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/**
 * A certificate authority of ours that expires sooner is replaced with the certificate, which would otherwise be
 * short-lived.
 */
const OWN_AUTHORITY_MIN_LEFT = 31 * DAY;
/**
 * A certificate authority of the operator is never replaced, and is used until it expires. Certificates that it signs
 * expire a day earlier.
 */
const PROVIDED_AUTHORITY_MIN_LEFT = DAY + HOUR;

/** Decides what to do with a certificate directory. Reads and writes no file. */
export function planDirectory(files: Files, context: PlanContext): Plan {
  const leaf = firstCertificate(files.cert);
  const authority = readAuthority(files);
  if (context.inCluster || isProvided(files, leaf, authority)) return planProvided(files, context);

  const usable = usablePair(files, context);
  if (usable !== undefined && leaf !== undefined && !isDue(leaf, context.now())) {
    return { step: 'reuse', usable, note: undefined };
  }
  const providedAuthority = authority.cert !== undefined && !isOfOurMaking(authority.cert);
  const minLeft = providedAuthority ? PROVIDED_AUTHORITY_MIN_LEFT : OWN_AUTHORITY_MIN_LEFT;
  const fault = authorityFault(authority, context.now(), minLeft);
  if (fault === undefined && files.ca !== undefined && files.caKey !== undefined) {
    const signing = { cert: authority.cert?.toString() ?? files.ca, key: files.caKey };
    return { step: 'make-serving', authority: signing, fallback: usable };
  }
  if (providedAuthority) {
    return {
      step: 'refuse',
      message: `cannot sign a certificate with the certificate authority (CA) in ${context.dir}: ${fault} (calico-admission did not create it, and does not change it); replace ca.crt and ca.key, or remove both so that new ones are created`,
    };
  }
  return { step: 'make-both', replacesAuthority: authority.cert !== undefined, fallback: usable };
}

type Certificate = NonNullable<ReturnType<typeof readCertificates>>[number];
interface FoundAuthority {
  readonly cert: Certificate | undefined;
  readonly keyMatches: boolean;
}

/**
 * Whether the pair is the operator's own: there is no ca.key, or another certificate authority signed it. After `npm
 * start`, people put their own tls.crt and tls.key over ours and forget the ca.key, and must not lose a key.
 */
function isProvided(files: Files, leaf: Certificate | undefined, authority: FoundAuthority): boolean {
  if (files.caKey === undefined) return files.cert !== undefined || files.key !== undefined;
  if (leaf === undefined || isOfOurMaking(leaf)) return false;
  return authority.cert === undefined || !authority.keyMatches || !leaf.checkIssued(authority.cert);
}

function planProvided(files: Files, context: PlanContext): Plan {
  const { cert, key, ca } = files;
  if (cert === undefined || key === undefined) {
    const missing = [cert === undefined && 'tls.crt', key === undefined && 'tls.key'].filter(Boolean);
    return reject(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`, files, context);
  }
  // The operator decides which names the certificate has: cert-manager's names only the Service.
  const { problem, expiry } = inspectPair({ cert, key, ca }, { now: context.now, sans: [] });
  if (problem !== undefined) return reject(problem.message, files, context, problem);
  const usable: Usable = { cert, key, ca, expiry };
  return { step: 'reuse', usable, note: noteAbout(cert, expiry, context) };
}

function noteAbout(cert: string, expiry: Expiry, context: PlanContext): Note | undefined {
  const leaf = firstCertificate(cert);
  if (leaf === undefined) return undefined;
  if (isDue(leaf, context.now())) {
    return { level: 'warn', about: { expiry }, message: 'certificate expires soon and is not renewed here' };
  }
  const missing = missingSans(leaf, context.sans);
  if (missing.length === 0) return undefined;
  const all = missing.length === context.sans.length;
  return {
    level: all ? 'warn' : 'info',
    about: { missing, names: leaf.subjectAltName },
    message: all
      ? 'certificate has none of the expected names'
      : 'certificate does not have all of the expected names',
  };
}

function reject(why: string, files: Files, context: PlanContext, problem?: CertificateProblem): Plan {
  const what = `cannot use the certificate in ${context.dir}: ${why}`;
  if (context.inCluster) {
    return {
      step: 'refuse',
      message: `${what} (in a cluster no files are created, because replicas that each sign their own certificate would make half of the calls fail); mount a Secret of \`calico-admission certs --secret\` there, or let the server manage one with --cert-secret`,
    };
  }
  if (files.caKey !== undefined) {
    return {
      step: 'refuse',
      message: `${what} (the certificate authority in ca.crt did not sign it, so that it is not changed); put the certificate of its certificate authority into ca.crt and remove ca.key, or remove tls.crt and tls.key so that new ones are created`,
    };
  }
  const fix = problem?.kind === 'not-signed-by-ca' ? 'replace or remove ca.crt' : 'replace it';
  return {
    step: 'refuse',
    message: `${what} (there is no ca.key, so that these files are yours and are not changed); ${fix}, or remove tls.crt, tls.key and ca.crt so that new ones are created`,
  };
}

function usablePair({ cert, key, ca }: Files, context: PlanContext): Usable | undefined {
  if (cert === undefined || key === undefined || ca === undefined) return undefined;
  const { problem, expiry } = inspectPair({ cert, key, ca }, context);
  return problem === undefined ? { cert, key, ca, expiry } : undefined;
}

/** Two thirds of its life are over. */
function isDue(leaf: Certificate, now: Date): boolean {
  const { notBefore, notAfter } = validity(leaf);
  return notAfter.getTime() - now.getTime() < (notAfter.getTime() - notBefore.getTime()) / 3;
}

function firstCertificate(pem: string | undefined): Certificate | undefined {
  return pem === undefined ? undefined : readCertificates(pem)?.[0];
}

/** The certificate in ca.crt that ca.key belongs to, otherwise the first one. */
function readAuthority(files: Files): FoundAuthority {
  const certs = files.ca === undefined ? [] : (readCertificates(files.ca) ?? []);
  const key = files.caKey === undefined ? undefined : readKey(files.caKey);
  const matching = key === undefined ? undefined : certs.find((cert) => cert.checkPrivateKey(key));
  return { cert: matching ?? certs[0], keyMatches: matching !== undefined };
}

function authorityFault(authority: FoundAuthority, now: Date, minLeft: number): string | undefined {
  if (authority.cert === undefined) return 'ca.crt is missing or has no certificate';
  if (!authority.keyMatches) return 'ca.key cannot be read or does not belong to ca.crt';
  if (!authority.cert.ca) return 'ca.crt cannot sign certificates (no CA:TRUE)';
  const { notBefore, notAfter } = validity(authority.cert);
  if (now.getTime() < notBefore.getTime()) return `ca.crt is not valid before ${notBefore.toISOString()}`;
  if (notAfter.getTime() - now.getTime() < minLeft) return `ca.crt expires on ${notAfter.toISOString()}`;
  return undefined;
}
