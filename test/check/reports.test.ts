import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRoom, type Room, runCheck } from './command.ts';

let room: Room;
beforeEach(() => {
  room = createRoom();
  const comment = '# calico-admission-ignore calico/ippool-mode: <"mine" & \'yours\'>';
  const pool = (spec: string) =>
    `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: "<a&b>"}\nspec:\n${spec}`;
  room.write({
    'a.yaml': pool(`  cidr: "10.0.0.0/33\\u001b<"\n  ipipMode: always ${comment}\n  natOutgoing: true\n`),
    'b <&\u001b>.yaml': pool('  cidr: 10.0.0.0/16\n  ipipMode: Always\n'),
    'c.yaml': 'apiVersion: projectcalico.org/v3\nkind: [\n',
  });
});
afterEach(() => room.cleanUp());

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
}

/** As much of XML as the report has; whatever else there is throws. */
function parseXml(text: string): Element {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open = [root];
  const rest = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  expect(rest).not.toBe(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no room for these
  expect(rest).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  const tokens = rest.matchAll(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<>]+)|([<>])/g);
  for (const [, end, name = '', written = '', isEmpty, content, stray] of tokens) {
    expect(stray).toBeUndefined();
    expect((content ?? written).replace(/&(?:amp|lt|gt|quot|apos);/g, '')).not.toContain('&');
    if (content !== undefined) continue;
    if (end === '/') {
      expect(open.pop()?.name).toBe(name);
      continue;
    }
    const attributes = Object.fromEntries(
      Array.from(written.matchAll(/([a-z]+)="([^"]*)"/g), ([, key, value]) => [key, value]),
    );
    const element = { name, attributes, children: [] };
    open.at(-1)?.children.push(element);
    if (isEmpty !== '/') open.push(element);
  }
  expect(open).toHaveLength(1);
  const [only, ...others] = root.children;
  if (only === undefined || others.length > 0) throw new Error('not one element');
  return only;
}

// The XSD that Jenkins has for its JUnit plugin (junit-10.xsd), as far as elements of the report go.
const ATTRIBUTES: Readonly<Record<string, { required: string[]; optional: string[]; children: string[] }>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors'],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name'],
    optional: ['tests', 'failures', 'errors', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package'],
    children: ['testcase'],
  },
  testcase: {
    required: ['name'],
    optional: ['classname', 'time', 'status'],
    children: ['skipped', 'failure', 'error', 'system-out'],
  },
  skipped: { required: [], optional: ['message', 'type'], children: [] },
  failure: { required: [], optional: ['message', 'type'], children: [] },
  'system-out': { required: [], optional: [], children: [] },
};

function expectValid({ name, attributes, children }: Element): void {
  const { required = [], optional = [], children: allowed = [] } = ATTRIBUTES[name] ?? {};
  expect(Object.keys(ATTRIBUTES)).toContain(name);
  expect(Object.keys(attributes)).toEqual(expect.arrayContaining(required));
  expect([...required, ...optional]).toEqual(expect.arrayContaining(Object.keys(attributes)));
  for (const child of children) {
    expect(allowed).toContain(child.name);
    expectValid(child);
  }
}

function cases(root: Element): Element[] {
  return root.children.flatMap(({ children }) => children);
}

/** What `--output json` says of the same. */
async function readJson(args: readonly string[] = []) {
  return JSON.parse((await runCheck(['-o', 'json', ...args, room.path])).stdout);
}

describe('junit', () => {
  it('is what Jenkins reads: errors have failed, warnings have passed, ignored findings are skipped', async () => {
    const { stdout, code } = await runCheck(['-o', 'junit', room.path]);
    expect(code).toBe(1);
    const report = parseXml(stdout);
    expectValid(report);
    const { findings, suppressed, summary } = await readJson();
    expect(summary).toMatchObject({ errors: expect.any(Number), warnings: expect.any(Number) });
    expect(report.attributes).toEqual({
      name: 'calico-admission',
      tests: String(findings.length + suppressed.length),
      failures: String(summary.errors),
      errors: '0',
    });
    const kinds = cases(report).flatMap(({ children }) => children.map(({ name }) => name));
    const count = (name: string) => kinds.filter((each) => each === name).length;
    expect([count('failure'), count('system-out'), count('skipped')]).toEqual([
      summary.errors,
      summary.warnings,
      suppressed.length,
    ]);
    expect(Math.min(summary.errors, summary.warnings, suppressed.length)).toBeGreaterThan(0);
    for (const { attributes, children } of report.children) {
      expect(attributes['tests']).toBe(String(children.length));
    }
    expect(stdout).toContain('b &lt;&amp;\\u001b&gt;.yaml');
    expect(stdout).toContain('<skipped message="&lt;&quot;mine&quot; &amp; &apos;yours&apos;&gt;"/>');
  });

  it('fails warnings with --strict, and has one case where nothing is found', async () => {
    const strict = parseXml((await runCheck(['-o', 'junit', '--strict', room.path])).stdout);
    expect(strict.attributes['failures']).toBe(String((await readJson(['--strict'])).summary.errors));
    const empty = parseXml((await runCheck(['-o', 'junit', '-'], { stdin: 'a: 1' })).stdout);
    expectValid(empty);
    expect(cases(empty)).toMatchObject([{ attributes: { name: 'no mistakes found' }, children: [] }]);
  });
});

describe('gitlab', () => {
  it('is a Code Quality report: what GitLab documents of an issue, and nothing twice', async () => {
    const { stdout } = await runCheck(['-o', 'gitlab', '--notes', room.path]);
    const issues = JSON.parse(stdout);
    const { findings } = await readJson(['--notes']);
    expect(findings.length).toBeGreaterThan(2);
    expect(issues).toHaveLength(findings.length);
    for (const issue of issues) {
      expect(issue).toEqual({
        description: expect.stringMatching(/\S/),
        check_name: expect.stringMatching(/^[a-z0-9/-]+$/),
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}:\d+$/),
        severity: expect.stringMatching(/^(?:info|minor|major|critical|blocker)$/),
        location: {
          path: expect.not.stringContaining('\u001b'),
          lines: { begin: expect.any(Number), end: expect.any(Number) },
        },
      });
    }
    const prints = issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    const words = { error: 'major', warning: 'minor', note: 'info' } as const;
    expect(issues.map(({ severity }: { severity: string }) => severity)).toEqual(
      findings.map(({ severity }: { severity: keyof typeof words }) => words[severity]),
    );
  });

  it('is an empty list where nothing is found', async () => {
    expect((await runCheck(['-o', 'gitlab', '-'], { stdin: 'a: 1' })).stdout).toBe('[]\n');
  });
});
