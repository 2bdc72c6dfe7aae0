import { count, toJsonParts } from '../check/report.ts';
import { escapeInvisible, renderMessage } from '../policy/message.ts';
import type { AuditFinding, AuditReport } from './audit.ts';

/** Limit of the findings of one rule in the text. The JSON has all of them. */
const MAX_SHOWN = 20;

/** Limit of the length of a name or path in the text. */
const MAX_TEXT = 300;

/** JSON for programs: all findings, and their number by rule and by namespace. */
export function renderAuditJson(report: AuditReport): string {
  const { findings, evaluated, unread } = report;
  const summary = {
    errors: findings.filter(({ severity }) => severity === 'error').length,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
    documents: sum(Object.values(evaluated)),
  };
  const rules = Object.fromEntries(countBy(findings, ({ rule }) => rule));
  const namespaces = Object.fromEntries(countBy(findings, ({ namespace }) => namespace));
  const written = findings.map((finding) => ({
    namespace: finding.namespace,
    kind: finding.kind,
    name: finding.name,
    rule: finding.rule,
    severity: finding.severity,
    path: finding.path,
    ...toJsonParts(finding),
  }));
  return `${JSON.stringify({ findings: written, summary, rules, namespaces, evaluated, unread }, null, 2)}\n`;
}

/** Text for people: findings that would be denied first, by rule, with their objects. */
export function renderAuditText(report: AuditReport): string {
  const { findings, evaluated, unread } = report;
  const lines = [`${count(sum(Object.values(evaluated)), 'object')} evaluated`];
  for (const [resource, number] of Object.entries(evaluated)) lines.push(`  ${number} ${resource}`);
  for (const { resource, message } of unread) lines.push(`  not read: ${resource} (${clean(message)})`);
  lines.push(...renderSeverity('would be denied', findings, 'error'));
  lines.push(...renderSeverity('would get a warning', findings, 'warning'));
  lines.push(...renderNamespaces(findings));
  if (findings.length === 0) lines.push('', 'Nothing was found.');
  return `${lines.join('\n')}\n`;
}

function renderSeverity(
  title: string,
  all: readonly AuditFinding[],
  severity: AuditFinding['severity'],
): string[] {
  const findings = all.filter((finding) => finding.severity === severity);
  if (findings.length === 0) return [];
  const lines = ['', `${count(findings.length, 'finding')} that ${title}`];
  for (const [rule, { errors, warnings }] of countBy(findings, (finding) => finding.rule)) {
    lines.push('', `  ${rule} (${errors + warnings})`);
    const ofRule = findings.filter((finding) => finding.rule === rule);
    for (const finding of ofRule.slice(0, MAX_SHOWN)) {
      lines.push(`    ${clean(nameOf(finding))}`, `      ${clean(finding.path)}: ${renderMessage(finding)}`);
    }
    const more = ofRule.length - MAX_SHOWN;
    if (more > 0) lines.push(`    and ${more} more; --output json has them all`);
  }
  return lines;
}

function renderNamespaces(findings: readonly AuditFinding[]): string[] {
  const rows = [...countBy(findings, ({ namespace }) => namespace)].filter(([namespace]) => namespace !== '');
  if (rows.length === 0) return [];
  return [
    '',
    'By namespace',
    ...rows.map(
      ([name, { errors, warnings }]) => `  ${clean(name)}: ${errors} denied, ${warnings} with a warning`,
    ),
  ];
}

function nameOf({ kind, namespace, name }: AuditFinding): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function clean(text: string): string {
  return escapeInvisible(text, MAX_TEXT);
}

interface Counts {
  errors: number;
  warnings: number;
}

function countBy(
  findings: readonly AuditFinding[],
  keyOf: (finding: AuditFinding) => string,
): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const each = counts.get(key) ?? { errors: 0, warnings: 0 };
    if (finding.severity === 'error') each.errors += 1;
    else each.warnings += 1;
    counts.set(key, each);
  }
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
