import { type FieldPath, formatPath, isWithin } from '../policy/field-path.ts';
import { readMap } from '../policy/json.ts';
import type { MessageParts } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { Finding, Judgement } from '../policy/types.ts';
import { describeObject, judgeAlone, type Testimony } from './bundle.ts';
import type { UnreadableText } from './decode.ts';
import { evaluateEmbedded } from './evaluate-embedded.ts';
import { isKustomizationFile, type Kustomization, readKustomization } from './kustomization.ts';
import { indexLines } from './lines.ts';
import { listMeant, type MeantObject } from './meant.ts';
import { noteTemplate, noteUnknown, noteWithoutRules } from './notes.ts';
import type { HeldObject } from './objects.ts';
import { listObjects } from './objects.ts';
import type { OldObject, OldObjects } from './old.ts';
import { declaresOurs, namesOurs } from './ours.ts';
import { judgePart } from './parts.ts';
import { showPlace } from './place.ts';
import {
  countDocuments,
  duplicatesBelow,
  findTemplateLine,
  readDocuments,
  readRoughly,
  readText,
  type Source,
} from './read.ts';
import { type CheckFinding, NO_OBJECT, READING_RULES, severityOf } from './report.ts';
import { type Budget, type Described, offerFix, type Sheet, toFinding } from './sheet.ts';
import { type Directive, readDirectives } from './silence.ts';
import type { Tree } from './tree.ts';

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
  // What was only found may be of any kind, and mostly is nothing of ours.
  const isWanted = (written: string) => source.isNamed || namesOurs(options.registry, written);
  const isKustomization = isKustomizationFile(source.name);
  const namesUs = isWanted(text);
  if (!(namesUs || isKustomization)) return passOver(source, countDocuments(text));
  const lines = indexLines(text);
  const template = namesUs ? findTemplateLine(text) : undefined;
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
  const kustomization = isKustomization ? readKustomization(source.name, text) : undefined;
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
  return { ...passOver(source, 0), findings: isOurs ? [finding] : [] };
}

/** Of a file that there is nothing to say of. */
function passOver(source: Source, documents: number): Evaluation {
  return { source, findings: [], documents, standings: [], directives: [], kustomization: undefined };
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
    findings.push(...tellMeaning(sheet, tree, held, object, options, old));
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
function tellMeaning(
  sheet: Sheet,
  tree: Tree,
  held: MeantObject,
  described: Described,
  options: EvaluationOptions,
  old: OldObject | undefined,
): CheckFinding[] {
  if (held.isWithoutRules) return [noteWithoutRules(sheet, tree, held, described)];
  const isUnchanged = old !== undefined && old.id === undefined;
  return (isUnchanged ? [] : held.slips).map((slip) =>
    toFinding(sheet, held.base, described, slip, options.strict),
  );
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

function syntax(source: Source, document: number, parts: MessageParts, { old, strict }: EvaluationOptions) {
  const severity = severityOf(old?.hadProblem(source.name, parts) ? 'warn' : 'deny', strict);
  return { ...parts, file: source.name, document, rule: READING_RULES.syntax.id, severity };
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
