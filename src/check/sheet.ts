import type { FieldPath } from '../policy/field-path.ts';
import { boundGot } from '../policy/message.ts';
import type { DocumentRef, RuleFinding } from '../policy/types.ts';
import type { Lines } from './lines.ts';
import { locate } from './locate.ts';
import { findEdit, toChange } from './offer.ts';
import { placeOf, showPlace } from './place.ts';
import type { ReadDocument, Source } from './read.ts';
import { type CheckFinding, severityOf, type TextFix } from './report.ts';
import { EMPTY_TREE } from './tree.ts';

/** The kind, namespace and name of an object in reports. */
export type Described = Pick<DocumentRef, 'kind' | 'namespace' | 'name'>;

/** The remaining amount of text that may be parsed again to verify fixes, in UTF-16 units. */
export interface Budget {
  left: number;
}

/** A document with the text of its file, to show findings in it. */
export interface Sheet {
  readonly source: Source;
  readonly text: string;
  readonly lines: Lines;
  readonly document: ReadDocument;
}

/** A finding with its place in the text. */
export function toFinding(
  { source, lines, document }: Sheet,
  base: FieldPath,
  { kind, namespace, name }: Described,
  finding: RuleFinding,
  isStrict: boolean,
  fix?: TextFix,
): CheckFinding {
  const { start, end } = locate(document.tree ?? EMPTY_TREE, base, finding);
  return {
    file: source.name,
    document: document.number,
    rule: finding.rule,
    severity: severityOf(finding.action, isStrict),
    kind,
    namespace,
    name,
    path: finding.path,
    problem: finding.problem,
    got: boundGot(finding.got),
    advice: finding.advice,
    ...showPlace(lines, { start: start + document.start, end: end + document.start }),
    fix,
  };
}

/** Each fix is tried, which takes as long as parsing the document. */
export function offerFix(
  { text, lines, document }: Sheet,
  base: FieldPath,
  finding: RuleFinding,
  options: { readonly withFixes?: boolean | undefined },
  budget: Budget,
): TextFix | undefined {
  const { tree, start, end } = document;
  const change = options.withFixes && tree && toChange(tree, base, finding);
  if (!change || end - start > budget.left) return undefined;
  budget.left -= end - start;
  const edit = findEdit(text.slice(start, end), tree, change);
  if (edit === undefined) return undefined;
  return { ...placeOf(lines, { start: edit.start + start, end: edit.end + start }), text: edit.text };
}
