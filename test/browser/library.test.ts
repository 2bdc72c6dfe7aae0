import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, review, rules } from '../../src/index.ts';
import { type Browser, launch } from './chromium.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
/**
 * Most bytes of the library, minified and compressed as a web server does: 232 KiB with 171 rules, 281 with 305. What
 * grows is their texts.
 */
const MAX_BYTES = 300 * 1024;

const TEN_MISTAKES = readFileSync(new URL('../check/golden/ten-mistakes.yaml', import.meta.url), 'utf8');
const AZURE = readFileSync(new URL('../samples/12-azure-bird.json', import.meta.url), 'utf8');

const PAGE = "import * as library from '/library.js'; globalThis.library = library;";
const WORKER = `import { check } from '/library.js';
  onmessage = ({ data }) => postMessage(check([{ name: 'a.yaml', text: data }]));`;
/** ajv compiles schemas; the page itself compiles nothing. */
const EVAL = "script-src 'self' 'unsafe-eval'; worker-src 'self'";
const NO_EVAL = "script-src 'self'; worker-src 'self'";

describe('the library in Chromium', () => {
  let library = '';
  let server: Server;
  let origin = '';
  const asked = new Set<string>();
  let browser: Browser;

  beforeAll(async () => {
    const build: { bundleLibrary(root: string, options: { minify: boolean }): Promise<string> } =
      await import(join(ROOT, 'esbuild.library.js'));
    library = await build.bundleLibrary(ROOT, { minify: true });
    server = createServer(({ url = '/' }, response) => {
      const { pathname, search } = new URL(url, 'http://localhost');
      asked.add(pathname);
      const bodies: Readonly<Record<string, string>> = {
        '/': '<!doctype html><title>test</title><script type="module" src="/page.js"></script>',
        '/page.js': PAGE,
        '/library.js': library,
        '/worker.js': WORKER,
      };
      const body = bodies[pathname];
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': pathname === '/' ? 'text/html' : 'text/javascript',
        'content-security-policy': pathname === '/worker.js' || search === '?eval' ? EVAL : NO_EVAL,
      });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launch();
  });
  afterAll(async () => {
    // It imports nothing.
    expect([...asked].filter((path) => path !== '/favicon.ico').sort()).toEqual([
      '/',
      '/library.js',
      '/page.js',
      '/worker.js',
    ]);
    await browser?.close();
    server?.close();
  });

  it('is small', () => {
    expect(gzipSync(library, { level: 9 }).length).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('evaluates in a page as it does here', async () => {
    const page = await browser.newPage();
    await page.goto(`${origin}/?eval`);
    const found = await page.evaluate(
      ({ text, azure }: { text: string; azure: string }) => {
        const { check, review, rules, createWorkspace } = Object(globalThis).library;
        const workspace = createWorkspace();
        workspace.set({ name: 'a.yaml', text });
        return JSON.stringify({
          checked: check([{ name: 'a.yaml', text: new TextEncoder().encode(text) }]),
          changes: workspace.changes().length,
          answer: review(azure, { path: '/mutate' }),
          rules: rules().length,
        });
      },
      { text: TEN_MISTAKES, azure: AZURE },
    );
    const wanted = {
      checked: check([{ name: 'a.yaml', text: TEN_MISTAKES }]),
      changes: 1,
      answer: review(AZURE, { path: '/mutate' }),
      rules: rules().length,
    };
    expect(JSON.parse(String(found))).toEqual(JSON.parse(JSON.stringify(wanted)));
    expect(wanted.answer.response.patch).toMatch(/./);
    expect(wanted.checked.findings.length).toBeGreaterThan(9);
    await page.close();
  });

  it('evaluates in a worker, beside a page that may compile nothing', async () => {
    const page = await browser.newPage();
    await page.goto(origin);
    const found = await page.evaluate(
      (text: string) =>
        new Promise<string>((resolve, reject) => {
          const worker = new (Object(globalThis).Worker)('/worker.js', { type: 'module' });
          worker.onmessage = ({ data }: { data: unknown }) => resolve(JSON.stringify(data));
          worker.onerror = ({ message }: { message: string }) => reject(new Error(message));
          worker.postMessage(text);
        }),
      TEN_MISTAKES,
    );
    const wanted = check([{ name: 'a.yaml', text: TEN_MISTAKES }]);
    expect(JSON.parse(String(found))).toEqual(JSON.parse(JSON.stringify(wanted)));
    await page.close();
  });
});
