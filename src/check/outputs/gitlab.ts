import { formatPath } from '../../policy/field-path.ts';
import { escapeInvisible, escapePath, renderMessage } from '../../policy/message.ts';
import type { CheckFinding, Report, Severity } from '../report.ts';
import { createFingerprints } from './fingerprint.ts';
import { stringify } from './json.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', note: 'info' };

export interface GitlabOptions {
  /** A file as seen from the checkout, and absolute where it is not below it. */
  readonly pathOf: (file: string) => string;
  /** Of a fingerprint's parts; the same text has the same one in every run. */
  readonly hash: (text: string) => string;
}

/** A Code Quality report, which GitLab shows in a merge request; what comments silence is not in it. */
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

/** The field, and what there is to say of it. */
export function describeFinding(finding: CheckFinding): string {
  const field = formatPath(finding.path);
  return escapeInvisible(`${field === '' ? '' : `${field}: `}${renderMessage(finding)}`, 1000);
}
