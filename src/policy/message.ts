/** What is wrong with a value, and how to correct it. Neither text ends with a full stop. */
export interface Explanation {
  /** What is wrong, without the value, which is in `got`. */
  readonly problem: string;
  /** How to correct it, in the imperative. */
  readonly advice: string;
}

/** The parts of a message, as data. {@link renderMessage} makes the text. */
export interface MessageParts extends Explanation {
  /** The value in the object. Absent where nothing is written; then `problem` says so in words. */
  readonly got?: unknown;
}

/** `<problem> (got <value>); <advice>`, without the path and without the rule's id. */
export function renderMessage(parts: MessageParts): string {
  return `${renderProblem(parts)}; ${parts.advice}`;
}

/** `<problem> (got <value>)`. A scalar is quoted, escaped and cut. For a list or a map, only the type is named. */
export function renderProblem({ problem, got }: Omit<MessageParts, 'advice'>): string {
  return got === undefined ? problem : `${problem} (got ${describe(got)})`;
}

/** {@link renderMessage} in Markdown, with the advice in its own paragraph. */
export function renderMarkdown({ problem, got, advice }: MessageParts): string {
  const value = got === undefined ? '' : ` (got ${toCode(describe(got))})`;
  return `${toMarkdown(problem)}${value}\n\n**Fix:** ${toMarkdown(advice)}`;
}

/** A message may quote what users wrote: no part of it may become a link, a heading or HTML. */
function toMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&');
}

/** A code span in Markdown, between as many backquotes as the text needs. */
export function toCode(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return fence + pad + text + pad + fence;
}

/** The part of a value that {@link renderMessage} reads, to keep a finding without its object. */
export function boundGot(got: unknown): unknown {
  if (typeof got === 'string') return truncate(got, MAX_QUOTED + 1);
  if (Array.isArray(got)) return [];
  return typeof got === 'object' && got !== null ? {} : got;
}

/** Limit of the length of a quoted value in an answer, with its quotes. */
export const MAX_QUOTED = 64;
/** Limit of the length of a path in Linux, in bytes. */
const MAX_PATH = 4096;

// Control, format and bidirectional characters: a value must not be able to end a log line, fake another one
// in a terminal, or make kube-apiserver drop the warning that quotes it.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;

function escapeCharacter(character: string): string {
  return character === '"' || character === '\\' ? `\\${character}` : escapeControl(character);
}

function escapeControl(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const isLoneSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (!isLoneSurrogate && !INVISIBLE.test(character)) return character;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** A user's text in double quotes, escaped, and cut to {@link MAX_QUOTED} characters with its quotes. */
export function quote(text: string): string {
  let quoted = '"';
  let rest = text.length;
  for (const character of text) {
    const escaped = escapeCharacter(character);
    rest -= character.length;
    const reserve = rest > 0 ? 2 : 1;
    if (quoted.length + escaped.length + reserve > MAX_QUOTED) return `${quoted}…"`;
    quoted += escaped;
  }
  return `${quoted}"`;
}

/** A text with its invisible characters escaped, cut to `max` characters. For logs, which add quotes themselves. */
export function escapeInvisible(text: string, max: number): string {
  const start = truncate(text, max);
  return INVISIBLE.test(start) ? Array.from(start, escapeControl).join('') : start;
}

/**
 * The name of a file for a message. A person who can name a file in a repository must not be able to write a line, a
 * command of GitHub Actions, or an escape sequence of a terminal.
 */
export function escapePath(path: string): string {
  return escapeInvisible(path, MAX_PATH);
}

/** A value for an answer: a scalar itself, and only the type of anything larger. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return String(value);
}

/** `a, b or c`. */
export function listAlternatives(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

/** Cuts a text, and never within a surrogate pair. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  let cut = max - 1;
  const code = text.charCodeAt(cut - 1);
  if (code >= 0xd800 && code <= 0xdbff) cut -= 1;
  return `${text.slice(0, cut)}…`;
}
