import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isMap } from '../../src/policy/json.ts';
import { anyCaseWordsOf, wordsAt, wordsOf } from '../../src/schema/values.ts';

// The words that an API accepts are in its schema, so that a new word is added in one place.

const SCHEMAS = new URL('../../src/kinds/', import.meta.url);
const RULES = new URL('../../src/rules/', import.meta.url);

/** Lists of words of an API that are no copy of its list: `<file>: <words>`, and what they are instead. */
const REASONED: Readonly<Record<string, string>> = {
  'calico/bgp-setting.ts: IPv4 IPv6': 'families that have a field each',
  'calico/cluster-routes-version.ts: EnabledIPIPOnly EnabledNoEncapOnly': 'those that came with a release',
  'calico/ippool-allowed-uses.ts: HostSecondaryInterface L2Workload': 'those of Calico Enterprise',
  'kops/cross-subnet-on-aws.ts: Enable DoNothing': 'those that keep the check',
  'kops/cross-subnet-on-aws.ts: CrossSubnet Never': 'those that leave packets as they are',
  'kubeadm/pool-cidr.ts: IPv4 IPv6': 'families that have a variable each',
  'kubeadm/pool-modes.ts: Always CrossSubnet Never': 'of an environment variable, which has no schema',
  'kubeadm/shared/ipip-without-bird.ts: vxlan none': 'backends without BIRD',
  'shoot/shared/pool-modes.ts: Always Never': 'modes that go with one kind of pool',
  'tigera/installation-cni.ts: Calico HostLocal': 'IPAM plugins that go with one CNI plugin',
  'tigera/installation-values.ts: NodeWindows FelixWindows ConfdWindows': 'those that the operator stops at',
  'tigera/installation-windows.ts: IPIP IPIPCrossSubnet VXLANCrossSubnet': 'those that Windows does not take',
};

function listNames(folder: URL, suffix: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(suffix));
}

/** The words of each field of a schema that takes more than one. */
function* listWords(part: unknown): Generator<readonly string[]> {
  if (Array.isArray(part)) for (const each of part) yield* listWords(each);
  if (!isMap(part)) return;
  for (const words of [wordsOf(part), anyCaseWordsOf(part)]) {
    const written = words.filter((word) => word !== '');
    if (written.length > 1) yield written;
  }
  for (const each of Object.values(part)) yield* listWords(each);
}

/** Lists of two or more texts, and of nothing else but other lists that are taken in. */
function listTexts(name: string, text: string): string[][] {
  const lists: string[][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isArrayLiteralExpression(node)) {
      const entries = node.elements.filter((each) => !ts.isSpreadElement(each));
      const texts = entries.filter(ts.isStringLiteralLike).map((each) => each.text);
      if (texts.length > 1 && texts.length === entries.length) lists.push(texts);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest));
  return lists;
}

/** Lists in the source that are a part of some field's words, or have them all. */
function findCopies(name: string, text: string, words: readonly (readonly string[])[]): string[] {
  return listTexts(name, text)
    .filter((list) =>
      words.some(
        (each) => list.every((word) => each.includes(word)) || each.every((word) => list.includes(word)),
      ),
    )
    .map((list) => `${name}: ${list.join(' ')}`);
}

const words = listNames(SCHEMAS, '.json').flatMap((name) => [
  ...listWords(JSON.parse(readFileSync(new URL(name, SCHEMAS), 'utf8'))),
]);

describe('words of an API', () => {
  it('are read from its schema by every rule', () => {
    const copies = listNames(RULES, '.ts').flatMap((name) =>
      findCopies(name, readFileSync(new URL(name, RULES), 'utf8'), words),
    );
    expect(copies.toSorted()).toEqual(Object.keys(REASONED).toSorted());
  });

  it.each([
    ['the whole list', "const BACKENDS = ['none', 'bird', 'vxlan'];"],
    ['a part of it', "check(['bird', 'none']);"],
    ['the list and more', "const all = ['bird', 'none', 'vxlan', 'geneve'];"],
    ['a list that takes in another', "const all = [...OTHERS, 'bird', 'vxlan'];"],
    ['words in any case', "const LEVELS = ['Trace', 'Warning'];"],
  ])('are found in a source that repeats %s', (_name, text) => {
    expect(findCopies('a.ts', text, words)).toHaveLength(1);
  });

  it.each([
    ['one word', "const BACKENDS = ['bird'];"],
    ['a path', "read(spec, ...['networking', 'backend']);"],
  ])('are not found in %s', (_name, text) => {
    expect(findCopies('a.ts', text, words)).toEqual([]);
  });
});

describe('wordsAt', () => {
  const schema = {
    properties: {
      plain: { enum: ['b', 'a', '', null] },
      list: { items: { properties: { word: { enum: ['c', null] } } } },
      loose: { 'x-any-case': ['D', 'E'] },
      both: { enum: ['F', null], 'x-any-case': true },
      none: { type: 'string' },
    },
  };

  it.each([
    { path: ['plain'], wanted: ['b', 'a'] },
    { path: ['list', 'items', 'word'], wanted: ['c'] },
    { path: ['loose'], wanted: ['D', 'E'] },
    { path: ['both'], wanted: ['F'] },
  ])('reads $path', ({ path, wanted }) => {
    expect(wordsAt(schema, ...path)).toEqual(wanted);
  });

  it.each([['none'], ['missing'], ['plain', 'below']])('has nothing to read at %s', (...path) => {
    expect(() => wordsAt(schema, ...path)).toThrow(`the schema has no words at ${path.join('.')}`);
  });
});
