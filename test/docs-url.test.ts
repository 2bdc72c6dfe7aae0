import { describe, expect, it } from 'vitest';
import { decide } from '../src/admission/decide.ts';
import { createReviewReader } from '../src/admission/read.ts';
import { loadPolicySettings } from '../src/config.ts';
import { UserError } from '../src/errors.ts';
import { DEFAULT_SETTINGS } from '../src/policy/settings.ts';
import { loadRegistry } from '../src/registry.ts';
import { createRoom, runCheck, shootWith } from './check/command.ts';
import { toReview } from './support/review.ts';

const SITE = 'https://example.org/calico/';
const BACKEND = `${SITE}rules/shoot/backend.html`;

function readDocsUrl(docsUrl: string | number): string | undefined {
  const readFile = () => JSON.stringify({ docsUrl });
  return loadPolicySettings({ flags: { config: 'config.json' }, env: {}, readFile }).docsUrl;
}

describe('docsUrl of the configuration file', () => {
  it.each([
    { text: SITE, url: SITE },
    { text: 'https://example.org/calico', url: SITE },
    { text: 'http://10.0.0.1:8080', url: 'http://10.0.0.1:8080/' },
    { text: 'https://example.org/a b', url: 'https://example.org/a%20b/' },
  ])('accepts $text', ({ text, url }) => expect(readDocsUrl(text)).toBe(url));

  it.each([
    'example.org/calico',
    'javascript:alert(1)',
    'file:///docs/',
    'https://example.org/?q=',
    'https://example.org/#x',
    'https://user@example.org/',
    `https://example.org/${'x'.repeat(200)}`,
    '',
    7,
  ])('rejects %s', (text) => {
    expect(() => readDocsUrl(text)).toThrow(UserError);
    expect(() => readDocsUrl(text)).toThrow(/docsUrl/);
  });
});

describe('a review', () => {
  const registry = loadRegistry();
  const readReview = createReviewReader(registry);
  const shoot = (providerConfig: object) => ({
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: { name: 'dev', namespace: 'garden-dev' },
    spec: {
      provider: { type: 'local', workers: [{ name: 'w' }] },
      networking: { type: 'calico', providerConfig },
    },
  });
  const respond = (providerConfig: object, docsUrl: string | undefined) => {
    const review = readReview(
      Buffer.from(JSON.stringify(toReview({ operation: 'CREATE', object: shoot(providerConfig) }))),
    );
    const settings = { ...DEFAULT_SETTINGS, docsUrl };
    return decide(review, { purpose: 'validate' }, { registry, settings, checkpoint: () => {} }).answer
      .response;
  };
  const typed = {
    apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1',
    kind: 'NetworkConfig',
  };

  it('ends each cause with the link to its rule', () => {
    const without = respond({ ...typed, backend: 'calico' }, undefined);
    const linked = respond({ ...typed, backend: 'calico' }, SITE);
    const [cause] = linked.status?.details.causes ?? [];
    expect(cause?.message).toBe(`${without.status?.details.causes[0]?.message} ${BACKEND}`);
    expect(cause?.message).toMatch(/; .* \[shoot\/backend\] https:/);
    expect(linked.status?.message).toContain(BACKEND);
    expect(JSON.stringify(without)).not.toContain('http');
  });

  it('ends a warning with it where there is room', () => {
    const config = { ...typed, vethMTU: '576' };
    const [warning = ''] = respond(config, undefined).warnings ?? [];
    const link = (site: string) => `${warning} ${site}rules/shoot/unusual-mtu.html`;
    const siteOf = (length: number) => `https://${'x'.repeat(length - link('https:///').length)}/`;
    expect(warning).toMatch(/ \[shoot\/unusual-mtu\]$/);
    expect(link(siteOf(200))).toHaveLength(200);
    expect(respond(config, siteOf(200)).warnings).toEqual([link(siteOf(200))]);
    // Nothing of the message is given up for it.
    expect(respond(config, siteOf(201)).warnings).toEqual([warning]);
  });
});

describe('check', () => {
  const check = async (config: string, files: Record<string, string>, ...args: string[]) => {
    const room = createRoom();
    room.write({ 'config.yaml': config, ...files });
    const paths = Object.keys(files).map(room.at);
    const finished = await runCheck(['--config', room.at('config.yaml'), ...args, ...paths]);
    room.cleanUp();
    return finished.stdout.replaceAll(room.path, '');
  };
  const ONE = { 'a.yaml': shootWith('backend: calico') };
  const TWO = { 'a.yaml': shootWith('backend: calico\nvethMTU: "x"') };
  const CONFIG = `docsUrl: ${SITE}`;

  it.each([
    { name: 'of one rule its page', files: ONE, line: `explained at ${BACKEND}` },
    { name: 'of several rules the site', files: TWO, line: `the rules are explained at ${SITE}` },
  ])('ends with a line: $name', async ({ files, line }) => {
    const plain = await check('{}', files);
    expect(await check(CONFIG, files)).toBe(`${plain}${line}\n`);
    expect(plain).not.toContain('http');
  });

  it('prints nothing more for a clean file, or for one that cannot be read', async () => {
    for (const text of [shootWith('backend: vxlan'), 'kind: Shoot\n  calico: {']) {
      expect(await check(CONFIG, { 'a.yaml': text })).not.toContain('explained at');
    }
  });

  it('gives it to code scanning, of rules that have a page', async () => {
    const files = { 'a.yaml': `${shootWith('backend: calico')}---\nkind: Shoot\n  calico: {` };
    const rulesOf = async (config: string): Promise<{ id: string; helpUri?: string }[]> =>
      JSON.parse(await check(config, files, '--output', 'sarif')).runs[0].tool.driver.rules;
    expect((await rulesOf(CONFIG)).map(({ id, helpUri }) => [id, helpUri])).toEqual([
      ['shoot/backend', BACKEND],
      ['syntax', undefined],
    ]);
    expect(JSON.stringify(await rulesOf('{}'))).not.toContain('helpUri');
  });
});
