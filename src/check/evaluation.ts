import { type FieldPath, formatPath, isWithin } from '../policy/field-path.ts';
import { read, readMap } from '../policy/json.ts';
import { boundGot, type MessageParts } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { DocumentRef, Finding, Judgement } from '../policy/types.ts';
import { describeObject, judgeAlone, type Testimony } from './bundle.ts';
import type { UnreadableText } from './decode.ts';
import { evaluateEmbedded } from './evaluate-embedded.ts';
import { isKustomizationFile, type Kustomization, readKustomization } from './kustomization.ts';
import { indexLines, type Lines, type Span } from './lines.ts';
import { locate } from './locate.ts';
import { listMeant, type MeantObject } from './meant.ts';
import type { HeldObject } from './objects.ts';
import { listObjects } from './objects.ts';
import { findEdit, toChange } from './offer.ts';
import type { OldObject, OldObjects } from './old.ts';
import { declaresOurs, namesOurs } from './ours.ts';
import { judgePart } from './parts.ts';
import { placeOf, showPlace } from './place.ts';
import {
  duplicatesBelow,
  findTemplateLine,
  type ReadDocument,
  readDocuments,
  readRoughly,
  readText,
  type Source,
} from './read.ts';
import { type CheckFinding, READING_RULES, severityOf, type TextFix } from './report.ts';
import { type Directive, readDirectives } from './silence.ts';
import { EMPTY_TREE, type Tree } from './tree.ts';
import { findUnknown } from './unknown.ts';

export interface EvaluationOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  /** Warnings are errors. */
  readonly strict: boolean;
  /** Findings say how to correct the text, where that needs no asking. */
  readonly withFixes?: boolean | undefined;
  /** What objects were before; without it every object is new. */
  readonly old?: OldObjects | undefined;
}

/** What was found in one file alone; its text is gone. */
export interface Evaluation {
  readonly source: Source;
  readonly findings: readonly CheckFinding[];
  /** How many documents there are with anything in them. */
  readonly documents: number;
  readonly standings: readonly Standing[];
  /** Comments that ask for findings to be silenced. */
  readonly directives: readonly Directive[];
  /** What it says of the files around it, where it is a kustomization. */
  readonly kustomization: Kustomization | undefined;
}

type Described = Pick<DocumentRef, 'kind' | 'namespace' | 'name'>;

/** Where an object stands that a rule across documents may speak of. */
export interface Standing {
  readonly document: number;
  readonly base: FieldPath;
  readonly object: Described;
  readonly testimony: Testimony;
  /** Otherwise it is only there for others. */
  readonly isJudged: boolean;
  /** Which of the old objects it was. */
  readonly oldId?: string | undefined;
  /** The name of its cluster, where it says it. */
  readonly cluster?: string | undefined;
}

/** How much more text may be read again to be sure of fixes, in UTF-16 units. */
export interface Budget {
  left: number;
}

/** A document while its findings are put into words. */
export interface Sheet {
  readonly source: Source;
  readonly text: string;
  readonly lines: Lines;
  readonly document: ReadDocument;
}

/** Most notes about one object. */
const MAX_NOTES = 100;

/** Judges one file alone. One document at a time is in memory, with its tree. */
export function evaluateSource(
  source: Source,
  options: EvaluationOptions,
  budget: Budget,
  isPart = false,
): Evaluation {
  const decoded = readText(source);
  if (!('text' in decoded)) return judgeUnreadable(source, decoded, options);
  const { text } = decoded;
  budget.left += text.length;
  const lines = indexLines(text);
  // What was only found may be of any kind, and mostly is nothing of ours.
  const isWanted = (written: string) => source.isNamed || namesOurs(options.registry, written);
  const template = isWanted(text) ? findTemplateLine(text) : undefined;
  const sheets = template === undefined ? readDocuments(text, isWanted) : [template];
  const evaluation = { findings: [] as CheckFinding[], documents: 0, standings: [] as Standing[] };
  for (const document of sheets) {
    if (document.isEmpty) continue;
    evaluation.documents += 1;
    const sheet = { source, text, lines, document };
    const judged = isPart ? judgeParts(sheet, options) : judgeDocument(sheet, options, budget);
    // A copy, because V8 keeps a text as long as anything that was cut from it.
    evaluation.findings.push(...structuredClone(judged.findings));
    evaluation.standings.push(...judged.standings);
  }
  const directives =
    evaluation.standings.length + evaluation.findings.length > 0 ? readDirectives(text, lines) : [];
  const kustomization = isKustomizationFile(source.name) ? readKustomization(source.name, text) : undefined;
  return { source, ...evaluation, ...structuredClone({ directives, kustomization }) };
}

/** Of a file that holds parts of objects, of which the rest stands elsewhere: nobody else hears of them. */
function judgeParts(sheet: Sheet, { registry, settings, strict }: EvaluationOptions): Judged {
  const { tree, number } = sheet.document;
  const findings: CheckFinding[] = [];
  const standings: Standing[] = [];
  for (const held of tree === undefined ? [] : listObjects(tree.value)) {
    const { base } = held;
    const object = describeHeld(held);
    const judgements = judgePart(registry, settings, {
      ref: { index: 0, file: sheet.source.name, ...object },
      object: held.object,
      isComplete: false,
      duplicates: (which, below) =>
        which === 'object' && tree !== undefined ? duplicatesBelow(tree, [...base, ...below]) : [],
    });
    if (judgements === undefined) continue;
    findings.push(...judgements.map((each) => toFinding(sheet, base, object, each, strict)));
    standings.push({ document: number, base, object, testimony: SILENCE, isJudged: true });
  }
  return { findings, standings };
}

/** What has no text, and was only found, concerns us where its bytes look like ours. */
function judgeUnreadable(source: Source, told: UnreadableText, options: EvaluationOptions): Evaluation {
  const { line, column, ...parts } = told;
  const place = { line, column, endLine: line, endColumn: column + 1 };
  const excerpt = { text: '', start: 0, end: 1 };
  const finding = { ...NO_OBJECT, ...syntax(source, 1, parts, options), ...place, excerpt };
  const isOurs = source.isNamed || declaresOurs(options.registry, readRoughly(source));
  return {
    source,
    findings: isOurs ? [finding] : [],
    documents: 0,
    standings: [],
    directives: [],
    kustomization: undefined,
  };
}

type Judged = Pick<Evaluation, 'findings' | 'standings'>;

function judgeDocument(sheet: Sheet, options: EvaluationOptions, budget: Budget): Judged {
  const { source, lines, document } = sheet;
  if (document.tree !== undefined) return judgeObjects(sheet, document.tree, options, budget);
  if (document.templateLine !== undefined) {
    return { findings: noteTemplate(sheet, document.templateLine, options.registry), standings: [] };
  }
  const { problem } = document;
  const isNothing = { findings: [], standings: [] };
  if (problem === undefined) return isNothing;
  if (!source.isNamed && !declaresOurs(options.registry, sheet.text)) return isNothing;
  const { start, end, ...parts } = problem;
  const place = showPlace(lines, { start, end });
  return {
    findings: [{ ...NO_OBJECT, ...syntax(source, document.number, parts, options), ...place }],
    standings: [],
  };
}

function judgeObjects(sheet: Sheet, tree: Tree, options: EvaluationOptions, budget: Budget): Judged {
  const findings: CheckFinding[] = [];
  const standings: Standing[] = [];
  for (const held of listMeant(tree.value, options.registry)) {
    const { base, isReviewed } = held;
    const object = describeHeld(held);
    const old = held.old === undefined ? options.old?.find(held, tree, sheet.source.name) : undefined;
    findings.push(...noteMeaning(sheet, tree, held, object, options, old));
    const alone = judgeHeld(held, object, tree, sheet, options, old);
    if (alone === undefined) {
      const isUnchanged = old !== undefined && old.id === undefined;
      const embedded =
        isReviewed || isUnchanged ? undefined : findEmbedded(sheet, tree, held, object, options);
      if (embedded === undefined) continue;
      findings.push(...embedded);
      standings.push({ document: sheet.document.number, base, object, testimony: SILENCE, isJudged: true });
      continue;
    }
    const { judgements, testimony } = alone;
    const isJudged = judgements !== undefined;
    standings.push({
      document: sheet.document.number,
      base,
      object,
      testimony,
      isJudged,
      oldId: old?.id,
      cluster: clusterOf(held.object),
    });
    if (!isJudged) continue;
    if (!isReviewed) findings.push(...noteUnknown(sheet, tree, held, object));
    for (const judgement of judgements) {
      // A review is the record of something that has been decided.
      const fix = isReviewed ? undefined : offerFix(sheet, base, judgement, options, budget);
      findings.push(toFinding(sheet, base, object, judgement, options.strict, fix));
    }
    for (const path of duplicatesBelow(tree, base)) {
      if (isTold(path, judgements)) continue;
      const duplicate = duplicateKey(path, isAmong(path, old?.duplicates ?? []));
      findings.push(toFinding(sheet, base, object, duplicate, options.strict));
    }
  }
  return { findings, standings };
}

/** Cluster API's label, which it puts on all that belongs to a cluster, and that of kOps. */
function clusterOf(object: unknown): string | undefined {
  const labels = readMap(object, 'metadata', 'labels') ?? {};
  const name = labels['cluster.x-k8s.io/cluster-name'] ?? labels['kops.k8s.io/cluster'];
  return typeof name === 'string' ? structuredClone(name) : undefined;
}

/** That an object was evaluated as what was meant, or not at all. */
function noteMeaning(
  sheet: Sheet,
  tree: Tree,
  { base, object, slips, isWithoutRules }: MeantObject,
  described: Described,
  options: EvaluationOptions,
  old: OldObject | undefined,
): CheckFinding[] {
  if (isWithoutRules) {
    const parts = {
      problem: 'a kind of Calico that no rule is about; it was not evaluated',
      got: boundGot(read(object, 'kind')),
      advice: 'leave it as it is',
    };
    const at = locate(tree, base, { path: ['kind'], reason: 'FieldValueInvalid' });
    const span = { start: at.start + sheet.document.start, end: at.end + sheet.document.start };
    const { source, document, lines } = sheet;
    return [
      {
        ...noRules(source, document.number),
        ...described,
        path: ['kind'],
        ...parts,
        ...showPlace(lines, span),
      },
    ];
  }
  const isUnchanged = old !== undefined && old.id === undefined;
  return (isUnchanged ? [] : slips).map((slip) => toFinding(sheet, base, described, slip, options.strict));
}

/** What there is to say of objects of ours inside of one that is another's. */
function findEmbedded(
  sheet: Sheet,
  tree: Tree,
  held: HeldObject,
  described: Described,
  { registry, settings, strict }: EvaluationOptions,
): CheckFinding[] | undefined {
  const ref = { index: 0, file: sheet.source.name, ...described };
  const found = evaluateEmbedded(sheet.text, { ...sheet.document, tree }, held, { registry, settings, ref });
  return found?.map(({ document, judgement, path }) => ({
    ...toFinding({ ...sheet, document }, [], described, judgement, strict),
    path,
  }));
}

/** Of an object that says nothing to others: nobody knows which cluster it is for. */
const SILENCE: Testimony = { said: [], saidBefore: [], unknown: [], isOpen: false };

function noRules(source: Source, document: number) {
  return { file: source.name, document, rule: READING_RULES.noRules.id, severity: 'note' } as const;
}

function judgeHeld(
  held: HeldObject,
  described: Described,
  tree: Tree,
  sheet: Sheet,
  options: EvaluationOptions,
  old: OldObject | undefined,
) {
  return judgeAlone(options.registry, options.settings, {
    ref: { index: 0, file: sheet.source.name, ...described },
    object: old?.applied ?? held.object,
    old: old?.object ?? held.old,
    isComplete: held.isReviewed,
    duplicates: (which, below) => {
      if (which === 'object') return duplicatesBelow(tree, [...held.base, ...below]);
      if (held.oldBase !== undefined) return duplicatesBelow(tree, [...held.oldBase, ...below]);
      return pathsBelow(below, old?.duplicates ?? []);
    },
  });
}

function describeHeld({ object, namespace }: HeldObject): Described {
  const described = structuredClone(describeObject(object));
  return described.namespace === '' && namespace !== undefined ? { ...described, namespace } : described;
}

/** What a judgement says, where it stands in the text. */
export function toFinding(
  { source, lines, document }: Sheet,
  base: FieldPath,
  { kind, namespace, name }: Described,
  judgement: Judgement,
  isStrict: boolean,
  fix?: TextFix,
): CheckFinding {
  const { start, end } = locate(document.tree ?? EMPTY_TREE, base, judgement);
  return {
    file: source.name,
    document: document.number,
    rule: judgement.rule,
    severity: severityOf(judgement.action, isStrict),
    kind,
    namespace,
    name,
    path: judgement.path,
    problem: judgement.problem,
    got: boundGot(judgement.got),
    advice: judgement.advice,
    ...showPlace(lines, { start: start + document.start, end: end + document.start }),
    fix,
  };
}

/** Each is made on trial, which takes as long as the document takes to be read. */
export function offerFix(
  { text, lines, document }: Sheet,
  base: FieldPath,
  judgement: Judgement,
  options: EvaluationOptions,
  budget: Budget,
): TextFix | undefined {
  const { tree, start, end } = document;
  const change = options.withFixes && tree && toChange(tree, base, judgement);
  if (!change || end - start > budget.left) return undefined;
  budget.left -= end - start;
  const edit = findEdit(text.slice(start, end), tree, change);
  if (edit === undefined) return undefined;
  return { ...placeOf(lines, { start: edit.start + start, end: edit.end + start }), text: edit.text };
}

/** One line tells that the whole is a template, where it may concern us. */
function noteTemplate(
  { source, text, lines, document }: Sheet,
  span: Span,
  registry: Registry,
): CheckFinding[] {
  if (!source.isNamed && !namesOurs(registry, text)) return [];
  const parts = {
    problem: 'a template, which was not evaluated',
    got: boundGot(text.slice(span.start, span.end)),
    advice: isOfHelm(text)
      ? 'check what it renders, as in: helm template . | calico-admission check -'
      : 'check what it renders',
  };
  return [{ ...NO_OBJECT, ...note(source, document.number), ...parts, ...showPlace(lines, span) }];
}

function noteUnknown(
  { source, text, lines, document }: Sheet,
  tree: Tree,
  { base, object: value }: HeldObject,
  object: Described,
): CheckFinding[] {
  return findUnknown(value)
    .slice(0, MAX_NOTES)
    .flatMap((path): CheckFinding[] => {
      // Names and labels are nobody's setting, and a text of several lines is a script.
      const node = tree.find([...base, ...path])?.node;
      const written = read(value, ...path);
      const isScript = typeof written === 'string' && written.includes('\n');
      if (node === undefined || path[0] === 'metadata' || isScript) return [];
      const span = { start: node.start + document.start, end: node.end + document.start };
      const isExpression = typeof written === 'string' && document.isTemplate;
      const parts = {
        problem: 'filled in later, and not evaluated',
        got: boundGot(isExpression ? text.slice(span.start, span.end) : written),
        advice: 'check the file in which it is filled in',
      };
      return [{ ...note(source, document.number), ...object, path, ...parts, ...showPlace(lines, span) }];
    });
}

const NO_OBJECT = { kind: '', namespace: '', name: '', path: [] } as const;

function syntax(source: Source, document: number, parts: MessageParts, { old, strict }: EvaluationOptions) {
  const severity = severityOf(old?.hadProblem(source.name, parts) ? 'warn' : 'deny', strict);
  return { ...parts, file: source.name, document, rule: READING_RULES.syntax.id, severity };
}

function note(source: Source, document: number) {
  return { file: source.name, document, rule: READING_RULES.template.id, severity: 'note' } as const;
}

function duplicateKey(path: FieldPath, isOld: boolean): Judgement {
  return {
    path,
    reason: 'FieldValueDuplicate',
    rule: READING_RULES.duplicateKey.id,
    action: isOld ? 'warn' : 'deny',
    problem: 'the key is written more than once',
    advice: 'keep one of them',
  };
}

function isTold(path: FieldPath, judgements: readonly Finding[]): boolean {
  const duplicates = judgements.filter(({ reason }) => reason === 'FieldValueDuplicate');
  return isAmong(
    path,
    duplicates.map((each) => each.path),
  );
}

function isAmong(path: FieldPath, paths: readonly FieldPath[]): boolean {
  const name = formatPath(path);
  return paths.some((each) => formatPath(each) === name);
}

function pathsBelow(base: FieldPath, paths: readonly FieldPath[]): FieldPath[] {
  return paths.filter((path) => isWithin(path, base)).map((path) => path.slice(base.length));
}

/** Words that begin an expression of Go templates, and none of Jinja. */
function isOfHelm(text: string): boolean {
  return /\{\{-? *(?:[.$]|(?:include|template|define|range|with|if|end|tpl|toYaml)\b|\/\*)/.test(text);
}
