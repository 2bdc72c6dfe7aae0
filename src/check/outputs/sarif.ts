import { formatPath } from '../../policy/field-path.ts';
import { renderMarkdown, renderMessage, toCode } from '../../policy/message.ts';
import {
  type CheckFinding,
  type Correction,
  describeCorrection,
  type Report,
  type Suppressed,
  type TextFix,
} from '../report.ts';
import { createFingerprints } from './fingerprint.ts';
import { stringify } from './json.ts';

/** The help text of a rule in the report. */
export interface RuleHelp {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** The address of its page, where there is one. */
  readonly url?: string | undefined;
}

export interface SarifOptions {
  readonly version: string;
  /** The rules that may be in the report. A rule that is not among them has no help. */
  readonly rules: readonly RuleHelp[];
  /** The path of a file relative to the checkout, with slashes, or absolute where the file is not in the checkout. */
  readonly pathOf: (file: string) => string;
  /** Hashes the parts of a fingerprint. The same text has the same hash in every run. */
  readonly hash: (text: string) => string;
  /** Limit of the number of results. GitHub rejects a run with more than 25,000. */
  readonly limit?: number;
}

type PathOf = SarifOptions['pathOf'];

const MAX_RESULTS = 25_000;

/** SARIF 2.1.0 for GitHub code scanning. */
export function formatSarif(
  { findings, suppressed, corrections = [] }: Report,
  options: SarifOptions,
): string {
  const { version, rules, pathOf, limit = MAX_RESULTS } = options;
  const all: readonly (CheckFinding | Suppressed)[] = [...findings, ...suppressed];
  const shown = all.slice(0, limit);
  const ids = [...new Set(shown.map(({ rule }) => rule))].sort();
  const nextPrint = createFingerprints((file) => toUri(file, pathOf), options.hash);
  const left = all.length - shown.length;
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'calico-admission',
            version,
            rules: ids.map((id) =>
              toRule(
                id,
                rules.find((rule) => rule.id === id),
              ),
            ),
          },
        },
        columnKind: 'utf16CodeUnits',
        // Corrections that were made are no results: code scanning would open an alert for each.
        ...(corrections.length > 0 && {
          invocations: [
            {
              executionSuccessful: true,
              toolExecutionNotifications: corrections.map((each) => toNotification(each, pathOf)),
            },
          ],
        }),
        ...(left > 0 && { properties: { resultsLeftOut: left } }),
        results: shown.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: ids.indexOf(finding.rule),
          level: finding.severity,
          message: toMessage(finding),
          locations: [toLocation(finding, pathOf)],
          ...(finding.fix !== undefined && { fixes: [toFix(finding, finding.fix, pathOf)] }),
          ...('reason' in finding && {
            suppressions: [{ kind: 'inSource', justification: finding.reason }],
          }),
          partialFingerprints: { primaryLocationLineHash: nextPrint(finding) },
        })),
      },
    ],
  };
  return stringify(sarif);
}

function toRule(id: string, help: RuleHelp | undefined): object {
  if (help === undefined) return { id };
  return {
    id,
    shortDescription: { text: help.title },
    fullDescription: { text: help.why },
    ...(help.url !== undefined && { helpUri: help.url }),
    help: {
      text: `${help.why} ${help.fix}`,
      markdown: `${help.why}\n\n**Fix:** ${help.fix}`,
    },
  };
}

function toMessage(finding: CheckFinding): object {
  const field = formatPath(finding.path);
  const [text, markdown] = [renderMessage(finding), renderMarkdown(finding)];
  if (field === '') return { text, markdown };
  return { text: `${field}: ${text}`, markdown: `${toCode(field)}: ${markdown}` };
}

function toFix({ file, advice }: CheckFinding, fix: TextFix, pathOf: PathOf): object {
  const { line, column, endLine, endColumn, text } = fix;
  return {
    description: { text: advice },
    artifactChanges: [
      {
        artifactLocation: { uri: toUri(file, pathOf) },
        replacements: [
          {
            deletedRegion: { startLine: line, startColumn: column, endLine, endColumn },
            insertedContent: { text },
          },
        ],
      },
    ],
  };
}

function toNotification(correction: Correction, pathOf: PathOf): object {
  const { file, line, rule } = correction;
  const physicalLocation = { artifactLocation: { uri: toUri(file, pathOf) }, region: { startLine: line } };
  const text = `corrected ${describeCorrection(correction)} [${rule}]`;
  return { level: 'note', message: { text }, locations: [{ physicalLocation }] };
}

function toLocation(finding: CheckFinding, pathOf: PathOf): object {
  const { file, line, column, endLine, endColumn, kind, namespace, name } = finding;
  const object = [kind, namespace, name].filter((part) => part !== '').join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(file, pathOf) },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
    ...(object !== '' && { logicalLocations: [{ fullyQualifiedName: object, kind: 'object' }] }),
  };
}

/** Relative where possible: GitHub shows no results for absolute paths. */
function toUri(file: string, pathOf: PathOf): string {
  if (file === '-') return 'stdin';
  const path = pathOf(file);
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return `file://${encoded}`;
  return /^[A-Za-z]:/.test(path) ? `file:///${encoded.replace('%3A', ':')}` : encoded;
}
