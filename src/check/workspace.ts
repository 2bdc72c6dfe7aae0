import type { BundleRuleFinding } from '../policy/evaluate.ts';
import { once } from '../policy/once.ts';
import { listMutations, listRules } from '../policy/registry.ts';
import { evaluateBuilds, withBuilt } from './build.ts';
import {
  type BundleDocument,
  describeObject,
  evaluateDocument,
  evaluateTogether,
  nameFinding,
} from './bundle.ts';
import type { ClusterObjects } from './cluster-objects.ts';
import { type Evaluation, type EvaluationOptions, evaluateSource, type ObjectEntry } from './evaluation.ts';
import { addTo, type Group, groupByFile, groupMembers, type Member } from './groups.ts';
import { applyComments } from './ignore-comments.ts';
import { chartOf, createTieFinder, type Layout, layOut, type TieFinder } from './layout.ts';
import { indexLines } from './lines.ts';
import { doubtFar } from './nearness.ts';
import { noteChart } from './notes.ts';
import { type ReadDocument, readDocument, readText, type Source } from './read.ts';
import { type CheckFinding, READING_RULES, type Report, type Severity } from './report.ts';
import { type Budget, offerFix, toFinding } from './sheet.ts';
import { splitDocuments } from './split.ts';

export interface WorkspaceOptions extends EvaluationOptions {
  /** Each file is evaluated alone, instead of all together. */
  readonly each: boolean;
  /** Notes are among the findings; they are counted in any case. */
  readonly notes?: boolean | undefined;
  /** The cluster that all files are for. */
  readonly cluster?: Pick<ClusterObjects, 'entries' | 'isWhole'> | undefined;
  /** Comments in files ignore nothing. */
  readonly noInlineConfig?: boolean | undefined;
}

/** The findings of a file after a change. */
export interface FileFindings {
  readonly file: string;
  /** In the order of the file. Empty where no finding is left. */
  readonly findings: readonly CheckFinding[];
}

/**
 * Files that are evaluated together, and can be added and removed one by one. Of each file only its findings, its
 * facts and the places of its objects are kept. Where rules across documents have a finding in it, the file is read
 * again.
 */
export interface Workspace {
  /** Adds a file, or replaces the file with the same name. */
  put(source: Source): void;
  /** @returns whether the file was there */
  drop(name: string): boolean;
  /** Files whose findings have changed since the last call. Removed files have none. */
  changes(): readonly FileFindings[];
  report(): Report;
}

/** How much text may be parsed again to verify fixes, besides the text of the files; in UTF-16 units. */
const READ_FOR_FIXES = 1024 * 1024;

export function createWorkspace(options: WorkspaceOptions): Workspace {
  // A file that is replaced keeps its position.
  const evaluations = new Map<string, Evaluation>();
  const reported = new Map<string, string>();
  /** Files that have been evaluated as parts of objects. */
  const parts = new Set<string>();
  const budget: Budget = { left: READ_FOR_FIXES };
  let found: ReadonlyMap<string, Found> | undefined;
  /** The evaluations after patches and charts are applied. */
  let shown: readonly Evaluation[] = [];
  const rules = new Set([
    ...[...listRules(options.registry), ...listMutations(options.registry)].map(({ id }) => id),
    ...Object.values(READING_RULES).map(({ id }) => id),
  ]);
  const across = new Set(options.registry.bundleRules.map(({ id }) => id));
  return {
    put: (source) => {
      found = undefined;
      parts.delete(source.name);
      evaluations.set(source.name, evaluateSource(source, options, budget));
    },
    drop: (name) => {
      found = undefined;
      return evaluations.delete(name);
    },
    changes,
    report: () => {
      const all = findAll();
      return summarize(shown, [...all.values()], options);
    },
  };

  function changes(): readonly FileFindings[] {
    const all = findAll();
    const gone = [...reported.keys()].filter((file) => !all.has(file));
    for (const file of gone) reported.delete(file);
    const changed = [...all].flatMap(([file, { findings }]): FileFindings[] => {
      const shown = findings.filter(({ severity }) => options.notes === true || severity !== 'note');
      const text = JSON.stringify(shown);
      if (text === (reported.get(file) ?? '[]')) return [];
      if (shown.length === 0) reported.delete(file);
      else reported.set(file, text);
      return [{ file, findings: shown }];
    });
    return [...gone.map((file) => ({ file, findings: [] })), ...changed];
  }

  /** By the name of the file, in the order of the files and of their content. */
  function findAll(): ReadonlyMap<string, Found> {
    if (found !== undefined) return found;
    const layout = layOut(
      evaluations.keys(),
      [...evaluations.values()].flatMap(({ kustomization }) => kustomization ?? []),
    );
    evaluateParts(layout);
    const built = evaluateBuilds(layout, evaluations, options);
    const charts = new Set<string>();
    const all = Array.from(evaluations.values(), (evaluation) =>
      withoutTemplates(withBuilt(evaluation, built), layout, charts),
    );
    const together = evaluateTogetherIn(all, layout);
    shown = all;
    // However often findings are requested, some budget is left for the next time.
    budget.left = Math.max(budget.left, READ_FOR_FIXES);
    found = new Map(
      all.map((evaluation) => {
        const { name } = evaluation.source;
        const notes = charts.has(name) ? [noteChart(name)] : [];
        const across = showAgain(evaluation, together.get(name) ?? []);
        return [
          name,
          applyCommentsIn(evaluation, [...evaluation.findings, ...across, ...notes].sort(byPlace)),
        ];
      }),
    );
    return found;
  }

  function applyCommentsIn({ source, directives }: Evaluation, findings: readonly CheckFinding[]): Found {
    const given = options.noInlineConfig === true ? [] : directives;
    return applyComments(source.name, findings, given, {
      rules,
      // Findings across documents are not complete, and findings that were there before are not reported again.
      isComplete: (rule) => !across.has(rule) && options.old === undefined,
      severity: options.strict ? 'error' : 'warning',
    });
  }

  /** A kustomization elsewhere can make a file a part of an object, or no longer a part. */
  function evaluateParts(layout: Layout): void {
    for (const [name, { source }] of evaluations) {
      const isPart = layout.parts.has(name);
      if (isPart === parts.has(name)) continue;
      evaluations.set(name, evaluateSource(source, options, budget, isPart));
      if (isPart) parts.add(name);
      else parts.delete(name);
    }
  }

  /** By the name of the file that has the findings. */
  function evaluateTogetherIn(
    all: readonly Evaluation[],
    layout: Layout,
  ): ReadonlyMap<string, readonly Placed[]> {
    const gone = options.each ? [] : [...listGone(all, options)];
    const members = [...all, ...gone].flatMap((evaluation) =>
      evaluation.entries.map((entry) => toMember(evaluation, entry)),
    );
    const groups = groupAll(members, layout);
    const tieFinder = once(() => createTieFinder(layout));
    const byFile = new Map<string, Placed[]>();
    const seen = new Set<string>();
    for (const group of groups) {
      for (const placed of evaluateGroup(group, tieFinder)) {
        const { file } = placed.finding.document;
        const { document, base } = placed.entry;
        const name = JSON.stringify([file, document, base, nameFinding(placed.finding)]);
        // An object in two builds has its findings twice.
        if (seen.has(name)) continue;
        seen.add(name);
        addTo(byFile, file, placed);
      }
    }
    return byFile;
  }

  function groupAll(members: readonly PlacedMember[], layout: Layout): readonly Group<PlacedMember>[] {
    const { cluster } = options;
    if (cluster === undefined) {
      const builds = layout.builds.map((build) => build.files);
      return options.each ? groupByFile(members) : groupMembers(members, builds);
    }
    // All files are for that cluster.
    const around = createEvaluation('', cluster.entries);
    const held = around.entries.map((entry) => toMember(around, entry));
    const groups = options.each ? groupByFile(members) : [{ members }];
    return groups.map((group) => ({
      members: [...group.members, ...held],
      isPart: !cluster.isWhole,
      isBound: true,
    }));
  }

  function evaluateGroup(
    { members, isPart, isBound }: Group<PlacedMember>,
    tieFinder: () => TieFinder,
  ): readonly Placed[] {
    const documents = members.map(
      ({ file, entry }, index): BundleDocument => ({
        document: { index, file, ...entry.object },
        documentFacts: entry.documentFacts,
      }),
    );
    const evaluate = (some: readonly BundleDocument[]) =>
      evaluateTogether(options.registry, options.settings, some, isPart);
    const all = evaluate(documents);
    const ruleFindings = isBound
      ? all
      : doubtFar(
          all,
          () => members.map((member) => ({ file: member.file, ties: tieFinder()(member) })),
          (indexes) => evaluate(documents.filter((_, index) => indexes.has(index))),
        );
    return ruleFindings.flatMap((finding): Placed[] => {
      const entry = members[finding.document.index]?.entry;
      return entry?.isEvaluated === true ? [{ entry, finding }] : [];
    });
  }

  /** Reads the file again, because its text was not kept. */
  function showAgain({ source }: Evaluation, list: readonly Placed[]): CheckFinding[] {
    if (list.length === 0) return [];
    const decoded = readText(source);
    // The file may have changed since: then the findings have no places.
    const text = 'text' in decoded ? decoded.text : '';
    const lines = indexLines(text);
    const parts = new Map(Array.from(splitDocuments(text), (part) => [part.number, part]));
    let last: ReadDocument | undefined;
    return list.map(({ entry, finding }) => {
      const part = parts.get(entry.document) ?? { number: entry.document, start: 0, end: 0 };
      // Keeps one tree, which is usually the one needed next.
      const document = last?.number === part.number ? last : readDocument(text, part);
      last = document;
      const sheet = { source, text, lines, document };
      const fix = offerFix(sheet, entry.base, finding, options, budget);
      return structuredClone(toFinding(sheet, entry.base, entry.object, finding, options.strict, fix));
    });
  }
}

/** A document of ours as a member of a group. */
interface PlacedMember extends Member {
  readonly entry: ObjectEntry;
}

function toMember({ source }: Evaluation, entry: ObjectEntry): PlacedMember {
  const { facts, factsBefore } = entry.documentFacts;
  const membership = [...facts, ...factsBefore]
    .flat()
    .find((each) => each.membership !== undefined)?.membership;
  return { file: source.name, ...entry.object, membership, cluster: entry.cluster, entry };
}

/** The result of a Helm chart is unknown before it is rendered: one note for each chart is enough. */
function withoutTemplates(evaluation: Evaluation, layout: Layout, charts: Set<string>): Evaluation {
  const chart = chartOf(layout, evaluation.source.name);
  if (chart === undefined) return evaluation;
  if (evaluation.findings.length + evaluation.entries.length > 0) charts.add(chart);
  return { ...evaluation, findings: [], entries: [], directives: [] };
}

/**
 * The facts of removed objects count as facts before the change: a reference to such an object is a new mistake.
 * These evaluations have no findings.
 */
function* listGone(
  evaluations: Iterable<Evaluation>,
  { registry, settings, old }: EvaluationOptions,
): Generator<Evaluation> {
  if (old === undefined) return;
  const ids = [...evaluations].flatMap(({ entries }) => entries.map(({ oldId }) => oldId));
  for (const { file, object } of old.listGone(new Set(ids.filter((id) => id !== undefined)))) {
    const described = describeObject(object);
    const ref = { index: 0, file, ...described };
    const update = { ref, object, old: object, isComplete: false, duplicates: () => [] };
    const factsBefore = evaluateDocument(registry, settings, update)?.documentFacts.factsBefore ?? [];
    const documentFacts = { facts: [], factsBefore, unknown: [], isOpen: false };
    const entry: ObjectEntry = {
      document: 1,
      base: [],
      object: described,
      documentFacts,
      isEvaluated: false,
    };
    yield createEvaluation(file, [entry]);
  }
}

/** For objects of which only the facts count. */
function createEvaluation(name: string, entries: readonly ObjectEntry[]): Evaluation {
  const source = { name, isNamed: false, read: () => undefined };
  return { source, findings: [], documents: 0, entries, directives: [], kustomization: undefined };
}

/** The findings of a file, and those that its comments ignore. */
type Found = ReturnType<typeof applyComments>;

/** A finding across documents, and the object that has it. */
interface Placed {
  readonly entry: ObjectEntry;
  readonly finding: BundleRuleFinding;
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
  const evaluated = evaluations.map(({ entries }) => entries.filter(({ isEvaluated }) => isEvaluated).length);
  return {
    findings: shown.flatMap((wanted) => all.filter(({ severity }) => severity === wanted)),
    suppressed: found.flatMap(({ suppressed }) => suppressed),
    summary: {
      errors: countOf('error'),
      warnings: countOf('warning'),
      notes: countOf('note'),
      files: evaluations.length,
      documents: evaluations.reduce((sum, { documents }) => sum + documents, 0),
      evaluated: evaluated.reduce((sum, each) => sum + each, 0),
    },
  };
}
