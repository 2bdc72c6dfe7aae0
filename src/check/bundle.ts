import { type BundleRuleFinding, evaluateBundle, type Policy } from '../policy/evaluate.ts';
import type { Fact } from '../policy/fact.ts';
import { type FieldPath, formatPath } from '../policy/field-path.ts';
import { isMap, readString } from '../policy/json.ts';
import { renderMessage } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { DocumentRef, EvaluationRequest, LocatedFact, RuleFinding } from '../policy/types.ts';
import { evaluateAsCluster, repairAsCluster } from './as-cluster.ts';
import { throwOnFaults } from './faults.ts';
import { type Cases, findAgreed, isAboutUnknown, isAroundUnknown, listCases } from './unknown.ts';

/** One object, from a file, a review or a cluster. */
export interface Document {
  readonly ref: DocumentRef;
  readonly object: unknown;
  /** The object before the update, where it is known. */
  readonly old?: unknown;
  /** The API server has completed the object, as in a review or a cluster. A file is not complete. */
  readonly isComplete: boolean;
  duplicates(which: 'object' | 'old', below: FieldPath): readonly FieldPath[];
}

/** Documents that are evaluated together. */
export interface Bundle {
  /** The findings of one document alone. Undefined where it is not ours. */
  evaluate(document: Document): readonly RuleFinding[] | undefined;
  /** The findings across all documents, after each has been evaluated. */
  finish(): readonly BundleRuleFinding[];
}

/** The facts of one document. They are kept after the document is gone. */
export interface DocumentFacts {
  /** The facts in each case of the unknown values. One case where all are the same. */
  readonly facts: FactsByCase;
  /** The facts before the update. Empty where it is no update. */
  readonly factsBefore: FactsByCase;
  /** Paths of values that are unknown until the file is applied. */
  readonly unknown: readonly FieldPath[];
  /** The document may contain more than is known. */
  readonly isOpen: boolean;
}

type FactsByCase = readonly (readonly (Fact & Pick<LocatedFact, 'membership'>)[])[];

/** The result for a document of ours. */
export interface DocumentEvaluation {
  /** The findings of the document alone. Undefined where only its facts count. */
  readonly findings: readonly RuleFinding[] | undefined;
  readonly documentFacts: DocumentFacts;
}

/** Keeps the facts of the documents, and not the documents. */
export function createBundle(registry: Registry, settings: PolicySettings): Bundle {
  const kept: BundleDocument[] = [];
  return {
    evaluate: (document) => {
      const alone = evaluateDocument(registry, settings, document);
      if (alone !== undefined) kept.push({ document: document.ref, documentFacts: alone.documentFacts });
      return alone?.findings;
    },
    finish: () => evaluateTogether(registry, settings, kept, false),
  };
}

/** @returns undefined where the document is not ours */
export function evaluateDocument(
  registry: Registry,
  settings: PolicySettings,
  document: Document,
): DocumentEvaluation | undefined {
  const policy = findPolicy(registry, document.object);
  if (policy === undefined) return undefined;
  const context = { settings, checkpoint: () => {}, isBundle: true };
  // An object from an API server has no unknown values.
  const { cases, unknown, isOpen }: Cases<Document> = document.isComplete
    ? { cases: [document], unknown: [], isOpen: false }
    : listCases(document, policy.target);
  const requests = cases.map(toRequest);
  const [first, ...others] = requests;
  const isMatch = (request: EvaluationRequest | undefined) =>
    request !== undefined && policy.matches(toCreation(request));
  const isOurs = isMatch(first);
  if (!isOurs && !others.some(isMatch)) return undefined;
  const repairs = requests.map((each) => repairAsCluster(policy, each, document, context));
  const readFacts = (object: unknown) => {
    const membership = isMap(object) ? policy.target.membership?.(object) : undefined;
    const facts = policy.readFacts(toCreation({ ...toRequest(document), object }));
    return facts.map((each) => ({ ...each, membership }));
  };
  const documentFacts = {
    facts: withoutRepetition(repairs.map(({ repaired }) => readFacts(repaired))),
    factsBefore:
      document.old === undefined ? [] : withoutRepetition(requests.map(({ old }) => readFacts(old))),
    unknown,
    isOpen,
  };
  // An unknown name may make it one of ours: its facts count, and it has no findings of its own.
  if (!isOurs) return { findings: undefined, documentFacts };
  if (isOpen) return { findings: [], documentFacts };
  const agreed = findAgreed(repairs, (each) => evaluateAsCluster(policy, each), nameFinding);
  return { findings: agreed.filter((each) => !isAboutUnknown(unknown, each)), documentFacts };
}

/** A document with its facts. */
export interface BundleDocument {
  readonly document: DocumentRef;
  readonly documentFacts: DocumentFacts;
}

/**
 * The findings of documents together.
 * @param isPart whether more documents of the same cluster may exist elsewhere
 */
export function evaluateTogether(
  registry: Registry,
  settings: PolicySettings,
  documents: readonly BundleDocument[],
  isPart: boolean,
): readonly BundleRuleFinding[] {
  const hasGaps =
    isPart || documents.some(({ documentFacts }) => documentFacts.isOpen || isNameless(documentFacts));
  const context = { settings, checkpoint: () => {}, isBundle: true, isPart: hasGaps };
  const unknowns = new Map(
    documents.map(({ document, documentFacts }) => [document.index, documentFacts.unknown] as const),
  );
  return ratchetBundle(evaluateAll('facts'), evaluateAll('factsBefore'));

  function evaluateAll(when: 'facts' | 'factsBefore'): readonly BundleRuleFinding[] {
    const most = documents.reduce((max, { documentFacts }) => Math.max(max, documentFacts[when].length), 1);
    const indexes = Array.from({ length: most }, (_, index) => index);
    // A document that may contain more has its facts, or does not: both are evaluated.
    const isSure = documents.every(({ documentFacts }) => !documentFacts.isOpen);
    const cases = (isSure ? [true] : [true, false]).flatMap((hasOpen) =>
      indexes.map((index) => ({ index, hasOpen })),
    );
    return findAgreed(cases, (each) => evaluateCase(when, each), nameBundleFinding).filter((each) => {
      const unknown = unknowns.get(each.document.index) ?? [];
      return !isAboutUnknown(unknown, each) && !isAroundUnknown(unknown, each);
    });
  }

  function evaluateCase(
    when: 'facts' | 'factsBefore',
    { index, hasOpen }: { readonly index: number; readonly hasOpen: boolean },
  ): readonly BundleRuleFinding[] {
    const included = hasOpen ? documents : documents.filter(({ documentFacts }) => !documentFacts.isOpen);
    const facts = included.flatMap(({ document, documentFacts }): LocatedFact[] =>
      // Some documents have more cases than others.
      (documentFacts[when][index] ?? documentFacts[when][0] ?? []).map((each) => ({ ...each, document })),
    );
    const { findings, faults } = evaluateBundle(registry.bundleRules, facts, context);
    throwOnFaults(faults);
    return findings;
  }
}

/** Its name is unknown, so that it may be the object that others name. */
function isNameless({ unknown }: DocumentFacts): boolean {
  return unknown.some((path) => ['metadata', 'metadata.name'].includes(formatPath(path)));
}

/** Copies the facts: V8 keeps a whole text in memory as long as a part of it is in use. */
function withoutRepetition(cases: FactsByCase): FactsByCase {
  const [first = [], ...others] = structuredClone(cases);
  const text = JSON.stringify(first);
  return others.every((each) => JSON.stringify(each) === text) ? [first] : [first, ...others];
}

function toRequest({ object, old, duplicates }: Document): EvaluationRequest {
  const operation = old === undefined ? 'CREATE' : 'UPDATE';
  return { operation, object, old, pathProvider: undefined, duplicates };
}

/** Whether an object is ours depends on the object alone, and not on what an update changes. */
function toCreation(request: EvaluationRequest): EvaluationRequest {
  return { ...request, operation: 'CREATE', old: undefined };
}

/** The policy for an object. Undefined where its kind is not ours. */
export function findPolicy(registry: Registry, object: unknown): Policy | undefined {
  const kind = readString(object, 'kind');
  if (kind === undefined) return undefined;
  return registry.find(groupOf(object), kind);
}

/** Undefined where the object has no apiVersion. Then its kind decides, as in a sparse review. */
export function groupOf(object: unknown): string | undefined {
  const apiVersion = readString(object, 'apiVersion');
  if (apiVersion === undefined) return undefined;
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** Ratcheting, as for one object: a denial that was there before is a warning, and a warning is left out. */
function ratchetBundle(
  now: readonly BundleRuleFinding[],
  before: readonly BundleRuleFinding[],
): BundleRuleFinding[] {
  const known = new Set(before.map(nameBundleFinding));
  return now.flatMap((finding): BundleRuleFinding[] => {
    if (!known.has(nameBundleFinding(finding))) return [finding];
    return finding.action === 'deny' ? [{ ...finding, action: 'warn' }] : [];
  });
}

/** The same name for findings that say the same about the same path. */
export function nameFinding(finding: RuleFinding): string {
  const { rule, path, action, fix } = finding;
  return JSON.stringify([rule, path, action, renderMessage(finding), fix]);
}

function nameBundleFinding(finding: BundleRuleFinding): string {
  const { rule, document, path } = finding;
  return JSON.stringify([rule, document.index, formatPath(path), renderMessage(finding)]);
}

/** The kind, namespace and name of a document for reports, as far as it has them. */
export function describeObject(object: unknown): Pick<DocumentRef, 'kind' | 'namespace' | 'name'> {
  return {
    kind: readString(object, 'kind') ?? '',
    namespace: readString(object, 'metadata', 'namespace') ?? '',
    name: readString(object, 'metadata', 'name') ?? readString(object, 'metadata', 'generateName') ?? '',
  };
}
