import { formatPath } from '../../policy/field-path.ts';
import type { Report } from '../report.ts';

/** The contract for scripts: these fields and no others. */
export function formatJson({ findings, summary }: Report): string {
  const content = {
    findings: findings.map(({ file, document, line, column, rule, severity, kind, name, path, message }) => ({
      file,
      document,
      line,
      column,
      rule,
      severity,
      kind,
      name,
      path: formatPath(path),
      message,
    })),
    summary: { errors: summary.errors, warnings: summary.warnings, documents: summary.documents },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
