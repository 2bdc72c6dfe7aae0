import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createWorkspace } from '../../src/check/workspace.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { loadRegistry } from '../../src/registry.ts';
import { replaceSection } from '../docs/section.ts';
import { startClient } from '../editor/protocol.ts';
import { writeCorpus } from './corpus/generate.ts';
import { median } from './measure.ts';
import type { RunOptions } from './setup.ts';

const FILES = 30_000;
const SEED = 1;
const OBJECTS = 300;
const LINES = 500;
const EDITS = 60;
/** Of both, until V8 has compiled what is used often. */
const WARM = 30;

/** MiB that are resident at most, while the folder is read and behind it. */
const MOST_MEMORY = 250;
/** An edit is answered in so many times what it takes to evaluate the file alone. */
const MOST_RATIO = 10;

/**
 * `npm run bench:lsp [-- --write]`: what the language server takes of a large folder, and how long the answer to an edit
 * takes, beside what `check` takes to evaluate that file alone in the same run. Fails beyond the limits. Linux alone says
 * what a process has taken.
 */
export async function run({ root, args }: RunOptions): Promise<number> {
  const room = mkdtempSync(join(tmpdir(), 'calico-admission-lsp-'));
  try {
    const { all } = writeCorpus(room, FILES, SEED);
    const folder = await measureFolder(root, all);
    const edit = await measureEdits(root, join(room, 'bundle'));
    const ratio = edit.answer / edit.alone;
    const text = render({ ...folder, ...edit });
    process.stdout.write(text);
    const page = join(root, 'docs/performance.md');
    if (args.includes('--write')) {
      writeFileSync(page, replaceSection(readFileSync(page, 'utf8'), 'lsp', text));
    }
    const failures = [
      ...(folder.memory > MOST_MEMORY
        ? [`${folder.memory.toFixed(0)} MiB are more than ${MOST_MEMORY}`]
        : []),
      ...(ratio > MOST_RATIO
        ? [`an edit takes ${ratio.toFixed(1)} times, and not at most ${MOST_RATIO}`]
        : []),
    ];
    for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
    return failures.length === 0 ? 0 : 1;
  } finally {
    rmSync(room, { recursive: true });
  }
}

interface Waiting {
  readonly method: string;
  matches(params: unknown): boolean;
  done(): void;
}

async function openFolder(root: string, folder: string) {
  let waiting: Waiting | undefined;
  const client = startClient([process.execPath, join(root, 'dist/main.js'), 'lsp'], {
    onNotification: (method, params) => {
      if (waiting?.method === method && waiting.matches(params)) waiting.done();
    },
    answer: () => null,
  });
  const next = (method: string, matches: Waiting['matches']) =>
    new Promise<void>((done) => {
      waiting = { method, matches, done };
    });
  const isRead = next('window/logMessage', (params) => / read in /.test(Object(params).message));
  const began = performance.now();
  const rootUri = pathToFileURL(folder).href;
  await client.request('initialize', { processId: process.pid, rootUri, capabilities: {} });
  client.notify('initialized', {});
  await isRead;
  return { client, next, seconds: (performance.now() - began) / 1000 };
}

async function measureFolder(root: string, folder: string) {
  const { client, seconds } = await openFolder(root, folder);
  const { pid = 0 } = client.process;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const memory = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  await client.close();
  return { seconds, memory };
}

async function measureEdits(root: string, folder: string) {
  mkdirSync(folder);
  for (let index = 0; index < OBJECTS; index += 1) {
    writeFileSync(join(folder, `${index}.yaml`), index % 2 === 0 ? pool(index) : policy(`p${index}`));
  }
  const file = join(folder, 'edited.yaml');
  const textOf = (version: number) => `${pool(999)}  ipipMode: x${version}\n---\n${longPolicy()}`;
  const { client, next } = await openFolder(root, folder);
  const uri = pathToFileURL(file).href;
  const isAnswered = (version: number) =>
    next('textDocument/publishDiagnostics', (params) => Object(params).version === version);
  const opened = isAnswered(1);
  client.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text: textOf(1) },
  });
  await opened;
  const answers: number[] = [];
  for (let version = 2; version < WARM + EDITS + 2; version += 1) {
    const answered = isAnswered(version);
    const began = performance.now();
    client.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text: textOf(version) }],
    });
    await answered;
    answers.push(performance.now() - began);
  }
  await client.close();
  return { answer: median(answers.slice(WARM)), alone: evaluateAlone(textOf) };
}

/** Milliseconds, the median. */
function evaluateAlone(textOf: (version: number) => string): number {
  const registry = loadRegistry();
  const times: number[] = [];
  for (let version = 0; version < WARM + EDITS; version += 1) {
    const text = textOf(version);
    const began = performance.now();
    const workspace = createWorkspace({ registry, settings: DEFAULT_SETTINGS, each: false, strict: false });
    workspace.put({ name: 'edited.yaml', isNamed: true, read: () => text });
    const { summary } = workspace.report();
    times.push(performance.now() - began);
    if (summary.errors === 0) throw new Error('the file has lost its mistake');
  }
  return median(times.slice(WARM));
}

function pool(index: number): string {
  const cidr = `10.${index % 250}.${Math.floor(index / 250)}.0/24`;
  return `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: pool-${index}\nspec:\n  cidr: ${cidr}\n  natOutgoing: true\n`;
}

function policy(name: string, rules = 1): string {
  const rule = `  - action: Allow
    protocol: TCP
    source:
      selector: app == 'web' && tier in {'a', 'b'}
    destination:
      ports: [443, 8443]
`;
  const head = `apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: web\nspec:\n  selector: all()\n  ingress:\n`;
  return head + rule.repeat(rules);
}

/** As many lines as make the file LINES long. */
function longPolicy(): string {
  const around = pool(0).split('\n').length + 1 + policy('edited', 0).split('\n').length;
  return policy('edited', Math.floor((LINES - around) / 6));
}

interface Measured {
  /** Until the folder is read. */
  readonly seconds: number;
  /** MiB. */
  readonly memory: number;
  /** Milliseconds. */
  readonly answer: number;
  readonly alone: number;
}

function render({ seconds, memory, answer, alone }: Measured): string {
  return `## In an editor

Made by \`npm run build && npm run bench:lsp -- --write\`, all in one run, over stdio as an editor does it. The folder is that of the files above. The file that is edited has ${LINES} lines, beside ${OBJECTS} objects in ${OBJECTS} files; the answer is what is underlined, the wait for the next key included.

| what | measured | limit |
|---|---|---|
| a folder of ${FILES.toLocaleString('en')} files is read, in the background | ${seconds.toFixed(1)} s, ${memory.toFixed(0)} MiB at most | ${MOST_MEMORY} MiB |
| an edit is answered | ${answer.toFixed(1)} ms, ${(answer / alone).toFixed(1)} times what \`check\` takes to evaluate the file alone (${alone.toFixed(1)} ms) | ${MOST_RATIO} times |
`;
}
