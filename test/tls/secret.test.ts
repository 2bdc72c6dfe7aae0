import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderSecret } from '../../src/tls/secret.ts';
import { issueBoth } from './fixtures.ts';

describe('renderSecret', () => {
  it('holds the pair and the authority’s certificate, and never its key', async () => {
    const { authority, serving } = await issueBoth();
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
