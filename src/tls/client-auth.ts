import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { CertificateError, errorCode, messageOf } from '../errors.ts';
import { readCertificates } from './inspect.ts';
import type { CertificateLog } from './source.ts';
import { watchForChanges } from './watch.ts';

/** Whose calls are answered. */
export interface ClientPolicy {
  readonly required: boolean;
  /** Common names or DNS names, one of which a certificate must carry; none: any that the authorities signed. */
  readonly names: readonly string[];
}

/** What TLS knows of whoever is at the other end. */
export interface Peer {
  readonly authorized: boolean;
  /** Why not; OpenSSL's code, such as CERT_HAS_EXPIRED. */
  readonly authorizationError?: unknown;
  getPeerCertificate(): PeerCertificate | Record<string, never>;
}

/** Why a client may not call, for the client; undefined if it may. */
export function refuseClient(peer: Peer, policy: ClientPolicy): string | undefined {
  const certificate = peer.getPeerCertificate();
  if (Object.keys(certificate).length === 0) {
    return policy.required ? 'a client certificate is required (got none); send one' : undefined;
  }
  if (!peer.authorized) {
    return `the client certificate is not accepted (got ${String(peer.authorizationError)}); send one that the authorities of this server signed and that is valid`;
  }
  if (policy.names.length === 0 || policy.names.some((name) => namesOf(certificate).includes(name))) {
    return undefined;
  }
  return 'the client certificate is of nobody who may call here; send one with an allowed name';
}

/** Its common names and DNS names, literally. */
function namesOf({ subject, subjectaltname }: Partial<PeerCertificate>): string[] {
  const common: string | string[] | undefined = subject?.CN;
  return [common ?? [], dnsNames(subjectaltname ?? '')].flat();
}

/** A name with a comma or a quote in it is quoted as JSON: whoever splits at commas believes what stands inside. */
function dnsNames(text: string): string[] {
  const entries = text.matchAll(/(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/gy);
  return [...entries].flatMap(([, kind, value]) => (kind === 'DNS' && value !== undefined ? [value] : []));
}

/**
 * Authorities of clients in a file; `pem` has those that hold now. It is watched, and `onChange` is called with what
 * replaces them, just before they hold; what is no certificate is not taken.
 * @throws CertificateError when there is none to begin with
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
    // Not the file: a watch goes deaf when it is replaced.
    dir: dirname(file),
    ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
    look: async () => {
      try {
        const found = await readAuthorities(file);
        if (found !== current) {
          onChange(found);
          current = found;
          log.info({ file: basename(file) }, 'client authorities replaced');
        }
        reported = undefined;
      } catch (error) {
        const reason = messageOf(error);
        if (reason === reported) return;
        reported = reason;
        onFault();
        log.warn({ file: basename(file), reason }, 'client authorities not replaced');
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
      `cannot read the authorities of clients in ${file} (${code}); check --client-ca and who may read it`,
    );
  }
  const certificates = readCertificates(text) ?? [];
  if (certificates.length === 0 || certificates.some(({ ca }) => !ca)) {
    throw new CertificateError(
      `${file} must hold certificates of authorities, and nothing else, to check clients by; put their PEM there`,
    );
  }
  return certificates.map((each) => each.toString()).join('');
}
