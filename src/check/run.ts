import type { BundleJudgement } from '../policy/evaluate.ts';
import { type FieldPath, formatPath } from '../policy/field-path.ts';
import { read } from '../policy/json.ts';
import { boundGot, type MessageParts } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { DocumentRef, Finding, Judgement } from '../policy/types.ts';
import { type Bundle, createBundle, describeObject, namesOurs } from './bundle.ts';
import { cutLine } from './excerpt.ts';
import { indexLines, type Lines, type Span } from './lines.ts';
import { locate } from './locate.ts';
import { type HeldObject, listObjects } from './objects.ts';
import { findEdit, toChange } from './offer.ts';
import {
  duplicatesBelow,
  findTemplateLine,
  type ReadDocument,
  readDocument,
  readDocuments,
  readText,
  type Source,
} from './read.ts';
import {
  type CheckFinding,
  READING_RULES,
  type Report,
  type Severity,
  severityOf,
  type TextFix,
} from './report.ts';
import { splitDocuments } from './split.ts';
import type { Tree } from './tree.ts';
import { findUnknown } from './unknown.ts';

/** An object as it was before. */
export interface OldObject {
  readonly object: unknown;
  /** Paths of the keys written twice in it. */
  readonly duplicates: readonly FieldPath[];
}

export interface CheckOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  /** Each source is judged on its own, instead of all together. */
  readonly each: boolean;
  /** Warnings are errors. */
  readonly strict: boolean;
  /** Notes are among the findings; they are counted in any case. */
  readonly notes?: boolean;
  /** Findings say how to correct the text, where that needs no asking. */
  readonly withFixes?: boolean;
  /** What an object was before; without it every object is new. */
  findOld?(object: unknown): Promise<OldObject | undefined>;
  /** What the source holds from now on, where that is corrected first. */
  prepare?(source: Source, read: { readonly text: string; readonly hasMark: boolean }): Promise<string>;
  /** Called after each source. */
  onProgress?(done: { readonly files: number; readonly documents: number }): void;
}

/** Where an object stands that a rule across documents may speak of, once its text is gone. */
interface Standing {
  readonly order: number;
  readonly source: Source;
  readonly document: number;
  readonly base: FieldPath;
}

interface Sorted {
  readonly order: number;
  readonly finding: CheckFinding;
}

/**
 * Judges all that the sources hold. One document at a time is in memory, with its text; what stays are findings, what
 * documents state to each other, and where each object stands.
 */
export async function checkSources(
  sources: Iterable<Source> | AsyncIterable<Source>,
  options: CheckOptions,
): Promise<Report> {
  const found: Sorted[] = [];
  const counts = { files: 0, documents: 0, judged: 0, notes: 0 };
  let standings = new Map<number, Standing>();
  let bundle: Bundle = createBundle(options.registry, options.settings, options.each);
  let index = 0;
  let left = READ_FOR_FIXES;

  for await (const source of sources) {
    await checkSource(source, counts.files);
    counts.files += 1;
    if (options.each) await finishBundle();
    options.onProgress?.(counts);
  }
  await finishBundle();
  return summarize();

  async function checkSource(source: Source, order: number): Promise<void> {
    const read = await readText(source);
    if (!('text' in read)) {
      const { line, column, ...parts } = read;
      const place = { line, column, endLine: line, endColumn: column + 1 };
      add(order, { ...NO_OBJECT, ...place, ...syntax(source, 1, parts), excerpt: cutLine('', 0, 1) });
      return;
    }
    const text = (await options.prepare?.(source, read)) ?? read.text;
    left += text.length;
    const page: Page = { order, source, text, lines: indexLines(text) };
    const template = findTemplateLine(text);
    if (template !== undefined) {
      counts.documents += 1;
      addTemplate(page, template);
      return;
    }
    for (const document of readDocuments(text)) {
      if (document.isEmpty) continue;
      counts.documents += 1;
      if (document.tree !== undefined) {
        await checkDocument(page, document, document.tree);
      } else if (document.templateLine !== undefined) {
        addTemplate(page, document);
      } else if (document.problem !== undefined && !isAnothers(page)) {
        const { start, end, ...parts } = document.problem;
        const place = show(page.lines, { start, end });
        add(order, { ...NO_OBJECT, ...syntax(source, document.number, parts), ...place });
      }
    }
  }

  async function checkDocument(page: Page, document: ReadDocument, tree: Tree): Promise<void> {
    for (const held of listObjects(tree.value)) {
      const old = held.old === undefined ? await options.findOld?.(held.object) : undefined;
      const ref = refer(page.source, held);
      const judgements = bundle.judge({
        ref,
        object: held.object,
        old: old?.object ?? held.old,
        isComplete: held.isReviewed,
        duplicates: (which, below) => {
          if (which === 'object') return duplicatesBelow(tree, [...held.base, ...below]);
          if (held.oldBase !== undefined) return duplicatesBelow(tree, [...held.oldBase, ...below]);
          return relativeTo(below, old?.duplicates ?? []);
        },
      });
      if (judgements === undefined) continue;
      counts.judged += 1;
      if (!held.isReviewed) addUnknown(page, document, tree, held, ref);
      standings.set(ref.index, {
        order: page.order,
        source: page.source,
        document: document.number,
        base: held.base,
      });
      for (const judgement of judgements) {
        // A review is the record of something that has been decided.
        const fix = held.isReviewed ? undefined : offer(page, document, held.base, judgement);
        addJudgement(page, document, tree, held.base, ref, judgement, fix);
      }
      for (const path of duplicatesBelow(tree, held.base)) {
        if (isTold(path, judgements)) continue;
        addJudgement(page, document, tree, held.base, ref, duplicateKey(path));
      }
    }
  }

  function refer(source: Source, { object, namespace }: HeldObject): DocumentRef {
    const described = structuredClone(describeObject(object));
    const ref = { index, file: source.name, ...described };
    index += 1;
    return ref.namespace === '' && namespace !== undefined ? { ...ref, namespace } : ref;
  }

  function addJudgement(
    page: Page,
    document: ReadDocument,
    tree: Tree,
    base: FieldPath,
    ref: DocumentRef,
    judgement: Judgement,
    fix?: TextFix,
  ): void {
    const severity = severityOf(judgement.action, options.strict);
    const { start, end } = locate(tree, base, judgement);
    add(page.order, {
      file: page.source.name,
      document: document.number,
      rule: judgement.rule,
      severity,
      kind: ref.kind,
      namespace: ref.namespace,
      name: ref.name,
      path: judgement.path,
      problem: judgement.problem,
      got: boundGot(judgement.got),
      advice: judgement.advice,
      ...show(page.lines, { start: start + document.start, end: end + document.start }),
      fix,
    });
  }

  /** Each is made on trial, which takes as long as the document takes to be read. */
  function offer(
    page: Page,
    document: ReadDocument,
    base: FieldPath,
    judgement: Judgement,
  ): TextFix | undefined {
    const { tree, start, end } = document;
    const change = options.withFixes && tree && toChange(tree, base, judgement);
    if (!change || end - start > left) return undefined;
    left -= end - start;
    const edit = findEdit(page.text.slice(start, end), tree, change);
    return edit && { ...placeOf(page.lines, edit.start + start, edit.end + start), text: edit.text };
  }

  /** One line tells that the whole is a template, where it may concern us. */
  function addTemplate(page: Page, { number, templateLine: span }: ReadDocument): void {
    const { source, text, lines, order } = page;
    if (span === undefined || !(source.isNamed || namesOurs(options.registry, text))) return;
    const parts = {
      problem: 'a template, which was not evaluated',
      got: boundGot(text.slice(span.start, span.end)),
      advice: isOfHelm(text)
        ? 'check what it renders, as in: helm template . | calico-admission check -'
        : 'check what it renders',
    };
    add(order, { ...NO_OBJECT, ...note(source, number), ...parts, ...show(lines, span) });
  }

  function addUnknown(
    page: Page,
    document: ReadDocument,
    tree: Tree,
    held: HeldObject,
    ref: DocumentRef,
  ): void {
    for (const path of findUnknown(held.object).slice(0, MAX_NOTES)) {
      // Names and labels are nobody's setting, and a text of several lines is a script.
      const node = tree.find([...held.base, ...path])?.node;
      const value = read(held.object, ...path);
      if (node === undefined || path[0] === 'metadata' || (typeof value === 'string' && value.includes('\n')))
        continue;
      const span = { start: node.start + document.start, end: node.end + document.start };
      const got =
        typeof value === 'string' && document.isTemplate ? page.text.slice(span.start, span.end) : value;
      add(page.order, {
        ...note(page.source, document.number),
        kind: ref.kind,
        namespace: ref.namespace,
        name: ref.name,
        path,
        problem: 'filled in later, and not evaluated',
        got: boundGot(got),
        advice: 'check the file in which it is filled in',
        ...show(page.lines, span),
      });
    }
  }

  /** Reads the files once more that findings across documents are in: their texts are gone. */
  async function finishBundle(): Promise<void> {
    const judgements = bundle.finish();
    const bySource = new Map<Source, { standing: Standing; judgement: BundleJudgement }[]>();
    for (const judgement of judgements) {
      const standing = standings.get(judgement.document.index);
      if (standing === undefined) continue;
      const list = bySource.get(standing.source) ?? [];
      list.push({ standing, judgement });
      bySource.set(standing.source, list);
    }
    for (const [source, list] of bySource) {
      const read = await readText(source);
      // As it was a moment ago; where it has changed since, the findings are told without their places.
      const text = 'text' in read ? read.text : '';
      const lines = indexLines(text);
      const parts = new Map(Array.from(splitDocuments(text), (part) => [part.number, part]));
      let last: ReadDocument | undefined;
      for (const { standing, judgement } of list) {
        const page: Page = { order: standing.order, source, text, lines };
        const part = parts.get(standing.document) ?? { number: standing.document, start: 0, end: 0 };
        // One tree at a time, and mostly the one before.
        const document: ReadDocument = last?.number === part.number ? last : readDocument(text, part);
        last = document;
        const fix = offer(page, document, standing.base, judgement);
        addJudgement(
          page,
          document,
          document.tree ?? NO_TREE,
          standing.base,
          judgement.document,
          judgement,
          fix,
        );
      }
    }
    bundle = createBundle(options.registry, options.settings, options.each);
    standings = new Map();
  }

  function add(order: number, finding: CheckFinding): void {
    if (finding.severity === 'note') {
      counts.notes += 1;
      if (options.notes !== true) return;
    }
    // A copy, because V8 keeps a text as long as anything that was cut from it.
    found.push({ order, finding: structuredClone(finding) });
  }

  function summarize(): Report {
    const rank = ({ severity }: CheckFinding) => SEVERITIES.indexOf(severity);
    found.sort(
      (a, b) =>
        rank(a.finding) - rank(b.finding) ||
        a.order - b.order ||
        a.finding.line - b.finding.line ||
        a.finding.column - b.finding.column,
    );
    const findings = found.map(({ finding }) => finding);
    const countOf = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
    return { findings, summary: { ...counts, errors: countOf('error'), warnings: countOf('warning') } };
  }
}

/** A source while it is judged. */
interface Page {
  readonly order: number;
  readonly source: Source;
  readonly text: string;
  readonly lines: Lines;
}

/** How much text is read again to be sure of fixes, beside as much as there is; in UTF-16 units. */
const READ_FOR_FIXES = 1024 * 1024;

const NO_OBJECT = { kind: '', namespace: '', name: '', path: [] } as const;
const NO_TREE: Tree = { value: undefined, duplicates: [], find: () => undefined, sourceAt: () => undefined };

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** Most notes about one object. */
const MAX_NOTES = 100;

function syntax(source: Source, document: number, parts: MessageParts) {
  return { ...parts, file: source.name, document, rule: READING_RULES.syntax.id, severity: 'error' } as const;
}

function duplicateKey(path: FieldPath): Judgement {
  return {
    path,
    reason: 'FieldValueDuplicate',
    rule: READING_RULES.duplicateKey.id,
    action: 'deny',
    problem: 'the key is written more than once',
    advice: 'keep one of them',
  };
}

function isTold(path: FieldPath, judgements: readonly Finding[]): boolean {
  const name = formatPath(path);
  return judgements.some((each) => each.reason === 'FieldValueDuplicate' && formatPath(each.path) === name);
}

function relativeTo(base: FieldPath, paths: readonly FieldPath[]): FieldPath[] {
  return paths
    .filter((path) => base.every((step, index) => path[index] === step))
    .map((path) => path.slice(base.length));
}

function note(source: Source, document: number) {
  return { file: source.name, document, rule: READING_RULES.template.id, severity: 'note' } as const;
}

/** Words that begin an expression of Go templates, and none of Jinja. */
function isOfHelm(text: string): boolean {
  return /\{\{-? *(?:[.$]|(?:include|template|define|range|with|if|end|tpl|toYaml)\b|\/\*)/.test(text);
}

/** Directories hold JSON that is none of Kubernetes', such as a tsconfig.json with comments. */
function isAnothers({ source, text }: Page): boolean {
  return !source.isNamed && source.name.endsWith('.json') && !text.includes('apiVersion');
}

function show(lines: Lines, { start, end }: Span) {
  const place = placeOf(lines, start, Math.max(end, start + 1));
  const { line, column, endLine, endColumn } = place;
  const lineEnd = endLine === line ? endColumn - 1 : Number.POSITIVE_INFINITY;
  return { ...place, excerpt: cutLine(lines.text(line), column - 1, lineEnd) };
}

function placeOf(lines: Lines, start: number, end: number) {
  const [from, to] = [lines.at(start), lines.at(end)];
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
