/** Mistakes that keep a text from being YAML. */
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
  /** A line that is indented as none above it, or a key among list items. */
  | 'bad-indent'
  /** Text behind a value that has ended. */
  | 'value-missing'
  | 'quote-missing'
  | 'bad-escape'
  /** `[` without `]` */
  | 'bracket-missing'
  /** `{` without `}` */
  | 'brace-missing'
  /** Behind `&` or `*`. */
  | 'bad-anchor'
  | 'bad-tag'
  /** Behind `|` or `>`. */
  | 'bad-block'
  /** A line that begins with `%`. */
  | 'directive'
  /** Text behind a line of `...`, or another document. */
  | 'behind-mark'
  /** Text behind the end of the only value, which kubectl drops without a word. */
  | 'behind-value'
  | 'indented-less'
  | 'too-deep';

/** Where a text stops being YAML. */
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
