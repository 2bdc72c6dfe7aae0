import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { createRoom, type Room, shootWith } from '../check/command.ts';
import { createEditor, pool } from './editor.ts';

const NAT = 'natOutgoing: true';
const BIG = pool(`cidr: 10.0.0.0/16\n${NAT}`, 'big');
const SMALL = pool(`cidr: 10.0.0.0/24\n${NAT}`, 'small');
const OVERLAP = '5:8-5:19 error calico/ippool-overlap';
const OTHER = pool(`cidr: 10.1.0.0/24\n${NAT}`, 'small');
const WRONG = pool(`cidr: 10.0.0.0/24\nipipMode: always\n${NAT}`);
const MODE = '6:12-6:18 error calico/ippool-mode';

let room: Room;
beforeEach(() => {
  room = createRoom();
});
afterEach(() => room.cleanUp());
const root = () => room.path;

async function openFolder(files: Record<string, string>, options?: Parameters<typeof createEditor>[0]) {
  room.write(files);
  const editor = createEditor(options);
  await editor.session.addFolder(editor.uriOf(root()));
  return editor;
}

describe('a folder', () => {
  it('is one bundle: what is typed in a file is found against the others, and in them', async () => {
    const editor = await openFolder({ 'big.yaml': BIG, 'sub/small.yaml': OTHER });
    const small = room.at('sub/small.yaml');
    expect(editor.underlined(small)).toEqual([]);
    const document = editor.open(small, OTHER);
    editor.type(document, SMALL);
    expect(editor.underlined(small)).toEqual([OVERLAP]);
    editor.close(document);
    expect(editor.underlined(small)).toEqual([]);
  });

  it('reports findings of files that are not open, and removes them again', async () => {
    const editor = await openFolder({ 'a.yaml': WRONG });
    expect(editor.underlined(room.at('a.yaml'))).toEqual([MODE]);
    room.write({ 'a.yaml': pool('cidr: 10.0.0.0/24') });
    editor.session.diskChanged(editor.uriOf(room.at('a.yaml')));
    expect(editor.underlined(room.at('a.yaml'))).toEqual([]);
  });

  it('evaluates what is open alone until all of it is read', async () => {
    room.write({ 'big.yaml': BIG, 'small.yaml': SMALL });
    const editor = createEditor();
    const reading = editor.session.addFolder(editor.uriOf(root()));
    editor.open(room.at('small.yaml'), pool(`cidr: 10.0.0.0/24\nipipMode: always\n${NAT}`, 'small'));
    expect(editor.underlined(room.at('small.yaml'))).toEqual([MODE]);
    await reading;
    expect(editor.underlined(room.at('small.yaml'))).toEqual([OVERLAP, MODE]);
  });

  it('reports a comment that ignores nothing only after all is read', async () => {
    const ignored = SMALL.replace(
      '  cidr',
      '  # calico-admission-ignore calico/ippool-overlap: moved\n  cidr',
    );
    room.write({ 'big.yaml': BIG, 'small.yaml': ignored });
    const editor = createEditor();
    const reading = editor.session.addFolder(editor.uriOf(root()));
    editor.open(room.at('small.yaml'), ignored);
    expect(editor.underlined(room.at('small.yaml'))).toEqual([]);
    await reading;
    expect(editor.underlined(room.at('small.yaml'))).toEqual([]);
    expect(editor.underlined(room.at('big.yaml'))).toEqual([]);
  });

  it('leaves out what the ignore file says, also once that changes, and what is open', async () => {
    const editor = await openFolder({ 'old/a.yaml': WRONG, '.calico-admission-ignore': 'old/\n' });
    expect(editor.underlined(room.at('old/a.yaml'))).toEqual([]);
    editor.open(room.at('old/a.yaml'), WRONG);
    expect(editor.underlined(room.at('old/a.yaml'))).toEqual([]);
    room.write({ '.calico-admission-ignore': '' });
    editor.session.diskChanged(editor.uriOf(room.at('.calico-admission-ignore')));
    await expect.poll(() => editor.underlined(room.at('old/a.yaml'))).toEqual([MODE]);
    room.write({ '.calico-admission-ignore': 'old/' });
    editor.session.diskChanged(editor.uriOf(room.at('.calico-admission-ignore')));
    await expect.poll(() => editor.underlined(room.at('old/a.yaml'))).toEqual([]);
  });

  it('has its configuration file, also once that changes', async () => {
    let action: 'off' | 'warn' = 'off';
    const asked: (string | undefined)[] = [];
    const editor = await openFolder(
      { 'a.yaml': WRONG },
      {
        settings: { config: 'config.yaml' },
        policy: ({ config }) => {
          asked.push(config);
          return { ...DEFAULT_SETTINGS, rules: { 'calico/ippool-mode': action } };
        },
      },
    );
    expect(editor.underlined(room.at('a.yaml'))).toEqual([]);
    action = 'warn';
    editor.session.diskChanged(editor.uriOf(room.at('config.yaml')));
    await expect.poll(() => editor.underlined(room.at('a.yaml'))).toEqual([MODE.replace('error', 'warning')]);
    expect(asked).toEqual([room.at('config.yaml'), room.at('config.yaml')]);
  });

  it('with a wrong configuration file reports that, and nothing else', async () => {
    const editor = await openFolder(
      { 'a.yaml': WRONG },
      {
        policy: () => {
          throw new UserError('the configuration file x is wrong');
        },
      },
    );
    editor.open(room.at('a.yaml'), WRONG);
    expect(editor.underlined(room.at('a.yaml'))).toEqual([]);
    expect(editor.warnings).toContain('calico-admission: the configuration file x is wrong');
  });

  it('puts patches to what they are for, whatever the patch names', async () => {
    const editor = await openFolder({
      'kustomization.yaml':
        'resources: [pool.yaml]\npatches:\n- path: patch.yaml\n  target: {kind: IPPool}\n',
      'pool.yaml': pool(`cidr: 10.0.0.0/24\n${NAT}`),
      'patch.yaml': '- op: replace\n  path: /spec/cidr\n  value: 10.0.0.0/33\n',
    });
    expect(editor.underlined(room.at('patch.yaml'))).toEqual(['2:9-2:20 error calico/ippool-cidr']);
  });

  it('that is deleted loses its findings', async () => {
    const editor = await openFolder({ 'sub/deep/a.yaml': WRONG, 'b.yaml': WRONG });
    rmSync(room.at('sub'), { recursive: true });
    editor.session.diskChanged(editor.uriOf(room.at('sub')));
    expect(editor.underlined(room.at('sub/deep/a.yaml'))).toEqual([]);
    expect(editor.underlined(room.at('b.yaml'))).toEqual([MODE]);
    editor.session.removeFolder(editor.uriOf(root()));
    expect(editor.underlined(room.at('b.yaml'))).toEqual([]);
  });

  it('that does not exist is reported in the log', async () => {
    const editor = createEditor();
    await editor.session.addFolder(editor.uriOf(room.at('nowhere')));
    expect(editor.log.join()).toContain('nowhere');
    editor.open(room.at('nowhere/a.yaml'), WRONG);
    expect(editor.underlined(room.at('nowhere/a.yaml'))).toEqual([MODE]);
  });

  it('is one of several: the inner one has its own bundle, and each its settings', async () => {
    room.write({ 'big.yaml': BIG, 'inner/small.yaml': SMALL });
    const editor = createEditor();
    await editor.session.addFolder(editor.uriOf(root()));
    expect(editor.underlined(room.at('inner/small.yaml'))).toEqual([OVERLAP]);
    await editor.session.addFolder(editor.uriOf(room.at('inner')));
    expect(editor.underlined(room.at('inner/small.yaml'))).toEqual([]);
    editor.session.removeFolder(editor.uriOf(room.at('inner')));
    expect(editor.underlined(room.at('inner/small.yaml'))).toEqual([OVERLAP]);
  });
});

describe('a document', () => {
  it('of no folder is evaluated while it is open, each alone', () => {
    const editor = createEditor();
    const [big, small] = [editor.open('/elsewhere/big.yaml', BIG), editor.open('untitled:Untitled-1', SMALL)];
    expect(editor.underlined(big.uri)).toEqual([]);
    expect(editor.underlined(small.uri)).toEqual([]);
    const wrong = editor.type(small, WRONG);
    expect(editor.underlined(wrong.uri)).toEqual([MODE]);
    editor.close(wrong);
    expect(editor.underlined(wrong.uri)).toEqual([]);
  });

  it.each([
    { name: 'a side of a diff', uri: 'git:/a.yaml?{}', languageId: 'yaml' },
    { name: 'on another host', uri: 'file://host/a.yaml', languageId: 'yaml' },
    { name: 'Markdown', uri: 'file:///a.md', languageId: 'markdown' },
  ])('is left alone: $name', ({ uri, languageId }) => {
    const editor = createEditor();
    const document = editor.open(uri, WRONG, languageId);
    expect(editor.published).toEqual([]);
    expect(editor.hover(document, { line: 6, character: 3 })).toBe('');
    editor.close(document);
  });

  it('of another project gets no findings', () => {
    const editor = createEditor();
    for (const text of ['a: b: c', 'kind: Deployment\nspec: {', '{', '\u0000']) {
      const document = editor.open('/elsewhere/a.yaml', text);
      expect(editor.underlined(document.uri)).toEqual([]);
    }
  });

  it('shows on opening that it is clean, and what was changed by the version', () => {
    const editor = createEditor();
    const document = editor.open('/elsewhere/a.yaml', BIG);
    editor.type(document, WRONG);
    expect(editor.published.map(({ version }) => version)).toEqual([1, 2]);
  });

  it('counts in UTF-16, with lines that end in CRLF', () => {
    const editor = createEditor();
    const text = pool(`cidr: 10.0.0.0/24\n# 🐱🐱\n{"a": 1}`).replace('  {"a": 1}', `  "🐱🐱": 1`);
    const document = editor.open('/elsewhere/a.yaml', text.replaceAll('\n', '\r\n'));
    expect(editor.underlined(document.uri)).toContain('7:2-7:8 hint calico/unknown-field');
  });

  it('shows what is for the audit as a hint, and no variable', () => {
    const editor = createEditor({
      policy: () => ({ ...DEFAULT_SETTINGS, rules: { 'calico/ippool-mode': 'audit' } }),
    });
    const document = editor.open('/elsewhere/a.yaml', WRONG.replace('10.0.0.0/24', '${CIDR}'));
    expect(editor.underlined(document.uri)).toEqual([MODE.replace('error', 'hint')]);
  });

  it('links to the page of the rule', () => {
    const editor = createEditor({
      policy: () => ({ ...DEFAULT_SETTINGS, docsUrl: 'https://example.org/' }),
    });
    const document = editor.open('/elsewhere/a.yaml', WRONG);
    const [diagnostic] = editor.diagnostics(document.uri);
    expect(diagnostic?.codeDescription).toEqual({
      href: 'https://example.org/rules/calico/ippool-mode.html',
    });
    expect(diagnostic?.message).toBe(
      'unsupported pool mode (got "always"); did you mean Always? Use Never, Always or CrossSubnet',
    );
  });
});

describe('a document that is not finished', () => {
  const SYNTAX = /error syntax$/;

  it.each([
    { name: 'a name without a colon', line: '  vx' },
    { name: 'a quote that is open', line: '  vxlanMode: "Nev' },
    { name: 'a bracket that is open', line: '  allowedUses: [' },
    { name: 'a list that is open', line: '  allowedUses: ["Workload", "Tunnel"' },
    { name: 'a colon too many', line: '  nodeSelector: a: b' },
  ])('keeps what is found in its other lines: $name', ({ line }) => {
    const editor = createEditor();
    const document = editor.open('/elsewhere/a.yaml', WRONG);
    const lines = WRONG.split('\n').toSpliced(7, 0, line);
    editor.type(document, lines.join('\n'), 7);
    const underlined = editor.underlined(document.uri);
    expect(underlined.filter((each) => SYNTAX.test(each))).toHaveLength(1);
    expect(underlined.filter((each) => !SYNTAX.test(each))).toEqual([MODE]);
    editor.type(document, WRONG);
    expect(editor.underlined(document.uri)).toEqual([MODE]);
  });

  it('reports nothing that depends on the value being typed', () => {
    const editor = createEditor();
    const shoot = shootWith('backend: none').replace(
      '  networking:',
      '    kubeProxy:\n      enabled: false\n  networking:',
    );
    const ebpf = '      ebpfDataplane:\n        enabled: "tr';
    const document = editor.open('/elsewhere/a.yaml', shoot);
    expect(editor.underlined(document.uri).join()).toContain('shoot/kube-proxy-off-needs-ebpf');
    const typed = shoot + ebpf.replace(/^ {2}/gm, '  ');
    editor.type(document, typed, typed.split('\n').length - 1);
    expect(editor.underlined(document.uri).filter((each) => !SYNTAX.test(each))).toEqual([]);
  });

  it('keeps what is found in other documents of its file, and in other files', async () => {
    const editor = await openFolder({ 'big.yaml': BIG });
    const small = room.at('small.yaml');
    const document = editor.open(small, `${SMALL}---\n${WRONG.replace('10.0', '10.9')}  vx`);
    const found = editor.underlined(small);
    expect(found.filter((each) => SYNTAX.test(each))).toHaveLength(1);
    expect(found).toContain(OVERLAP);
    expect(found).toContain('14:12-14:18 error calico/ippool-mode');
    editor.close(document);
    expect(editor.underlined(small)).toEqual([]);
  });
});
