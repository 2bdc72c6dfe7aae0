import type { Hover, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CheckFinding } from '../check/report.ts';
import type { RuleInfo } from '../policy/evaluate.ts';
import { formatPath } from '../policy/field-path.ts';
import { renderMarkdown, toCode } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PageFinder } from '../policy/rule-page.ts';
import { findSpot, readAt, subjectAt } from './cursor.ts';
import type { FieldRules } from './field-rules.ts';
import { describeField, fieldAt } from './fields.ts';
import { toRange, touches } from './positions.ts';

export interface HoverWiring {
  readonly registry: Registry;
  readonly fieldRules: FieldRules;
  /** By their ids, with the rules of `check` itself. */
  readonly explanations: ReadonlyMap<string, Pick<RuleInfo, 'title'> & { readonly why: string }>;
  /** The address of a rule's page, where there is one. */
  readonly pageOf: PageFinder;
}

/**
 * The text for a position: the findings there and why they matter, then the description of the field and its rules.
 * @param findings of the document
 */
export function hoverAt(
  document: TextDocument,
  position: Position,
  findings: readonly CheckFinding[],
  wiring: HoverWiring,
): Hover | undefined {
  const here = { start: position, end: position };
  const found = findings.filter((finding) => touches(toRange(finding), here));
  const field = describeSpot(document, position, wiring);
  const texts = [...found.map((finding) => describeFinding(finding, wiring)), ...(field ? [field.text] : [])];
  if (texts.length === 0) return undefined;
  const first = found[0];
  const range = field?.range ?? (first && toRange(first));
  return {
    contents: { kind: 'markdown', value: texts.join('\n\n---\n\n') },
    ...(range !== undefined && { range }),
  };
}

function describeFinding(finding: CheckFinding, wiring: HoverWiring): string {
  const why = wiring.explanations.get(finding.rule)?.why;
  return [
    renderMarkdown(finding),
    ...(why === undefined ? [] : [why]),
    nameRule(finding.rule, wiring),
    ...(finding.severity === 'note' ? ['For the audit only: the webhooks allow it.'] : []),
  ].join('\n\n');
}

function nameRule(rule: string, { pageOf }: HoverWiring): string {
  const page = pageOf(rule);
  return page === undefined ? toCode(rule) : `[${toCode(rule)}](${page})`;
}

function describeSpot(document: TextDocument, position: Position, wiring: HoverWiring) {
  const reading = readAt(document.getText(), position);
  const spot = reading && findSpot(reading.tree, reading.offset);
  const subject = spot && subjectAt(reading.tree, spot.path, wiring.registry);
  if (reading === undefined || spot === undefined || subject === undefined) return undefined;
  const path = spot.path.slice(subject.base.length);
  const field = path.length === 0 ? undefined : fieldAt(subject.schema, path);
  if (field === undefined) return undefined;
  const rules = wiring.fieldRules(subject.policy, path);
  const list = rules.map((rule) => `- ${nameRule(rule.id, wiring)}: ${rule.title}`).join('\n');
  return {
    text: [describeField(formatPath(path), field), ...(rules.length > 0 ? [`Rules:\n\n${list}`] : [])].join(
      '\n\n',
    ),
    range: reading.rangeOf(spot),
  };
}
