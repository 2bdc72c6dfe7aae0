import { RE2JS, RE2JSSyntaxException, RE2Set } from 're2js';
import { spellForRe2js } from './re2-spelling.ts';

/**
 * The maximum length of a pattern that is parsed; 50 interface names fit. A pattern of this length cannot reach the
 * limits on size and depth of Go or of re2js, and the worst pattern takes about ten milliseconds.
 */
export const MAX_PATTERN_LENGTH = 800;

/** Interface names and lists of them: the usual patterns. */
const PLAIN = /^[\w.,:-]*$/;

/**
 * The same with anchors, alternatives and repeated dots, such as `^eth.*|^ens.*`. These are always valid, and a
 * parser would take longer than all rules for a Shoot together.
 */
const SIMPLE = /^(?:[\w.,:|^$-]|\.[*+?])*$/;

/** Whether the pattern, and each part of it between commas, is always valid. */
export function isPlain(pattern: string): boolean {
  return PLAIN.test(pattern);
}

/** Whether the pattern is not parsed, because parsing could take too long. */
export function isTooLong(pattern: string): boolean {
  return pattern.length > MAX_PATTERN_LENGTH && !isPlain(pattern);
}

/**
 * The error of Go's regexp.Compile, in its words. Undefined when it accepts the pattern, and for a pattern that
 * {@link isTooLong}.
 */
export function re2Problem(pattern: string): string | undefined {
  if (isPlain(pattern) || isTooLong(pattern) || SIMPLE.test(pattern)) return undefined;
  // Go's JSON decoder replaces half of a surrogate pair by U+FFFD before the pattern is compiled.
  const spelling = spellForRe2js(pattern.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
  if ('problem' in spelling) return spelling.problem;
  try {
    // A set parses a pattern that is added, but builds no automaton before it matches.
    new RE2Set().add(spelling.pattern);
    return undefined;
  } catch (error) {
    return error instanceof RE2JSSyntaxException ? error.getDescription() : 'cannot be parsed';
  }
}

/**
 * Patterns that {@link re2Matches} does not evaluate: flags and classes of Unicode and POSIX, which re2js reads
 * differently than Go or needs seconds for, and counts, which it expands up to a thousand times. Patterns of
 * interface names do not need them.
 */
const NOT_MATCHED = /[^ -~]|\(\?(?!:)|\\[pPQ]|\[\[:|\{/;

/**
 * Whether the pattern matches a part of the text, as Go's MatchString. Undefined where the pattern is invalid or too
 * long, and where re2js may have another result than Go: no answer is better than a wrong answer.
 */
export function re2Matches(pattern: string, text: string): boolean | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH || NOT_MATCHED.test(pattern)) return undefined;
  if (re2Problem(pattern) !== undefined) return undefined;
  return RE2JS.compile(pattern).matcher(text).find();
}
