import { formatPath } from '../../policy/field-path.ts';
import { type Report, toJsonParts } from '../report.ts';

/** The contract for scripts: these fields and no others. */
export function formatJson({ findings, corrections, summary }: Report): string {
  const content = {
    findings: findings.map((finding) => ({
      file: finding.file,
      document: finding.document,
      line: finding.line,
      column: finding.column,
      rule: finding.rule,
      severity: finding.severity,
      kind: finding.kind,
      name: finding.name,
      path: formatPath(finding.path),
      ...toJsonParts(finding),
    })),
    ...(corrections !== undefined && {
      corrections: corrections.map(({ path, ...correction }) => ({ ...correction, path: formatPath(path) })),
    }),
    summary: {
      errors: summary.errors,
      warnings: summary.warnings,
      notes: summary.notes,
      documents: summary.documents,
    },
  };
  return stringify(content);
}

/** Characters that JSON takes as they are, and a terminal or a reader does not show. */
const INVISIBLE = /[\u0080-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON for programs, which people see too, in the log of CI; what would be invisible there is escaped. */
export function stringify(content: unknown): string {
  const text = JSON.stringify(content, null, 2).replaceAll(INVISIBLE, (each) =>
    each
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  return `${text}\n`;
}
