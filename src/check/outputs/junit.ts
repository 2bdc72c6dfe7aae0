import { escapeInvisible, escapePath } from '../../policy/message.ts';
import type { CheckFinding, Report, Suppressed } from '../report.ts';
import { describeFinding } from './gitlab.ts';

/**
 * JUnit XML for Jenkins and Azure DevOps: a suite for each file, and a case for each finding. An error is a failed
 * case, a finding that a comment ignores is a skipped case, and a warning or a note is a passed case with output.
 * @param pathOf the path of a file relative to the checkout, or absolute where the file is not in the checkout
 */
export function formatJunit(report: Report, pathOf: (file: string) => string): string {
  const all: readonly (CheckFinding | Suppressed)[] = [...report.findings, ...report.suppressed];
  const files = [...new Set(all.map(({ file }) => file))];
  const suites = files.map((file) => {
    const found = all.filter((each) => each.file === file);
    return formatSuite(file === '-' ? 'stdin' : pathOf(file), found);
  });
  // Readers of the report reject a run without a case.
  const empty =
    '  <testsuite name="calico-admission" tests="1" failures="0" errors="0" skipped="0">\n    <testcase classname="calico-admission" name="no mistakes found"/>\n  </testsuite>';
  const counts = all.length === 0 ? 'tests="1" failures="0" errors="0"' : countCases(all, false);
  const body = suites.length === 0 ? empty : suites.join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="calico-admission" ${counts}>\n${body}\n</testsuites>\n`;
}

function formatSuite(path: string, found: readonly (CheckFinding | Suppressed)[]): string {
  const name = escapeXml(escapePath(path));
  const cases = found.map((each) => formatCase(name, each)).join('\n');
  return `  <testsuite name="${name}" ${countCases(found, true)}>\n${cases}\n  </testsuite>`;
}

function countCases(found: readonly (CheckFinding | Suppressed)[], withSkipped: boolean): string {
  const skipped = found.filter((each) => 'reason' in each).length;
  const failures = found.filter((each) => !('reason' in each) && each.severity === 'error').length;
  const counts = `tests="${found.length}" failures="${failures}" errors="0"`;
  return withSkipped ? `${counts} skipped="${skipped}"` : counts;
}

function formatCase(suite: string, finding: CheckFinding | Suppressed): string {
  const { line, column, rule, severity, kind, name } = finding;
  const object = [kind, name].filter((part) => part !== '').join(' ');
  const title = escapeXml(
    escapeInvisible(`${line}:${column} ${rule}${object === '' ? '' : ` ${object}`}`, 500),
  );
  const open = `    <testcase classname="${suite}" name="${title}">`;
  const text = escapeXml(describeFinding(finding));
  const content =
    'reason' in finding
      ? `<skipped message="${escapeXml(escapeInvisible(finding.reason, 500))}"/>`
      : severity === 'error'
        ? `<failure type="${escapeXml(rule)}" message="${text}">${suite}:${line}:${column}: ${text}</failure>`
        : `<system-out>${severity}: ${suite}:${line}:${column}: ${text}</system-out>`;
  return `${open}\n      ${content}\n    </testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Invisible characters are escaped already: XML cannot contain them. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (each) => ENTITIES[each] ?? each);
}
