import { type FieldPath, formatPath, isWithin } from '../policy/field-path.ts';
import { readMap } from '../policy/json.ts';
import type { MessageParts } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { Finding, RuleFinding } from '../policy/types.ts';
import { type DocumentFacts, describeObject, evaluateDocument } from './bundle.ts';
import type { UnreadableText } from './decode.ts';
import { evaluateEmbedded } from './evaluate-embedded.ts';
import { type Directive, readDirectives } from './ignore-comments.ts';
import { isKustomizationFile, type Kustomization, readKustomization } from './kustomization.ts';
import { indexLines } from './lines.ts';
import { listMeant, type MeantObject } from './meant.ts';
import { noteTemplate, noteUnknown, noteWithoutRules } from './notes.ts';
import type { HeldObject } from './objects.ts';
import { listObjects } from './objects.ts';
import type { OldObject, OldObjects } from './old.ts';
import { declaresOurs, namesOurs } from './ours.ts';
import { evaluatePart } from './parts.ts';
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
import type { Tree } from './tree.ts';

export interface EvaluationOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  /** Warnings are errors. */
  readonly strict: boolean;
  /** Findings have a fix, where it is certain. */
  readonly withFixes?: boolean | undefined;
  /** The objects before the change. Without it, every object is new. */
  readonly old?: OldObjects | undefined;
}

/** The result for one file alone, without its text. */
export interface Evaluation {
  readonly source: Source;
  readonly findings: readonly CheckFinding[];
  /** The number of documents that are not empty. */
  readonly documents: number;
  readonly entries: readonly ObjectEntry[];
  /** Comments that ignore findings. */
  readonly directives: readonly Directive[];
  /** The kustomization, where the file is one. */
  readonly kustomization: Kustomization | undefined;
}

/** An object that rules across documents can have a finding on. */
export interface ObjectEntry {
  readonly document: number;
  readonly base: FieldPath;
  readonly object: Described;
  readonly documentFacts: DocumentFacts;
  /** False where only its facts count. */
  readonly isEvaluated: boolean;
  /** The id of the old object. */
  readonly oldId?: string | undefined;
  /** The name of its cluster, where the object names it. */
  readonly cluster?: string | undefined;
}

/** Evaluates one file alone. Only one document at a time is in memory with its tree. */
export function evaluateSource(
  source: Source,
  options: EvaluationOptions,
  budget: Budget,
  isPart = false,
): Evaluation {
  const decoded = readText(source);
  if (!('text' in decoded)) return describeUnreadable(source, decoded, options);
  const { text } = decoded;
  budget.left += text.length;
  // A file that was only found may be of any kind, and usually is not ours.
  const isWanted = (written: string) => source.isNamed || namesOurs(options.registry, written);
  const isKustomization = isKustomizationFile(source.name);
  const namesUs = isWanted(text);
  if (!(namesUs || isKustomization)) return passOver(source, countDocuments(text));
  const lines = indexLines(text);
  const template = namesUs ? findTemplateLine(text) : undefined;
  const sheets = template === undefined ? readDocuments(text, isWanted) : [template];
  const evaluation = { findings: [] as CheckFinding[], documents: 0, entries: [] as ObjectEntry[] };
  for (const document of sheets) {
    if (document.isEmpty) continue;
    evaluation.documents += 1;
    const sheet = { source, text, lines, document };
    const evaluated = isPart ? evaluateParts(sheet, options) : evaluateSheet(sheet, options, budget);
    // A copy: V8 keeps a whole text in memory as long as a part of it is in use.
    evaluation.findings.push(...structuredClone(evaluated.findings));
    evaluation.entries.push(...evaluated.entries);
  }
  const directives =
    evaluation.entries.length + evaluation.findings.length > 0 ? readDirectives(text, lines) : [];
  const kustomization = isKustomization ? readKustomization(source.name, text) : undefined;
  return { source, ...evaluation, ...structuredClone({ directives, kustomization }) };
}

/** Evaluates a file with parts of objects, whose other parts are elsewhere. Its documents have no facts. */
function evaluateParts(sheet: Sheet, { registry, settings, strict }: EvaluationOptions): SheetEvaluation {
  const { tree, number } = sheet.document;
  const findings: CheckFinding[] = [];
  const entries: ObjectEntry[] = [];
  for (const held of tree === undefined ? [] : listObjects(tree.value)) {
    const { base } = held;
    const object = describeHeld(held);
    const ruleFindings = evaluatePart(registry, settings, {
      ref: { index: 0, file: sheet.source.name, ...object },
      object: held.object,
      isComplete: false,
      duplicates: (which, below) =>
        which === 'object' && tree !== undefined ? duplicatesBelow(tree, [...base, ...below]) : [],
    });
    if (ruleFindings === undefined) continue;
    findings.push(...ruleFindings.map((each) => toFinding(sheet, base, object, each, strict)));
    entries.push({ document: number, base, object, documentFacts: NO_FACTS, isEvaluated: true });
  }
  return { findings, entries };
}

/** An unreadable file that was only found is reported where its bytes look like an object of ours. */
function describeUnreadable(
  source: Source,
  unreadable: UnreadableText,
  options: EvaluationOptions,
): Evaluation {
  const { line, column, ...parts } = unreadable;
  const place = { line, column, endLine: line, endColumn: column + 1 };
  const excerpt = { text: '', start: 0, end: 1 };
  const finding = { ...NO_OBJECT, ...syntax(source, 1, parts, options), ...place, excerpt };
  const isOurs = source.isNamed || declaresOurs(options.registry, readRoughly(source));
  return { ...passOver(source, 0), findings: isOurs ? [finding] : [] };
}

/** The result for a file without findings. */
function passOver(source: Source, documents: number): Evaluation {
  return { source, findings: [], documents, entries: [], directives: [], kustomization: undefined };
}

type SheetEvaluation = Pick<Evaluation, 'findings' | 'entries'>;

function evaluateSheet(sheet: Sheet, options: EvaluationOptions, budget: Budget): SheetEvaluation {
  const { source, lines, document } = sheet;
  if (document.tree !== undefined) return evaluateObjects(sheet, document.tree, options, budget);
  if (document.templateLine !== undefined) {
    return { findings: noteTemplate(sheet, document.templateLine, options.registry), entries: [] };
  }
  const { problem } = document;
  const isNothing = { findings: [], entries: [] };
  if (problem === undefined) return isNothing;
  if (!source.isNamed && !declaresOurs(options.registry, sheet.text)) return isNothing;
  const { start, end, ...parts } = problem;
  const place = showPlace(lines, { start, end });
  return {
    findings: [{ ...NO_OBJECT, ...syntax(source, document.number, parts, options), ...place }],
    entries: [],
  };
}

function evaluateObjects(
  sheet: Sheet,
  tree: Tree,
  options: EvaluationOptions,
  budget: Budget,
): SheetEvaluation {
  const findings: CheckFinding[] = [];
  const entries: ObjectEntry[] = [];
  for (const held of listMeant(tree.value, options.registry)) {
    const { base, isReviewed } = held;
    const object = describeHeld(held);
    const old = held.old === undefined ? options.old?.find(held, tree, sheet.source.name) : undefined;
    findings.push(...reportMeaning(sheet, tree, held, object, options, old));
    const alone = evaluateHeld(held, object, tree, sheet, options, old);
    if (alone === undefined) {
      const isUnchanged = old !== undefined && old.id === undefined;
      const embedded =
        isReviewed || isUnchanged ? undefined : findEmbedded(sheet, tree, held, object, options);
      if (embedded === undefined) continue;
      findings.push(...embedded);
      entries.push({
        document: sheet.document.number,
        base,
        object,
        documentFacts: NO_FACTS,
        isEvaluated: true,
      });
      continue;
    }
    const { findings: ruleFindings, documentFacts } = alone;
    const isEvaluated = ruleFindings !== undefined;
    entries.push({
      document: sheet.document.number,
      base,
      object,
      documentFacts,
      isEvaluated,
      oldId: old?.id,
      cluster: clusterOf(held.object),
    });
    if (!isEvaluated) continue;
    if (!isReviewed) findings.push(...noteUnknown(sheet, tree, held, object));
    for (const finding of ruleFindings) {
      // A review records a decision that has been made.
      const fix = isReviewed ? undefined : offerFix(sheet, base, finding, options, budget);
      findings.push(toFinding(sheet, base, object, finding, options.strict, fix));
    }
    for (const path of duplicatesBelow(tree, base)) {
      if (isReported(path, ruleFindings)) continue;
      const duplicate = duplicateKey(path, isAmong(path, old?.duplicates ?? []));
      findings.push(toFinding(sheet, base, object, duplicate, options.strict));
    }
  }
  return { findings, entries };
}

/** The label that Cluster API sets on the objects of a cluster, or that of kOps. */
function clusterOf(object: unknown): string | undefined {
  const labels = readMap(object, 'metadata', 'labels') ?? {};
  const name = labels['cluster.x-k8s.io/cluster-name'] ?? labels['kops.k8s.io/cluster'];
  return typeof name === 'string' ? structuredClone(name) : undefined;
}

/** Reports that an object was evaluated as what its author meant, or not at all. */
function reportMeaning(
  sheet: Sheet,
  tree: Tree,
  held: MeantObject,
  described: Described,
  options: EvaluationOptions,
  old: OldObject | undefined,
): CheckFinding[] {
  if (held.isWithoutRules) return [noteWithoutRules(sheet, tree, held, described)];
  const isUnchanged = old !== undefined && old.id === undefined;
  return (isUnchanged ? [] : held.typos).map((typo) =>
    toFinding(sheet, held.base, described, typo, options.strict),
  );
}

/** The findings of our objects inside an object that is not ours. */
function findEmbedded(
  sheet: Sheet,
  tree: Tree,
  held: HeldObject,
  described: Described,
  { registry, settings, strict }: EvaluationOptions,
): CheckFinding[] | undefined {
  const ref = { index: 0, file: sheet.source.name, ...described };
  const found = evaluateEmbedded(sheet.text, { ...sheet.document, tree }, held, { registry, settings, ref });
  return found?.map(({ document, finding, path }) => ({
    ...toFinding({ ...sheet, document }, [], described, finding, strict),
    path,
  }));
}

/** The object has no facts, because it is unknown which cluster it is for. */
const NO_FACTS: DocumentFacts = { facts: [], factsBefore: [], unknown: [], isOpen: false };

function evaluateHeld(
  held: HeldObject,
  described: Described,
  tree: Tree,
  sheet: Sheet,
  options: EvaluationOptions,
  old: OldObject | undefined,
) {
  return evaluateDocument(options.registry, options.settings, {
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

function duplicateKey(path: FieldPath, isOld: boolean): RuleFinding {
  return {
    path,
    reason: 'FieldValueDuplicate',
    rule: READING_RULES.duplicateKey.id,
    action: isOld ? 'warn' : 'deny',
    problem: 'the key is written more than once',
    advice: 'keep one of them',
  };
}

function isReported(path: FieldPath, ruleFindings: readonly Finding[]): boolean {
  const duplicates = ruleFindings.filter(({ reason }) => reason === 'FieldValueDuplicate');
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
