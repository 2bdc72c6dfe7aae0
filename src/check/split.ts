import type { Span } from './lines.ts';

/** One document of a file: its place and its number, from 1. */
export interface Part extends Span {
  readonly number: number;
}

const SEPARATOR = /^---(?=[ \t\r\n]|$)/gm;
const NO_CONTENT = /^(?:[ \t]*(?:#.*|%.*)?(?:\r?\n|$))*$/;

/** Whether a document has only comments and empty lines. */
export function holdsNothing(text: string): boolean {
  return NO_CONTENT.test(text);
}

/**
 * Splits a file into documents before they are parsed, as kubectl does, so that a broken document does not make the
 * others unreadable. A line of `---` cannot be inside a document. JSON documents may follow each other without one.
 */
export function* splitDocuments(text: string): Generator<Part> {
  let number = 0;
  let start = 0;
  const ends = [...text.matchAll(SEPARATOR)].map((match) => match.index);
  for (const end of [...ends, text.length]) {
    // The text before the first separator is a document only if it has content.
    const isPrelude = number === 0 && start === 0 && holdsNothing(text.slice(start, end));
    if (!isPrelude) {
      for (const part of splitJson(text, { start, end })) {
        number += 1;
        yield { ...part, number };
      }
    }
    start = end + '---'.length;
  }
}

function* splitJson(text: string, { start, end }: Span): Generator<Span> {
  let from = start;
  for (;;) {
    const next = endOfObject(text, { start: from, end });
    if (next === undefined || !isOpening(text, { start: next, end })) break;
    yield { start: from, end: next };
    from = next;
  }
  yield { start: from, end };
}

function isOpening(text: string, { start, end }: Span): boolean {
  let at = start;
  while (at < end && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at < end && text.charAt(at) === '{';
}

/** After the brace that closes the first brace of the text. Undefined where the text does not begin with a brace. */
function endOfObject(text: string, { start, end }: Span): number | undefined {
  if (!isOpening(text, { start, end })) return undefined;
  let depth = 0;
  // Character codes: a string of one character takes several times as long to make and to compare.
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at, end);
    else if (code === OPENING) depth += 1;
    else if (code === CLOSING) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = 0x7b;
const CLOSING = 0x7d;

function endOfString(text: string, start: number, end: number): number {
  for (let at = start + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return end;
}
