import { formatPath } from '../../policy/field-path.ts';
import { escapeInvisible, renderProblem } from '../../policy/message.ts';
import type { PageFinder } from '../../policy/rule-page.ts';
import {
  type CheckFinding,
  type Correction,
  count,
  describeCorrection,
  type Excerpt,
  type Report,
  type Severity,
} from '../report.ts';

export interface TextOptions {
  /** With the escape codes of a terminal. */
  readonly colour: boolean;
  readonly docs?: TextDocs | undefined;
}

/** Where the rules are documented. */
export interface TextDocs {
  readonly home: string;
  /** Undefined for a rule without a page. */
  readonly pageOf: PageFinder;
}

type Style = 'bold' | 'red' | 'yellow' | 'blue' | 'dim';
type Paint = (style: Style, text: string) => string;

const CODES: Record<Style, string> = { bold: '1', red: '1;31', yellow: '1;33', blue: '34', dim: '2' };
const ACCENTS: Record<Severity, Style> = { error: 'red', warning: 'yellow', note: 'blue' };
const MAX_NAME = 253;
const MAX_FILE = 4096;

/** Text for a terminal: each finding with its line, then the summary. */
export function formatText(report: Report, { colour, docs }: TextOptions): string {
  const { findings, corrections = [] } = report;
  const paint: Paint = (style, text) => (colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
  const parts = findings.map((finding) => `${formatFinding(finding, paint)}\n`);
  const corrected = corrections.map((each) => formatCorrection(each, paint)).join('');
  const gap = corrected === '' ? '' : '\n';
  return `${corrected}${gap}${parts.join('\n')}${parts.length > 0 ? '\n' : ''}${formatSummary(report, paint)}\n${formatLink(findings, docs)}`;
}

/** One line for all rules together. A link at each of a hundred findings would hide the findings. */
function formatLink(findings: readonly CheckFinding[], docs: TextDocs | undefined): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const pages = rules.flatMap((rule) => docs?.pageOf(rule) ?? []);
  if (docs === undefined || pages.length === 0) return '';
  return pages.length === 1 ? `explained at ${pages[0]}\n` : `the rules are explained at ${docs.home}\n`;
}

function formatCorrection(correction: Correction, paint: Paint): string {
  const { file, line, rule } = correction;
  const place = paint('bold', `${show(file, MAX_FILE)}:${line}:`);
  return `${place} ${paint('blue', 'corrected:')} ${show(describeCorrection(correction))} ${paint('dim', `[${rule}]`)}\n`;
}

function formatFinding(finding: CheckFinding, paint: Paint): string {
  const { file, line, column, severity, rule, advice } = finding;
  const accent = ACCENTS[severity];
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  const bar = paint('blue', '|');
  const { text, caret } = drawExcerpt(finding.excerpt);
  return [
    `${paint('bold', `${show(file, MAX_FILE)}:${line}:${column}:`)} ${paint(accent, `${severity}:`)} ${show(renderProblem(finding))} ${paint('dim', `[${rule}]`)}`,
    ...(text.trim() === ''
      ? []
      : [`  ${paint('blue', number)} ${bar} ${text}`, `  ${gutter} ${bar} ${paint(accent, caret)}`]),
    `  ${gutter} ${paint('blue', '=')} fix: ${show(advice)}`,
    ...describePlace(finding).map((place) => `  ${gutter} ${paint('blue', '=')} ${paint('dim', place)}`),
  ].join('\n');
}

function describePlace({ kind, namespace, name, path }: CheckFinding): string[] {
  if (kind === '') return [];
  const id = namespace === '' ? name : `${namespace}/${name}`;
  const object = `${show(kind, MAX_NAME)} ${show(id, MAX_NAME)}`.trim();
  const field = formatPath(path);
  return [field === '' ? object : `${object}: ${field}`];
}

function show(text: string, max = 500): string {
  return escapeInvisible(text, max);
}

const TAB = '    ';
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** The line in a form that a terminal can show, and the marks under it. */
function drawExcerpt({ text, start, end }: Excerpt): { readonly text: string; readonly caret: string } {
  let drawn = '';
  let caret = '';
  let at = 0;
  for (const character of text) {
    const shown = character === '\t' ? TAB : show(character);
    drawn += shown;
    if (at < end) {
      const mark = at >= start ? '^' : ' ';
      caret += mark.repeat(WIDE.test(character) ? 2 : shown.length);
    }
    at += character.length;
  }
  if (!caret.includes('^')) caret += '^';
  return { text: drawn, caret };
}

function formatSummary({ summary, suppressed }: Report, paint: Paint): string {
  const ignored = suppressed.length > 0 ? `, ${count(suppressed.length, 'finding')} ignored by comments` : '';
  const { errors, warnings, notes, files, documents, evaluated } = summary;
  const read = `${count(documents, 'document')} in ${count(files, 'file')}`;
  if (errors + warnings === 0) {
    if (evaluated === 0) return `nothing ${notes > 0 ? 'to evaluate' : 'about Calico'} in ${read}`;
    return `no mistakes found (${count(evaluated, 'object')} evaluated, ${read}${ignored})`;
  }
  const parts = [
    ...(errors > 0 ? [paint('red', count(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint('yellow', count(warnings, 'warning'))] : []),
  ];
  return `${parts.join(', ')} (${count(evaluated, 'object')} evaluated, ${read}${ignored})`;
}
