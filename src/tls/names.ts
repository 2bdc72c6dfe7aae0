import { isIP } from 'node:net';
import { CertificateError } from '../errors.ts';

/** The Service of the server and its namespace, as in the manifests. */
export const DEFAULT_SERVICE = 'calico-admission-webhook';
export const DEFAULT_NAMESPACE = 'calico-admission';

/** A subject alternative name that no certificate may have. The message quotes it. */
export class SanError extends CertificateError {
  override readonly name = 'SanError';
}

/**
 * The default names of a certificate: those of this machine, and all names of the Service in a cluster.
 * kube-apiserver uses `<service>.<namespace>.svc`; Gardener's url mode uses `<service>.<namespace>`.
 */
export function defaultSans(target: { service?: string; namespace?: string } = {}): string[] {
  const service = target.service ?? DEFAULT_SERVICE;
  const namespace = target.namespace ?? DEFAULT_NAMESPACE;
  return [
    'localhost',
    '127.0.0.1',
    '::1',
    service,
    `${service}.${namespace}`,
    `${service}.${namespace}.svc`,
    `${service}.${namespace}.svc.cluster.local`,
  ];
}

/**
 * The names in lower case, each once, in their order.
 * @throws SanError for a name that is neither an IP address nor a DNS name (a leading `*.` is allowed)
 */
export function checkedSans(sans: readonly string[]): string[] {
  if (sans.length === 0) {
    throw new SanError('a certificate needs at least one name (got none); give a host name or an IP address');
  }
  for (const san of sans) {
    const fault = faultOf(san);
    if (fault !== undefined) {
      throw new SanError(
        `this cannot be a name in a certificate: ${fault} (got ${quoted(san)}); give a host name or an IP address alone, such as webhook.example.org or 10.0.0.7`,
      );
    }
  }
  return [...new Set(sans.map((san) => san.toLowerCase()))];
}

function faultOf(san: string): string | undefined {
  if (san === '') return 'it is empty';
  if (san.length > 253) return 'it is longer than 253 characters';
  // A zone (fe80::1%eth0) is local to one machine and is not part of the ASN.1 form of an address.
  if (isIP(san) !== 0) return san.includes('%') ? 'an IP address in a certificate has no zone' : undefined;
  if (/\s/.test(san)) return 'it has a space in it';
  // selfsigned and openssl.cnf both read a comma as the start of another field.
  if (san.includes(',')) return 'it has a comma in it; give each name separately';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII, control characters fail below
  if (!/^[\x00-\x7f]*$/.test(san)) return 'it is not ASCII; write it in punycode (xn--…)';
  if (/[:/]/.test(san)) return 'it has a scheme, a port or a path';
  const name = san.startsWith('*.') ? san.slice(2) : san;
  if (name.includes('*')) return 'an asterisk may only be the whole first label';
  if (san.startsWith('*.') && isIP(name) !== 0) return 'an IP address cannot have an asterisk';
  if (/^[\d.]+$/.test(name)) return 'it looks like an IP address, but is not one';
  // The underscore is not allowed in a host name, but the verifiers of Go and OpenSSL accept it, and Services had it.
  const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;
  if (!name.split('.').every((part) => label.test(part))) {
    return 'each part between dots has 1 to 63 letters, digits and inner hyphens';
  }
  return undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
