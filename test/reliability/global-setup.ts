import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { MAIN, ROOT } from '../e2e/process.ts';
import { buildClient } from './client.ts';
import { type Figure, REPORTS, type Recorded } from './figures.ts';

const PAGE = join(ROOT, 'docs/reliability.md');
const BEGIN = '<!-- figures: begin, written by `npm run test:reliability -- --mode write` -->';
const END = '<!-- figures: end -->';

/** Keeps what the tests have recorded in reports/, and prints it as a whole after the full form. */
export function setup(project: TestProject): () => void {
  if (!existsSync(MAIN)) throw new Error('there is no dist/main.js; run npm run build first');
  buildClient();
  const { form } = project.getProvidedContext();
  const begin = new Date();
  return () => {
    const all = readFigures();
    const own = all.filter(({ at }) => at >= begin.toISOString());
    const minutes = Math.round((Date.now() - begin.getTime()) / 60_000);
    const report = [
      `The ${form === 'short' ? 'short' : 'full'} form, ${minutes} minutes.`,
      '',
      ...table(own),
      '',
    ].join('\n');
    mkdirSync(REPORTS, { recursive: true });
    writeFileSync(join(REPORTS, 'report.md'), report);
    // In CI what failed stands last, and each figure has been printed when it was made.
    if (form !== 'short') process.stdout.write(`\n${report}\n`);
    if (form === 'write') writePage(all.filter((each) => each.form === 'full'));
  };
}

function readFigures(): Recorded[] {
  const names = existsSync(REPORTS) ? readdirSync(REPORTS).filter((name) => name.endsWith('.json')) : [];
  return names.sort().map((name): Recorded => JSON.parse(readFileSync(join(REPORTS, name), 'utf8')));
}

function writePage(figures: readonly Recorded[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for the figures`);
  const [first] = cpus();
  const machine = `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version}`;
  const days = [...new Set(figures.map(({ at }) => at.slice(0, 10)))].join(', ');
  const commits = [...new Set(figures.map(({ commit }) => commit))].join(', ');
  const text = [
    `The full form of ${days}, commit ${commits}, on ${machine}; servers, client, balancer and API server share the machine.`,
    '',
    ...table(figures),
  ].join('\n');
  writeFileSync(PAGE, `${page.slice(0, from)}${BEGIN}\n\n${text}\n\n${page.slice(to)}`);
}

function table(figures: readonly Figure[]): string[] {
  return [
    '| promise | load | measured | elsewhere | test |',
    '|---|---|---|---|---|',
    ...figures.map(
      ({ promise, load, measured, elsewhere, test }) =>
        `| ${promise} | ${load} | ${measured} | ${elsewhere} | \`npm run test:reliability ${test}\` |`,
    ),
  ];
}
