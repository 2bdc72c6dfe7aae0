import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { type CheckFinding, READING_RULES, type Severity } from '../check/report.ts';
import { renderMessage } from '../policy/message.ts';
import type { PageFinder } from '../policy/rule-page.ts';
import { toRange } from './positions.ts';

export const SOURCE = 'calico-admission';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  // What is for the audit: no mistake, and worth knowing.
  note: DiagnosticSeverity.Hint,
};

const READING: ReadonlySet<string> = new Set(Object.values(READING_RULES).map(({ id }) => id));

/** That a variable or a template was not evaluated is true of every line of it: nobody wants that underlined. */
export function isShown({ severity, rule }: CheckFinding): boolean {
  return severity !== 'note' || !READING.has(rule);
}

/** @param pageOf address of a rule's page, where one is known */
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
