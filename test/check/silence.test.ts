import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readList } from '../../src/policy/json.ts';
import { createRoom, type Room, runCheck } from './command.ts';

let room: Room;
beforeEach(() => {
  room = createRoom();
});
afterEach(() => room.cleanUp());

/** A pool with lines of its own below `spec:`, of which the first is the fifth of the file. */
function poolWith(...lines: string[]): string {
  const spec = lines.map((line) => `  ${line}\n`).join('');
  return `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: a}\nspec:\n${spec}`;
}

const CIDR = 'calico/ippool-cidr';

async function check(text: string, args: readonly string[] = []) {
  const finished = await runCheck(['--output', 'json', ...args, '-'], { stdin: text });
  const report = JSON.parse(finished.stdout);
  const name = (each: { line: number; severity: string; rule: string }) =>
    `${each.line} ${each.severity} ${each.rule}`;
  return {
    code: finished.code,
    found: report.findings.map(name),
    suppressed: report.suppressed.map((each: { reason: string } & Parameters<typeof name>[0]) => [
      name(each),
      each.reason,
    ]),
    messages: report.findings.map(({ message }: { message: string }) => message),
  };
}

describe('a comment that ignores a finding', () => {
  it.each<{ name: string; lines: string[]; line: number }>([
    { name: 'at the end of its line', lines: [`cidr: x # calico-admission-ignore ${CIDR}: mine`], line: 5 },
    { name: 'above it', lines: [`# calico-admission-ignore ${CIDR}: mine`, 'cidr: x'], line: 6 },
    {
      name: 'above it, with others and an empty line between',
      lines: [`#calico-admission-ignore ${CIDR}:mine`, '# more', '', 'cidr: x'],
      line: 8,
    },
  ])('ignores it: $name', async ({ lines, line }) => {
    const text = poolWith(...lines, 'natOutgoing: true');
    expect(await check(text)).toMatchObject({
      code: 0,
      found: [],
      suppressed: [[`${line} error ${CIDR}`, 'mine']],
    });
    expect(await check(text.replaceAll('\n', '\r\n'))).toMatchObject({ found: [] });
    expect(await check(text, ['--no-inline-config'])).toMatchObject({
      code: 1,
      found: [`${line} error ${CIDR}`],
      suppressed: [],
    });
  });

  it('ignores nothing else', async () => {
    const text = poolWith(
      `cidr: x # calico-admission-ignore ${CIDR}: mine`,
      'ipipMode: other',
      'natOutgoing: true',
    );
    const two = `${text}---\n${poolWith('cidr: x', 'natOutgoing: true')}`;
    expect((await check(two)).found).toEqual(['6 error calico/ippool-mode', `13 error ${CIDR}`]);
  });

  it.each<{ name: string; comment: string; message: RegExp; left: boolean }>([
    {
      name: 'without a reason',
      comment: CIDR,
      message: /gives no reason to ignore calico\/ippool-cidr/,
      left: true,
    },
    { name: 'with an empty reason', comment: `${CIDR}: `, message: /gives no reason/, left: true },
    {
      name: 'without a rule',
      comment: '',
      message: /names no rule, and ignores nothing; write #/,
      left: true,
    },
    {
      name: 'of a rule that there is not',
      comment: 'calico/ippool-cidrs: mine',
      message:
        /a rule that does not exist, .*\(got "calico\/ippool-cidrs"\); did you mean calico\/ippool-cidr\?/,
      left: true,
    },
    {
      name: 'that ignores nothing',
      comment: 'calico/ippool-mode: mine',
      message: /calico\/ippool-mode has no finding in the line/,
      left: true,
    },
  ])('is a warning $name', async ({ comment, message }) => {
    const text = poolWith(`cidr: x # calico-admission-ignore ${comment}`, 'natOutgoing: true');
    const report = await check(text);
    expect(report.found).toEqual([`5 error ${CIDR}`, '5 warning ignore-comment']);
    expect(report.messages[1]).toMatch(message);
    expect((await check(text, ['--strict'])).found).toContain('5 error ignore-comment');
  });

  it('may be about what is only found with other files, or not found in an update', async () => {
    const alone = poolWith(
      '# calico-admission-ignore calico/ippool-overlap: one day',
      'cidr: 10.0.0.0/16',
      'natOutgoing: true',
    );
    expect((await check(alone)).found).toEqual([]);
    const useless = poolWith('cidr: 10.0.0.0/16', `natOutgoing: true # calico-admission-ignore ${CIDR}: x`);
    room.write({ 'old.yaml': useless });
    expect((await check(useless)).found).toEqual(['6 warning ignore-comment']);
    expect((await check(useless, ['--old', room.at('old.yaml')])).found).toEqual([]);
  });

  it('ignores findings across documents', async () => {
    const [one, two] = ['10.0.0.0/8', '10.1.0.0/16'].map((cidr) => `cidr: ${cidr}`);
    const second = poolWith(
      `${two} # calico-admission-ignore calico/ippool-overlap: moved soon`,
      'natOutgoing: true',
    );
    const report = await check(
      `${poolWith(one ?? '', 'natOutgoing: true')}---\n${second.replace('{name: a}', '{name: b}')}`,
    );
    expect(report).toMatchObject({
      found: [],
      suppressed: [['12 error calico/ippool-overlap', 'moved soon']],
    });
  });

  it('is none in files that hold nothing of ours', async () => {
    room.write({ 'a.yaml': '# calico-admission-ignore nothing\na: 1\n' });
    expect((await runCheck([room.path])).stdout).toBe('nothing about Calico in 1 document in 1 file\n');
  });

  it('keeps --fix from writing the line', async () => {
    const text = poolWith(
      'cidr: 10.0.0.0/16',
      'ipipMode: always # calico-admission-ignore calico/ippool-mode: kept',
      'vxlanMode: never',
    );
    room.write({ 'a.yaml': text });
    await runCheck(['--fix', room.path]);
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toBe(text.replace('never', 'Never'));
    await runCheck(['--fix', '--no-inline-config', room.path]);
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toContain('ipipMode: Always');
  });

  it('is counted, and is in SARIF', async () => {
    const stdin = poolWith(`cidr: x # calico-admission-ignore ${CIDR}: mine`, 'natOutgoing: true');
    expect((await runCheck(['-'], { stdin })).stdout).toBe(
      'no mistakes found (1 object evaluated, 1 document in 1 file, 1 finding ignored by comments)\n',
    );
    expect((await runCheck(['-o', 'github', '-'], { stdin })).stdout).toBe(
      '0 errors, 0 warnings in 1 document, 1 finding ignored by comments\n',
    );
    const sarif = JSON.parse((await runCheck(['-o', 'sarif', '-'], { stdin })).stdout);
    const [run] = readList(sarif, 'runs');
    expect(readList(run, 'results')).toMatchObject([
      { ruleId: CIDR, suppressions: [{ kind: 'inSource', justification: 'mine' }] },
    ]);
  });
});
