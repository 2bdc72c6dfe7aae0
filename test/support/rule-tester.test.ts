import { describe, expect, it } from 'vitest';
import { SHOOT } from '../rules/shoot/base.ts';
import { addMarks, dedent, removeMarks } from './marked-yaml.ts';
import { type Expected, expectRow, type Scope } from './rule-tester.ts';

const BACKEND: Scope = { rule: 'shoot/backend', action: 'deny' };
const path = 'config.backend';
const right: Expected = {
  path,
  reason: 'FieldValueNotSupported',
  message: 'unsupported backend (got "geneve"); use bird, none or vxlan',
  problem: 'unsupported backend',
  got: 'geneve',
  advice: 'use bird, none or vxlan',
  says: 'use bird',
};
const row = { name: 'geneve', config: { backend: 'geneve' } };

const YAML = `
  apiVersion: core.gardener.cloud/v1beta1
  kind: Shoot
  metadata:
    name: foo
  spec:
    provider:
      type: local
      workers: [{name: worker}]
    networking:
      type: calico
      providerConfig:
        backend: geneve
                 ^^^^^^
`;

/** The same text without its line of carets, and with other carets after the next lines. */
function marked(line: string, carets: string): string {
  return YAML.replace(/\n *\^+/, '').replace(line, `${line}\n${carets}`);
}

describe('a row', () => {
  it.each([
    ['a path', [path]],
    ['all parts', [right]],
  ])('is as it should be, by %s', async (_name, wanted) => {
    await expectRow(BACKEND, SHOOT, row, wanted);
  });

  it.each<[string, (Expected | string)[]]>([
    ['nothing', []],
    ['another path', ['config']],
    ['a second finding', [path, path]],
    ['another action', [{ ...right, action: 'warn' }]],
    ['another rule', [{ ...right, rule: 'shoot/ipam' }]],
    ['another document', [{ ...right, document: 1 }]],
    ['another reason', [{ ...right, reason: 'FieldValueInvalid' }]],
    ['another message', [{ ...right, message: 'no' }]],
    ['another problem', [{ ...right, problem: 'no' }]],
    ['another value', [{ ...right, got: 'Geneve' }]],
    ['another advice', [{ ...right, advice: 'no' }]],
    ['another text', [{ ...right, says: 'use BIRD' }]],
    ['another fix', [{ ...right, fix: { kind: 'replace', value: 'bird' } }]],
  ])('fails where it names %s', async (_name, wanted) => {
    await expect(expectRow(BACKEND, SHOOT, row, wanted)).rejects.toThrow();
  });

  it('fails where a good one is found to be wrong', async () => {
    await expectRow(BACKEND, SHOOT, { name: 'bird', config: { backend: 'bird' } }, []);
    await expect(
      expectRow(BACKEND, SHOOT, { name: 'bird', config: { backend: 'brid' } }, []),
    ).rejects.toThrow();
  });

  it('compares the findings of every rule where it names none', async () => {
    const two = { name: 'two', config: { backend: 'geneve', vethMTU: 'x' } };
    const found = ['deny shoot/veth-mtu config.vethMTU', 'deny shoot/backend config.backend'];
    await expectRow({}, SHOOT, two, found);
    await expect(expectRow({}, SHOOT, two, found.slice(1))).rejects.toThrow();
    await expect(expectRow({}, SHOOT, two, ['config.backend'])).rejects.toThrow(
      'says the action and the rule',
    );
  });
});

describe('a row of YAML', () => {
  it('is marked where check marks it', async () => {
    await expectRow(BACKEND, SHOOT, { name: 'geneve', yaml: YAML }, [right]);
  });

  it.each([
    ['nothing', YAML.replace(/\n *\^+/, '')],
    ['the key', marked('        backend: geneve', '        ^^^^^^^')],
    ['a part of the value', marked('        backend: geneve', '                 ^^^')],
    ['another line', marked('    networking:', '    ^^^^^^^^^^')],
  ])('fails where carets mark %s', async (_name, yaml) => {
    await expect(expectRow(BACKEND, SHOOT, { name: 'geneve', yaml }, [right])).rejects.toThrow();
  });

  it('fails where a good one is marked', async () => {
    const yaml = YAML.replace('geneve', 'vxlan');
    await expect(expectRow(BACKEND, SHOOT, { name: 'vxlan', yaml }, [])).rejects.toThrow();
  });
});

describe('marks', () => {
  const text = 'a: 1\nb: [1, 2]\nc: 3\n';

  it('come and go', () => {
    const marks = [
      { line: 2, column: 5, endLine: 2, endColumn: 6 },
      { line: 2, column: 8, endLine: 2, endColumn: 9 },
      { line: 3, column: 1, endLine: 3, endColumn: 2 },
    ];
    const marked = 'a: 1\nb: [1, 2]\n    ^  ^\nc: 3\n^\n';
    expect(addMarks(text, marks)).toBe(marked);
    expect(removeMarks(marked)).toBe(text);
  });

  it('of several lines are shown in the first', () => {
    expect(addMarks(text, [{ line: 1, column: 4, endLine: 2, endColumn: 3 }])).toBe(
      'a: 1\n   ^\nb: [1, 2]\nc: 3\n',
    );
  });

  it('stand in texts that are indented', () => {
    expect(dedent('\n    a:\n      b: 1\n\n      ^\n  ')).toBe('a:\n  b: 1\n\n  ^\n');
  });
});
