import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { formatPath, parsePointer } from '../../src/policy/field-path.ts';
import { createRoom, type JsonFinding, type JsonReport, type Room, runCheck } from '../check/command.ts';
import { decodePatch } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';

// Inputs that once got a wrong answer. test/cases/README.md says what a case holds.
interface FileCase {
  readonly file: string;
  readonly args?: readonly string[];
  readonly expect: 'error' | 'warning' | 'note' | 'none' | 'finding' | 'unchanged file';
  readonly findings?: readonly string[];
  readonly says?: readonly string[];
  readonly silent?: readonly string[];
  readonly diff?: readonly string[];
  readonly after?: string;
  readonly why: string;
}

interface ReviewCase {
  readonly review: string;
  readonly file: string;
  readonly expect: 'allowed' | 'warning' | 'denied' | `HTTP ${number}`;
  /** Paths of the patch's operations; none where the list is empty. */
  readonly patch?: readonly string[];
  readonly says?: readonly string[];
  readonly silent?: readonly string[];
  readonly why: string;
}

const FOUND = new URL('./found/', import.meta.url).pathname;
const AREAS = readdirSync(FOUND).filter((name) => name.endsWith('.json'));

function readCases(area: string): readonly (FileCase | ReviewCase)[] {
  return JSON.parse(readFileSync(join(FOUND, area), 'utf8'));
}

function isReview(each: FileCase | ReviewCase): each is ReviewCase {
  return 'review' in each;
}

function nameOf(each: FileCase | ReviewCase): string {
  return isReview(each) ? `${each.file} to ${each.review}` : [...(each.args ?? []), each.file].join(' ');
}

function worstOf(findings: readonly JsonFinding[]): string {
  const severities = findings.map(({ severity }) => severity);
  return ['error', 'warning', 'note'].find((each) => severities.includes(each)) ?? 'none';
}

function expectWords(text: string, { says = [], silent = [] }: FileCase | ReviewCase): void {
  for (const words of says) expect(text).toContain(words);
  for (const words of silent) expect(text).not.toContain(words);
}

/** The lines that a diff takes away or adds. */
function changedLines(diff: string): string[] {
  return diff.split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line));
}

function copyOf(folder: string): Room {
  const room = createRoom();
  cpSync(join(FOUND, folder), room.at('.'), { recursive: true });
  return room;
}

describe.each(AREAS)('found: %s', (area) => {
  const cases = readCases(area);
  const folder = area.replace(/\.json$/, '');
  let shared: Room;
  beforeAll(() => {
    shared = copyOf(folder);
  });
  afterAll(() => shared.cleanUp());

  const files = cases.flatMap((each) => (isReview(each) ? [] : [[nameOf(each), each] as const]));
  it.each(files)('%s', async (_name, each) => {
    const room = each.args?.includes('--fix') ? copyOf(folder) : shared;
    onTestFinished(() => {
      if (room !== shared) room.cleanUp();
    });
    const given = [...(each.args ?? []), each.file];
    const args = given.map((arg) => (existsSync(room.at(arg)) ? room.at(arg) : arg));
    const before = each.expect === 'unchanged file' ? readFileSync(room.at(each.file), 'utf8') : '';
    const text = await runCheck(args);
    expectWords(text.stdout + text.stderr, each);
    if (each.after !== undefined) {
      expect(readFileSync(room.at(each.file), 'utf8')).toBe(readFileSync(room.at(each.after), 'utf8'));
    }
    if (each.diff !== undefined) expect(changedLines(text.stdout)).toEqual(each.diff);
    if (each.expect === 'unchanged file') {
      expect(readFileSync(room.at(each.file), 'utf8')).toBe(before);
      if (args.includes('--diff')) expect(text.stdout).toBe('');
      return;
    }
    const evaluated = args.filter((arg) => arg !== '--diff' && arg !== '--fix');
    const report: JsonReport = JSON.parse((await runCheck([...evaluated, '--output', 'json'])).stdout);
    const worst = worstOf(report.findings);
    if (each.expect === 'finding') expect(['error', 'warning'], text.stdout).toContain(worst);
    else expect(worst, text.stdout).toBe(each.expect);
    if (each.findings === undefined) return;
    const found = report.findings.map(
      ({ line, column, severity, path, rule }) => `${line}:${column} ${severity} ${path} [${rule}]`,
    );
    expect(found).toEqual(each.findings);
  });

  const reviews = cases.filter(isReview).map((each) => [nameOf(each), each] as const);
  describe.runIf(reviews.length > 0)('reviews', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.close());

    it.each(reviews)('%s', async (_name, each) => {
      const body = readFileSync(shared.at(each.file));
      const reply = await send(server, { path: each.review, body });
      expectWords(reply.text, each);
      if (each.expect.startsWith('HTTP ')) {
        expect(`HTTP ${reply.status}`).toBe(each.expect);
        return;
      }
      expect(reply.status).toBe(200);
      const answer: AdmissionReview = JSON.parse(reply.text);
      const { allowed, warnings } = answer.response;
      const verdict = !allowed ? 'denied' : warnings === undefined ? 'allowed' : 'warning';
      expect(verdict, reply.text).toBe(each.expect);
      if (each.patch === undefined) return;
      expect(decodePatch(answer).map(({ path }) => formatPath(parsePointer(path)))).toEqual(each.patch);
    });
  });
});
