import { once } from 'node:events';
import { isIP } from 'node:net';
import tls from 'node:tls';
import { errorCode } from '../../errors.ts';

const TIMEOUT_MS = 3000;

export interface HandshakeOptions {
  readonly host: string;
  readonly port: number;
  /** The name that the certificate must have. */
  readonly serverName: string;
  /** PEM. Undefined: the certificate authorities that this machine trusts. */
  readonly ca: string | undefined;
}

/** The result of a handshake. `unreachable` does not mean that the API server cannot reach the address. */
export type Handshake =
  | { readonly state: 'ok'; readonly validTo: Date }
  | { readonly state: 'refused'; readonly code: string }
  | { readonly state: 'unreachable' };

/** Makes a TLS handshake as an API server does: with this server name and this caBundle. */
export async function makeHandshake({ host, port, serverName, ca }: HandshakeOptions): Promise<Handshake> {
  const socket = tls.connect({
    host,
    port,
    // TLS has no server name for an IP address.
    ...(isIP(serverName) === 0 && { servername: serverName }),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(serverName, certificate),
    ...(ca !== undefined && { ca }),
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { state: 'ok', validTo: new Date(socket.getPeerCertificate().valid_to) };
  } catch (error) {
    const code = errorCode(error) ?? '';
    return REACHED.test(code) ? { state: 'refused', code } : { state: 'unreachable' };
  } finally {
    socket.destroy();
  }
}

/** Error codes of OpenSSL's verification, and of Node.js for a wrong name. Other codes are of the network. */
const REACHED = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/;
