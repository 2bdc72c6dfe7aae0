import { describe, expect, it } from 'vitest';
import type { TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { shootWith } from '../check/command.ts';
import { COMPLETIONS, RIGHT } from '../editor/documents.ts';
import { createEditor, pool, readCursor } from './editor.ts';

const PATH = '/elsewhere/a.yaml';
const POOL = pool('cidr: 10.0.0.0/24\nipipMode: always\nnatOutgoing: true');

function complete(marked: string) {
  const { text, position } = readCursor(marked);
  const editor = createEditor();
  return editor.session.complete(editor.open(PATH, text), position);
}

describe('completion', () => {
  // That a duration may be Auto is a format, and no word of the schema.
  const ofSchemas = COMPLETIONS.filter(({ yaml }) => !yaml.includes('tcpEstablished'));

  it.each(ofSchemas)('offers what the field takes: $yaml', ({ yaml, offered }) => {
    // Nothing says that a document without its kind, or without its API, is one of ours.
    const isBare =
      !/^(?:apiVersion: [^|\n]+\nkind: |kind: \|$)/m.test(yaml) || /^(?:kind|apiVersion): \|\n$/.test(yaml);
    const labels = complete(yaml).map(({ label }) => label);
    expect(labels.toSorted()).toEqual(isBare ? [] : offered.toSorted());
  });

  it('offers the names that are not there yet, with what is typed of one', () => {
    const labels = complete(pool('cidr: 10.0.0.0/24\nip|')).map(({ label }) => label);
    expect(labels).toContain('ipipMode');
    expect(labels).not.toContain('cidr');
  });

  it.each([
    {
      name: 'a name',
      marked: pool('cidr: 10.0.0.0/24\nipip|\nnatOutgoing: true'),
      label: 'ipipMode',
      line: '  ipipMode: ',
    },
    {
      name: 'a word',
      marked: pool('cidr: 10.0.0.0/24\nipipMode: Alw|'),
      label: 'Always',
      line: '  ipipMode: Always',
    },
    { name: 'in quotes', marked: shootWith('ipv4:\n  mode: |'), label: '"Off"', line: '        mode: "Off"' },
    {
      name: 'an item',
      marked: pool('cidr: 10.0.0.0/24\nallowedUses:\n- Tun|'),
      label: 'Tunnel',
      line: '  - Tunnel',
    },
    {
      name: 'beside a line that is not finished',
      marked: `${pool('cidr: 10.0.0.0/24\nipipMode: |')}---\nkind: IPPool\n  vx`,
      label: 'Never',
      line: '  ipipMode: Never',
    },
  ])('writes $name', ({ marked, label, line }) => {
    const { text, position } = readCursor(marked);
    const item = complete(marked).find((each) => each.label === label);
    const document = TextDocument.create(PATH, 'yaml', 1, text);
    const after = TextDocument.applyEdits(document, [item?.textEdit as TextEdit]);
    expect(after.split('\n')[position.line]).toBe(line);
  });

  it('says what a field is for', () => {
    const item = complete(pool('ipipM|')).find(({ label }) => label === 'ipipMode');
    expect(item?.documentation).toContain('IP-in-IP');
  });

  it.each([
    { name: 'in another kind', marked: 'apiVersion: v1\nkind: Service\nspec:\n  |' },
    {
      name: 'in a Shoot of another network',
      marked: shootWith('|').replace('type: calico', 'type: cilium').replace('calico.net', 'cilium.net'),
    },
    { name: 'in a comment', marked: pool('# ip|') },
    { name: 'in a text of many lines', marked: pool('cidr: |\n').replace('cidr: |', 'cidr: >-\n    a|') },
    { name: 'in an empty document', marked: '|' },
    { name: 'in JSON', marked: '{"apiVersion": "projectcalico.org/v3", |}' },
  ])('offers nothing $name', ({ marked }) => expect(complete(marked)).toEqual([]));
});

describe('hover', () => {
  const hover = (marked: string, policy = DEFAULT_SETTINGS) => {
    const { text, position } = readCursor(marked);
    const editor = createEditor({ policy: () => policy });
    return editor.hover(editor.open(PATH, text), position);
  };

  it('over a field shows its text, its words and its rules', () => {
    const text = hover(POOL.replace('ipipMode', 'ipip|Mode'));
    expect(text).toContain('**`spec.ipipMode`** · string');
    expect(text).toContain('When traffic between nodes is encapsulated with IP-in-IP');
    for (const word of ['Never', 'Always', 'CrossSubnet']) expect(text).toContain(`\`${word}\``);
    expect(text).toContain('- `calico/azure-ipip`: ');
    expect(text).not.toContain('null');
  });

  it('over a finding shows why it matters, and then the field', () => {
    const text = hover(POOL.replace('always', 'alw|ays'), {
      ...DEFAULT_SETTINGS,
      docsUrl: 'https://example.org/',
    });
    expect(text).toMatch(
      /^unsupported pool mode \(got `"always"`\)\n\n\*\*Fix:\*\* did you mean Always\?.*\n\n/,
    );
    expect(text).toContain('[`calico/ippool-mode`](https://example.org/rules/calico/ippool-mode.html)');
    expect(text).toContain('\n\n---\n\n**`spec.ipipMode`**');
  });

  it('works while another line is not finished', () => {
    const text = hover(`${POOL.replace('ipipMode', 'ipip|Mode')}  vx`);
    expect(text).toContain('IP-in-IP');
  });

  it('knows an item of a List, and the field of a list', () => {
    const policy = `apiVersion: v1
kind: List
items:
- apiVersion: projectcalico.org/v3
  kind: NetworkPolicy
  metadata: {name: a}
  spec:
    ingress:
    - act|ion: Allow
`;
    expect(hover(policy)).toContain('**`spec.ingress[0].action`**');
  });

  it.each([
    { name: 'of another kind', marked: 'apiVersion: v1\nkind: Service\nspec:\n  type|: a\n' },
    { name: 'of another network', marked: `${RIGHT[1]?.yaml.replace('providerConfig', 'provider|Config')}` },
    {
      name: 'that is unknown',
      marked: pool('cidr: 10.0.0.0/24\nlabels|: {}').replace('spec:', 'spec: # x'),
    },
    { name: 'between two', marked: `${POOL}|` },
  ])('shows nothing for a field $name', ({ marked, name }) => {
    const text = hover(marked);
    // That it is unknown is a finding.
    if (name === 'that is unknown') expect(text).not.toContain('**`');
    else expect(text).toBe('');
  });
});

describe('actions', () => {
  const SITE = { ...DEFAULT_SETTINGS, docsUrl: 'https://example.org/' };
  const at = (line: number, character: number) => ({ start: { line, character }, end: { line, character } });
  const open = (text: string, options: Parameters<typeof createEditor>[0] = {}) => {
    const editor = createEditor(options);
    const document = editor.open(PATH, text);
    const titles = (line: number, character: number) =>
      editor.session.actions(document, at(line, character)).map(({ title }) => title);
    const apply = (line: number, character: number, title: RegExp) => {
      const action = editor.session
        .actions(document, at(line, character))
        .find((each) => title.test(each.title));
      return TextDocument.applyEdits(document, action?.edit?.changes?.[document.uri] ?? []);
    };
    return { editor, document, titles, apply };
  };

  it('correct what needs no asking, to a clean document', () => {
    const shoot = shootWith('backend: None');
    const line = shoot.split('\n').findIndex((each) => each.includes('None'));
    const { editor, document, apply } = open(shoot);
    const after = apply(line, 16, /^Fix: /);
    expect(after).toBe(shoot.replace('None', 'none'));
    editor.type(document, after);
    expect(editor.underlined(PATH)).toEqual([]);
  });

  it('ignore a finding once there is a reason', () => {
    const { editor, document, apply } = open(POOL);
    const after = apply(6, 14, /^Ignore calico\/ippool-mode here/);
    expect(after.split('\n')[6]).toBe('  # calico-admission-ignore calico/ippool-mode: ');
    const without = editor.type(document, after);
    expect(editor.underlined(PATH)).toEqual([
      '7:12-7:18 error calico/ippool-mode',
      '6:2-6:47 warning ignore-comment',
    ]);
    editor.type(without, after.replace('ippool-mode: ', 'ippool-mode: an old calicoctl wrote it'));
    expect(editor.underlined(PATH)).toEqual([]);
  });

  it('keep CRLF, and write no comment into JSON', () => {
    const crlf = open(POOL.replaceAll('\n', '\r\n'));
    expect(crlf.apply(6, 14, /^Ignore/).replaceAll('\r\n', '')).not.toContain('\n');
    const json = '{"apiVersion": "projectcalico.org/v3", "kind": "IPPool", "spec": {"cidr": "10.0.0.0/33"}}';
    expect(open(json).titles(0, 75)).toEqual([]);
  });

  it('open the page, where there is one and the editor can', () => {
    const policy = () => SITE;
    const able = open(POOL, { policy, opensPages: true });
    expect(able.titles(6, 14)).toContain('Open the page of calico/ippool-mode');
    const [command] = able.editor.session
      .actions(able.document, at(6, 14))
      .flatMap((each) => (typeof each.command === 'object' ? each.command : []));
    expect(command).toMatchObject({
      command: 'calico-admission.openPage',
      arguments: ['https://example.org/rules/calico/ippool-mode.html'],
    });
    expect(open(POOL, { policy }).titles(6, 14).join()).not.toContain('Open');
    expect(open(POOL, { opensPages: true }).titles(6, 14).join()).not.toContain('Open');
  });

  it('are those of the range alone', () => {
    const { titles } = open(POOL);
    expect(titles(5, 3)).toEqual([]);
    expect(titles(6, 12)).toHaveLength(2);
    expect(titles(6, 18)).toHaveLength(2);
    expect(titles(999, 999)).toEqual([]);
  });
});
