import { type Cursor, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isSpace, isTab } from './cursor.ts';
import type { ScalarToken } from './tokens.ts';

const HASH = 0x23;
const COLON = 0x3a;
const SINGLE = 0x27;
const DOUBLE = 0x22;
const BACKSLASH = 0x5c;
/** `,?[]{}` end a plain scalar inside brackets. */
const FLOW_MARKS: readonly number[] = [0x2c, 0x3f, 0x5b, 0x5d, 0x7b, 0x7d];

/** The blanks and line breaks between two pieces of a scalar. */
interface Gap {
  /** The text that replaces it in the value. */
  readonly text: string;
  readonly hasBreak: boolean;
}

/**
 * Reads blanks and line breaks, and folds them: one break is a space; of several breaks the first is dropped.
 * @param indent a tab before this column is not part of the value; -1 where there are no such columns
 * @param hasBreak a break was read already, and is dropped
 */
function readGap(cursor: Cursor, indent: number, hasBreak = false): Gap {
  let first = '';
  let rest = '';
  let wasBroken = hasBreak;
  const from = cursor.at;
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBlank(code)) {
      if (wasBroken && cursor.column < indent && isTab(code)) throw cursor.fault('tab');
      cursor.at += 1;
    } else if (wasBroken) {
      rest += cursor.readBreak();
    } else {
      first = cursor.readBreak();
      wasBroken = true;
    }
  }
  if (!wasBroken) return { text: cursor.text.slice(from, cursor.at), hasBreak: false };
  if (hasBreak) return { text: rest, hasBreak: true };
  if (first !== '\n') return { text: first + rest, hasBreak: true };
  return { text: rest === '' ? ' ' : rest, hasBreak: true };
}

/** @returns whether a line break was read last */
export function readPlain(
  cursor: Cursor,
  indent: number,
  isFlow: boolean,
): { readonly token: ScalarToken; readonly endsLine: boolean } {
  const start = cursor.at;
  let source = '';
  let end = start;
  let gap: Gap = { text: '', hasBreak: false };
  while (!cursor.isAtDocumentMark() && cursor.code() !== HASH) {
    const from = cursor.at;
    skipPlain(cursor, isFlow);
    if (cursor.at > from) {
      source += gap.text + cursor.text.slice(from, cursor.at);
      end = cursor.at;
      gap = { text: '', hasBreak: false };
    }
    if (!isBlank(cursor.code()) && !isBreak(cursor.code())) break;
    gap = readGap(cursor, indent);
    if (!isFlow && cursor.column < indent) break;
  }
  const token: ScalarToken = { kind: 'scalar', style: 'plain', source, start, end };
  return { token, endsLine: gap.hasBreak };
}

/** Moves to the next blank, or to the end of the scalar. */
function skipPlain(cursor: Cursor, isFlow: boolean): void {
  for (let code = cursor.code(); !isBlankOrEnd(code); code = cursor.code()) {
    if (code === COLON && isBlankOrEnd(cursor.code(1))) return;
    if (isFlow && FLOW_MARKS.includes(code)) return;
    cursor.at += 1;
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);
/** Escapes with the number of a character, and their number of digits. */
const NUMBERED: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** @param isJson the document is JSON: then `\/` is an escape as well, and so is half of a surrogate pair */
export function readQuoted(cursor: Cursor, isJson: boolean): ScalarToken {
  const start = cursor.at;
  const quote = cursor.code();
  cursor.at += 1;
  let source = '';
  for (;;) {
    if (cursor.isAtDocumentMark() || cursor.code() === 0) throw cursor.fault('quote-missing', start);
    const piece = readQuotedPiece(cursor, quote, isJson);
    source += piece.text;
    if (cursor.code() === quote) break;
    source += readGap(cursor, -1, piece.isContinued).text;
  }
  cursor.at += 1;
  const style = quote === SINGLE ? 'single' : 'double';
  return { kind: 'scalar', style, source, start, end: cursor.at };
}

/** Moves to the next blank, or to the quote that ends the scalar. */
function readQuotedPiece(
  cursor: Cursor,
  quote: number,
  isJson: boolean,
): { readonly text: string; readonly isContinued: boolean } {
  let text = '';
  let from = cursor.at;
  const takeOver = () => {
    text += cursor.text.slice(from, cursor.at);
  };
  for (let code = cursor.code(); !isBlankOrEnd(code); code = cursor.code()) {
    if (code === quote) {
      if (quote === DOUBLE || cursor.code(1) !== SINGLE) break;
      // Only the first of two quotes is part of the value.
      cursor.at += 1;
      takeOver();
      from = cursor.at + 1;
    } else if (code === BACKSLASH && quote === DOUBLE) {
      takeOver();
      if (isBreak(cursor.code(1))) {
        cursor.at += 1;
        cursor.readBreak();
        return { text, isContinued: true };
      }
      text += readEscape(cursor, isJson);
      from = cursor.at;
      continue;
    }
    cursor.at += 1;
  }
  takeOver();
  return { text, isContinued: false };
}

function readEscape(cursor: Cursor, isJson: boolean): string {
  const start = cursor.at;
  const letter = cursor.text.charAt(start + 1);
  cursor.at += 2;
  const plain = isJson && letter === '/' ? '/' : ESCAPES.get(letter);
  if (plain !== undefined) return plain;
  const length = NUMBERED.get(letter);
  const digits = length === undefined ? '' : cursor.text.slice(cursor.at, cursor.at + length);
  if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) throw cursor.fault('bad-escape', start);
  cursor.at += digits.length;
  const code = Number.parseInt(digits, 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (code > 0x10ffff || (isSurrogate && !isJson)) throw cursor.fault('bad-escape', start);
  return String.fromCodePoint(code);
}

/** The header of a block scalar. */
interface BlockHeader {
  readonly chomping: 'clip' | 'strip' | 'keep';
  /** The indentation of its lines. 0 where the first line decides it. */
  readonly indent: number;
}

/** @param parentIndent the column of the map or list that contains it; -1 where there is none */
export function readBlock(cursor: Cursor, parentIndent: number): ScalarToken {
  const start = cursor.at;
  const style = cursor.text.charAt(start) === '|' ? 'literal' : 'folded';
  const header = readBlockHeader(cursor, parentIndent);
  let end = cursor.at;
  let { breaks, indent } = readBlockBreaks(cursor, header.indent, parentIndent);
  let source = '';
  let lineBreak = '';
  let wasBlank = false;
  while (cursor.column === indent && cursor.code() !== 0) {
    const isBlankLine = isBlank(cursor.code());
    const isFolded = style === 'folded' && !wasBlank && !isBlankLine && lineBreak === '\n';
    source += isFolded ? (breaks === '' ? ' ' : '') : lineBreak;
    wasBlank = isBlankLine;
    const from = cursor.at;
    while (!isBreakOrEnd(cursor.code())) cursor.at += 1;
    source += breaks + cursor.text.slice(from, cursor.at);
    lineBreak = isBreak(cursor.code()) ? cursor.readBreak() : '';
    end = cursor.at;
    ({ breaks, indent } = readBlockBreaks(cursor, indent, parentIndent));
  }
  if (header.chomping !== 'strip') source += lineBreak;
  if (header.chomping === 'keep') {
    source += breaks;
    end = cursor.lineStart;
  }
  return { kind: 'scalar', style, source, start, end };
}

function readBlockHeader(cursor: Cursor, parentIndent: number): BlockHeader {
  const start = cursor.at;
  const { text } = cursor;
  cursor.at += 1;
  const [marks = ''] = /^(?:[-+][0-9]?|[0-9][-+]?)?/.exec(text.slice(cursor.at, cursor.at + 2)) ?? [];
  cursor.at += marks.length;
  cursor.skipBlanks();
  cursor.skipComment();
  if (marks.includes('0') || !isBreakOrEnd(cursor.code())) throw cursor.fault('bad-block', start);
  if (isBreak(cursor.code())) cursor.readBreak();
  const increment = Number(marks.replace(/[-+]/, ''));
  return {
    chomping: marks.includes('-') ? 'strip' : marks.includes('+') ? 'keep' : 'clip',
    indent: increment === 0 ? 0 : Math.max(parentIndent, 0) + increment,
  };
}

/** Reads empty lines and the indentation of the next line, which may decide the indentation of the whole scalar. */
function readBlockBreaks(
  cursor: Cursor,
  indent: number,
  parentIndent: number,
): { readonly breaks: string; readonly indent: number } {
  let breaks = '';
  let widest = 0;
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && isSpace(cursor.code())) cursor.at += 1;
    widest = Math.max(widest, cursor.column);
    if ((indent === 0 || cursor.column < indent) && isTab(cursor.code())) throw cursor.fault('tab');
    if (!isBreak(cursor.code())) break;
    breaks += cursor.readBreak();
  }
  return { breaks, indent: indent === 0 ? Math.max(widest, parentIndent + 1, 1) : indent };
}
