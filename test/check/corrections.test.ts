import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixText } from '../../src/check/fix.ts';
import { formatPath } from '../../src/policy/field-path.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { registry } from '../support/registry.ts';
import { createRoom, type Room, runCheck, shootWith } from './command.ts';

const options = { registry, settings: DEFAULT_SETTINGS };
const CONFIG = 'spec.networking.providerConfig.';

function pool(spec: string): string {
  return `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: a\nspec:\n  cidr: 10.0.0.0/16\n  natOutgoing: true\n${spec}`;
}

describe('a correction that the rules would deny', () => {
  it.each<{ name: string; text: string; refused: string[] }>([
    {
      name: 'leaves an error of the same place: a word that needs something else',
      text: shootWith('autoScaling: {mode: VPA}').replace('enabled: true', 'enabled: false'),
      refused: [`document 1: ${CONFIG}autoScaling.mode: not corrected, the result would be rejected, `],
    },
    {
      name: 'leaves an error of the same place: a name with a wrong value',
      text: shootWith('Backend: birdy'),
      refused: [
        `document 1: ${CONFIG}Backend: not corrected, the result would be rejected, unsupported backend`,
      ],
    },
    {
      name: 'leaves an error below the same place',
      text: shootWith('backend: none\nIpam: {type: dhcp}'),
      refused: [`document 1: ${CONFIG}Ipam: not corrected, the result would be rejected, `],
    },
  ])('$name', async ({ text, refused }) => {
    const fixed = fixText(text, options);
    expect(fixed.text).toBe(text);
    expect(fixed.corrections).toEqual([]);
    expect(fixed.refused).toHaveLength(refused.length);
    for (const [index, each] of refused.entries()) expect(fixed.refused[index]).toContain(each);
  });

  it('brings a new one: of two words that exclude each other only one is corrected', async () => {
    const text = pool('  ipipMode: always\n  vxlanMode: always\n');
    const fixed = fixText(text, options);
    expect(fixed.text).toBe(text.replace('ipipMode: always', 'ipipMode: Always'));
    expect(fixed.corrections.map(({ path }) => formatPath(path))).toEqual(['spec.ipipMode']);
    expect(fixed.refused).toHaveLength(1);
    expect(fixed.refused[0]).toMatch(
      /^document 1: spec\.vxlanMode: not corrected, the result would be rejected, /,
    );
  });
});

describe('each correction is reported', () => {
  let room: Room;
  beforeEach(() => {
    room = createRoom();
  });
  afterEach(() => room.cleanUp());

  const text = `a: 1\n---\n${shootWith('vethMtu: 1440 # jumbo').replace('type: local', 'type: azure')}`;

  it('with both of its lines, and what stood there', async () => {
    const { corrections, refused } = fixText(text, options);
    expect(refused).toEqual([]);
    const reported = corrections.map(({ document, rule, path, from, to, lineBefore, lineAfter, name }) => [
      `${document} ${name} ${lineBefore} ${lineAfter} ${formatPath(path)} [${rule}]`,
      from,
      to,
    ]);
    expect(reported).toEqual([
      [`2 dev 21 21 ${CONFIG}vethMTU [shoot/unknown-field]`, 'vethMtu', 'vethMTU'],
      [`2 dev 21 21 ${CONFIG}vethMTU [shoot/wrong-type]`, 1440, '1440'],
      [`2 dev 18 22 ${CONFIG}backend [azure-backend]`, undefined, 'none'],
    ]);
  });

  it('as text, JSON, SARIF and for GitHub', async () => {
    const fix = async (output: string) => {
      room.write({ 'a.yaml': text });
      const finished = await runCheck(['--fix', '--output', output, room.at('a.yaml')]);
      expect(finished).toMatchObject({ code: 0, stderr: '' });
      return finished.stdout;
    };
    const lines = [
      `${CONFIG}vethMTU: "vethMtu" is now "vethMTU"`,
      `${CONFIG}vethMTU: 1440 is now "1440"`,
      `${CONFIG}backend: is now "none", where nothing was written`,
    ];
    const printed = await fix('text');
    for (const line of lines) expect(printed).toContain(`corrected: ${line}`);
    expect(printed).toContain('a.yaml:22: corrected: ');
    const { corrections } = JSON.parse(await fix('json'));
    expect(corrections).toHaveLength(3);
    expect(corrections[1]).toMatchObject({ line: 21, from: 1440, to: '1440', path: `${CONFIG}vethMTU` });
    const [{ invocations }] = JSON.parse(await fix('sarif')).runs;
    const notes = invocations[0].toolExecutionNotifications;
    expect(notes.map((note: { message: { text: string } }) => note.message.text)[0]).toContain(lines[0]);
    expect(notes[2].locations[0].physicalLocation.region).toEqual({ startLine: 22 });
    expect((await fix('github')).match(/^::notice file=.*,line=2[12],title=corrected%3A /gm)).toHaveLength(3);
  });

  it('beside the diff, with the lines of the file as it is', async () => {
    room.write({ 'a.yaml': text });
    const { stdout, stderr } = await runCheck(['--diff', room.at('a.yaml')]);
    expect(stdout).toMatch(/^--- /);
    expect(stderr).toContain(`line 21: ${CONFIG}vethMTU: 1440 would be "1440" [shoot/wrong-type]`);
    expect(stderr).toContain(
      `line 18: ${CONFIG}backend: would be "none", where nothing was written [azure-backend]`,
    );
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toBe(text);
  });

  it('but not where it could not be written', async () => {
    room.write({ 'a.yaml': text });
    const { chmodSync } = await import('node:fs');
    chmodSync(room.at('a.yaml'), 0o444);
    const { stdout, stderr } = await runCheck(['--fix', room.at('a.yaml')]);
    expect(stderr).toContain('read-only');
    expect(stdout).not.toContain('corrected:');
  });
});
