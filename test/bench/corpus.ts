import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceSection } from '../docs/section.ts';
import { findTool } from '../manifests/tools.ts';
import { type Corpus, writeCorpus } from './corpus/generate.ts';
import { type Cost, measureCommand, type Tool } from './corpus/measure.ts';
import { type CorpusReport, renderCorpus } from './corpus/page.ts';
import { median } from './measure.ts';
import type { RunOptions } from './setup.ts';

const FILES = 30_000;
const SEED = 1;

/** `check` of f834a04 takes four times as much CPU: an aim of this bench. */
const LEAST_RATIO = 4;
/** MiB. */
const MOST_MEMORY = 250;

/**
 * `npm run bench:corpus [-- --rounds N] [-- --files N] [-- --before DIR] [-- --write]`: what `check` takes of a large
 * directory, beside other tools in the same run. `--before` names a checkout of an older commit that has been built; it is
 * measured as well, and fails the run where `check` is not four times as fast, which is promised of all files only: with
 * `--files` it is told and fails nothing, and `--write` is refused. Linux alone says what a process has taken.
 */
export async function run({ root, args }: RunOptions): Promise<number> {
  const rounds = readCount(args, '--rounds') ?? 3;
  const files = readCount(args, '--files') ?? FILES;
  const before = readOption(args, '--before');
  if (files !== FILES && args.includes('--write')) {
    throw new Error(`docs/performance.md is about ${FILES} files; leave --files out`);
  }
  if (before !== undefined && !existsSync(join(before, 'dist/main.js'))) {
    throw new Error(`${before} has no dist/main.js; name a checkout, and run npm run build there`);
  }
  const room = mkdtempSync(join(tmpdir(), 'calico-admission-corpus-'));
  try {
    const corpus = writeCorpus(room, files, SEED);
    const tools = listTools(root, room, corpus, before);
    const costs = new Map<Tool, Cost[]>(tools.map((tool) => [tool, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const tool of round % 2 === 0 ? tools : tools.toReversed()) {
        costs.get(tool)?.push(await measureCommand(tool));
      }
    }
    const rows = Array.from(costs, ([{ name, input, summary }, list]) => ({
      name,
      input,
      cpu: median(list.map(({ cpu }) => cpu)),
      memory: Math.max(...list.map(({ memory }) => memory)),
      summary: summary(list[0]?.output ?? ''),
    }));
    const report: CorpusReport = { corpus, rounds, rows };
    process.stdout.write(renderCorpus(report));
    const page = join(root, 'docs/performance.md');
    if (args.includes('--write')) {
      writeFileSync(page, replaceSection(readFileSync(page, 'utf8'), 'corpus', renderCorpus(report)));
    }
    return countFailures(report, files === FILES);
  } finally {
    rmSync(room, { recursive: true });
  }
}

function listTools(root: string, room: string, corpus: Corpus, before: string | undefined): Tool[] {
  const check = (name: string, checkout: string, input: Tool['input']): Tool => ({
    name,
    input,
    command: process.execPath,
    args: [join(checkout, 'dist/main.js'), 'check', corpus[input]],
    summary: (output) => /\((.*)\)\s*$/.exec(output)?.[1] ?? output,
  });
  const schemas = writeSchemas(root, room);
  const conform = (input: Tool['input']): Tool => ({
    name: 'kubeconform with our schemas',
    input,
    command: findTool('kubeconform'),
    args: [
      '-summary',
      '-ignore-missing-schemas',
      '-schema-location',
      join(schemas, '{{.ResourceKind}}.json'),
      corpus[input],
    ],
    summary: (output) => /Summary: (.*)\s*$/.exec(output)?.[1] ?? output,
  });
  return [
    check(OURS, root, 'all'),
    ...(before === undefined ? [] : [check(`${BEFORE}${commitOf(before)}`, before, 'all')]),
    conform('all'),
    check(OURS, root, 'manifests'),
    conform('manifests'),
    {
      name: 'kube-score',
      input: 'manifests',
      command: findTool('kube-score'),
      args: ['score', '--output-format', 'ci', ...listFiles(corpus.manifests)],
      summary: (output) => `${output.split('\n').length - 1} lines of what it checked`,
    },
  ];
}

const OURS = 'calico-admission check';
const BEFORE = `${OURS} at `;

function commitOf(checkout: string): string {
  return execFileSync('git', ['-C', checkout, 'rev-parse', '--short=7', 'HEAD'], { encoding: 'utf8' }).trim();
}

function listFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Where kubeconform finds the schema of a kind: by its name in small letters. */
function writeSchemas(root: string, room: string): string {
  const schemas = mkdtempSync(join(room, 'schemas-'));
  for (const name of readdirSync(join(root, 'schemas'))) {
    const text = readFileSync(join(root, 'schemas', name));
    for (const each of [name, name.replaceAll('-', '')]) writeFileSync(join(schemas, each), text);
  }
  return schemas;
}

/** @param isWhole whether it is the corpus that the limits are about */
function countFailures({ rows }: CorpusReport, isWhole: boolean): number {
  const ours = rows.find(({ name }) => name === OURS);
  const before = rows.find(({ name }) => name.startsWith(BEFORE));
  if (ours === undefined) throw new Error('nothing was measured');
  const failures = [
    ...(ours.memory > MOST_MEMORY ? [`${ours.memory.toFixed(0)} MiB are more than ${MOST_MEMORY}`] : []),
    ...(before !== undefined && before.cpu < LEAST_RATIO * ours.cpu
      ? [`${(before.cpu / ours.cpu).toFixed(1)} times as fast as before, and not ${LEAST_RATIO} times`]
      : []),
  ];
  for (const failure of failures) process.stdout.write(`${isWhole ? 'FAILED' : 'Not counted'}: ${failure}\n`);
  return isWhole && failures.length > 0 ? 1 : 0;
}

function readCount(args: readonly string[], name: string): number | undefined {
  const text = readOption(args, name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${name} must be a whole number above 0`);
  return count;
}

function readOption(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
