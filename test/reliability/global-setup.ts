import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { MAIN, ROOT } from '../e2e/process.ts';
import { tryRun } from '../manifests/command.ts';
import { buildClient } from './client.ts';
import { type Figure, REPORTS } from './figures.ts';

const PAGE = join(ROOT, 'docs/reliability.md');
const BEGIN = '<!-- figures: begin, written by `npm run test:reliability -- --mode write` -->';
const END = '<!-- figures: end -->';

/** Prints what all tests have recorded, and keeps it in reports/. */
export function setup(project: TestProject): () => void {
  if (!existsSync(MAIN)) throw new Error('there is no dist/main.js; run npm run build first');
  buildClient();
  rmSync(REPORTS, { recursive: true, force: true });
  const { form } = project.getProvidedContext();
  const begin = new Date();
  return () => {
    if (!existsSync(REPORTS)) return;
    const figures = readdirSync(REPORTS)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name): Figure => JSON.parse(readFileSync(join(REPORTS, name), 'utf8')));
    const report = [describeRun(form, begin), '', ...table(figures), ''].join('\n');
    writeFileSync(join(REPORTS, 'report.md'), report);
    process.stdout.write(`\n${report}\n`);
    if (form === 'write') {
      const page = readFileSync(PAGE, 'utf8');
      const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
      if (from < 0 || to < from) throw new Error(`${PAGE} has no place for the figures`);
      writeFileSync(PAGE, `${page.slice(0, from)}${BEGIN}\n\n${report}\n${page.slice(to)}`);
    }
  };
}

function describeRun(form: string, begin: Date): string {
  const minutes = Math.round((Date.now() - begin.getTime()) / 60_000);
  const [first] = cpus();
  const machine = `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const commit = tryRun('git', ['rev-parse', '--short', 'HEAD']).stdout.trim();
  const length = form === 'short' ? 'The short form' : 'The full form';
  return `${length} of ${begin.toISOString().slice(0, 10)}, ${minutes} minutes, commit ${commit || 'unknown'}, Node.js ${process.version}, ${machine}, loopback; servers, client, balancer and API server share the machine.`;
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
