import { type BundleJudgement, judgeBundle, type Policy } from '../policy/evaluate.ts';
import { type FieldPath, formatPath } from '../policy/field-path.ts';
import { isMap, readString } from '../policy/json.ts';
import { renderMessage } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { Statement } from '../policy/statement.ts';
import type { Candidate, DocumentRef, Judgement, Said } from '../policy/types.ts';
import { judgeAsCluster, repairAsCluster } from './as-cluster.ts';
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
  judge(document: Document): readonly Judgement[] | undefined;
  /** What there is to say of all of them together, once each has been judged. */
  finish(): readonly BundleJudgement[];
}

/** What a document says of itself to others; it is kept when the document is gone. */
export interface Testimony {
  /** In each of the cases that the document may be applied in, and one where they are all the same. */
  readonly said: Cased;
  /** Before the update, where it is one. */
  readonly saidBefore: Cased;
  /** Paths of values that nobody knows yet. */
  readonly unknown: readonly FieldPath[];
  /** Nobody knows what else belongs to it. */
  readonly isOpen: boolean;
}

type Cased = readonly (readonly (Statement & Pick<Said, 'membership'>)[])[];

/** A document of ours. */
export interface Alone {
  /** What there is to say of it alone; undefined where only others may want to know of it. */
  readonly judgements: readonly Judgement[] | undefined;
  readonly testimony: Testimony;
}

/** Keeps what documents say of themselves to each other, and not the documents. */
export function createBundle(registry: Registry, settings: PolicySettings): Bundle {
  const kept: Witness[] = [];
  return {
    judge: (document) => {
      const alone = judgeAlone(registry, settings, document);
      if (alone !== undefined) kept.push({ document: document.ref, testimony: alone.testimony });
      return alone?.judgements;
    },
    finish: () => judgeTogether(registry, settings, kept, false),
  };
}

/** Undefined where the document is none of ours. */
export function judgeAlone(
  registry: Registry,
  settings: PolicySettings,
  document: Document,
): Alone | undefined {
  const policy = findPolicy(registry, document.object);
  if (policy === undefined) return undefined;
  const context = { settings, checkpoint: () => {}, isBundle: true };
  // What an API server holds is what it says.
  const { cases, unknown, isOpen }: Cases<Document> = document.isComplete
    ? { cases: [document], unknown: [], isOpen: false }
    : listCases(document, policy.target);
  const candidates = cases.map(toCandidate);
  const [first, ...others] = candidates;
  const isClaimed = (candidate: Candidate | undefined) =>
    candidate !== undefined && policy.claims(toCreation(candidate));
  const isOurs = isClaimed(first);
  if (!isOurs && !others.some(isClaimed)) return undefined;
  const repairs = candidates.map((each) => repairAsCluster(policy, each, document, context));
  const state = (object: unknown) => {
    const membership = isMap(object) ? policy.target.membership?.(object) : undefined;
    const said = policy.state(toCreation({ ...toCandidate(document), object }));
    return said.map((each) => ({ ...each, membership }));
  };
  const testimony = {
    said: withoutRepetition(repairs.map(({ repaired }) => state(repaired))),
    saidBefore: document.old === undefined ? [] : withoutRepetition(candidates.map(({ old }) => state(old))),
    unknown,
    isOpen,
  };
  // Its name may make it one of ours: then others may want it, and there is nothing to say of itself.
  if (!isOurs) return { judgements: undefined, testimony };
  if (isOpen) return { judgements: [], testimony };
  const agreed = findAgreed(repairs, (each) => judgeAsCluster(policy, each), nameFinding);
  return { judgements: agreed.filter((each) => !isAboutUnknown(unknown, each)), testimony };
}

/** What a document has said, and which it was. */
export interface Witness {
  readonly document: DocumentRef;
  readonly testimony: Testimony;
}

/**
 * What there is to say of documents together.
 * @param isPart whether more that belongs to them may lie elsewhere
 */
export function judgeTogether(
  registry: Registry,
  settings: PolicySettings,
  witnesses: readonly Witness[],
  isPart: boolean,
): readonly BundleJudgement[] {
  const hasGaps = isPart || witnesses.some(({ testimony }) => testimony.isOpen || isNameless(testimony));
  const context = { settings, checkpoint: () => {}, isBundle: true, isPart: hasGaps };
  const unknowns = new Map(
    witnesses.map(({ document, testimony }) => [document.index, testimony.unknown] as const),
  );
  return ratchetBundle(judgeAll('said'), judgeAll('saidBefore'));

  function judgeAll(when: 'said' | 'saidBefore'): readonly BundleJudgement[] {
    const most = witnesses.reduce((max, { testimony }) => Math.max(max, testimony[when].length), 1);
    const indexes = Array.from({ length: most }, (_, index) => index);
    // What may hold anything may say what it seems to say, or not.
    const isSure = witnesses.every(({ testimony }) => !testimony.isOpen);
    const cases = (isSure ? [true] : [true, false]).flatMap((hasOpen) =>
      indexes.map((index) => ({ index, hasOpen })),
    );
    return findAgreed(cases, (each) => judgeCase(when, each), nameJudgement).filter((each) => {
      const unknown = unknowns.get(each.document.index) ?? [];
      return !isAboutUnknown(unknown, each) && !isAroundUnknown(unknown, each);
    });
  }

  function judgeCase(
    when: 'said' | 'saidBefore',
    { index, hasOpen }: { readonly index: number; readonly hasOpen: boolean },
  ): readonly BundleJudgement[] {
    const told = hasOpen ? witnesses : witnesses.filter(({ testimony }) => !testimony.isOpen);
    const said = told.flatMap(({ document, testimony }): Said[] =>
      // Some have more cases than others.
      (testimony[when][index] ?? testimony[when][0] ?? []).map((each) => ({ ...each, document })),
    );
    const { judgements, faults } = judgeBundle(registry.bundleRules, said, context);
    refuseFaults(faults);
    return judgements;
  }
}

/** Nobody knows what it is called, so that it may be what others name. */
function isNameless({ unknown }: Testimony): boolean {
  return unknown.some((path) => ['metadata', 'metadata.name'].includes(formatPath(path)));
}

/** Copies: V8 keeps a text as long as anything that was cut from it. */
function withoutRepetition(cases: Cased): Cased {
  const [first = [], ...others] = structuredClone(cases);
  const text = JSON.stringify(first);
  return others.every((each) => JSON.stringify(each) === text) ? [first] : [first, ...others];
}

function toCandidate({ object, old, duplicates }: Document): Candidate {
  const operation = old === undefined ? 'CREATE' : 'UPDATE';
  return { operation, object, old, pathProvider: undefined, duplicates };
}

/** What is ours to judge is asked of the object alone: that an update changes nothing does not make it another's. */
function toCreation(candidate: Candidate): Candidate {
  return { ...candidate, operation: 'CREATE', old: undefined };
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
  now: readonly BundleJudgement[],
  before: readonly BundleJudgement[],
): BundleJudgement[] {
  const known = new Set(before.map(nameJudgement));
  return now.flatMap((judgement): BundleJudgement[] => {
    if (!known.has(nameJudgement(judgement))) return [judgement];
    return judgement.action === 'deny' ? [{ ...judgement, action: 'warn' }] : [];
  });
}

/** The same for what says the same of the same place. */
export function nameFinding(judgement: Judgement): string {
  const { rule, path, action, fix } = judgement;
  return JSON.stringify([rule, path, action, renderMessage(judgement), fix]);
}

function nameJudgement(judgement: BundleJudgement): string {
  const { rule, document, path } = judgement;
  return JSON.stringify([rule, document.index, formatPath(path), renderMessage(judgement)]);
}

/** How a document is called in reports: its kind, namespace and name, as far as it has them. */
export function describeObject(object: unknown): Pick<DocumentRef, 'kind' | 'namespace' | 'name'> {
  return {
    kind: readString(object, 'kind') ?? '',
    namespace: readString(object, 'metadata', 'namespace') ?? '',
    name: readString(object, 'metadata', 'name') ?? readString(object, 'metadata', 'generateName') ?? '',
  };
}
