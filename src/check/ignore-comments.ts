import { nearest } from '../formats/nearest.ts';
import { quote } from '../policy/message.ts';
import type { Lines, Span } from './lines.ts';
import { showPlace } from './place.ts';
import { type CheckFinding, NO_OBJECT, READING_RULES, type Suppressed } from './report.ts';
import { splitDocuments } from './split.ts';

// `# calico-admission-ignore <rule id>: <reason>`, above a line or at its end. The reason is for the next reader: a
// comment without a reason ignores nothing.

/** A comment that ignores findings. */
export interface Directive {
  /** The line of the findings, from 1. */
  readonly line: number;
  /** The text in the comment. Empty where there is none. */
  readonly rule: string;
  readonly reason: string;
  /** The place of the comment itself. */
  readonly place: Pick<CheckFinding, 'document' | 'line' | 'column' | 'endLine' | 'endColumn' | 'excerpt'>;
}

const COMMENT =
  /(?:^|[ \t])(#[ \t]*calico-admission-ignore(?![\w-])[ \t]*([\w/-]*)[ \t]*:?[ \t]*([^\r\n]*))/gm;

/** Most texts have no such comment. */
export function readDirectives(text: string, lines: Lines): Directive[] {
  if (!text.includes('calico-admission-ignore')) return [];
  const parts = [...splitDocuments(text)];
  return Array.from(text.matchAll(COMMENT), (match): Directive => {
    const [all, comment = '', rule = '', reason = ''] = match;
    const start = match.index + all.length - comment.length;
    const span: Span = { start, end: start + comment.trimEnd().length };
    const document = parts.find((part) => part.start <= start && start < part.end)?.number ?? 1;
    const place = { document, ...showPlace(lines, span) };
    return { line: findTarget(text, start, lines), rule, reason: reason.trim(), place };
  });
}

/** The line of the comment. Where the comment is alone on its line: the next line that is not empty. */
function findTarget(text: string, start: number, lines: Lines): number {
  const lineStart = text.lastIndexOf('\n', start) + 1;
  if (text.slice(lineStart, start).trim() !== '') return lines.at(start).line;
  const next = /^(?!\s*(?:#|$)).*$/gm;
  next.lastIndex = text.indexOf('\n', start) + 1;
  const found = next.lastIndex === 0 ? null : next.exec(text);
  return lines.at(found?.index ?? start).line;
}

export interface CommentOptions {
  /** Ids of the rules that can have findings. */
  readonly rules: ReadonlySet<string>;
  /** Whether all findings of the rule are known: then a comment that ignores none is useless. */
  isComplete(rule: string): boolean;
  readonly severity: CheckFinding['severity'];
}

/** Removes the findings of a file that comments ignore, and adds findings about wrong comments. */
export function applyComments(
  file: string,
  findings: readonly CheckFinding[],
  directives: readonly Directive[],
  options: CommentOptions,
): { readonly findings: readonly CheckFinding[]; readonly suppressed: readonly Suppressed[] } {
  if (directives.length === 0) return { findings, suppressed: [] };
  const left: CheckFinding[] = [];
  const suppressed: Suppressed[] = [];
  const used = new Set<Directive>();
  for (const finding of findings) {
    const by = directives.find((each) => ignores(each, finding.rule, finding.line));
    if (by === undefined) {
      left.push(finding);
    } else {
      used.add(by);
      suppressed.push({ ...finding, reason: by.reason });
    }
  }
  const problems = directives
    .filter((each) => !used.has(each))
    .flatMap((each): CheckFinding[] => {
      const parts = explain(each, options);
      if (parts === undefined) return [];
      const { severity } = options;
      const rule = READING_RULES.ignoreComment.id;
      return [{ ...parts, ...each.place, file, rule, severity, ...NO_OBJECT }];
    });
  return { findings: [...left, ...problems], suppressed };
}

/** Whether the comment ignores the rule in a line. */
export function ignores(directive: Directive, rule: string, line: number): boolean {
  return directive.rule === rule && directive.line === line && directive.reason !== '';
}

function explain({ rule, reason }: Directive, { rules, isComplete }: CommentOptions) {
  const form = 'write # calico-admission-ignore <rule id>: <reason>';
  if (rule === '') return { problem: 'the comment names no rule, and ignores nothing', advice: form };
  if (!rules.has(rule)) {
    const meant = nearest(rule, [...rules]);
    const advice = meant === undefined ? 'calico-admission rules lists them' : `did you mean ${meant}?`;
    return {
      problem: 'the comment names a rule that does not exist, and ignores nothing',
      got: rule,
      advice,
    };
  }
  if (reason === '') {
    return {
      problem: `the comment gives no reason to ignore ${rule}, and ignores nothing`,
      advice: `write one after a colon, as in ${quote(`# calico-admission-ignore ${rule}: why`)}`,
    };
  }
  if (!isComplete(rule)) return undefined;
  return {
    problem: `${rule} has no finding in the line that the comment is for`,
    advice: 'remove the comment',
  };
}
