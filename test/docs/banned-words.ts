// Words that make a reader stop: figures of speech, and terms of our own where Kubernetes has one.

export interface BannedWord {
  readonly word: RegExp;
  /** What to write. */
  readonly instead: string;
}

export const BANNED_WORDS: readonly BannedWord[] = [
  { word: /\bjudg(?:e|es|ed|ing|ement|ements)\b/i, instead: 'evaluate' },
  { word: /\bwhoever\b/i, instead: 'a user, a client, or whatever it is' },
  {
    word: /\bnobody (?:has|have|wants|renews|renewed|says|knows)\b/i,
    instead: 'the passive voice, or "no user"',
  },
  { word: /\bwarned of\b/i, instead: 'gets a warning' },
  { word: /\bmakes (?:of|errors of)\b/i, instead: 'turns into' },
  { word: /\btestimony\b/i, instead: 'fact' },
  { word: /\btruce\b/i, instead: 'coexistence' },
  { word: /\bin sight\b/i, instead: 'in the scope' },
  { word: /\bmercy\b/i, instead: 'lenient' },
  { word: /\bdraws breath\b|\bmend(?:s|ed|ing)? its ways\b/i, instead: 'the plain word' },
  { word: /\bpass(?:es|ed)? over\b/i, instead: 'ignores, leaves out' },
  { word: /\bsilenc(?:es|ed|ing)\b|\bto silence\b/i, instead: 'ignores' },
  { word: /\btaken? for (?:outsiders|a)\b/i, instead: 'treats as' },
  { word: /\boutsiders\b/i, instead: 'external' },
  { word: /\bthe way of a\b/i, instead: 'the path of a' },
  { word: /\bknows no such\b/i, instead: 'is not a valid value for' },
  { word: /\bto spare (?:them|you|yourself)\b/i, instead: 'to avoid it' },
  { word: /\bby itself alone\b/i, instead: 'alone' },
];

/** Each banned word of a text, with its line, from 1. Code, which others wrote or a program reads, is left out. */
export function findBannedWords(
  markdown: string,
): { readonly line: number; readonly word: string; readonly instead: string }[] {
  const text = markdown
    // Only the line breaks stay, so that lines keep their numbers.
    .replaceAll(/^ *```[\s\S]*?^ *```/gm, (block) => block.replaceAll(/[^\n]/g, ''))
    .replaceAll(/`[^`\n]*`/g, '');
  return text.split('\n').flatMap((line, index) =>
    BANNED_WORDS.flatMap(({ word, instead }) => {
      const found = word.exec(line);
      return found === null ? [] : [{ line: index + 1, word: found[0], instead }];
    }),
  );
}
