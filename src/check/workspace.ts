import type { BundleJudgement } from '../policy/evaluate.ts';
import { listMutations, listRules } from '../policy/registry.ts';
import { describeObject, judgeAlone, judgeTogether, type Witness } from './bundle.ts';
import type { ClusterObjects } from './cluster-objects.ts';
import {
  type Budget,
  type Evaluation,
  type EvaluationOptions,
  evaluateSource,
  offerFix,
  type Standing,
  toFinding,
} from './evaluation.ts';
import { indexLines } from './lines.ts';
import { type ReadDocument, readDocument, readText, type Source } from './read.ts';
import { type CheckFinding, READING_RULES, type Report, type Severity } from './report.ts';
import { silence } from './silence.ts';
import { splitDocuments } from './split.ts';

export interface WorkspaceOptions extends EvaluationOptions {
  /** Each file is judged on its own, instead of all together. */
  readonly each: boolean;
  /** Notes are among the findings; they are counted in any case. */
  readonly notes?: boolean | undefined;
  /** The cluster that all files are for. */
  readonly cluster?: Pick<ClusterObjects, 'standings' | 'isWhole'> | undefined;
  /** Comments in files silence nothing. */
  readonly noInlineConfig?: boolean | undefined;
}

/** What there is to say of a file, after a change somewhere. */
export interface FileFindings {
  readonly file: string;
  /** In the order of the file; none where there is nothing any more. */
  readonly findings: readonly CheckFinding[];
}

/**
 * Files that are judged together, and come and go one by one. Of each only what was found is kept, what its documents
 * say to others, and where each object stands; where those others find something in it, it is read again.
 */
export interface Workspace {
  /** Takes a file, or what takes the place of the file of that name. */
  put(source: Source): void;
  /** @returns whether it was there */
  drop(name: string): boolean;
  /** Files whose findings are not the same as when this was last asked; those that are gone have none. */
  changes(): readonly FileFindings[];
  report(): Report;
}

/** How much text is read again to be sure of fixes, beside as much as there is; in UTF-16 units. */
const READ_FOR_FIXES = 1024 * 1024;

export function createWorkspace(options: WorkspaceOptions): Workspace {
  // A file that is replaced keeps its place.
  const evaluations = new Map<string, Evaluation>();
  const told = new Map<string, string>();
  const budget: Budget = { left: READ_FOR_FIXES };
  let found: ReadonlyMap<string, Found> | undefined;
  const rules = new Set([
    ...[...listRules(options.registry), ...listMutations(options.registry)].map(({ id }) => id),
    ...Object.values(READING_RULES).map(({ id }) => id),
  ]);
  const across = new Set(options.registry.bundleRules.map(({ id }) => id));
  return {
    put: (source) => {
      found = undefined;
      evaluations.set(source.name, evaluateSource(source, options, budget));
    },
    drop: (name) => {
      found = undefined;
      return evaluations.delete(name);
    },
    changes,
    report: () => summarize([...evaluations.values()], [...findAll().values()], options),
  };

  function changes(): readonly FileFindings[] {
    const all = findAll();
    const gone = [...told.keys()].filter((file) => !all.has(file));
    for (const file of gone) told.delete(file);
    const changed = [...all].flatMap(([file, { findings }]): FileFindings[] => {
      const shown = findings.filter(({ severity }) => options.notes === true || severity !== 'note');
      const text = JSON.stringify(shown);
      if (text === (told.get(file) ?? '[]')) return [];
      if (shown.length === 0) told.delete(file);
      else told.set(file, text);
      return [{ file, findings: shown }];
    });
    return [...gone.map((file) => ({ file, findings: [] })), ...changed];
  }

  /** By the name of the file, in the order of the files and of what stands in them. */
  function findAll(): ReadonlyMap<string, Found> {
    if (found !== undefined) return found;
    const together = new Map<Evaluation, CheckFinding[]>();
    const all = [...evaluations.values(), ...(options.each ? [] : listGone(evaluations.values(), options))];
    const around = options.cluster === undefined ? [] : [createEvaluation('', options.cluster.standings)];
    for (const group of options.each ? all.map((evaluation) => [evaluation]) : [all]) {
      for (const [evaluation, list] of judgeGroup([...group, ...around]))
        together.set(evaluation, showAgain(evaluation, list));
    }
    // However often it is asked, there is something left for the next time.
    budget.left = Math.max(budget.left, READ_FOR_FIXES);
    found = new Map(
      Array.from(evaluations, ([name, evaluation]) => [
        name,
        silenceIn(evaluation, [...evaluation.findings, ...(together.get(evaluation) ?? [])].sort(byPlace)),
      ]),
    );
    return found;
  }

  function silenceIn({ source, directives }: Evaluation, findings: readonly CheckFinding[]): Found {
    const given = options.noInlineConfig === true ? [] : directives;
    return silence(source.name, findings, given, {
      rules,
      // What documents say of each other is not all there, and what was wrong before is not told again.
      isComplete: (rule) => !across.has(rule) && options.old === undefined,
      severity: options.strict ? 'error' : 'warning',
    });
  }

  function judgeGroup(group: readonly Evaluation[]): ReadonlyMap<Evaluation, readonly Placed[]> {
    const standings = group.flatMap((evaluation) =>
      evaluation.standings.map((standing) => ({ evaluation, standing })),
    );
    const witnesses = standings.map(
      ({ evaluation, standing }, index): Witness => ({
        document: { index, file: evaluation.source.name, ...standing.object },
        testimony: standing.testimony,
      }),
    );
    const isPart = options.cluster === undefined ? options.each : !options.cluster.isWhole;
    const byEvaluation = new Map<Evaluation, Placed[]>();
    for (const judgement of judgeTogether(options.registry, options.settings, witnesses, isPart)) {
      const found = standings[judgement.document.index];
      if (!found?.standing.isJudged) continue;
      const list = byEvaluation.get(found.evaluation) ?? [];
      list.push({ standing: found.standing, judgement });
      byEvaluation.set(found.evaluation, list);
    }
    return byEvaluation;
  }

  /** Reads the file once more, because its text is gone. */
  function showAgain({ source }: Evaluation, list: readonly Placed[]): CheckFinding[] {
    const decoded = readText(source);
    // As it was a moment ago; where it has changed since, the findings are told without their places.
    const text = 'text' in decoded ? decoded.text : '';
    const lines = indexLines(text);
    const parts = new Map(Array.from(splitDocuments(text), (part) => [part.number, part]));
    let last: ReadDocument | undefined;
    return list.map(({ standing, judgement }) => {
      const part = parts.get(standing.document) ?? { number: standing.document, start: 0, end: 0 };
      // One tree at a time, and mostly the one before.
      const document = last?.number === part.number ? last : readDocument(text, part);
      last = document;
      const sheet = { source, text, lines, document };
      const fix = offerFix(sheet, standing.base, judgement, options, budget);
      return structuredClone(
        toFinding(sheet, standing.base, standing.object, judgement, options.strict, fix),
      );
    });
  }
}

/**
 * What was there before and is no more has still spoken then: that others miss it now is new. These evaluations hold nothing
 * that is judged.
 */
function* listGone(
  evaluations: Iterable<Evaluation>,
  { registry, settings, old }: EvaluationOptions,
): Generator<Evaluation> {
  if (old === undefined) return;
  const ids = [...evaluations].flatMap(({ standings }) => standings.map(({ oldId }) => oldId));
  for (const { file, object } of old.listGone(new Set(ids.filter((id) => id !== undefined)))) {
    const described = describeObject(object);
    const ref = { index: 0, file, ...described };
    const update = { ref, object, old: object, isComplete: false, duplicates: () => [] };
    const saidBefore = judgeAlone(registry, settings, update)?.testimony.saidBefore ?? [];
    const testimony = { said: [], saidBefore, unknown: [], isOpen: false };
    const standing: Standing = { document: 1, base: [], object: described, testimony, isJudged: false };
    yield createEvaluation(file, [standing]);
  }
}

/** Of what is only there for others. */
function createEvaluation(name: string, standings: readonly Standing[]): Evaluation {
  const source = { name, isNamed: false, read: () => undefined };
  return { source, findings: [], documents: 0, standings, directives: [] };
}

/** What there is to say of a file, and what its comments silence. */
type Found = ReturnType<typeof silence>;

/** A finding across documents, and where the object stands that it is about. */
interface Placed {
  readonly standing: Standing;
  readonly judgement: BundleJudgement;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

function byPlace(a: CheckFinding, b: CheckFinding): number {
  return a.line - b.line || a.column - b.column;
}

function summarize(
  evaluations: readonly Evaluation[],
  found: readonly Found[],
  { notes }: WorkspaceOptions,
): Report {
  const all = found.flatMap(({ findings }) => findings);
  const countOf = (wanted: Severity) => all.filter(({ severity }) => severity === wanted).length;
  const shown = SEVERITIES.filter((severity) => notes === true || severity !== 'note');
  const judged = evaluations.map(({ standings }) => standings.filter(({ isJudged }) => isJudged).length);
  return {
    findings: shown.flatMap((wanted) => all.filter(({ severity }) => severity === wanted)),
    suppressed: found.flatMap(({ suppressed }) => suppressed),
    summary: {
      errors: countOf('error'),
      warnings: countOf('warning'),
      notes: countOf('note'),
      files: evaluations.length,
      documents: evaluations.reduce((sum, { documents }) => sum + documents, 0),
      judged: judged.reduce((sum, each) => sum + each, 0),
    },
  };
}
