import { nearest, sameButForm } from '../../formats/nearest.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Finding, Fix } from '../../policy/types.ts';

/** Most characters of a list of words, in a message of at most 200. */
const MAX_LIST = 110;

/** A field that accepts one of a few words. */
export interface AllowedValue {
  readonly path: FieldPath;
  readonly value: unknown;
  /** What is wrong with any other word: `unsupported backend`. */
  readonly problem: string;
  readonly allowed: readonly string[];
}

/**
 * The finding for a word that a field does not accept. Values that are not strings are ignored: an unset field is fine,
 * and the wrong type has a rule of its own.
 */
export function checkAllowedValue({ path, value, problem, allowed }: AllowedValue): Finding[] {
  if (typeof value !== 'string' || allowed.includes(value)) return [];
  const advice = adviseWord(value, allowed);
  const fix = differsInFormOnly(value, allowed);
  return [{ path, reason: 'FieldValueNotSupported', problem, got: value, advice, fix }];
}

/** `did you mean bird? Use bird, none or vxlan`. */
export function adviseWord(word: string, allowed: readonly string[]): string {
  const list = listAll(allowed);
  if (word === '') return `remove it or use ${list}`;
  const suggestion = nearest(word, allowed);
  return suggestion === undefined ? `use ${list}` : `did you mean ${suggestion}? Use ${list}`;
}

/** An example, where the list of words is too long for a message. */
function listAll(words: readonly string[]): string {
  const list = listAlternatives(words);
  return list.length <= MAX_LIST ? list : `one such as ${words[0]}`;
}

/** A word that differs from an allowed one in case and separators only can be corrected without asking. */
function differsInFormOnly(word: string, allowed: readonly string[]): Fix | undefined {
  const meant = sameButForm(word, allowed);
  return meant === undefined ? undefined : { kind: 'replace', value: meant };
}
