// `npm run site:picture`: docs/playground.png, taken of the built site in dist/site.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..');
const SITE = join(ROOT, 'dist/site');
const PICTURE = join(ROOT, 'docs/playground.png');
/** Nobody has this name, and nothing is asked of it: each answer is a file. */
const ORIGIN = 'http://site.invalid';
const VIEWPORT = { width: 1120, height: 980 };

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'light' });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const path = join(SITE, new URL(route.request().url()).pathname);
    if (existsSync(path)) await route.fulfill({ path });
    else await route.fulfill({ status: 404 });
  });
  await page.goto(`${ORIGIN}/playground.html`);
  await page.locator('#example').selectOption('azure-shoot');
  await page.locator('#diff .added').first().waitFor();
  await page.locator('.finding').first().waitFor();
  await page.screenshot({ path: PICTURE });
  process.stdout.write(`${PICTURE}: ${Math.round(statSync(PICTURE).size / 1024)} KiB\n`);
} finally {
  await browser.close();
}
