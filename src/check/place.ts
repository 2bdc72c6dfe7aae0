import { cutLine } from './excerpt.ts';
import type { Lines, Span } from './lines.ts';
import type { CheckFinding, TextFix } from './report.ts';

export function placeOf(lines: Lines, { start, end }: Span): Omit<TextFix, 'text'> {
  const [from, to] = [lines.at(start), lines.at(end)];
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** The place of a finding, with its line. */
export function showPlace(
  lines: Lines,
  { start, end }: Span,
): Omit<TextFix, 'text'> & Pick<CheckFinding, 'excerpt'> {
  const place = placeOf(lines, { start, end: Math.max(end, start + 1) });
  const { line, column, endLine, endColumn } = place;
  const lineEnd = endLine === line ? endColumn - 1 : Number.POSITIVE_INFINITY;
  return { ...place, excerpt: cutLine(lines.text(line), column - 1, lineEnd) };
}
