import { formatPath } from '../../policy/field-path.ts';
import { escapeInvisible, escapePath, renderMessage } from '../../policy/message.ts';
import type { CheckFinding, Report, Severity } from '../report.ts';
import { createFingerprints } from './fingerprint.ts';
import { stringify } from './json.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', note: 'info' };

export interface GitlabOptions {
  /** The path of a file relative to the checkout, or absolute where the file is not in the checkout. */
  readonly pathOf: (file: string) => string;
  /** Hashes the parts of a fingerprint. The same text has the same hash in every run. */
  readonly hash: (text: string) => string;
}

/**
 * A Code Quality report, which GitLab shows in a merge request. It does not contain findings that comments ignore.
 */
export function formatGitlab({ findings }: Report, { pathOf, hash }: GitlabOptions): string {
  const nameOf = (file: string) => (file === '-' ? 'stdin' : escapePath(pathOf(file)));
  const nextPrint = createFingerprints(nameOf, hash);
  const issues = findings.map((finding) => ({
    description: describeFinding(finding),
    check_name: finding.rule,
    fingerprint: nextPrint(finding),
    severity: SEVERITIES[finding.severity],
    location: { path: nameOf(finding.file), lines: { begin: finding.line, end: finding.endLine } },
  }));
  return stringify(issues);
}

/** The field and the message. */
export function describeFinding(finding: CheckFinding): string {
  const field = formatPath(finding.path);
  return escapeInvisible(`${field === '' ? '' : `${field}: `}${renderMessage(finding)}`, 1000);
}
