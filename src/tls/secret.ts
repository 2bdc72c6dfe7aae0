import { stringify } from 'yaml';

/**
 * The manifest (YAML text) of a Secret of type kubernetes.io/tls with tls.crt, tls.key and ca.crt. It does not
 * contain the key of the certificate authority: with it, a reader of the Secret could sign certificates.
 */
export function renderSecret(options: {
  name: string;
  namespace: string;
  pair: { cert: string; key: string };
  authority: { cert: string };
}): string {
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: options.name, namespace: options.namespace },
    type: 'kubernetes.io/tls',
    data: {
      'tls.crt': base64(options.pair.cert),
      'tls.key': base64(options.pair.key),
      'ca.crt': base64(options.authority.cert),
    },
  };
  // lineWidth 0: a base64 value on several lines is valid, but hard to search and to compare.
  return stringify(manifest, { lineWidth: 0 });
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
