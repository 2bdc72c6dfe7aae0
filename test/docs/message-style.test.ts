import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listMutations, listRules } from '../../src/policy/registry.ts';
import { registry } from '../support/registry.ts';
import { BANNED_WORDS } from './banned-words.ts';
import { collectMessages } from './messages-page.ts';

// What a machine can hold of plain English in the texts of rules; the rest is for reviewers.

const rules = listRules(registry);
const mutations = listMutations(registry);

/** Most words of one message, without the value that it quotes. */
const MOST_WORDS = 30;

/** Most words of one sentence of a rule page, without what stands in backquotes or parentheses. */
const MOST_WORDS_OF_A_SENTENCE = 45;

/** The one form of titles, by what the rule does by default. */
const FORMS: Readonly<Record<string, RegExp>> = {
  deny: /^[^;]+ must [^;]+[^.]$/,
  warn: /^[^;]+ should [^;]+[^.]$/,
  audit: /^[^;]+ is [^;]+[^.]$/,
};

/** Words of the court and of conversation, for which messages have a plain one. */
const BANNED_IN_RULES: readonly RegExp[] = [
  /\btold\b/i,
  /\btells? (?:of|nobody)\b/i,
  /\btruce\b/i,
  /\bclaim(?:s|ed)?\b/i,
  /\bsaid\b/i,
  /\bnobody\b/i,
  /\bsomebody\b/i,
  /\btakes? (?:\w+ )+for\b/i,
  /\brefus(?:e|es|ed|al)\b/i,
  /\b(?:knows|know) no\b/i,
  /\b(?:lie|lies|speaks?|stands?) (?:about|of|beside)\b/i,
  /(?<!there )\b(?:is|are) no (?!longer\b)/i,
  /\bso that (?:it|they|there) (?:is|are|has|have)\b/i,
  /\bfor ever\b/i,
  /\bwithout a word\b/i,
  /\bblanks?\b/i,
  /\b(?:of|as) Felix'/i,
  /\bgot nothing\b/i,
];

const banned = [...BANNED_WORDS.map(({ word }) => word), ...BANNED_IN_RULES];

/** Code is what others wrote. */
function withoutCode(text: string): string {
  return text.replaceAll(/`[^`]*`/g, 'x');
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function findBanned(text: string): string[] {
  return banned.flatMap((word) => word.exec(withoutCode(text))?.[0] ?? []);
}

describe('titles', () => {
  it.each(rules.map(({ id, action, title }) => [id, action, title] as const))(
    'of %s say what must be true',
    (_id, action, title) => {
      expect(title).toMatch(FORMS[action] ?? /never/);
      expect(countWords(title), title).toBeLessThanOrEqual(20);
    },
  );

  it('of mutations say what is written', () => {
    for (const { title } of mutations) expect(title).toMatch(FORMS['audit'] ?? /never/);
  });

  it('have no banned words', () => {
    expect(
      [...rules, ...mutations].flatMap(({ id, title }) => findBanned(title).map((word) => `${id}: ${word}`)),
    ).toEqual([]);
  });
});

describe('reasons and fixes', () => {
  const texts = [...rules, ...mutations].flatMap(({ id, docs: { why, fix } }) => [
    { id, text: why },
    { id, text: fix },
  ]);

  it('have no banned words', () => {
    expect(texts.flatMap(({ id, text }) => findBanned(text).map((word) => `${id}: ${word}`))).toEqual([]);
  });

  it('have short sentences', () => {
    const long = texts.flatMap(({ id, text }) =>
      withoutCode(text)
        .replaceAll(/\([^)]*\)/g, '')
        .split(/[.:;] /)
        .filter((sentence) => countWords(sentence) > MOST_WORDS_OF_A_SENTENCE)
        .map((sentence) => `${id}: ${sentence}`),
    );
    expect(long).toEqual([]);
  });
});

describe('messages', () => {
  const messages = [...collectMessages(registry)].flatMap(([id, ofRule]) =>
    [...ofRule.keys()].map((message) => ({ id, message, text: message.replace(/\(got .*\); /, '; ') })),
  );

  it('have no banned words', () => {
    expect(
      messages.flatMap(({ id, text }) => findBanned(text).map((word) => `${id}: ${word} in ${text}`)),
    ).toEqual([]);
  });

  it('are short', () => {
    expect(messages.filter(({ text }) => countWords(text) > MOST_WORDS)).toEqual([]);
  });

  it('never quote that nothing is written', () => {
    expect(messages.filter(({ message }) => /\(got (?:nothing|undefined)\)/.test(message))).toEqual([]);
  });

  it('give the advice in the imperative, in lower case', () => {
    const wrong = messages.filter(({ text }) => !/; (?:[a-z]|did you mean |it belongs )/.test(text));
    expect(wrong).toEqual([]);
  });
});

describe('comments of rules', () => {
  const folder = new URL('../../src/rules/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );

  it('have no banned words', () => {
    const found = files.flatMap((name) => {
      const lines = readFileSync(new URL(name, folder), 'utf8').split('\n');
      return lines
        .filter((line) => /^\s*(?:\/\/|\/?\*+[ /])/.test(line))
        .flatMap((line) => findBanned(line).map((word) => `${name}: ${word} in ${line.trim()}`));
    });
    expect(found).toEqual([]);
  });
});
