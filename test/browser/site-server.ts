import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { BuiltSite } from './build-site.ts';
import type { Browser, Page, PageOptions } from './chromium.ts';

export interface SiteServer {
  /** Address of the site's start page. */
  readonly url: string;
  /** Paths that were asked for, in their order. */
  readonly asked: readonly string[];
  close(): void;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

export interface ServeOptions {
  /** Headers of a response, by the path below the base. */
  headers?(path: string): Readonly<Record<string, string>>;
  /** Paths below the base that are not there. */
  readonly missing?: readonly string[];
}

/** Serves files below the base and nothing else, as any static host does. */
export async function serveSite(
  { base, folder }: BuiltSite,
  { headers = () => ({}), missing = [] }: ServeOptions = {},
): Promise<SiteServer> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const { pathname } = new URL(url, 'http://localhost');
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : undefined;
    const file = path === undefined || missing.includes(path) ? undefined : findFile(folder, path);
    if (path === undefined || file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...headers(path) }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function findFile(folder: string, path: string): string | undefined {
  const file = join(folder, decodeURIComponent(path));
  if (!existsSync(file)) return undefined;
  if (!statSync(file).isDirectory()) return file;
  return path === '' || path.endsWith('/') ? findFile(folder, `${path}index.html`) : undefined;
}

/** A page of the site, and what must never happen there. */
export interface Watched {
  readonly page: Page;
  /** Errors of the console and of scripts, and requests to other hosts. */
  readonly wrong: readonly string[];
}

export async function openPage(browser: Browser, url: string, options?: PageOptions): Promise<Watched> {
  const page = await browser.newPage(options);
  const wrong: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:')) {
      wrong.push(`request: ${request.url()}`);
    }
  });
  await page.goto(url);
  return { page, wrong };
}
