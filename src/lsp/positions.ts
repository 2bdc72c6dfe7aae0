import type { Range, TextEdit } from 'vscode-languageserver';
import type { TextFix } from '../check/report.ts';

/** A place as `check` counts: all from 1, columns in UTF-16 units, lines end with a line feed. */
export type Place = Omit<TextFix, 'text'>;

/** The same place as editors count: from 0, in UTF-16 units, which every client of the protocol supports. */
export function toRange({ line, column, endLine, endColumn }: Place): Range {
  return {
    start: { line: line - 1, character: column - 1 },
    end: { line: endLine - 1, character: endColumn - 1 },
  };
}

export function toEdit(fix: TextFix): TextEdit {
  return { range: toRange(fix), newText: fix.text };
}

/** Whether two ranges overlap. An empty range has its position. */
export function touches(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
