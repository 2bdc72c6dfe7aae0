import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type CheckFinding, READING_RULES } from '../check/report.ts';
import type { PageFinder } from '../policy/rule-page.ts';
import { toDiagnostic } from './diagnostics.ts';
import { toEdit, toRange, touches } from './positions.ts';

/** Opens the page whose address is its argument in the user's browser. */
export const OPEN_PAGE = 'calico-admission.openPage';

export interface ActionWiring {
  readonly pageOf: PageFinder;
  /** Whether the editor opens addresses for a server. */
  readonly opensPages: boolean;
}

/** The actions for the findings that a range touches. */
export function listActions(
  document: TextDocument,
  range: Range,
  findings: readonly CheckFinding[],
  wiring: ActionWiring,
): CodeAction[] {
  const touched = findings.filter((finding) => touches(toRange(finding), range));
  return [
    ...touched.flatMap((finding) => offerFix(document, finding, wiring)),
    ...touched.flatMap((finding) => offerIgnoreComment(document, finding, wiring)),
    ...offerPages(touched, wiring),
  ];
}

function offerFix({ uri }: TextDocument, finding: CheckFinding, { pageOf }: ActionWiring): CodeAction[] {
  if (finding.fix === undefined) return [];
  return [
    {
      title: `Fix: ${finding.advice}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(finding, pageOf)],
      isPreferred: true,
      edit: { changes: { [uri]: [toEdit(finding.fix)] } },
    },
  ];
}

/** Findings that no comment ignores: they are about the comments, or the document cannot be read. */
const NEVER_IGNORED: readonly string[] = [READING_RULES.ignoreComment.id, READING_RULES.syntax.id];

/** The user writes the reason: until then the comment ignores nothing, and a finding says so. */
function offerIgnoreComment(
  document: TextDocument,
  finding: CheckFinding,
  { pageOf }: ActionWiring,
): CodeAction[] {
  if (NEVER_IGNORED.includes(finding.rule) || isJson(document)) return [];
  const line = finding.line - 1;
  const start = { line, character: 0 };
  const written = document.getText({ start, end: { line: line + 1, character: 0 } });
  const indent = /^[ \t]*/.exec(written)?.[0] ?? '';
  const end = written.endsWith('\r\n') ? '\r\n' : '\n';
  const newText = `${indent}# calico-admission-ignore ${finding.rule}: ${end}`;
  return [
    {
      title: `Ignore ${finding.rule} here: write the reason at the end of the comment`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(finding, pageOf)],
      edit: { changes: { [document.uri]: [{ range: { start, end: start }, newText }] } },
    },
  ];
}

/** JSON has no comments. */
function isJson(document: TextDocument): boolean {
  return document.languageId.startsWith('json') || /^\s*[{[]/.test(document.getText().slice(0, 1000));
}

function offerPages(touched: readonly CheckFinding[], { pageOf, opensPages }: ActionWiring): CodeAction[] {
  const rules = [...new Set(touched.map(({ rule }) => rule))];
  return rules.flatMap((rule): CodeAction[] => {
    const page = pageOf(rule);
    if (page === undefined || !opensPages) return [];
    const title = `Open the page of ${rule}`;
    return [
      { title, kind: CodeActionKind.QuickFix, command: { title, command: OPEN_PAGE, arguments: [page] } },
    ];
  });
}
