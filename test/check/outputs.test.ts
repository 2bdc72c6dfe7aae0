import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatGithub } from '../../src/check/outputs/github.ts';
import { formatJson } from '../../src/check/outputs/json.ts';
import { formatSarif } from '../../src/check/outputs/sarif.ts';
import { formatText } from '../../src/check/outputs/text.ts';
import { readDocuments } from '../../src/check/read.ts';
import type { CheckFinding, Report } from '../../src/check/report.ts';
import { createWorkspace } from '../../src/check/workspace.ts';
import { fingerprint } from '../../src/files/fingerprint.ts';
import { relativeTo } from '../../src/files/paths.ts';
import { read, readList } from '../../src/policy/json.ts';
import { listMutations, listRules } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { registry } from '../support/registry.ts';
import { runCheck } from './command.ts';

const FILE = new URL('golden/ten-mistakes.yaml', import.meta.url);
const pathOf = (file: string) => relativeTo('/checkout', file);

let report: Report;
beforeAll(() => {
  const source = {
    name: basename(FILE.pathname),
    isNamed: true,
    read: () => readFileSync(FILE),
  };
  const options = { registry, settings: DEFAULT_SETTINGS, each: false, strict: false };
  const workspace = createWorkspace(options);
  workspace.put(source);
  report = workspace.report();
});

function sarif(of: Report): string {
  const rules = [...listRules(registry), ...listMutations(registry)].map(({ id, title, docs }) => ({
    id,
    title,
    why: docs.why,
    fix: docs.fix,
  }));
  return formatSarif(of, { version: '0.0.0', rules, pathOf, hash: fingerprint });
}

describe('ten mistakes', () => {
  it('are ten different ones', () => {
    expect(new Set(report.findings.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(10);
    expect([...readDocuments(readFileSync(FILE, 'utf8'))]).toHaveLength(6);
  });

  it.each<{ name: string; format: (of: Report) => string }>([
    { name: 'text', format: (of) => formatText(of, { colour: false }) },
    { name: 'json', format: formatJson },
    { name: 'sarif', format: sarif },
    { name: 'github', format: (of) => formatGithub(of, pathOf) },
  ])('as $name', async ({ name, format }) => {
    await expect(format(report)).toMatchFileSnapshot(`golden/ten-mistakes.${name}.txt`);
  });
});

const FINDING: CheckFinding = {
  file: 'a.yaml',
  document: 1,
  line: 2,
  column: 3,
  endLine: 2,
  endColumn: 6,
  rule: 'shoot/x',
  severity: 'error',
  kind: 'Shoot',
  namespace: 'garden-dev',
  name: 'dev',
  path: ['spec', 'x'],
  problem: 'not good',
  got: 'a; b',
  advice: 'write c',
  excerpt: { text: '  abc', start: 2, end: 5 },
};

function reportOf(...changes: Partial<CheckFinding>[]): Report {
  const findings = changes.map((change) => ({ ...FINDING, ...change }));
  return {
    findings,
    suppressed: [],
    summary: { errors: findings.length, warnings: 0, notes: 0, files: 1, documents: 2, evaluated: 1 },
  };
}

function shootWith(backend: string): string {
  return `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata: {name: dev}
spec:
  networking: {type: calico, providerConfig: {backend: ${backend}}}
`;
}

describe('json', () => {
  it('has the parts of a finding, and the value as it is', async () => {
    const { stdout } = await runCheck(['--output', 'json', '-'], { stdin: shootWith('"x); y"') });
    expect(read(JSON.parse(stdout), 'findings', 0)).toMatchObject({
      message: 'unsupported backend (got "x); y"); use bird, none or vxlan',
      problem: 'unsupported backend',
      got: 'x); y',
      advice: 'use bird, none or vxlan',
    });
  });
});

describe('text', () => {
  const plain = (...changes: Partial<CheckFinding>[]) => formatText(reportOf(...changes), { colour: false });

  it('has the line, a mark, the fix and the object', () => {
    expect(plain({})).toBe(`a.yaml:2:3: error: not good (got "a; b") [shoot/x]
  2 |   abc
    |   ^^^
    = fix: write c
    = Shoot garden-dev/dev: spec.x

1 error (1 object evaluated, 2 documents in 1 file)
`);
  });

  it.each<{ name: string; change: Partial<CheckFinding>; has: string }>([
    {
      name: 'tabs as wide as spaces',
      change: { excerpt: { text: '\ta\tb', start: 3, end: 4 } },
      has: '  2 |     a    b\n    |          ^\n',
    },
    {
      name: 'wide characters two columns wide',
      change: { excerpt: { text: '日本x', start: 2, end: 3 } },
      has: '日本x\n    |     ^\n',
    },
    {
      name: 'control characters escaped',
      change: { excerpt: { text: 'a\u001b[31mb', start: 6, end: 7 } },
      has: 'a\\u001b[31mb\n    |            ^\n',
    },
    {
      name: 'a mark behind the end of the line',
      change: { excerpt: { text: 'ab', start: 2, end: 3 } },
      has: 'ab\n    |   ^\n',
    },
    {
      name: 'names escaped',
      change: { file: 'a\u001b.yaml', name: 'x\ny' },
      has: 'a\\u001b.yaml:2:3: error',
    },
    {
      name: 'no object where there is none',
      change: { kind: '', name: '', namespace: '', path: [] },
      has: '= fix: write c\n\n1 error',
    },
  ])('shows $name', ({ change, has }) => {
    expect(plain(change)).toContain(has);
  });

  it('shows a whole value, with any characters', async () => {
    const { stdout } = await runCheck(['-'], { stdin: shootWith('"x); y"') });
    expect(stdout).toContain('error: unsupported backend (got "x); y") [shoot/backend]\n');
    expect(stdout).toContain('= fix: use bird, none or vxlan\n');
  });

  it('ends with a summary', () => {
    const none = { errors: 0, warnings: 0, notes: 0, files: 2, documents: 3, evaluated: 1 };
    expect(formatText({ findings: [], suppressed: [], summary: none }, { colour: false })).toBe(
      'no mistakes found (1 object evaluated, 3 documents in 2 files)\n',
    );
    expect(
      formatText({ findings: [], suppressed: [], summary: { ...none, evaluated: 0 } }, { colour: false }),
    ).toBe('nothing about Calico in 3 documents in 2 files\n');
  });

  it('has colours on a terminal only, and not where NO_COLOR is set', async () => {
    const run = (isStdoutTerminal: boolean, env: Record<string, string>) =>
      runCheck(['-'], { stdin: 'a: [', io: { isStdoutTerminal, env } });
    expect((await run(true, {})).stdout).toContain('\u001b[1;31merror:\u001b[0m');
    expect((await run(true, { NO_COLOR: '1' })).stdout).not.toContain('\u001b');
    expect((await run(true, { NO_COLOR: '' })).stdout).toContain('\u001b');
    expect((await run(false, {})).stdout).not.toContain('\u001b');
  });

  it('cuts a long line around the mark', async () => {
    const key = 'x'.repeat(300);
    const { stdout } = await runCheck(['-'], { stdin: `a: {${key}: "1", b: *c, ${key}: 1}\n` });
    const [, line = '', mark = ''] = stdout.split('\n');
    expect(line.length).toBeLessThan(140);
    expect(line).toMatch(/^ {2}1 \| ….*\*c.*…$/);
    expect(mark.indexOf('^')).toBe(line.indexOf('*c'));
  });
});

describe('github', () => {
  it('escapes what would end a command or a property', () => {
    const parts = { problem: 'x: 100%\n::error::', got: undefined, advice: 'y' };
    const change = { file: 'a,b:c%.yaml', path: [], ...parts };
    expect(formatGithub(reportOf(change), pathOf).split('\n', 1)[0]).toBe(
      '::error file=a%2Cb%3Ac%25.yaml,line=2,col=3,endColumn=6,title=shoot/x::x: 100%25\\u000a::error::; y',
    );
  });

  it.each<{ file: string; has: string }>([
    { file: './a.yaml', has: 'file=a.yaml,' },
    { file: '/checkout/sub/a.yaml', has: 'file=sub/a.yaml,' },
    { file: '/elsewhere/a.yaml', has: 'file=/elsewhere/a.yaml,' },
    { file: '-', has: '::error line=' },
  ])('names $file as the checkout does', ({ file, has }) => {
    expect(formatGithub(reportOf({ file }), pathOf)).toContain(has);
  });
});

describe('sarif', () => {
  const sarifOf = async (text: string) => {
    const { stdout } = await runCheck(['--output', 'sarif', '-'], { stdin: text });
    return readList(JSON.parse(stdout), 'runs', 0, 'results');
  };

  it('has the parts of a finding in Markdown', async () => {
    const [result] = await sarifOf(shootWith('"[x](y)"'));
    expect(read(result, 'message')).toEqual({
      text: 'spec.networking.providerConfig.backend: unsupported backend (got "[x](y)"); use bird, none or vxlan',
      markdown:
        '`spec.networking.providerConfig.backend`: unsupported backend (got `"[x](y)"`)\n\n**Fix:** use bird, none or vxlan',
    });
    expect(result).not.toHaveProperty('fixes');
  });

  it('has the fix of a finding as what to write where', async () => {
    const [result] = await sarifOf(`---\n${shootWith("'Bird'")}`);
    expect(read(result, 'fixes')).toEqual([
      {
        description: { text: 'did you mean bird? Use bird, none or vxlan' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'stdin' },
            replacements: [
              {
                deletedRegion: { startLine: 6, startColumn: 56, endLine: 6, endColumn: 62 },
                insertedContent: { text: "'bird'" },
              },
            ],
          },
        ],
      },
    ]);
  });

  it('offers no fix of a review, of what an alias shares, and in the other outputs', async () => {
    const review = readFileSync(new URL('../samples/05-vpa-mode-without-vpa.json', import.meta.url), 'utf8');
    const [first] = await sarifOf(review.replace('"vpa"', '"VPA"'));
    expect(read(first, 'ruleId')).toBe('shoot/autoscaling');
    expect(first).not.toHaveProperty('fixes');
    const [shared] = await sarifOf(`x: &x Bird\n${shootWith('*x')}`);
    expect(read(shared, 'ruleId')).toBe('shoot/backend');
    expect(shared).not.toHaveProperty('fixes');
    const { stdout } = await runCheck(['--output', 'json', '-'], { stdin: shootWith('Bird') });
    expect(read(JSON.parse(stdout), 'findings', 0)).not.toHaveProperty('fix');
  });

  const first = (of: Report) => read(JSON.parse(sarif(of)), 'runs', 0);

  it.each<{ file: string; uri: string }>([
    { file: 'a b/ä#.yaml', uri: 'a%20b/%C3%A4%23.yaml' },
    { file: '/checkout/sub/a.yaml', uri: 'sub/a.yaml' },
    { file: '/elsewhere/a.yaml', uri: 'file:///elsewhere/a.yaml' },
    { file: '-', uri: 'stdin' },
  ])('names $file by a URI, relative where it can be', ({ file, uri }) => {
    const location = read(first(reportOf({ file })), 'results', 0, 'locations', 0, 'physicalLocation');
    expect(read(location, 'artifactLocation', 'uri')).toBe(uri);
  });

  it('recognizes a finding after its line has moved, and distinguishes two of one rule', () => {
    const print = (of: Report) =>
      readList(first(of), 'results').map((result) =>
        read(result, 'partialFingerprints', 'primaryLocationLineHash'),
      );
    const [one] = print(reportOf({}));
    expect(print(reportOf({ line: 99, column: 1 }))).toEqual([one]);
    expect(new Set(print(reportOf({}, {}, { name: 'other' }))).size).toBe(3);
  });

  it('gives each rule its help, once', () => {
    const rules = readList(first(report), 'tool', 'driver', 'rules');
    expect(rules.map((rule) => read(rule, 'id'))).toEqual(
      [...new Set(report.findings.map(({ rule }) => rule))].sort(),
    );
    const known = rules.filter((rule) => !['syntax', 'duplicate-key'].includes(String(read(rule, 'id'))));
    for (const rule of known) expect(String(read(rule, 'help', 'markdown'))).toMatch(/\*\*Fix:\*\* \S/);
  });

  it('leaves out what makes GitHub reject the whole file', () => {
    const many = reportOf({}, { line: 3 }, { line: 4 });
    const options = { version: '0', rules: [], pathOf, hash: fingerprint };
    const cut: unknown = JSON.parse(formatSarif(many, { ...options, limit: 2 }));
    expect(readList(cut, 'runs', 0, 'results')).toHaveLength(2);
    expect(read(cut, 'runs', 0, 'properties', 'resultsLeftOut')).toBe(1);
    const whole: unknown = JSON.parse(formatSarif(many, options));
    expect(read(whole, 'runs', 0, 'properties')).toBeUndefined();
  });
});
