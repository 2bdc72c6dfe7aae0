import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderSecret } from '../../src/tls/secret.ts';

describe('renderSecret', () => {
  it('holds the pair and the authority’s certificate, and never its key', () => {
    const pem = (text: string) => `-----BEGIN ${text}-----\n${'A'.repeat(600)}\n-----END ${text}-----\n`;
    const serving = { cert: pem('CERTIFICATE'), key: pem('PRIVATE KEY') };
    const authority = { cert: pem('CERTIFICATE'), key: pem('SECRET') };
    const yaml = renderSecret({
      name: 'calico-admission-tls',
      namespace: 'garden',
      pair: serving,
      authority,
    });
    const decode = (text: string) => Buffer.from(text, 'base64').toString('utf8');
    const manifest = parse(yaml);
    expect(manifest).toMatchObject({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'calico-admission-tls', namespace: 'garden' },
      type: 'kubernetes.io/tls',
    });
    expect(Object.keys(manifest.data)).toEqual(['tls.crt', 'tls.key', 'ca.crt']);
    expect(decode(manifest.data['tls.crt'])).toBe(serving.cert);
    expect(decode(manifest.data['tls.key'])).toBe(serving.key);
    expect(decode(manifest.data['ca.crt'])).toBe(authority.cert);
    expect(yaml).not.toContain(Buffer.from(authority.key).toString('base64'));
    // Each value on a line of its own: kubectl, grep and diff want it so.
    expect(yaml.trimEnd().split('\n')).toHaveLength(10);
  });
});
