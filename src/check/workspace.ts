import type { BundleRuleFinding } from '../policy/evaluate.ts';
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
import { type Group, groupByFile, groupMembers, type Member } from './groups.ts';
import { chartOf, type Layout, layOut } from './layout.ts';
import { indexLines } from './lines.ts';
import { noteChart } from './notes.ts';
import { type ReadDocument, readDocument, readText, type Source } from './read.ts';
import { type CheckFinding, READING_RULES, type Report, type Severity } from './report.ts';
import { type Budget, offerFix, toFinding } from './sheet.ts';
import { silence } from './silence.ts';
import { splitDocuments } from './split.ts';

export interface WorkspaceOptions extends EvaluationOptions {
  /** Each file is judged on its own, instead of all together. */
  readonly each: boolean;
  /** Notes are among the findings; they are counted in any case. */
  readonly notes?: boolean | undefined;
  /** The cluster that all files are for. */
  readonly cluster?: Pick<ClusterObjects, 'entries' | 'isWhole'> | undefined;
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
  const reported = new Map<string, string>();
  /** Files that have been evaluated as parts of objects. */
  const parts = new Set<string>();
  const budget: Budget = { left: READ_FOR_FIXES };
  let found: ReadonlyMap<string, Found> | undefined;
  /** As they are once patches and charts have been seen to. */
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

  /** By the name of the file, in the order of the files and of what stands in them. */
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
    // However often it is asked, there is something left for the next time.
    budget.left = Math.max(budget.left, READ_FOR_FIXES);
    found = new Map(
      all.map((evaluation) => {
        const { name } = evaluation.source;
        const notes = charts.has(name) ? [noteChart(name)] : [];
        const across = showAgain(evaluation, together.get(name) ?? []);
        return [name, silenceIn(evaluation, [...evaluation.findings, ...across, ...notes].sort(byPlace))];
      }),
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

  /** What other files say may make a file a part of something, or no part any more. */
  function evaluateParts(layout: Layout): void {
    for (const [name, { source }] of evaluations) {
      const isPart = layout.parts.has(name);
      if (isPart === parts.has(name)) continue;
      evaluations.set(name, evaluateSource(source, options, budget, isPart));
      if (isPart) parts.add(name);
      else parts.delete(name);
    }
  }

  /** By the name of the file in which they are found. */
  function evaluateTogetherIn(
    all: readonly Evaluation[],
    layout: Layout,
  ): ReadonlyMap<string, readonly Placed[]> {
    const gone = options.each ? [] : [...listGone(all, options)];
    const members = [...all, ...gone].flatMap((evaluation) =>
      evaluation.entries.map((entry) => toMember(evaluation, entry)),
    );
    const groups = groupAll(members, layout);
    const byFile = new Map<string, Placed[]>();
    const seen = new Set<string>();
    for (const group of groups) {
      for (const placed of evaluateGroup(group)) {
        const { file } = placed.finding.document;
        const { document, base } = placed.entry;
        const name = JSON.stringify([file, document, base, nameFinding(placed.finding)]);
        // What is built twice is found twice.
        if (seen.has(name)) continue;
        seen.add(name);
        const known = byFile.get(file);
        if (known === undefined) byFile.set(file, [placed]);
        else known.push(placed);
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
    // All that is checked is for that cluster.
    const around = createEvaluation('', cluster.entries);
    const held = around.entries.map((entry) => toMember(around, entry));
    const groups = options.each ? groupByFile(members) : [{ members }];
    return groups.map((group) => ({ members: [...group.members, ...held], isPart: !cluster.isWhole }));
  }

  function evaluateGroup({ members, isPart }: Group<PlacedMember>): readonly Placed[] {
    const documents = members.map(
      ({ file, entry }, index): BundleDocument => ({
        document: { index, file, ...entry.object },
        documentFacts: entry.documentFacts,
      }),
    );
    const ruleFindings = evaluateTogether(options.registry, options.settings, documents, isPart);
    return ruleFindings.flatMap((finding): Placed[] => {
      const entry = members[finding.document.index]?.entry;
      return entry?.isEvaluated === true ? [{ entry, finding }] : [];
    });
  }

  /** Reads the file once more, because its text is gone. */
  function showAgain({ source }: Evaluation, list: readonly Placed[]): CheckFinding[] {
    if (list.length === 0) return [];
    const decoded = readText(source);
    // As it was a moment ago; where it has changed since, the findings are told without their places.
    const text = 'text' in decoded ? decoded.text : '';
    const lines = indexLines(text);
    const parts = new Map(Array.from(splitDocuments(text), (part) => [part.number, part]));
    let last: ReadDocument | undefined;
    return list.map(({ entry, finding }) => {
      const part = parts.get(entry.document) ?? { number: entry.document, start: 0, end: 0 };
      // One tree at a time, and mostly the one before.
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

/** What Helm renders is not known before, and of a chart one note is enough. */
function withoutTemplates(evaluation: Evaluation, layout: Layout, charts: Set<string>): Evaluation {
  const chart = chartOf(layout, evaluation.source.name);
  if (chart === undefined) return evaluation;
  if (evaluation.findings.length + evaluation.entries.length > 0) charts.add(chart);
  return { ...evaluation, findings: [], entries: [], directives: [] };
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

/** Of what is only there for others. */
function createEvaluation(name: string, entries: readonly ObjectEntry[]): Evaluation {
  const source = { name, isNamed: false, read: () => undefined };
  return { source, findings: [], documents: 0, entries, directives: [], kustomization: undefined };
}

/** What there is to say of a file, and what its comments silence. */
type Found = ReturnType<typeof silence>;

/** A finding across documents, and where the object stands that it is about. */
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
