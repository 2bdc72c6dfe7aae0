import { RE2JS, RE2JSSyntaxException, RE2Set } from 're2js';
import { spellForRe2js } from './re2-spelling.ts';

/**
 * The longest pattern that is looked at; 50 interface names fit. In this length neither Go's limits on size
 * and depth nor those of re2js can be reached, and the worst pattern takes about ten milliseconds.
 */
export const MAX_PATTERN_LENGTH = 800;

/** Names of interfaces and lists of them, as nearly everybody writes them. */
const PLAIN = /^[\w.,:-]*$/;

/**
 * The same with anchors, alternatives and repeated dots, such as `^eth.*|^ens.*`. Nothing can be wrong with these either,
 * and a parser takes longer to say so than all rules for a Shoot together.
 */
const SIMPLE = /^(?:[\w.,:|^$-]|\.[*+?])*$/;

/** Whether nothing can be wrong with the pattern, nor with any part of it between commas. */
export function isPlain(pattern: string): boolean {
  return PLAIN.test(pattern);
}

/** Whether the pattern is left alone, because to look at it could take too long. */
export function isTooLong(pattern: string): boolean {
  return pattern.length > MAX_PATTERN_LENGTH && !isPlain(pattern);
}

/**
 * What Go's regexp.Compile has against the pattern, in its words; undefined when it accepts it. Nothing is known of one
 * that {@link isTooLong}, and nothing said.
 */
export function re2Problem(pattern: string): string | undefined {
  if (isPlain(pattern) || isTooLong(pattern) || SIMPLE.test(pattern)) return undefined;
  // Go's JSON decoder has put U+FFFD in the place of half a surrogate pair before anyone compiles it.
  const spelling = spellForRe2js(pattern.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
  if ('problem' in spelling) return spelling.problem;
  try {
    // A set parses what is added to it, but does not build an automaton before it is asked to match.
    new RE2Set().add(spelling.pattern);
    return undefined;
  } catch (error) {
    return error instanceof RE2JSSyntaxException ? error.getDescription() : 'cannot be parsed';
  }
}

/**
 * What {@link re2Matches} leaves alone: flags and classes of Unicode and POSIX, which re2js reads in another way than Go
 * or takes seconds over, and counts, which it writes out a thousand times. Patterns of interface names need none of them.
 */
const NOT_MATCHED = /[^ -~]|\(\?(?!:)|\\[pPQ]|\[\[:|\{/;

/**
 * Whether the pattern matches a part of the text, as Go's MatchString. Undefined where the pattern is refused or too
 * long, and where re2js may come to another answer than Go: to say nothing is better than to say something wrong.
 */
export function re2Matches(pattern: string, text: string): boolean | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH || NOT_MATCHED.test(pattern)) return undefined;
  if (re2Problem(pattern) !== undefined) return undefined;
  return RE2JS.compile(pattern).matcher(text).find();
}
