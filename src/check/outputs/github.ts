import { formatPath } from '../../policy/field-path.ts';
import { escapeInvisible, escapePath, renderMessage } from '../../policy/message.ts';
import { type CheckFinding, type Correction, count, describeCorrection, type Report } from '../report.ts';

/**
 * Workflow commands, which GitHub Actions turns into annotations of the changed lines.
 * @param pathOf the path of a file relative to the checkout, or absolute where the file is not in the checkout
 */
export function formatGithub(
  { findings, suppressed, corrections = [], summary }: Report,
  pathOf: (file: string) => string,
): string {
  const lines = [
    ...corrections.map((correction) => formatNotice(correction, pathOf)),
    ...findings.map((finding) => formatCommand(finding, pathOf)),
  ];
  const { errors, warnings, documents } = summary;
  const total = `${count(errors, 'error')}, ${count(warnings, 'warning')} in ${count(documents, 'document')}`;
  const ignored = suppressed.length > 0 ? `, ${count(suppressed.length, 'finding')} ignored by comments` : '';
  return `${[...lines, total + ignored].join('\n')}\n`;
}

function formatNotice(correction: Correction, pathOf: (file: string) => string): string {
  const { file, line, rule } = correction;
  const place = `file=${escapeProperty(escapePath(pathOf(file)))},line=${line},title=${escapeProperty(`corrected: ${rule}`)}`;
  return `::notice ${place}::${escapeData(escapeInvisible(describeCorrection(correction), 1000))}`;
}

function formatCommand(finding: CheckFinding, pathOf: (file: string) => string): string {
  const { file, line, column, endLine, endColumn, severity, rule, path } = finding;
  const properties: Record<string, string | number> = {
    ...(file !== '-' && { file: escapePath(pathOf(file)) }),
    line,
    col: column,
    // GitHub ignores columns where a finding has more than one line.
    ...(endLine === line && { endColumn }),
    title: rule,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const message = renderMessage(finding);
  const field = formatPath(path);
  const text = escapeInvisible(field === '' ? message : `${field}: ${message}`, 1000);
  return `::${severity === 'note' ? 'notice' : severity} ${list.join(',')}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
