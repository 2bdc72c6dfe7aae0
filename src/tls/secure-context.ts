import { constants } from 'node:crypto';
import type { SecureContextOptions, TlsOptions } from 'node:tls';

/** The TLS part of the options of https.createServer. */
export type ServingTlsOptions = SecureContextOptions &
  Pick<TlsOptions, 'ALPNProtocols' | 'handshakeTimeout' | 'requestCert' | 'rejectUnauthorized'>;

// Only ciphers with forward secrecy and authenticated encryption; the TLS 1.3 names first.
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
 * All TLS options of the server for a certificate (PEM, may be a chain) and its key. Where `clientCa` is set, clients
 * are asked for certificates of these certificate authorities. Use it both for https.createServer and for every
 * setSecureContext: each call replaces all options, and missing options get the defaults of Node.js.
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
    // kube-apiserver offers webhooks only HTTP/1.1, and HTTP/2 would add its own failures.
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: 5_000,
    ...(clientCa !== undefined && {
      ca: clientCa,
      requestCert: true,
      // The request is rejected and not the handshake, so that the client gets the reason, and probes need no
      // certificate.
      rejectUnauthorized: false,
      // A resumed session is not verified again: neither against new certificate authorities, nor for its expiry.
      secureOptions: constants.SSL_OP_NO_TICKET,
    }),
  };
}
