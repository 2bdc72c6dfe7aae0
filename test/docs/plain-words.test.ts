import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findBannedWords } from './banned-words.ts';

// What a machine can hold of "plain words" in the pages for people.

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** Written from the rules, whose words have a test of their own. */
const GENERATED = ['docs/messages.md', 'docs/configuration.md'];
/** Written by `npm run bench` and `npm run test:reliability`. */
const MEASURED = ['docs/performance.md'];

/** The title of a test, also behind a table of `each`, or the name of a row. */
const TITLE =
  /(?:\b(?:it|describe|testRules)(?:\.\w+)*\(|^ *(?:\] as const|\]|\))\)\(|\bname: )(?:\s*)(?:'([^'\n]*)'|"[^"\n]*"|`[^`\n]*`)/gm;
const NOT_IN_TITLES =
  /\b(?:judg\w*|refus\w*|tells?|told|whoever|nobody|somebody|everybody|silenc(?:e[sd]|ing)|truce|verdict on)\b/i;

const guides = readdirSync(new URL('docs', ROOT))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
  .filter((path) => ![...GENERATED, ...MEASURED].includes(path));
const pages = ['README.md', 'CONTRIBUTING.md', 'manifests/README.md', ...guides];

describe('the pages for people', () => {
  it.each(pages)('%s has no banned words', (path) => {
    expect(findBannedWords(read(path))).toEqual([]);
  });

  it('are all there', () => {
    expect(guides.length).toBeGreaterThan(15);
  });
});

it('banned words are found, but not in code', () => {
  const text = 'Judged with mercy.\n```text\n4 objects judged\n```\nThe field `judged` is\nwarned of.\n';
  expect(findBannedWords(text).map(({ line, word }) => `${line} ${word}`)).toEqual([
    '1 Judged',
    '1 mercy',
    '6 warned of',
  ]);
});

describe('the titles of tests', () => {
  const files = readdirSync(new URL('test', ROOT), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.test.ts') && !file.includes('node_modules'),
  );

  it('have no figures of speech', () => {
    const titles = files.flatMap((file) =>
      [...read(`test/${file}`).matchAll(TITLE)].map(([, title = '']) => ({ file, title })),
    );
    expect(titles.length).toBeGreaterThan(1500);
    expect(titles.filter(({ title }) => NOT_IN_TITLES.test(title))).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  it('has at most fifteen words of our own', () => {
    const [, glossary = ''] = /## Words of our own\n([\s\S]*?)\n## /.exec(read('CONTRIBUTING.md')) ?? [];
    const words = glossary
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1);
    expect(words.length).toBeGreaterThan(5);
    expect(words.length).toBeLessThanOrEqual(15);
  });
});
