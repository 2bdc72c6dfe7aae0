// `npm run site:picture`: docs/playground*.png, taken of the built site in dist/site.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..');
const SITE = join(ROOT, 'dist/site');
/** A host that does not exist and gets no request: each answer is a file. */
const ORIGIN = 'http://site.invalid';
const VIEWPORT = { width: 1100, height: 1200 };
/** Around what is shown, in CSS pixels. */
const MARGIN = 8;
const MAX_BYTES = 120 * 1024;

/** @type {readonly { name: string, example: string, finds: string, from: string, to: string }[]} */
const PICTURES = [
  { name: 'playground', example: 'shoot', finds: 'shoot/vpa-mode-needs-vpa', from: '.status', to: '.bench' },
  {
    name: 'playground-changes',
    example: 'azure-shoot',
    finds: 'shoot/provider-overlay',
    from: 'details',
    to: 'details',
  },
];

/** @param {import('playwright-core').Page} page @param {typeof PICTURES[number]} picture */
async function take(page, { name, example, finds, from, to }) {
  await page.goto(`${ORIGIN}/playground.html`);
  await page.locator('.finding').first().waitFor();
  await page.locator('#example').selectOption(example);
  await page.locator('.finding', { hasText: finds }).waitFor();
  const first = await page.locator(from).first().boundingBox();
  const last = await page.locator(to).first().boundingBox();
  if (first === null || last === null) throw new Error(`there is nothing to take ${name} of`);
  const y = first.y - MARGIN;
  const height = last.y + last.height + MARGIN - y;
  const path = join(ROOT, 'docs', `${name}.png`);
  await page.screenshot({ path, clip: { x: 0, y, width: VIEWPORT.width, height } });
  const { size } = statSync(path);
  if (size > MAX_BYTES) throw new Error(`${name} has ${size} bytes, which is more than ${MAX_BYTES}`);
  process.stdout.write(`${path}: ${Math.round(size / 1024)} KiB\n`);
}

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  // As root Chromium has no sandbox of its own.
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'light' });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const path = join(SITE, new URL(route.request().url()).pathname);
    if (existsSync(path)) await route.fulfill({ path });
    else await route.fulfill({ status: 404 });
  });
  for (const picture of PICTURES) await take(page, picture);
} finally {
  await browser.close();
}
