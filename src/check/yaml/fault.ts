/** Errors that make a text invalid YAML. */
export type FaultCode =
  /** A value begins with `@`, a backquote or `%`. */
  | 'bad-start'
  /** A tab where spaces have to be. */
  | 'tab'
  /** A line of text between keys. */
  | 'colon-missing'
  /** `a: b: c` */
  | 'second-key'
  /** `a: - b` */
  | 'list-in-line'
  /** `a: ? b` */
  | 'bad-key'
  /** A line with an indentation that no line above it has, or a key among list items. */
  | 'bad-indent'
  /** Text after the end of a value. */
  | 'value-missing'
  | 'quote-missing'
  | 'bad-escape'
  /** `[` without `]` */
  | 'bracket-missing'
  /** `{` without `}` */
  | 'brace-missing'
  /** After `&` or `*`. */
  | 'bad-anchor'
  | 'bad-tag'
  /** After `|` or `>`. */
  | 'bad-block'
  /** A line that begins with `%`. */
  | 'directive'
  /** Text after a line of `...`, or another document. */
  | 'behind-mark'
  /** Text after the end of the only value. kubectl drops it silently. */
  | 'behind-value'
  | 'indented-less'
  | 'too-deep';

/** The position where a text stops being valid YAML. */
export class SyntaxFault extends Error {
  readonly code: FaultCode;
  /** In UTF-16 units. */
  readonly start: number;

  constructor(code: FaultCode, start: number) {
    super(code);
    this.code = code;
    this.start = start;
  }
}
