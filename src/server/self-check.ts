import { once } from 'node:events';
import tls from 'node:tls';
import { toError } from '../errors.ts';
import { readCertificates } from '../tls/inspect.ts';
import type { Served } from '../tls/source.ts';
import { loopbackOf } from './own-connections.ts';

const TIMEOUT_MS = 5_000;

/**
 * Makes a handshake with the own server as kube-apiserver does: with a name of its certificate, verified with the
 * certificate authorities that API servers have.
 * @returns what is wrong, or undefined
 */
export async function checkHandshake(options: {
  /** The address that the server listens on. */
  readonly host: string;
  readonly port: number;
  readonly served: Served;
}): Promise<string | undefined> {
  const { cert, ca } = options.served;
  const leaf = readCertificates(cert)?.[0];
  const servername = dnsName(leaf?.subjectAltName ?? '');
  const socket = tls.connect({
    host: loopbackOf(options.host),
    port: options.port,
    ALPNProtocols: ['http/1.1'],
    // Checked below, with its reason.
    rejectUnauthorized: false,
    ...(ca !== undefined && { ca }),
    ...(servername === undefined ? { checkServerIdentity: () => undefined } : { servername }),
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const seen = socket.getPeerX509Certificate();
    if (seen === undefined || leaf === undefined || !seen.raw.equals(leaf.raw)) {
      return 'the server does not present the expected certificate';
    }
    // OpenSSL needs a root. A bundle of intermediates alone, which Go accepts, has been checked before.
    const hasRoot = ca !== undefined && readCertificates(ca)?.some((each) => each.checkIssued(each)) === true;
    if (!hasRoot || socket.authorized) return undefined;
    return `the server's certificate is not accepted (got ${String(socket.authorizationError)})`;
  } catch (error) {
    return `no handshake with this server (got ${toError(error).message})`;
  } finally {
    socket.destroy();
  }
}

/** The first name that a client could use. */
function dnsName(subjectAltName: string): string | undefined {
  return /(?:^|, )DNS:([\w.*-]+)/.exec(subjectAltName)?.[1]?.replace(/^\*/, 'any');
}
