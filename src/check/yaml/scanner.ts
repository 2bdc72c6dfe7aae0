import { Cursor, isBlank, isBlankOrEnd, isBreak, isTab, isWord } from './cursor.ts';
import type { FaultCode } from './fault.ts';
import { readBlock, readPlain, readQuoted } from './scalars.ts';
import type { MarkToken, Token } from './tokens.ts';

// The tokens of a YAML text, as go-yaml v2 finds them (scannerc.go, a port of libyaml): kubectl and every API server
// use it. It accepts some texts that YAML 1.2 does not allow, above all quoted scalars and collections in brackets
// whose lines are indented less than their key. People write such files.

/** The maximum length of a key without a `?`. */
const MAX_KEY_LENGTH = 1024;

/** A position where a key may begin. Only a `:` after it shows whether it is one. */
interface PossibleKey {
  /** The number of its token. */
  readonly number: number;
  readonly at: number;
  readonly lineStart: number;
  /** Nothing but a key is allowed at the position. */
  readonly isRequired: boolean;
}

const CANNOT_START = /[#|>%@`\t]/;

export class Scanner {
  readonly #cursor: Cursor;
  readonly #isJson: boolean;
  /** The column of the innermost map or list without brackets. -1 where there is none. */
  #indent = -1;
  readonly #indents: number[] = [];
  #mayBeKey = true;
  /** The possible key in each open pair of brackets, and the one outside of them. */
  readonly #keys: (PossibleKey | undefined)[] = [undefined];
  readonly #keyNumbers = new Set<number>();
  readonly #queue: Token[] = [];
  /** The number of tokens that have been taken. */
  #taken = 0;
  /** The start of the token before the last one that was found. */
  #last = 0;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
    // kubectl parses a text that begins with a brace as JSON.
    this.#isJson = /^\s*\{/.test(text);
  }

  /**
   * The next token. After the last one, the last one again.
   * @throws SyntaxFault
   */
  peek(): Token {
    while (this.#isUndecided()) this.#fetch();
    return this.#queue[0] as Token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') {
      this.#queue.shift();
      this.#taken += 1;
    }
    return token;
  }

  /** The start of the text in the line of the next token. */
  get lineContent(): number {
    const { text } = this.#cursor;
    const lineStart = text.lastIndexOf('\n', this.peek().start - 1) + 1;
    return lineStart + text.slice(lineStart).search(/\S|$/);
  }

  /** Whether there is no next token yet, or the next token may be a key. */
  #isUndecided(): boolean {
    if (this.#queue.length === 0) return true;
    if (!this.#keyNumbers.has(this.#taken)) return false;
    const level = this.#keys.findIndex((key) => key?.number === this.#taken);
    return this.#validKey(level) !== undefined;
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#unroll(cursor.column);
    const character = cursor.text.charAt(cursor.at);
    if (character === '') this.#fetchEnd();
    else if (character === '%' && cursor.column === 0) this.#fetchDirective();
    else if (cursor.isAtDocumentMark()) this.#fetchDocumentMark();
    else if (character === '[' || character === '{') this.#fetchOpening(character);
    else if (character === ']' || character === '}') this.#fetchClosing(character);
    else if (character === ',') this.#fetchComma();
    else if (character === '*') this.#fetchName('alias');
    else if (character === '&') this.#fetchName('anchor');
    else if (character === '!') this.#fetchTag();
    else if (character === "'" || character === '"') this.#fetchQuoted();
    else if (character === '-' || character === '?' || character === ':') this.#fetchIndicator(character);
    else if ((character === '|' || character === '>') && !this.#isFlow) this.#fetchBlock();
    else if (!CANNOT_START.test(character)) this.#fetchPlain();
    else throw this.#fault(character === '\t' ? 'tab' : 'bad-start');
  }

  /** A character that is a token only before a blank, or inside brackets. */
  #fetchIndicator(character: '-' | '?' | ':'): void {
    const isAlone = isBlankOrEnd(this.#cursor.code(1));
    if (character === '-' ? !isAlone : !isAlone && !this.#isFlow) this.#fetchPlain();
    else if (character === '-') this.#fetchItem();
    else if (character === '?') this.#fetchKey();
    else this.#fetchValue();
  }

  get #isFlow(): boolean {
    return this.#keys.length > 1;
  }

  #fault(code: FaultCode, start = this.#cursor.at) {
    return this.#cursor.fault(code, start);
  }

  /** Skips comments and blanks. A tab is no indentation where a key is allowed. */
  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      while (isBlank(cursor.code()) && (this.#isFlow || !this.#mayBeKey || !isTab(cursor.code())))
        cursor.at += 1;
      cursor.skipComment();
      if (!isBreak(cursor.code())) return;
      cursor.readBreak();
      if (!this.#isFlow) this.#mayBeKey = true;
    }
  }

  /** A token of that length at the present position. */
  #mark(kind: MarkToken['kind'], length: number): void {
    const start = this.#cursor.at;
    this.#cursor.at += length;
    this.#push({ kind, start, end: start + length });
  }

  #push(token: Token): void {
    this.#last = token.start;
    this.#queue.push(token);
  }

  /** @param number the number of the token that it is inserted before; undefined: at the end */
  #insert(kind: MarkToken['kind'], at: number, number: number | undefined): void {
    const index = number === undefined ? this.#queue.length : number - this.#taken;
    this.#queue.splice(index, 0, { kind, start: at, end: at });
  }

  /** Begins a map or list at the column, unless one is open there. */
  #roll(kind: 'block-list' | 'block-map', at: number, column: number, number?: number): void {
    if (this.#isFlow || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.#insert(kind, at, number);
  }

  /** Ends maps and lists with more indentation than the column. */
  #unroll(column: number): void {
    if (this.#isFlow) return;
    while (this.#indent > column) {
      this.#insert('block-end', this.#cursor.at, undefined);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #saveKey(): void {
    if (!this.#mayBeKey) return;
    this.#removeKey();
    const { at, lineStart, column } = this.#cursor;
    const number = this.#taken + this.#queue.length;
    const isRequired = !this.#isFlow && this.#indent === column;
    this.#keys[this.#keys.length - 1] = { number, at, lineStart, isRequired };
    this.#keyNumbers.add(number);
  }

  #removeKey(): void {
    const key = this.#keys.at(-1);
    if (key === undefined) return;
    if (key.isRequired) throw this.#fault('colon-missing', key.at);
    this.#forgetKey(this.#keys.length - 1, key);
  }

  #forgetKey(level: number, key: PossibleKey): void {
    this.#keyNumbers.delete(key.number);
    this.#keys[level] = undefined;
  }

  /** The possible key in these brackets, if a `:` here would make it a key. */
  #validKey(level: number): PossibleKey | undefined {
    const key = this.#keys[level];
    if (key === undefined) return undefined;
    const { at, lineStart } = this.#cursor;
    if (key.lineStart === lineStart && at - key.at <= MAX_KEY_LENGTH) return key;
    if (key.isRequired) throw this.#fault('colon-missing', key.at);
    this.#forgetKey(level, key);
    return undefined;
  }

  #fetchEnd(): void {
    // As after a line end: no key continues.
    this.#cursor.lineStart = this.#cursor.at;
    this.#unroll(-1);
    this.#removeKey();
    this.#mayBeKey = false;
    this.#mark('end', 0);
  }

  /** go-yaml accepts only %YAML 1.1. Where it is at its usual place, splitting into documents has removed it. */
  #fetchDirective(): void {
    const cursor = this.#cursor;
    this.#unroll(-1);
    this.#removeKey();
    this.#mayBeKey = false;
    const [line = ''] =
      /^%YAML[ \t]+0?1\.0?1[ \t]*(?:#.*)?(?=[\r\n]|$)/.exec(cursor.text.slice(cursor.at)) ?? [];
    if (line === '') throw this.#fault('directive');
    this.#mark('directive', line.length);
  }

  #fetchDocumentMark(): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#mayBeKey = false;
    this.#mark(this.#cursor.text.charAt(this.#cursor.at) === '-' ? 'document-start' : 'document-end', 3);
  }

  #fetchOpening(kind: '[' | '{'): void {
    this.#saveKey();
    this.#keys.push(undefined);
    this.#mayBeKey = true;
    this.#mark(kind, 1);
  }

  #fetchClosing(kind: ']' | '}'): void {
    this.#removeKey();
    if (this.#isFlow) this.#keys.pop();
    this.#mayBeKey = false;
    this.#mark(kind, 1);
  }

  #fetchComma(): void {
    this.#removeKey();
    this.#mayBeKey = true;
    this.#mark(',', 1);
  }

  #fetchItem(): void {
    const { at, column } = this.#cursor;
    if (!this.#isFlow) {
      if (!this.#mayBeKey) throw this.#fault('list-in-line');
      this.#roll('block-list', at, column);
    }
    this.#removeKey();
    this.#mayBeKey = true;
    this.#mark('-', 1);
  }

  #fetchKey(): void {
    const { at, column } = this.#cursor;
    if (!this.#isFlow) {
      if (!this.#mayBeKey) throw this.#fault('bad-key');
      this.#roll('block-map', at, column);
    }
    this.#removeKey();
    this.#mayBeKey = !this.#isFlow;
    this.#mark('key', 1);
  }

  #fetchValue(): void {
    const { at, column } = this.#cursor;
    const level = this.#keys.length - 1;
    const key = this.#validKey(level);
    if (key !== undefined) {
      this.#insert('key', key.at, key.number);
      this.#roll('block-map', key.at, key.at - key.lineStart, key.number);
      this.#forgetKey(level, key);
      this.#mayBeKey = false;
    } else {
      if (!this.#isFlow) {
        if (!this.#mayBeKey) throw this.#faultAtColon();
        this.#roll('block-map', at, column);
      }
      this.#mayBeKey = !this.#isFlow;
    }
    this.#mark('value', 1);
  }

  /**
   * The text before the colon is no key: there is a key before it on its line, or the text began on an earlier line.
   */
  #faultAtColon() {
    const { text, at } = this.#cursor;
    const isOneLine = !/[\r\n]/.test(text.slice(this.#last, at));
    return this.#fault(isOneLine ? 'second-key' : 'colon-missing', this.#last);
  }

  #fetchName(kind: 'anchor' | 'alias'): void {
    this.#saveKey();
    this.#mayBeKey = false;
    const cursor = this.#cursor;
    const start = cursor.at;
    cursor.at += 1;
    while (isWord(cursor.code())) cursor.at += 1;
    const isEnded = isBlankOrEnd(cursor.code()) || '?:,]}%@`'.includes(cursor.text.charAt(cursor.at));
    if (cursor.at === start + 1 || !isEnded) throw this.#fault('bad-anchor', start);
    this.#push({ kind, source: cursor.text.slice(start + 1, cursor.at), start, end: cursor.at });
  }

  #fetchTag(): void {
    this.#saveKey();
    this.#mayBeKey = false;
    const cursor = this.#cursor;
    const start = cursor.at;
    const tag = TAG.exec(cursor.text.slice(start, start + MAX_KEY_LENGTH));
    if (tag === null) throw this.#fault('bad-tag', start);
    const [whole, verbatim, core, local] = tag;
    cursor.at += whole.length;
    if (!isBlankOrEnd(cursor.code())) throw this.#fault('bad-tag', start);
    const written = verbatim ?? (core === undefined ? `!${local ?? ''}` : `tag:yaml.org,2002:${core}`);
    this.#push({ kind: 'tag', source: decodeTag(written), start, end: cursor.at });
  }

  #fetchQuoted(): void {
    this.#saveKey();
    this.#mayBeKey = false;
    this.#push(readQuoted(this.#cursor, this.#isJson));
  }

  #fetchPlain(): void {
    this.#saveKey();
    const { token, endsLine } = readPlain(this.#cursor, this.#indent + 1, this.#isFlow);
    this.#mayBeKey = endsLine;
    this.#push(token);
  }

  #fetchBlock(): void {
    this.#removeKey();
    this.#mayBeKey = true;
    this.#push(readBlock(this.#cursor, this.#indent));
  }
}

/** `!<full tag>`, `!!yaml-tag`, `!local-tag`, `!`. No document defines another handle, as in `!a!b`. */
const URI = "(?:[-\\w;/?:@&=+$,.!~*'()[\\]]|%[0-9a-fA-F]{2})";
const TAG = new RegExp(`^!(?:<(${URI}+)>|!(${URI}+)|(?![-\\w]*!)(${URI}*))`);

function decodeTag(tag: string): string {
  if (!tag.includes('%')) return tag;
  try {
    return decodeURIComponent(tag);
  } catch {
    // No known tag has this form.
    return tag;
  }
}
