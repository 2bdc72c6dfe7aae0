import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { CertificateError, errorCode, messageOf } from '../errors.ts';
import { readCertificates } from './inspect.ts';
import type { CertificateLog } from './source.ts';
import { watchForChanges } from './watch.ts';

/** Which clients may call. */
export interface ClientPolicy {
  readonly required: boolean;
  /**
   * Common names or DNS names, of which a certificate must have one. Empty: any certificate that the certificate
   * authorities signed.
   */
  readonly names: readonly string[];
}

/** The TLS connection of a client. */
export interface Peer {
  readonly authorized: boolean;
  /** Why the certificate was not accepted: an OpenSSL code, such as CERT_HAS_EXPIRED. */
  readonly authorizationError?: unknown;
  getPeerCertificate(): PeerCertificate | Record<string, never>;
}

/** Why a client may not call, as a message for the client. Undefined if it may. */
export function findClientProblem(peer: Peer, policy: ClientPolicy): string | undefined {
  const certificate = peer.getPeerCertificate();
  if (Object.keys(certificate).length === 0) {
    return policy.required ? 'a client certificate is required (got none); send one' : undefined;
  }
  if (!peer.authorized) {
    return `the client certificate is not accepted (got ${String(peer.authorizationError)}); send one that is valid and signed by a client certificate authority (CA) of this server`;
  }
  if (policy.names.length === 0 || policy.names.some((name) => namesOf(certificate).includes(name))) {
    return undefined;
  }
  return 'the client certificate has no allowed name; send one with an allowed name';
}

/** The common names and DNS names of a certificate. */
function namesOf({ subject, subjectaltname }: Partial<PeerCertificate>): string[] {
  const common: string | string[] | undefined = subject?.CN;
  return [common ?? [], dnsNames(subjectaltname ?? '')].flat();
}

/**
 * A name with a comma or a quote in it is quoted as JSON: a program that splits at commas would read a part of it as
 * a name.
 */
function dnsNames(text: string): string[] {
  const entries = text.matchAll(/(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/gy);
  return [...entries].flatMap(([, kind, value]) => (kind === 'DNS' && value !== undefined ? [value] : []));
}

/**
 * The certificate authorities of clients, from a file. `pem` has the present ones. The file is watched, and
 * `onChange` is called with new ones just before they are used. A file without valid certificates is not used.
 * @throws CertificateError when there is none at the start
 */
export async function openClientAuthorities(options: {
  readonly file: string;
  readonly log: CertificateLog;
  readonly onChange: (pem: string) => void;
  readonly onFault: () => void;
  readonly pollMs?: number;
}): Promise<{ pem(): string; close(): void }> {
  const { file, log, onChange, onFault } = options;
  let current = await readAuthorities(file);
  let reported: string | undefined;
  const watcher = watchForChanges({
    // The directory and not the file: a watch on a file ends when the file is replaced.
    dir: dirname(file),
    ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
    look: async () => {
      try {
        const found = await readAuthorities(file);
        if (found !== current) {
          onChange(found);
          current = found;
          log.info({ file: basename(file) }, 'client certificate authorities replaced');
        }
        reported = undefined;
      } catch (error) {
        const reason = messageOf(error);
        if (reason === reported) return;
        reported = reason;
        onFault();
        log.warn({ file: basename(file), reason }, 'client certificate authorities not replaced');
      }
    },
  });
  return { pem: () => current, close: () => watcher.close() };
}

async function readAuthorities(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    throw new CertificateError(
      `cannot read the client certificate authorities in ${file} (${code}); check --client-ca and the permissions of the file`,
    );
  }
  const certificates = readCertificates(text) ?? [];
  if (certificates.length === 0 || certificates.some(({ ca }) => !ca)) {
    throw new CertificateError(
      `${file} must have certificates of certificate authorities (CAs) to verify clients, and nothing else; put their PEM there`,
    );
  }
  return certificates.map((each) => each.toString()).join('');
}
