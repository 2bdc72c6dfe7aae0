import { type FaultCode, SyntaxFault } from './fault.ts';

/** A position in a text that moves to the end. */
export class Cursor {
  readonly text: string;
  /** In UTF-16 units. */
  at = 0;
  /** The position of the first character of the line. */
  lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The UTF-16 unit at the position. 0 after the end; no text contains it. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead) | 0;
  }

  get column(): number {
    return this.at - this.lineStart;
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.at += 1;
  }

  /** Moves to the end of the line, before the line break. */
  skipComment(): void {
    if (this.code() === 0x23) while (!isBreakOrEnd(this.code())) this.at += 1;
  }

  /** Reads a line break, which must be there, and returns it as text. */
  readBreak(): string {
    const code = this.code();
    this.at += code === CR && this.code(1) === LF ? 2 : 1;
    this.lineStart = this.at;
    return code === LS || code === PS ? String.fromCharCode(code) : '\n';
  }

  /** Whether `---` or `...` is alone at the start of a line. */
  isAtDocumentMark(): boolean {
    const code = this.code();
    if (this.at !== this.lineStart || (code !== 0x2d && code !== 0x2e)) return false;
    return this.code(1) === code && this.code(2) === code && isBlankOrEnd(this.code(3));
  }

  fault(code: FaultCode, start = this.at): SyntaxFault {
    return new SyntaxFault(code, start);
  }
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
// Line breaks of YAML 1.1.
const NEL = 0x85;
const LS = 0x2028;
const PS = 0x2029;

export function isTab(code: number): boolean {
  return code === TAB;
}

export function isSpace(code: number): boolean {
  return code === SPACE;
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === NEL || code === LS || code === PS;
}

export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

export function isBlankOrEnd(code: number): boolean {
  return isBlank(code) || isBreakOrEnd(code);
}

/** Letters, digits, `_` and `-`: the characters of anchors and tags. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x2d
  );
}
