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
  return `${JSON.stringify(content, null, 2)}\n`;
}
