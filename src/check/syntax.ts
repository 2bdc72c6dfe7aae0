import type { Span } from './lines.ts';
import type { SyntaxProblem } from './tree.ts';
import type { FaultCode, SyntaxFault } from './yaml/fault.ts';

/** The problem and the advice for each syntax error. */
const EXPLANATIONS: Readonly<Record<FaultCode, readonly [problem: string, advice: string]>> = {
  'bad-start': ['not YAML: a value cannot begin with this character', 'put the value in quotes'],
  tab: ['not YAML: tabs are not allowed as indentation', 'indent with spaces'],
  'colon-missing': [
    'not YAML: a colon is missing',
    'add it, or look for a missing quote in the lines before it',
  ],
  'second-key': [
    'not YAML: a second key is not allowed in one line',
    'put the value in quotes, or begin a new line',
  ],
  'list-in-line': ['not YAML: a list is not allowed in the line of its key', 'begin a new line'],
  'bad-key': ['not YAML: a key is not allowed here', 'put the text in quotes, or begin a new line'],
  'bad-indent': [
    'not YAML: no line before it has this indentation',
    'use the indentation of the lines around it',
  ],
  'value-missing': ['not YAML: a value is missing', 'add it, or put the text in quotes'],
  'quote-missing': ['not YAML: the closing quote is missing', 'add it'],
  'bad-escape': [
    'not YAML: this escape is not allowed in double quotes',
    'write the backslash twice, or use single quotes',
  ],
  'bracket-missing': ['not YAML: a ] or a comma is missing', 'add it, here or in the lines before'],
  'brace-missing': ['not YAML: a } or a comma is missing', 'add it, here or in the lines before'],
  'bad-anchor': ['not YAML: not a valid name of an anchor', 'put the value in quotes'],
  'bad-tag': ['not YAML: not a valid tag', 'put the value in quotes'],
  'bad-block': [
    'not YAML: no text is allowed in the line of | or >',
    'begin a new line, or put the value in quotes',
  ],
  directive: ['not YAML: a line cannot begin with %', 'remove the line'],
  'behind-mark': ['the text after a line of ... is ignored', 'begin each document with a line of ---'],
  'behind-value': ['not YAML: text after the end of the value', 'remove it'],
  'indented-less': [
    'not YAML: the line is indented less than the first one',
    'indent it like the first line, because kubectl reads only that line',
  ],
  'too-deep': ['nested too deeply, more than 256 levels', 'flatten it, no Kubernetes object has so many'],
};

const MAX_GOT = 20;

/** For these, the text at the place is not what is wrong. */
const IS_ABOUT_MORE: readonly FaultCode[] = ['behind-mark', 'too-deep'];

/** The place, the problem, the value there, and the advice. */
export function explainFault({ code, start }: SyntaxFault, text: string): SyntaxProblem {
  const comment = findComment(text);
  if (comment !== undefined) return comment;
  const line = text.slice(start, start + MAX_GOT).split(/[\r\n]/, 1)[0] ?? '';
  const [problem, advice] = EXPLANATIONS[code];
  const span = spanOf(start, line, text);
  if (IS_ABOUT_MORE.includes(code)) return { ...span, problem, advice };
  if (line !== '') return { ...span, problem, got: line, advice };
  const end = text.slice(start).trim() === '' ? 'text' : 'line';
  return { ...span, problem: `${problem}, and the ${end} ends here`, advice };
}

/** A comment line in JSON, which other tools accept. What follows it is read wrongly. */
function findComment(text: string): SyntaxProblem | undefined {
  const found = text.trimStart().startsWith('{') ? /^([ \t]*)(\/[/*].*)$/m.exec(text) : null;
  if (found === null) return undefined;
  const [, indent = '', line = ''] = found;
  const start = found.index + indent.length;
  const got = line.trimEnd().slice(0, MAX_GOT);
  return {
    start,
    end: start + line.trimEnd().length,
    problem: 'JSON has no comments',
    got,
    advice: 'remove the comment',
  };
}

/** Something that is missing at the end is shown after the last text. */
function spanOf(start: number, line: string, text: string): Span {
  const last = text.trimEnd().length;
  if (start >= last) return { start: Math.max(0, last - 1), end: last };
  return { start, end: start + Math.max(1, line.trimEnd().length) };
}
