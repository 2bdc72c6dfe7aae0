/** A marked place. All count from 1, columns in UTF-16 units; the end is after the last character. */
export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A template literal without its first line break and without the common indentation of its lines. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').replace(/\n *$/, '\n').split('\n');
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.search(/[^ ]/));
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(depth)).join('\n');
}

/** The text without its lines of carets. */
export function removeMarks(marked: string): string {
  return marked
    .split('\n')
    .filter((line) => !/^ *\^[ ^]*$/.test(line))
    .join('\n');
}

/** The text with a line of carets under each line with a mark. */
export function addMarks(text: string, marks: readonly Mark[]): string {
  return text
    .split('\n')
    .flatMap((line, index) => {
      const carets = underline(
        line,
        marks.filter((mark) => mark.line === index + 1),
      );
      return carets === '' ? [line] : [line, carets];
    })
    .join('\n');
}

/** Of a mark over several lines, the part in this line. */
function underline(line: string, marks: readonly Mark[]): string {
  const isMarked = (column: number) =>
    marks.some((mark) => mark.column <= column && (mark.endLine > mark.line || column < mark.endColumn));
  const carets = Array.from(line, (_, index) => (isMarked(index + 1) ? '^' : ' '));
  return carets.join('').trimEnd();
}
