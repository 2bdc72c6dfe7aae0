import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWorkspace as createEngine } from '../../src/check/workspace.ts';
import {
  check,
  createWorkspace,
  type InputFile,
  review,
  rules,
  UnreadableReviewError,
  UserError,
} from '../../src/index.ts';
import { listRules } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { loadRegistry } from '../../src/registry.ts';
import { createRoom, runCheck, shootWith } from '../check/command.ts';
import { answerSample } from '../docs/answer-sample.ts';
import { listSamples } from '../docs/samples-page.ts';
import { registry } from '../support/registry.ts';

const TEN_MISTAKES = readFileSync(new URL('../check/golden/ten-mistakes.yaml', import.meta.url));
const BIRD = shootWith('backend: Bird');
const GOOD = shootWith('backend: bird');

describe('check', () => {
  it.each<{ name: string; text: string | Uint8Array }>([
    { name: 'a string', text: TEN_MISTAKES.toString('utf8') },
    { name: 'bytes', text: new Uint8Array(TEN_MISTAKES) },
    { name: 'a Buffer', text: TEN_MISTAKES },
  ])('finds in $name what the command finds', async ({ text }) => {
    const room = createRoom();
    room.write({ 'a.yaml': TEN_MISTAKES, 'b.yaml': BIRD });
    const { stdout } = await runCheck(['-o', 'json', room.at('a.yaml'), room.at('b.yaml')]);
    const files = [
      { name: room.at('a.yaml'), text },
      { name: room.at('b.yaml'), text: BIRD },
    ];
    const { findings, suppressed, summary, notCompared } = check(files);
    room.cleanUp();
    const shown = findings.map(({ fix, ...finding }) => finding);
    expect({ findings: shown, suppressed, summary }).toEqual(JSON.parse(stdout));
    expect(findings.length).toBeGreaterThan(10);
    expect(notCompared).toEqual([]);
  });

  it('says how to correct the text', () => {
    const [finding] = check([{ name: 'a.yaml', text: BIRD }]).findings;
    const place = { line: 19, column: 16, endLine: 19, endColumn: 20 };
    expect(finding).toMatchObject({ rule: 'shoot/backend', ...place, fix: { ...place, text: 'bird' } });
  });

  const two = [
    { name: 'a.yaml', text: pool('a', '10.0.0.0/16') },
    { name: 'b.yaml', text: pool('b', '10.0.0.0/16') },
  ];
  it.each<{ name: string; files: InputFile[]; options: Parameters<typeof check>[1]; found: string[] }>([
    { name: 'all together', files: two, options: {}, found: ['error calico/ippool-overlap'] },
    { name: 'each on its own', files: two, options: { each: true }, found: [] },
    {
      name: 'what was wrong before',
      files: [{ name: 'a.yaml', text: BIRD.replace('name: w', 'name: v') }],
      options: { old: [{ name: 'old.yaml', text: BIRD }] },
      found: ['warning shoot/backend'],
    },
    {
      name: 'strictly',
      files: [{ name: 'a.yaml', text: BIRD.replace('name: w', 'name: v') }],
      options: { old: [{ name: 'old.yaml', text: BIRD }], strict: true },
      found: ['error shoot/backend'],
    },
    {
      name: 'with a rule that warns',
      files: [{ name: 'a.yaml', text: BIRD }],
      options: { rules: { 'shoot/backend': 'warn' } },
      found: ['warning shoot/backend'],
    },
    {
      name: 'in a namespace that is exempt, with notes',
      files: [{ name: 'a.yaml', text: BIRD }],
      options: { exempt: [{ namespace: 'garden-dev', rules: ['shoot/backend'] }], notes: true },
      found: ['note shoot/backend'],
    },
  ])('evaluates $name', ({ files, options, found }) => {
    const { findings } = check(files, options);
    expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(found);
  });

  it('names what it is not compared with', () => {
    const old = [{ name: 'old.yaml', text: 'a: [' }];
    expect(check([{ name: 'a.yaml', text: GOOD }], { old }).notCompared).toEqual([
      expect.stringMatching(/^old\.yaml: ./),
    ]);
  });

  it.each<{ name: string; call: () => unknown; message: RegExp }>([
    {
      name: 'a rule that there is not',
      call: () => check([], { rules: { 'shoot/backnd': 'off' } }),
      message: /rules\.shoot\/backnd: unknown field .*did you mean shoot\/backend\?/,
    },
    {
      name: 'an option that there is not',
      call: () => check([], JSON.parse('{"eech": true}')),
      message: /eech: unknown field/,
    },
    {
      name: 'a version that is none',
      call: () => check([], { versions: { calico: 'new' } }),
      message: /versions\.calico/,
    },
    { name: 'no list', call: () => check(JSON.parse('"a.yaml"')), message: /files must be a list/ },
    { name: 'nothing', call: () => check(JSON.parse('[null]')), message: /a file is \{name, text\}/ },
    {
      name: 'a file without text',
      call: () => check(JSON.parse('[{"name": "a.yaml"}]')),
      message: /text of "a\.yaml"/,
    },
    {
      name: 'two files of one name',
      call: () => check([...two, ...two]),
      message: /the same name \(got "a\.yaml"\)/,
    },
    { name: 'a path that there is not', call: () => review('{}', { path: '/' }), message: /no such path/ },
    {
      name: 'an object that is no JSON',
      call: () => {
        const circle: Record<string, unknown> = {};
        circle['self'] = circle;
        return review(circle);
      },
      message: /cannot be written as JSON/,
    },
  ])('rejects $name', ({ call, message }) => {
    expect(call).toThrow(UserError);
    expect(call).toThrow(message);
  });

  it('takes nothing, and what is no text', () => {
    expect(check([]).summary).toEqual({
      errors: 0,
      warnings: 0,
      notes: 0,
      files: 0,
      documents: 0,
      objects: 0,
    });
    const { findings } = check([{ name: 'a.yaml', text: Uint8Array.of(0xff, 0xfe, 0x61) }]);
    expect(findings).toMatchObject([{ rule: 'syntax', problem: 'the file is UTF-16, not UTF-8' }]);
  });
});

describe('review', () => {
  it.each(listSamples().map((sample) => [sample.file, sample] as const))(
    'answers %s as the server does',
    (_name, sample) => {
      const file = new URL(`../samples/${sample.file}`, import.meta.url);
      const text = readFileSync(file, 'utf8');
      if (sample.expect.status === 400) {
        expect(() => review(text, { path: sample.path })).toThrow(UnreadableReviewError);
        return;
      }
      const wanted = answerSample(registry, file, sample.path);
      expect(review(text, { path: sample.path })).toEqual(wanted);
      expect(review(new TextEncoder().encode(text), { path: sample.path })).toEqual(wanted);
      expect(review(JSON.parse(text), { path: sample.path })).toEqual(wanted);
    },
  );

  it('sees a key that is written twice in text alone', () => {
    const sample = readFileSync(new URL('../samples/11-good-shoot.json', import.meta.url), 'utf8');
    const twice = sample.replace(/"backend": *"none"/, '"backend": "none", "backend": "none"');
    expect(twice).not.toBe(sample);
    const causes = (input: string | object) =>
      review(input).response.status?.details.causes.map(({ reason }) => reason);
    expect(causes(twice)).toEqual(['FieldValueDuplicate']);
    expect(causes(JSON.parse(twice))).toBeUndefined();
  });

  it.each(['', 'x', '[]', 'null', '{}', '{"request": 1}'])('rejects %j', (text) => {
    expect(() => review(text)).toThrow(UnreadableReviewError);
  });
});

it('rules lists every rule', () => {
  expect(rules().map(({ id }) => id)).toEqual(listRules(registry).map(({ id }) => id));
  for (const { title, action, docs } of rules())
    expect([title, action, docs.why, docs.fix]).not.toContain('');
});

describe('a schema', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is compiled when the first object of its kind comes, and once', () => {
    const compile = vi.spyOn(Ajv.prototype, 'compile');
    const fresh = loadRegistry();
    const workspace = createEngine({
      registry: fresh,
      settings: DEFAULT_SETTINGS,
      each: false,
      strict: false,
    });
    expect(compile).not.toHaveBeenCalled();
    for (const name of ['a', 'b', 'c']) {
      workspace.put({ name, isNamed: true, read: () => shootWith('backend: bird', name) });
    }
    expect(workspace.report().findings).toEqual([]);
    const schemas = compile.mock.calls.map(([schema]) => Object(schema).$id);
    expect(schemas).toEqual([...new Set(schemas)]);
    expect(schemas).toContain('shoot.json');
    expect(schemas).not.toContain('ippool.json');
  });
});

function pool(name: string, cidr: string): string {
  return `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: ${name}}\nspec: {cidr: ${cidr}}\n`;
}

it('does what docs/library.md shows', () => {
  const page = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8');
  const [code = '', printed = ''] = Array.from(
    page.matchAll(/```\w*\n([\s\S]*?)```/g),
    (match) => match[1] ?? '',
  );
  const printing: string[] = [];
  // What is imported is the library of this tree; the package is tried by test/package.
  const body = code.replace(/^import \{ (.*) \} from 'calico-admission';$/m, 'const { $1 } = library;');
  new Function('library', 'console', body)(
    { check, createWorkspace, review, rules },
    { log: (text: string) => printing.push(text) },
  );
  expect(`${printing.join('\n')}\n`).toBe(printed);
});
