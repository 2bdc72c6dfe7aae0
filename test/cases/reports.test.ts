import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoom, type JsonReport, type Room, runCheck } from '../check/command.ts';

// Mistakes that people reported in public. test/cases/README.md says what a case holds.
interface Case {
  readonly id: string;
  readonly file: string;
  /** The state before, for `--old`. */
  readonly old?: string;
  readonly expect: 'error' | 'warning' | 'none';
  /** Every rule with a finding; empty where no finding is allowed. */
  readonly rules: readonly string[];
  readonly about: string;
  readonly link: string;
}

const REPORTS = new URL('./reports/', import.meta.url).pathname;
const CASES: readonly Case[] = JSON.parse(readFileSync(join(REPORTS, 'index.json'), 'utf8'));

describe('mistakes that were reported', () => {
  let room: Room;
  beforeAll(() => {
    room = createRoom();
    cpSync(REPORTS, room.at('.'), { recursive: true });
  });
  afterAll(() => room.cleanUp());

  it.each(CASES.map((each) => [`${each.id}: ${each.about}`, each] as const))('%s', async (_name, each) => {
    const before = each.old === undefined ? [] : ['--old', room.at(each.old)];
    const { stdout } = await runCheck([...before, '--output', 'json', room.at(each.file)]);
    const report: JsonReport = JSON.parse(stdout);
    const reported = report.findings.filter(({ severity }) => severity !== 'note');
    const worst = ['error', 'warning'].find((each) => reported.some(({ severity }) => severity === each)) ?? 'none';
    expect(worst, stdout).toBe(each.expect);
    expect([...new Set(reported.map(({ rule }) => rule))].toSorted()).toEqual(each.rules);
  });

  it('has a case for every file', () => {
    const named = CASES.flatMap(({ file, old }) => [file, ...(old === undefined ? [] : [old])]);
    const files = readdirSync(REPORTS).filter((name) => name.endsWith('.yaml'));
    expect(named.toSorted()).toEqual(files.toSorted());
  });
});
