import { type BundleRuleFinding, evaluateBundle, type Policy } from '../policy/evaluate.ts';
import type { Fact } from '../policy/fact.ts';
import { type FieldPath, formatPath } from '../policy/field-path.ts';
import { isMap, readString } from '../policy/json.ts';
import { renderMessage } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { DocumentRef, EvaluationRequest, LocatedFact, RuleFinding } from '../policy/types.ts';
import { evaluateAsCluster, repairAsCluster } from './as-cluster.ts';
import { refuseFaults } from './faults.ts';
import { type Cases, findAgreed, isAboutUnknown, isAroundUnknown, listCases } from './unknown.ts';

/** One object, wherever it was found. */
export interface Document {
  readonly ref: DocumentRef;
  readonly object: unknown;
  /** What it was before, where that is known. */
  readonly old?: unknown;
  /** A file is yet to be completed by the API server; what comes in a review or from a cluster has been. */
  readonly isComplete: boolean;
  duplicates(which: 'object' | 'old', below: FieldPath): readonly FieldPath[];
}

/** Documents that are judged together. */
export interface Bundle {
  /** What there is to say of one document alone; undefined where it is none of ours. */
  evaluate(document: Document): readonly RuleFinding[] | undefined;
  /** What there is to say of all of them together, once each has been judged. */
  finish(): readonly BundleRuleFinding[];
}

/** What a document says of itself to others; it is kept when the document is gone. */
export interface DocumentFacts {
  /** In each of the cases that the document may be applied in, and one where they are all the same. */
  readonly facts: FactsByCase;
  /** Before the update, where it is one. */
  readonly factsBefore: FactsByCase;
  /** Paths of values that nobody knows yet. */
  readonly unknown: readonly FieldPath[];
  /** Nobody knows what else belongs to it. */
  readonly isOpen: boolean;
}

type FactsByCase = readonly (readonly (Fact & Pick<LocatedFact, 'membership'>)[])[];

/** A document of ours. */
export interface DocumentEvaluation {
  /** What there is to say of it alone; undefined where only others may want to know of it. */
  readonly findings: readonly RuleFinding[] | undefined;
  readonly documentFacts: DocumentFacts;
}

/** Keeps what documents say of themselves to each other, and not the documents. */
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

/** Undefined where the document is none of ours. */
export function evaluateDocument(
  registry: Registry,
  settings: PolicySettings,
  document: Document,
): DocumentEvaluation | undefined {
  const policy = findPolicy(registry, document.object);
  if (policy === undefined) return undefined;
  const context = { settings, checkpoint: () => {}, isBundle: true };
  // What an API server holds is what it says.
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
  // Its name may make it one of ours: then others may want it, and there is nothing to say of itself.
  if (!isOurs) return { findings: undefined, documentFacts };
  if (isOpen) return { findings: [], documentFacts };
  const agreed = findAgreed(repairs, (each) => evaluateAsCluster(policy, each), nameFinding);
  return { findings: agreed.filter((each) => !isAboutUnknown(unknown, each)), documentFacts };
}

/** What a document has said, and which it was. */
export interface BundleDocument {
  readonly document: DocumentRef;
  readonly documentFacts: DocumentFacts;
}

/**
 * What there is to say of documents together.
 * @param isPart whether more that belongs to them may lie elsewhere
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
    // What may hold anything may say what it seems to say, or not.
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
      // Some have more cases than others.
      (documentFacts[when][index] ?? documentFacts[when][0] ?? []).map((each) => ({ ...each, document })),
    );
    const { findings, faults } = evaluateBundle(registry.bundleRules, facts, context);
    refuseFaults(faults);
    return findings;
  }
}

/** Nobody knows what it is called, so that it may be what others name. */
function isNameless({ unknown }: DocumentFacts): boolean {
  return unknown.some((path) => ['metadata', 'metadata.name'].includes(formatPath(path)));
}

/** Copies: V8 keeps a text as long as anything that was cut from it. */
function withoutRepetition(cases: FactsByCase): FactsByCase {
  const [first = [], ...others] = structuredClone(cases);
  const text = JSON.stringify(first);
  return others.every((each) => JSON.stringify(each) === text) ? [first] : [first, ...others];
}

function toRequest({ object, old, duplicates }: Document): EvaluationRequest {
  const operation = old === undefined ? 'CREATE' : 'UPDATE';
  return { operation, object, old, pathProvider: undefined, duplicates };
}

/** What is ours to judge is asked of the object alone: that an update changes nothing does not make it another's. */
function toCreation(request: EvaluationRequest): EvaluationRequest {
  return { ...request, operation: 'CREATE', old: undefined };
}

/** What there is to judge an object by; undefined where its kind is none of ours. */
export function findPolicy(registry: Registry, object: unknown): Policy | undefined {
  const kind = readString(object, 'kind');
  if (kind === undefined) return undefined;
  return registry.find(groupOf(object), kind);
}

/** Undefined where the object does not say: then its kind alone has to do, as in a sparse review. */
export function groupOf(object: unknown): string | undefined {
  const apiVersion = readString(object, 'apiVersion');
  if (apiVersion === undefined) return undefined;
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** As for one object: what was wrong before is no error now, and no news. */
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

/** The same for what says the same of the same place. */
export function nameFinding(finding: RuleFinding): string {
  const { rule, path, action, fix } = finding;
  return JSON.stringify([rule, path, action, renderMessage(finding), fix]);
}

function nameBundleFinding(finding: BundleRuleFinding): string {
  const { rule, document, path } = finding;
  return JSON.stringify([rule, document.index, formatPath(path), renderMessage(finding)]);
}

/** How a document is called in reports: its kind, namespace and name, as far as it has them. */
export function describeObject(object: unknown): Pick<DocumentRef, 'kind' | 'namespace' | 'name'> {
  return {
    kind: readString(object, 'kind') ?? '',
    namespace: readString(object, 'metadata', 'namespace') ?? '',
    name: readString(object, 'metadata', 'name') ?? readString(object, 'metadata', 'generateName') ?? '',
  };
}
