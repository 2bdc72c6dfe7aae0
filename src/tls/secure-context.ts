import { constants } from 'node:crypto';
import type { SecureContextOptions, TlsOptions } from 'node:tls';

/** What secureContextOptions gives: the TLS half of https.createServer's options. */
export type ServingTlsOptions = SecureContextOptions &
  Pick<TlsOptions, 'ALPNProtocols' | 'handshakeTimeout' | 'requestCert' | 'rejectUnauthorized'>;

// Forward secrecy and authenticated encryption only; the TLS 1.3 names first.
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * All TLS options of the server for a certificate (PEM, may be a chain) and its key, and for asking clients for
 * certificates of the authorities in `clientCa`, if there are any. Use it both for
 * https.createServer and for every setSecureContext: each call replaces all options, and those left out would
 * fall back to Node's defaults.
 */
export function secureContextOptions(
  pair: { cert: string; key: string },
  clientCa?: string,
): ServingTlsOptions {
  return {
    cert: pair.cert,
    key: pair.key,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    // kube-apiserver offers webhooks nothing else, and HTTP/2 would only add its own ways to fail.
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: 5_000,
    ...(clientCa !== undefined && {
      ca: clientCa,
      requestCert: true,
      // The request is refused and not the handshake: so the client is told why, and probes need no certificate.
      rejectUnauthorized: false,
      // A session that is resumed is not checked anew: not against new authorities, and not for having expired.
      secureOptions: constants.SSL_OP_NO_TICKET,
    }),
  };
}
