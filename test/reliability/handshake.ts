import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';

export interface Shown {
  readonly leaf: X509Certificate;
  /** Why the authorities do not vouch for it; undefined if they do. */
  readonly problem: string | undefined;
}

/** Shakes hands as kube-apiserver does, but to the end. @throws only if there is no answer, or no certificate */
export function shakeHands(port: number, serverName: string, ca: string): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      servername: serverName,
      ca,
      rejectUnauthorized: false,
    });
    socket.setTimeout(5000, () => socket.destroy(new Error('no handshake within 5 s')));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const leaf = new X509Certificate(socket.getPeerCertificate().raw);
      const reason: unknown = socket.authorizationError;
      resolve({ leaf, problem: socket.authorized ? undefined : String(reason) });
      socket.destroy();
    });
  });
}
