import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { check, review } from '../../src/index.ts';
import { shootWith } from '../check/command.ts';
import { findBarriers } from './axe.ts';
import { type Browser, launch, type Page, type PageOptions } from './chromium.ts';
import { openPage, type SiteServer, serveSite, type Watched } from './site-server.ts';

const EXAMPLES = new URL('../../src/site/examples/', import.meta.url);

const KUBE_PROXY_OFF = `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata: {name: crazy-botany, namespace: garden-dev}
spec:
  provider: {type: aws, workers: [{name: small}]}
  kubernetes:
    kubeProxy:
      enabled: false
    verticalPodAutoscaler:
      enabled: false
  networking:
    type: calico
    nodes: 10.250.0.0/16
    providerConfig:
      apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
      kind: NetworkConfig
      overlay: {enabled: false}
`;
const AZURE_BIRD = KUBE_PROXY_OFF.replace('type: aws', 'type: azure').replace(
  'overlay: {enabled: false}',
  'backend: bird',
);

let browser: Browser;
let server: SiteServer;
const [, site = inject('sites')[0]] = inject('sites');
if (site === undefined) throw new Error('the site was not built');

beforeAll(async () => {
  browser = await launch();
  server = await serveSite(site);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function open(hash = '', options?: PageOptions): Promise<Watched> {
  const opened = await openPage(browser, `${server.url}playground.html${hash}`, options);
  await expect.poll(() => statusOf(opened.page)).toMatch(/ in \d+ objects?$/);
  return opened;
}

function statusOf(page: Page): Promise<string | null> {
  return page.locator('#status').textContent();
}

/** As a user who selects all and pastes. */
async function paste(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** Rules and lines of what stands beside the text. */
async function listFindings(page: Page): Promise<string[]> {
  const lines = await page.locator('.finding .head button').allTextContents();
  const names = await page.locator('.finding .rule').allTextContents();
  return lines.map((line, index) => `${line}: ${names[index]}`);
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

/** The lines that are there, without what scrolled away. */
async function readEditor(page: Page): Promise<string> {
  return (await page.locator('.cm-line').allTextContents()).join('\n');
}

describe('the playground', () => {
  it('finds that kube-proxy is off without eBPF, and no more once eBPF is on', async () => {
    const { page, wrong } = await open();
    await paste(page, KUBE_PROXY_OFF);
    const line = lineOf(KUBE_PROXY_OFF, 'enabled: false');
    await expect.poll(() => listFindings(page)).toEqual([`Line ${line}: shoot/kube-proxy-off-needs-ebpf`]);
    expect(await statusOf(page)).toMatch(/^1 error, 0 warnings/);
    await paste(page, `${KUBE_PROXY_OFF}      ebpfDataplane: {enabled: true}\n`);
    await expect
      .poll(() => listFindings(page))
      .not.toContain(`Line ${line}: shoot/kube-proxy-off-needs-ebpf`);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('finds that the scaling mode vpa needs the VPA', async () => {
    const { page, wrong } = await open();
    const text = KUBE_PROXY_OFF.replace(/ {4}kubeProxy:\n.*\n/, '').concat(
      '      autoScaling: {mode: vpa}\n',
    );
    await paste(page, text);
    await expect
      .poll(() => listFindings(page))
      .toEqual([`Line ${lineOf(text, 'mode: vpa')}: shoot/vpa-mode-needs-vpa`]);
    await paste(page, text.replace('Autoscaler:\n      enabled: false', 'Autoscaler:\n      enabled: true'));
    await expect.poll(() => statusOf(page)).toMatch(/^0 errors, 0 warnings/);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('shows what /mutate writes on Azure, and both answers', async () => {
    const { page, wrong } = await open();
    await paste(page, AZURE_BIRD);
    const changed = () => page.locator('#diff .added, #diff .removed').allTextContents();
    await expect.poll(changed).toEqual(['-      backend: bird\n', '+      backend: none\n']);
    await page.locator('summary >> nth=1').click();
    const [mutate = '', validate = ''] = await page.locator('#answers pre').allTextContents();
    const { response } = JSON.parse(mutate);
    expect(JSON.parse(Buffer.from(response.patch, 'base64').toString())).toEqual([
      { op: 'replace', path: '/spec/networking/providerConfig/backend', value: 'none' },
    ]);
    // What /mutate has corrected is found by /validate no more.
    expect(JSON.parse(validate).response.auditAnnotations).toEqual({
      'rules-fired': 'shoot/kube-proxy-off-needs-ebpf',
    });
    expect(await page.locator('#answers h2').textContent()).toMatch(
      /^Shoot garden-dev\/crazy-botany .* denied/,
    );
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('answers as the server does', async () => {
    const { page } = await open();
    await paste(page, KUBE_PROXY_OFF);
    await expect.poll(() => statusOf(page)).toMatch(/^1 error, 0 warnings/);
    const [, validate = ''] = await page.locator('#answers pre').allTextContents();
    const { response } = JSON.parse(validate);
    const sample = readFileSync(new URL('../samples/01-kube-proxy-off.json', import.meta.url), 'utf8');
    const wanted = review(sample).response.status?.details.causes;
    expect(response.status.details.causes).toEqual(wanted);
    await page.close();
  });

  it('takes the path of mutations for what does not name its provider', async () => {
    const { page } = await open();
    const network = `apiVersion: extensions.gardener.cloud/v1alpha1
kind: Network
metadata: {name: calico-network, namespace: shoot--dev--north}
spec:
  type: calico
  podCIDR: 100.96.0.0/11
  serviceCIDR: 100.64.0.0/13
  providerConfig:
    apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
    kind: NetworkConfig
    backend: bird
`;
    await paste(page, network);
    await page.locator('summary >> nth=2').click();
    await page.locator('#mutate-path').selectOption('/mutate/azure');
    await expect.poll(() => page.locator('#diff .added').allTextContents()).toEqual(['+    backend: none\n']);
    await page.close();
  });

  it('puts each finding beside its line', async () => {
    const { page } = await open();
    const card = await page.locator('.finding').first().boundingBox();
    const text = readFileSync(new URL('shoot.yaml', EXAMPLES), 'utf8');
    const line = await page.locator(`.cm-line >> nth=${lineOf(text, 'enabled: false') - 1}`).boundingBox();
    expect(Math.abs((card?.y ?? 0) - (line?.y ?? 1e6))).toBeLessThan(4);
    expect(card?.x).toBeGreaterThan(line?.x ?? 1e6);
    await page.close();
  });

  it('corrects by a click, and all at once', async () => {
    const { page, wrong } = await open();
    const text = `${shootWith('backend: Bird')}---\n${shootWith('backend: None').replace('local', 'azure')}`;
    await paste(page, text);
    await expect.poll(() => statusOf(page)).toMatch(/ in 2 objects$/);
    await page.locator('.finding > button').first().click();
    await expect.poll(() => readEditor(page)).toContain('backend: bird');
    await page.locator('#actions button').first().click();
    await expect.poll(() => readEditor(page)).not.toMatch(/backend: (?:Bird|None)/);
    await expect.poll(() => page.locator('#actions button').first().isDisabled()).toBe(true);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('switches rules and versions', async () => {
    const { page, wrong } = await open();
    await paste(page, KUBE_PROXY_OFF);
    await expect.poll(() => statusOf(page)).toMatch(/^1 error, 0 warnings/);
    await page.locator('summary >> nth=2').click();
    await page.locator('input[name="version-networkingCalico"]').fill('1.58');
    await expect.poll(() => page.locator('.finding .advice').textContent()).toContain('ebpfDataplane');
    await page.locator('#rules select').first().selectOption('warn');
    await expect.poll(() => statusOf(page)).toMatch(/^0 errors, 1 warning/);
    await page.locator('input[name="version-networkingCalico"]').fill('new');
    await expect.poll(() => page.locator('#trouble').textContent()).toMatch(/networkingCalico/);
    expect(await statusOf(page)).toBe('Not evaluated');
    await page.locator('#rule-reset button').click();
    await expect.poll(() => statusOf(page)).toMatch(/^1 error, 0 warnings/);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('makes a link that brings text and rules back, and that no server sees', async () => {
    const { page } = await open();
    const text = `${KUBE_PROXY_OFF}# 𝄞 ünïcode\n`;
    await paste(page, text);
    await page.locator('summary >> nth=2').click();
    await expect.poll(() => page.locator('#rules select').count()).toBe(1);
    await page.locator('#rules select').first().selectOption('warn');
    await page.locator('#actions button >> nth=1').click();
    await expect.poll(() => page.locator('#link').inputValue()).toMatch(/playground\.html#1\.[\w-]+$/);
    const link = await page.locator('#link').inputValue();
    const { page: other, wrong } = await open(new URL(link).hash);
    await expect.poll(() => statusOf(other)).toMatch(/^0 errors, 1 warning/);
    expect(await readEditor(other)).toBe(text);
    expect(server.asked.filter((path) => path.includes('#') || path.includes('?'))).toEqual([]);
    expect(wrong).toEqual([]);
    await other.close();
    await page.close();
  });

  it.each([
    { name: 'cut off', hash: '#1.q1YqSa0oUbJSys7' },
    { name: 'no base64', hash: '#1.%%%' },
    { name: 'without a text', hash: '#1.q1ZKVLIyrAUA' },
    { name: 'of a form to come', hash: '#2.q1ZKVLIyrAUA' },
  ])('says that a link cannot be read: $name', async ({ hash }) => {
    const { page, wrong } = await openPage(browser, `${server.url}playground.html${hash}`);
    await expect.poll(() => page.locator('#trouble').textContent()).toMatch(/^The link cannot be read/);
    await expect.poll(() => statusOf(page)).toMatch(/ in 1 object$/);
    // Once the example has been evaluated it is still there.
    expect(await page.locator('#trouble').textContent()).toMatch(/^The link cannot be read/);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('sends nothing, and may neither compile nor connect', async () => {
    const { page } = await open();
    const before = server.asked.length;
    await paste(page, AZURE_BIRD);
    await expect.poll(() => page.locator('#diff .added').count()).toBe(1);
    expect(server.asked.slice(before)).toEqual([]);
    const tried = await page.evaluate(async () => {
      // What the test itself runs may compile, until it waits for the first time.
      await new Promise((resolve) => setTimeout(resolve));
      const compiled = (() => {
        try {
          return Function('return "compiled"')();
        } catch {
          return 'refused';
        }
      })();
      return [compiled, await fetch('worker.js').then(String, () => 'refused')].join();
    });
    expect(tried).toBe('refused,refused');
    const [worker] = page.workers();
    expect(
      await worker?.evaluate(
        '[fetch, WorkerGlobalScope.prototype.fetch, XMLHttpRequest, WebSocket].map(String).join()',
      ),
    ).toBe('undefined,undefined,undefined,undefined');
    await page.close();
  });

  const views: readonly { readonly view: string; readonly options: PageOptions }[] = [
    { view: 'light', options: { colorScheme: 'light' } },
    { view: 'dark', options: { colorScheme: 'dark' } },
    { view: 'narrow', options: { viewport: { width: 360, height: 740 } } },
  ];
  it.each(views)('can be used by all users, $view', async ({ view, options }) => {
    const { page, wrong } = await open('', options);
    for (const nth of [1, 2]) await page.locator(`summary >> nth=${nth}`).click();
    expect(await findBarriers(page)).toEqual([]);
    if (view === 'narrow') {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    }
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('can be used by keyboard alone', async () => {
    const { page } = await open();
    await page.locator('#actions button >> nth=1').focus();
    const focused = () =>
      page.evaluate(`(() => {
        const at = document.activeElement;
        return at.id || at.getAttribute('aria-label') || at.textContent;
      })()`);
    const seen: unknown[] = [];
    for (let presses = 0; presses < 4; presses += 1) {
      await page.keyboard.press('Tab');
      seen.push(await focused());
    }
    // Tab leaves the editor as it leaves anything else.
    expect(seen).toEqual(['Manifest and findings', 'editor', 'Line 14', expect.stringContaining('shoot/')]);
    await page.locator('.finding .head button').first().press('Enter');
    expect(await focused()).toBe('editor');
    await page.keyboard.insertText('# ');
    expect(await readEditor(page)).toContain('enabled: # false');
    await page.close();
  });

  it.each(readdirSync(EXAMPLES))('shows of the example %s what check finds', async (file) => {
    const { page, wrong } = await open();
    const text = readFileSync(new URL(file, EXAMPLES), 'utf8');
    await page.locator('#example').selectOption(file.replace(/\.yaml$/, ''));
    const { findings } = check([{ name: 'a', text }]);
    const wanted = findings
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .map(({ line, rule }) => `Line ${line}: ${rule}`);
    expect(wanted.length).toBeGreaterThan(0);
    await expect.poll(() => listFindings(page)).toEqual(wanted);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it.each([
    { name: 'nothing', text: '', status: '0 errors, 0 warnings in 0 objects' },
    { name: 'no YAML', text: 'a: [', status: /^1 error, 0 warnings in 0 objects$/ },
    {
      name: 'half a Shoot',
      text: 'apiVersion: core.gardener.cloud/v1beta1\nkind: Shoot\nspec: {',
      status: /^1 error/,
    },
    { name: 'markup', text: shootWith('backend: "<img src=x onerror=alert(1)>"'), status: /^1 error/ },
    {
      name: 'what is large',
      text: `${KUBE_PROXY_OFF}# ${'x'.repeat(200)}\n`.repeat(40),
      status: /objects?$/,
    },
    {
      name: 'what is too deep for a review',
      text: `${KUBE_PROXY_OFF}      a: ${'['.repeat(245)}1${']'.repeat(245)}\n`,
      status: /^2 errors/,
    },
    { name: 'a template', text: `{{ if .x }}\n${KUBE_PROXY_OFF}{{ end }}\n`, status: /objects?$/ },
  ])('accepts $name', async ({ text, status }) => {
    const { page, wrong } = await open();
    await paste(page, text === '' ? ' ' : text);
    await expect.poll(() => statusOf(page)).toMatch(status);
    expect(await page.locator('.finding img').count()).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('works where the server has a Content-Security-Policy for the worker', async () => {
    const policy = "default-src 'none'; script-src 'unsafe-eval'";
    const headers = (path: string): Readonly<Record<string, string>> =>
      path === 'assets/worker.js' ? { 'content-security-policy': policy } : {};
    const strict = await serveSite(site, { headers });
    const { page, wrong } = await openPage(browser, `${strict.url}playground.html`);
    await expect.poll(() => statusOf(page)).toMatch(/ in 1 object$/);
    expect(wrong).toEqual([]);
    await page.close();
    strict.close();
  });

  it('shows an error where the worker cannot be loaded', async () => {
    const broken = await serveSite(site, { missing: ['assets/worker.js'] });
    const { page } = await openPage(browser, `${broken.url}playground.html`);
    await expect.poll(() => page.locator('#trouble').textContent()).toMatch(/the worker cannot be loaded/);
    expect(await statusOf(page)).toBe('Not evaluated');
    await page.close();
    broken.close();
  });
});
