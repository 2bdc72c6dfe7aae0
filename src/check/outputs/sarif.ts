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

/** What a reader of a result is told of its rule. */
export interface RuleHelp {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** Address of its page, where one is known. */
  readonly url?: string | undefined;
}

export interface SarifOptions {
  readonly version: string;
  /** Of the rules that may be in the report; one that is missing has no help. */
  readonly rules: readonly RuleHelp[];
  /** A file as seen from the checkout, with slashes; absolute where it is not below it. */
  readonly pathOf: (file: string) => string;
  /** Of a fingerprint's parts; the same text has the same one in every run. */
  readonly hash: (text: string) => string;
  /** Most results; GitHub refuses a run with more than 25,000. */
  readonly limit?: number;
}

type PathOf = SarifOptions['pathOf'];

const MAX_RESULTS = 25_000;

/** SARIF 2.1.0 as GitHub's code scanning takes it. */
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
        // What was done, and is no finding any more: code scanning would open an alert of a result.
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

/** Relative where it can be: GitHub shows nothing of an absolute one. */
function toUri(file: string, pathOf: PathOf): string {
  if (file === '-') return 'stdin';
  const path = pathOf(file);
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return `file://${encoded}`;
  return /^[A-Za-z]:/.test(path) ? `file:///${encoded.replace('%3A', ':')}` : encoded;
}
