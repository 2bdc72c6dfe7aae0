import type { YAMLParseError } from 'yaml';
import { quote } from '../policy/message.ts';

/** What to do about each kind of mistake that the parser knows, where more can be said than where it is. */
const FIXES: Readonly<Record<string, string>> = {
  BAD_INDENT: 'line it up with the lines around it',
  BAD_SCALAR_START: 'put the value in quotes',
  BAD_DQ_ESCAPE: 'write the backslash twice, or use single quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put the value in quotes, or begin a new line',
  MULTILINE_IMPLICIT_KEY: 'look for a colon or a quote that is missing here or in the line before',
  MISSING_CHAR: 'add it, here or in the lines before',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_DIRECTIVE: 'remove the line',
};

const MAX_GOT = 20;

/** A parser's error as a message of ours: what is wrong, what stands there, and what to do. */
export function adviseSyntax({ code, message, pos }: YAMLParseError, text: string): string {
  const open = /^Flow (map|sequence) in .* must be sufficiently indented/.exec(message)?.[1];
  if (open !== undefined) {
    const bracket = open === 'map' ? '}' : ']';
    return `not YAML: the ${bracket} is missing (got ${describeAt(text, pos[0])}); add it, and indent it more than the line that opens it`;
  }
  // What stands behind a colon is the document's text.
  const first = (message.split('\n', 1)[0] ?? '').replace(/(?<=\S):(?: .*)?$/, '');
  const wrong = (first.charAt(0).toLowerCase() + first.slice(1)).replaceAll(';', ',').slice(0, 90);
  return `not YAML: ${wrong} (got ${describeAt(text, pos[0])}); ${FIXES[code] ?? 'correct the line'}`;
}

function describeAt(text: string, offset: number): string {
  const line = text.slice(offset, offset + MAX_GOT).split(/[\r\n]/, 1)[0] ?? '';
  if (line !== '') return quote(line);
  return text.slice(offset).trim() === '' ? 'the end' : 'the end of the line';
}
