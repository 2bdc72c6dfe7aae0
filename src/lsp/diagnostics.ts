import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { type CheckFinding, READING_RULES, type Severity } from '../check/report.ts';
import { renderMessage } from '../policy/message.ts';
import type { PageFinder } from '../policy/rule-page.ts';
import { toRange } from './positions.ts';

export const SOURCE = 'calico-admission';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  // A finding for the audit: no mistake, but useful to know.
  note: DiagnosticSeverity.Hint,
};

const READING: ReadonlySet<string> = new Set(Object.values(READING_RULES).map(({ id }) => id));

/** A note about a variable or a template applies to many lines, and must not underline all of them. */
export function isShown({ severity, rule }: CheckFinding): boolean {
  return severity !== 'note' || !READING.has(rule);
}

/** @param pageOf the address of a rule's page, where there is one */
export function toDiagnostic(finding: CheckFinding, pageOf: PageFinder): Diagnostic {
  const href = pageOf(finding.rule);
  return {
    range: toRange(finding),
    severity: SEVERITIES[finding.severity],
    code: finding.rule,
    ...(href !== undefined && { codeDescription: { href } }),
    source: SOURCE,
    message: renderMessage(finding),
  };
}
