import { readFileSync } from 'node:fs';
import type { Page } from './chromium.ts';

const AXE = new URL('node_modules/axe-core/axe.min.js', import.meta.url);

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

/** What axe finds in a page, one line for each place. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(`${readFileSync(AXE, 'utf8')}; undefined`);
  const found = await page.evaluate('axe.run().then(({ violations }) => JSON.stringify(violations))');
  const violations: readonly Violation[] = JSON.parse(String(found));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
