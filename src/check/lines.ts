/** A position in a text. Line and column count from 1, the column in UTF-16 units, as in editors and SARIF. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A part of a text, in UTF-16 units. `end` is after its last character. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Lines {
  at(offset: number): Position;
  /** The line without its end. Empty where there is no such line. */
  text(line: number): string;
}

/** A line ends with a line feed, with or without a carriage return before it. */
export function indexLines(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    at: (offset) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
    text: (line) => {
      const start = starts[line - 1];
      if (start === undefined) return '';
      const end = starts[line] ?? text.length + 1;
      return text.slice(start, end - 1).replace(/\r$/, '');
    },
  };
}
