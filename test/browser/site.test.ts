import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { rules } from '../../src/index.ts';
import { listMutations } from '../../src/policy/registry.ts';
import { pageUrl } from '../../src/policy/rule-page.ts';
import { loadRegistry } from '../../src/registry.ts';
import { findBarriers } from './axe.ts';
import { type Browser, launch, type PageOptions } from './chromium.ts';
import { openPage, type SiteServer, serveSite } from './site-server.ts';

/** Most bytes of the playground without its worker, and of the worker, as a web server compresses them. */
const MAX_PAGE_BYTES = 250 * 1024;
const MAX_WORKER_BYTES = 400 * 1024;

const IDS = [...rules(), ...listMutations(loadRegistry())].map(({ id }) => id);

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

describe.each(inject('sites'))('the site at $base', (site) => {
  const { base, folder, repository } = site;
  let server: SiteServer;
  let crawled: Awaited<ReturnType<typeof crawl>>;
  beforeAll(async () => {
    server = await serveSite(site);
    crawled = await crawl(server.url);
  });
  afterAll(() => server?.close());

  it('has no internal link that leads nowhere', () => {
    const { pages, missing } = crawled;
    expect(missing).toEqual([]);
    expect(pages.size).toBeGreaterThan(IDS.length + 15);
  });

  it('has a page of each rule and mutation, which the list names', () => {
    const { pages } = crawled;
    const list = pages.get(`${server.url}rules/`)?.text ?? '';
    for (const id of IDS) {
      // Where `docsUrl` leads.
      const page = pageUrl(server.url, id);
      expect(pages.get(page)?.text, id).toMatch(new RegExp(`<h1[^>]*>${id}</h1>`));
      expect(list).toContain(`href="${pageUrl(base, id)}">${id}</a>`);
    }
  });

  it('names the repository only where it is known', () => {
    const { pages } = crawled;
    const texts = [...pages.values()].map(({ text }) => text).join('\n');
    const links = [...texts.matchAll(/(?:href|src|action)="(https?:[^"]+)"/g)].map(([, link = '']) => link);
    const unknown = links.filter((link) => !isWritten(link) && !link.startsWith(`${repository}/`));
    expect(unknown.filter((link) => link !== repository)).toEqual([]);
    expect(texts.includes('OWNER/calico-admission')).toBe(repository === undefined);
    expect(texts.includes('somebody/something@v')).toBe(repository !== undefined);
    expect(links.includes(`${repository}/blob/HEAD/schemas/config.json`)).toBe(repository !== undefined);
  });

  it('is small', () => {
    const sizeOf = (name: string) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
    const parts = ['playground.html', 'icon.svg', 'assets/site.css', 'assets/playground.js'];
    expect(parts.reduce((sum, name) => sum + sizeOf(name), 0)).toBeLessThanOrEqual(MAX_PAGE_BYTES);
    expect(sizeOf('assets/worker.js')).toBeLessThanOrEqual(MAX_WORKER_BYTES);
  });

  it('lets no page compile anything, or connect to anything', () => {
    const { pages } = crawled;
    for (const [url, { text }] of pages) {
      const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? '';
      expect(policy, url).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
      expect(policy, url).toContain("; connect-src 'none'; form-action 'self'; base-uri 'none'");
      expect(policy.replace("style-src-attr 'unsafe-inline'", ''), url).not.toContain('unsafe');
      expect(policy.includes('unsafe'), url).toBe(url.endsWith('/playground.html'));
    }
  });

  const views: readonly { readonly view: string; readonly options: PageOptions }[] = [
    { view: 'light', options: { colorScheme: 'light' } },
    { view: 'dark', options: { colorScheme: 'dark' } },
    { view: 'narrow', options: { viewport: { width: 360, height: 740 } } },
  ];
  it.each(
    [
      '',
      'rules/',
      'rules/shoot/azure-backend.html',
      'guides/',
      'guides/operations.html',
      'guides/performance.html',
      'search.html?q=ebpf',
      '404.html',
    ].flatMap((path) => views.map((each) => ({ path, ...each }))),
  )('shows /$path to all users, $view', async ({ path, view, options }) => {
    const { page, wrong } = await openPage(browser, server.url + path, options);
    expect(await findBarriers(page)).toEqual([]);
    if (view === 'narrow') {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    }
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('says what this is in one screen', async () => {
    const { page } = await openPage(browser, server.url, { viewport: { width: 1280, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(800);
    await page.close();
  });

  it('finds a rule by words of its message, and a section of a guide', async () => {
    const { page, wrong } = await openPage(browser, server.url);
    await page.locator('header input[name="q"]').fill('unsupported backend');
    await page.locator('header input[name="q"]').press('Enter');
    await expect.poll(() => page.locator('#results a').allTextContents()).toContain('shoot/backend');
    await page.locator('main input[name="q"]').fill('break-glass');
    await expect.poll(() => page.locator('#results a').first().textContent()).toBe('Break-glass');
    await page.locator('#results a').first().click();
    await expect.poll(() => page.url()).toBe(`${server.url}guides/operations.html#break-glass`);
    await page.goto(`${server.url}search.html?q=zzzz`);
    await expect.poll(() => page.locator('#count').textContent()).toMatch(/^Nothing was found/);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('narrows the list of rules down, and keeps that in the address', async () => {
    const { page } = await openPage(browser, `${server.url}rules/`);
    const shown = () => page.locator('section.rules li:not([hidden]) a').allTextContents();
    expect(new Set(await shown())).toEqual(new Set(IDS));
    await page.locator('#filter').fill('kube-proxy eBPF');
    await page.locator('#action').selectOption('deny');
    const wanted = [
      'shoot/kube-proxy-off-needs-ebpf',
      'kops/ebpf-needs-kube-proxy-off',
      'kubeadm/ebpf-with-kube-proxy',
    ];
    await expect.poll(shown).toEqual(wanted);
    const status = await page.locator('#count').textContent();
    expect(status).toBe(`3 of ${IDS.length} shown`);
    const { page: other } = await openPage(browser, page.url());
    expect(await other.locator('section.rules li:not([hidden]) a').allTextContents()).toEqual(wanted);
    await other.close();
    await page.close();
  });
});

/** Addresses that stand in our documents, of other projects and in examples. */
const WRITTEN = ['.', 'docs', 'docs/rules', 'manifests', 'test/samples']
  .flatMap((folder) => readMarkdown(new URL(`../../${folder}/`, import.meta.url)))
  .join('\n');

function readMarkdown(folder: URL): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return names.map((name) => readFileSync(new URL(name, folder), 'utf8'));
}

function isWritten(link: string): boolean {
  return WRITTEN.includes(link.replaceAll('&amp;', '&'));
}

interface Crawled {
  readonly text: string;
  readonly anchors: ReadonlySet<string>;
}

/** All that can be reached from the start page; `missing` is what is linked to and not there. */
async function crawl(start: string) {
  const pages = new Map<string, Crawled>();
  const seen = new Set<string>([start]);
  const open = [start];
  const links: { readonly from: string; readonly to: string }[] = [];
  const missing: string[] = [];
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    const response = await fetch(url);
    if (!response.ok) missing.push(url);
    if (!response.headers.get('content-type')?.startsWith('text/html')) continue;
    const text = await response.text();
    const anchors = new Set(Array.from(text.matchAll(/\sid="([^"]+)"/g), ([, id = '']) => id));
    pages.set(url, { text, anchors });
    for (const [, link = ''] of text.matchAll(/\s(?:href|src|action)="([^"]*)"/g)) {
      const to = new URL(link.replaceAll('&amp;', '&'), url);
      if (to.origin !== new URL(start).origin) continue;
      links.push({ from: url, to: to.href });
      to.hash = '';
      if (seen.has(to.href)) continue;
      seen.add(to.href);
      open.push(to.href);
    }
  }
  for (const { from, to } of links) {
    const [page = '', anchor] = to.split('#', 2);
    const isThere = anchor === undefined || pages.get(page)?.anchors.has(decodeURIComponent(anchor));
    if (!isThere) missing.push(`${from} -> ${to}`);
  }
  return { pages, missing };
}
