import { type FieldPath, formatPath, isWithin, parsePointer } from '../policy/field-path.ts';
import { read } from '../policy/json.ts';
import { renderProblem } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { EvaluationRequest, RuleFinding } from '../policy/types.ts';
import { createBundle, describeObject, findPolicy, nameFinding } from './bundle.ts';
import { applyEdit, type Change } from './edit.ts';
import { ignores, readDirectives } from './ignore-comments.ts';
import { indexLines } from './lines.ts';
import { locate } from './locate.ts';
import { listMeant, type MeantObject } from './meant.ts';
import type { HeldObject } from './objects.ts';
import { findEdit, isApplicable, toChange } from './offer.ts';
import type { OldObject, OldObjects } from './old.ts';
import { duplicatesBelow, findTemplateLine, type ReadDocument, readDocuments } from './read.ts';
import type { Correction } from './report.ts';
import { readTree, type Tree } from './tree.ts';
import { findAgreed, isAboutUnknown, listCases } from './unknown.ts';

export interface FixOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  /** The name of the file, by which its old objects are found. */
  readonly file?: string;
  readonly old?: OldObjects | undefined;
  /** Comments in the file ignore nothing. */
  readonly noInlineConfig?: boolean | undefined;
}

/** A text with all certain corrections. */
export interface FixedText {
  readonly text: string;
  /** The corrections, in the order of the text. */
  readonly corrections: readonly FixedPlace[];
  /** `<document and path>: <why>`, for each correction that was not made. */
  readonly refused: readonly string[];
}

/** A correction without its file, and its line before and after. */
export interface FixedPlace extends Omit<Correction, 'file' | 'line'> {
  readonly lineBefore: number;
  readonly lineAfter: number;
}

/** A correction to make, and the rule or mutation that asks for it. */
interface Offer {
  readonly change: Change;
  readonly rule: string;
  readonly held: HeldObject;
  readonly old: OldObject | undefined;
}

/** A correction that was made, and the text before it. */
interface AppliedOffer extends Offer {
  readonly from: unknown;
}

/** A document while it is corrected. */
interface Draft {
  readonly text: string;
  readonly tree: Tree;
  readonly made: readonly AppliedOffer[];
}

interface FixedDocument {
  readonly draft: Draft;
  readonly refused: readonly string[];
}

/** A correction may lead to another finding. Each round makes all corrections of that round. */
const MAX_ROUNDS = 10;

/**
 * Makes in the text the corrections that rules offer and that `/mutate` makes for every object. Comments and format
 * stay. A change is kept only if the text then reads exactly as the changed object, and if the rules accept the
 * result: the error is gone, and there is no new error.
 */
export function fixText(text: string, options: FixOptions): FixedText {
  if (findTemplateLine(text) !== undefined) return { text, corrections: [], refused: [] };
  const refused: string[] = [];
  const parts: {
    readonly document: ReadDocument;
    readonly tree: Tree;
    readonly start: number;
    readonly draft: Draft;
  }[] = [];
  let fixed = '';
  let at = 0;
  for (const document of readDocuments(text)) {
    const { tree, number, start, end, isTemplate } = document;
    // The rendered text of a template is unknown, so that no change can be verified.
    if (tree === undefined || isTemplate) continue;
    fixed += text.slice(at, start);
    at = end;
    const result = fixDocument({ text: text.slice(start, end), tree, made: [] }, options);
    if (result.draft.made.length > 0)
      parts.push({ document, tree, start: fixed.length, draft: result.draft });
    fixed += result.draft.text;
    refused.push(...result.refused.map((each) => `document ${number}: ${each}`));
  }
  fixed += text.slice(at);
  const [linesBefore, linesAfter] = [indexLines(text), indexLines(fixed)];
  const corrections = parts.flatMap(({ document, tree, start, draft }) =>
    draft.made.map(({ change, rule, held, from }, index) => {
      const path = placeOf(change);
      return {
        document: document.number,
        rule,
        ...describeObject(held.object),
        path: path.slice(held.base.length),
        from,
        to: change.kind === 'rename' ? change.to : change.value,
        lineBefore: linesBefore.at(
          document.start + startOf(tree, originOf(change.path, draft.made.slice(0, index))),
        ).line,
        lineAfter: linesAfter.at(start + startOf(draft.tree, path)).line,
      };
    }),
  );
  return { text: fixed, corrections, refused };
}

function startOf(tree: Tree, path: FieldPath): number {
  return locate(tree, [], { path, reason: 'FieldValueInvalid' }).start;
}

function fixDocument(document: Draft, options: FixOptions): FixedDocument {
  const refused = new Map<string, string>();
  let draft = document;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = draft;
    for (const offer of collectOffers(draft, options)) {
      const name = formatPath(offer.change.path);
      // A change that another change of the same round has moved is tried again in the next round.
      if (refused.has(name) || !isApplicable(draft.tree, offer.change)) continue;
      const result = attempt(draft, offer, options);
      if (typeof result === 'string') refused.set(name, result);
      else draft = result;
    }
    if (draft === before) break;
  }
  return { draft, refused: [...refused].map(([name, why]) => `${name}: not corrected, ${why}`) };
}

/** Makes the change, and the changes that follow at the same path, in the draft; or says why it is not made. */
function attempt(draft: Draft, offer: Offer, options: FixOptions): Draft | string {
  const first = make(draft, offer);
  if (first === undefined) return 'the text has an unusual form; correct it by hand';
  const place = placeOf(offer.change);
  let next = first;
  for (let step = 1; step < MAX_ROUNDS; step += 1) {
    const held = findHeld(next.tree, offer.held, options.registry);
    const further =
      held &&
      collectForObject(next.tree, held, offer.old, options).find((each) => isWithin(each.change.path, place));
    const made = further && make(next, further);
    if (made === undefined) break;
    next = made;
  }
  const known = new Set(findErrors(draft.tree, offer, options).map(keyOf));
  const objection = findErrors(next.tree, offer, options).find(
    (each) => isWithin([...offer.held.base, ...each.path], place) || !known.has(keyOf(each)),
  );
  if (objection === undefined) return next;
  return `the result would be rejected, ${renderProblem(objection)}; correct it by hand`;
}

function make(draft: Draft, offer: Offer): Draft | undefined {
  const edit = findEdit(draft.text, draft.tree, offer.change);
  const text = edit && applyEdit(draft.text, edit);
  const tree = text === undefined ? undefined : readTree(text);
  if (text === undefined || tree === undefined || 'problem' in tree) return undefined;
  const { path } = offer.change;
  const from = offer.change.kind === 'rename' ? path.at(-1) : read(draft.tree.value, ...path);
  return { text, tree, made: [...draft.made, { ...offer, from }] };
}

/** The path of the change, after it is made. */
function placeOf(change: Change): FieldPath {
  return change.kind === 'rename' ? [...change.path.slice(0, -1), change.to] : change.path;
}

/** The path with the names from before the corrections. */
function originOf(path: FieldPath, made: readonly AppliedOffer[]): FieldPath {
  return made.reduceRight((at, { change }) => {
    const place = placeOf(change);
    return isWithin(at, place) ? [...change.path, ...at.slice(place.length)] : at;
  }, path);
}

function keyOf({ rule, path }: RuleFinding): string {
  return JSON.stringify([rule, ...path]);
}

function findHeld(tree: Tree, { base }: HeldObject, registry: Registry): MeantObject | undefined {
  const name = formatPath(base);
  return [...listMeant(tree.value, registry)].find((each) => formatPath(each.base) === name);
}

/** The errors of the object in `check`, as far as the object alone shows them. */
function findErrors(tree: Tree, { held, old }: Offer, { registry, settings }: FixOptions): RuleFinding[] {
  const now = findHeld(tree, held, registry);
  if (now === undefined) return [];
  const { object, base } = now;
  const bundle = createBundle(registry, settings);
  const found = bundle.evaluate({
    ref: { index: 0, file: '', ...describeObject(object) },
    object,
    old: old?.object,
    isComplete: false,
    duplicates: duplicatesOf(tree, base),
  });
  return [...(found ?? []), ...bundle.finish()].filter(({ action }) => action === 'deny');
}

function duplicatesOf(tree: Tree, base: FieldPath): EvaluationRequest['duplicates'] {
  return (which, below) => (which === 'object' ? duplicatesBelow(tree, [...base, ...below]) : []);
}

function collectOffers({ text, tree }: Draft, options: FixOptions): Offer[] {
  const offers: Offer[] = [];
  const lines = indexLines(text);
  const directives = options.noInlineConfig === true ? [] : readDirectives(text, lines);
  const isIgnored = ({ rule, change }: Offer) => {
    const { line } = lines.at(startOf(tree, change.path));
    return rule.split(', ').some((id) => directives.some((each) => ignores(each, id, line)));
  };
  for (const held of listMeant(tree.value, options.registry)) {
    // A review records a decision that has been made.
    if (held.isReviewed) continue;
    offers.push(...collectForObject(tree, held, options.old?.find(held, tree, options.file ?? ''), options));
  }
  return offers.filter((each) => !isIgnored(each));
}

function collectForObject(
  tree: Tree,
  held: MeantObject,
  old: OldObject | undefined,
  { registry, settings }: FixOptions,
): Offer[] {
  const { object, base } = held;
  const named = held.typos.flatMap((typo): Offer[] => {
    const change = toChange(tree, base, typo);
    return change === undefined ? [] : [{ change, rule: typo.rule, held, old }];
  });
  if (named.length > 0) return named;
  const policy = findPolicy(registry, object);
  if (policy === undefined) return [];
  const request: EvaluationRequest = {
    operation: old === undefined ? 'CREATE' : 'UPDATE',
    object,
    old: old?.object,
    pathProvider: undefined,
    duplicates: duplicatesOf(tree, base),
  };
  const { namespace } = describeObject(object);
  const context = { settings, namespace, checkpoint: () => {}, isBundle: true };
  const { cases, unknown, isOpen } = listCases(request, policy.target);
  if (isOpen) return [];
  const offered = findAgreed(cases, (each) => policy.validate(each, context).findings, nameFinding)
    .filter((finding) => finding.action !== 'audit' && !isAboutUnknown(unknown, finding))
    .flatMap((finding): Offer[] => {
      const change = toChange(tree, base, finding);
      return change === undefined ? [] : [{ change, rule: finding.rule, held, old }];
    });
  // A mutation might fill in what these offers correct: they come first.
  if (offered.length > 0) return offered;
  const outcomes = cases.map((each) => policy.mutate(each, { ...context, operation: 'unknown' }));
  const rule = outcomes[0]?.mutations.join(', ') ?? '';
  return findAgreed(
    outcomes,
    ({ patch }) => patch,
    (operation) => JSON.stringify(operation),
  )
    .filter(({ path }) => !isAboutUnknown(unknown, { path: parsePointer(path) }))
    .map(({ path, value }) => ({
      change: { kind: 'set', path: [...base, ...parsePointer(path)], value },
      rule,
      held,
      old,
    }));
}
