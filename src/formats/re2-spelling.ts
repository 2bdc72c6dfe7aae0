import { isUnicodeClass } from './re2-classes.ts';

/** The pattern in the spelling of re2js, or Go's error. */
export type Spelling = { pattern: string } | { problem: string };

interface Piece {
  readonly text: string;
  readonly end: number;
}

class InvalidPattern extends Error {}

/**
 * Spells a Go pattern so that re2js 2.10 accepts and rejects the same patterns as Go, and is fast. It reads the
 * pattern as regexp/syntax.parse does, and changes only what re2js reads differently:
 * - Unicode classes. Go 1.26 ignores case and separators in their names, and has aliases; re2js does not.
 * - Two groups may have the same name in Go.
 * - `[[:]` is a class of two characters in Go; re2js looks for the end of a POSIX class in it.
 * - `i` flags become `s` flags and `{0,1000}` becomes `{1000}`. This does not change whether a pattern is valid. But
 * re2js needs seconds to fold the case of large classes, and a tenth of a second to expand nested options.
 * An invalid pattern stays invalid, so that re2js can find the error.
 */
export function spellForRe2js(pattern: string): Spelling {
  let spelled = '';
  let groups = 0;
  try {
    for (let at = 0; at < pattern.length; ) {
      const group = /^\(\?P?<([0-9A-Za-z_]+)>/.exec(pattern.slice(at));
      if (group !== null) {
        spelled += `(?P<g${groups++}>`;
        at += group[0].length;
        continue;
      }
      const piece = nextPiece(pattern, at);
      spelled += piece.text;
      at = piece.end;
    }
  } catch (error) {
    if (error instanceof InvalidPattern) return { problem: error.message };
    throw error;
  }
  return { pattern: spelled };
}

function nextPiece(pattern: string, at: number): Piece {
  if (pattern.startsWith('\\Q', at)) {
    const end = pattern.indexOf('\\E', at + 2);
    return copy(pattern, at, end < 0 ? pattern.length : end + 2);
  }
  if (isUnicodeEscape(pattern, at)) return unicodeClass(pattern, at);
  if (pattern[at] === '\\') return copy(pattern, at, escapeEnd(pattern, at));
  if (pattern[at] === '[') return bracketClass(pattern, at);
  if (pattern.startsWith('(?', at)) {
    const flags = /^\(\?[imsU-]*/.exec(pattern.slice(at))?.[0] ?? '';
    return { text: flags.replaceAll('i', 's'), end: at + flags.length };
  }
  return pattern[at] === '{' ? repetition(pattern, at) : copy(pattern, at, at + 1);
}

/** syntax.repeatIsValid checks only the upper bound, where there is one. */
function repetition(pattern: string, at: number): Piece {
  const match = /^\{(0|[1-9][0-9]{0,3}),(0|[1-9][0-9]{0,3})\}/.exec(pattern.slice(at));
  if (match === null || Number(match[1]) > Number(match[2])) return copy(pattern, at, at + 1);
  return { text: `{${match[2]}}`, end: at + match[0].length };
}

/** syntax.parser.parseClass, as far as it finds the begin and the end of parts. */
function bracketClass(pattern: string, start: number): Piece {
  let at = pattern[start + 1] === '^' ? start + 2 : start + 1;
  let text = pattern.slice(start, at);
  for (let first = true; at < pattern.length && (first || pattern[at] !== ']'); first = false) {
    const piece = classItem(pattern, at);
    text += piece.text;
    at = piece.end;
  }
  return { text: text + pattern.slice(at, at + 1), end: at + 1 };
}

function classItem(pattern: string, at: number): Piece {
  if (pattern.startsWith('[:', at)) {
    const end = pattern.indexOf(':]', at + 2);
    if (end >= 0) return copy(pattern, at, end + 2);
  }
  if (isUnicodeEscape(pattern, at)) return unicodeClass(pattern, at);
  if (/^\\[dDsSwW]/.test(pattern.slice(at, at + 2))) return copy(pattern, at, at + 2);
  const low = classCharacter(pattern, at);
  const isRange = pattern[low.end] === '-' && low.end + 1 < pattern.length && pattern[low.end + 1] !== ']';
  if (!isRange) return low;
  const high = classCharacter(pattern, low.end + 1);
  return { text: `${low.text}-${high.text}`, end: high.end };
}

function classCharacter(pattern: string, at: number): Piece {
  if (pattern[at] === '[') return { text: '\\[', end: at + 1 };
  return copy(pattern, at, pattern[at] === '\\' ? escapeEnd(pattern, at) : characterEnd(pattern, at));
}

function isUnicodeEscape(pattern: string, at: number): boolean {
  return pattern[at] === '\\' && (pattern[at + 1] === 'p' || pattern[at + 1] === 'P');
}

/** syntax.parser.parseUnicodeClass. Any class can replace it. */
function unicodeClass(pattern: string, at: number): Piece {
  let end = characterEnd(pattern, at + 2);
  let name = pattern.slice(at + 2, end);
  if (name === '{') {
    end = pattern.indexOf('}', at) + 1;
    if (end === 0) throw new InvalidPattern('invalid character class range');
    name = pattern.slice(at + 3, end - 1);
  }
  if (!isUnicodeClass(name.replace(/^\^/, ''))) throw new InvalidPattern('invalid character class range');
  return { text: '\\d', end };
}

/** The end of the escape that syntax.parser.parseEscape reads. */
function escapeEnd(pattern: string, at: number): number {
  const long = /^\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(pattern.slice(at));
  if (long !== null) return at + long[0].length;
  if (pattern[at + 1] === 'x') throw new InvalidPattern('invalid escape sequence');
  return characterEnd(pattern, at + 1);
}

/** A character outside the basic plane has two code units in a JavaScript string. */
function characterEnd(pattern: string, at: number): number {
  return at + ((pattern.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}

function copy(pattern: string, start: number, end: number): Piece {
  return { text: pattern.slice(start, end), end };
}
