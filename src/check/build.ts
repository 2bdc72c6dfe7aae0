import { type FieldPath, isWithin, parsePointer } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readString } from '../policy/json.ts';
import type { RuleFinding } from '../policy/types.ts';
import { type DocumentFacts, describeObject, evaluateDocument } from './bundle.ts';
import type { Evaluation, EvaluationOptions, ObjectEntry } from './evaluation.ts';
import { openText } from './inner-text.ts';
import type { Kustomization, Patch } from './kustomization.ts';
import type { Build, Layout } from './layout.ts';
import { indexLines, type Lines } from './lines.ts';
import { applyOperations, mergePatch, type Patched } from './merge.ts';
import { notePatches } from './notes.ts';
import { listObjects } from './objects.ts';
import { evaluatePart } from './parts.ts';
import { duplicatesBelow, type ReadDocument, readDocuments, readText } from './read.ts';
import { type CheckFinding, nameFound } from './report.ts';
import { type Sheet, toFinding } from './sheet.ts';
import type { Tree } from './tree.ts';

/** The result of combining resources and patches. */
export interface Built {
  /** By the file that they are in. */
  readonly findings: ReadonlyMap<string, readonly CheckFinding[]>;
  /** Objects that were evaluated with their patches, and their facts after that. */
  readonly replaced: ReadonlyMap<ObjectEntry, DocumentFacts>;
}

type Opened = Sheet & { readonly document: ReadDocument & { readonly tree: Tree } };

/** A document of a patch. */
interface Piece {
  readonly sheet: Opened;
  readonly value: unknown;
  readonly target: JsonObject | undefined;
  /** The patch is inside the kustomization, and nothing else evaluates it. */
  readonly isInline: boolean;
}

/** An object while patches are applied to it. */
interface Patching {
  readonly sheet: Opened;
  readonly entry: ObjectEntry;
  readonly base: FieldPath;
  value: unknown;
  /** The last patch that writes a value counts. */
  readonly origins: { readonly path: FieldPath; readonly at: FieldPath; readonly sheet: Opened }[];
  /** Only kustomize can apply one of the patches. */
  isLost: boolean;
}

/**
 * Evaluates objects as the patches of kustomizations change them. A finding is shown where its value is written: in
 * the resource or in the patch.
 */
export function evaluateBuilds(
  layout: Layout,
  evaluations: ReadonlyMap<string, Evaluation>,
  options: EvaluationOptions,
): Built {
  const findings = new Map<string, CheckFinding[]>();
  const reported = new Set<string>();
  const replaced = new Map<ObjectEntry, DocumentFacts>();
  const open = createOpener(evaluations);
  for (const build of layout.builds) {
    if (build.kustomizations.every(({ patches }) => patches.length === 0)) continue;
    evaluateBuild(build);
  }
  return { findings, replaced };

  function add(finding: CheckFinding): void {
    const { file } = finding;
    const name = JSON.stringify([file, nameFound(finding)]);
    if (reported.has(name)) return;
    reported.add(name);
    findings.set(file, [...(findings.get(file) ?? []), structuredClone(finding)]);
  }

  function evaluateBuild(build: Build): void {
    const patchings = new Map<ObjectEntry, Patching>();
    const resources = [...build.files].filter((file) => !layout.parts.has(file));
    const entries = resources.flatMap((file) =>
      (evaluations.get(file)?.entries ?? []).map((entry) => ({ file, entry })),
    );
    for (const kustomization of build.kustomizations) {
      let [together, alone] = [0, 0];
      for (const piece of kustomization.patches.flatMap((patch) => readPatch(kustomization, patch))) {
        const matched = entries.filter(({ entry }) => isFor(piece, entry));
        for (const { file, entry } of matched) {
          const patching = patchings.get(entry) ?? begin(file, entry);
          if (patching === undefined) continue;
          patchings.set(entry, patching);
          put(patching, piece);
        }
        if (matched.length > 0) together += 1;
        else if (evaluatePiece(piece)) alone += 1;
      }
      if (together + alone > 0) reportPatches(kustomization, together, alone);
    }
    for (const patching of patchings.values()) finish(patching);
  }

  function readPatch(kustomization: Kustomization, { file, textAt, target }: Patch): Piece[] {
    const sheets = file === undefined ? [] : open(file);
    const inner =
      textAt === undefined ? [] : open(kustomization.file).flatMap((each) => openInner(each, textAt));
    const isInline = file === undefined;
    return [...sheets, ...inner].map((sheet) => ({
      sheet,
      value: sheet.document.tree.value,
      target,
      isInline,
    }));
  }

  function begin(file: string, entry: ObjectEntry): Patching | undefined {
    const sheet = open(file).find(({ document }) => document.number === entry.document);
    if (sheet === undefined) return undefined;
    const value = read(sheet.document.tree.value, ...entry.base);
    return { sheet, entry, base: entry.base, value, origins: [], isLost: false };
  }

  function finish({ sheet, entry, base, value, origins, isLost }: Patching): void {
    const { tree } = sheet.document;
    const held = [...listObjects(tree.value)].find((each) => each.base.join() === base.join());
    const old = held && options.old?.find(held, tree, sheet.source.name);
    const alone = evaluateDocument(options.registry, options.settings, {
      ref: { index: 0, file: sheet.source.name, ...entry.object },
      object: value,
      old: old?.object,
      isComplete: false,
      duplicates: (which, below) => (which === 'object' ? duplicatesBelow(tree, [...base, ...below]) : []),
    });
    const noFacts: DocumentFacts = { facts: [], factsBefore: [], unknown: [], isOpen: true };
    replaced.set(entry, isLost || alone === undefined ? noFacts : alone.documentFacts);
    if (isLost) return;
    for (const ruleFinding of alone?.findings ?? []) {
      const origin = origins.findLast(({ path }) => isWithin(ruleFinding.path, path));
      if (origin === undefined) {
        add(toFinding(sheet, base, entry.object, ruleFinding, options.strict));
        continue;
      }
      const path = [...origin.at, ...ruleFinding.path.slice(origin.path.length)];
      const finding = toFinding(origin.sheet, [], entry.object, { ...ruleFinding, path }, options.strict);
      add({ ...finding, path: ruleFinding.path });
    }
  }

  /** @returns whether the patch is for an object of ours */
  function evaluatePiece({ sheet, value, target, isInline }: Piece): boolean {
    const made = Array.isArray(value) ? makePart(value, target) : { object: value, places: [] };
    if (made === undefined) return false;
    const { object, places } = made;
    const described = describeObject(object);
    const ruleFindings = evaluatePart(options.registry, options.settings, {
      ref: { index: 0, file: sheet.source.name, ...described },
      object,
      isComplete: false,
      duplicates: () => [],
    });
    if (ruleFindings === undefined) return false;
    // A patch in a file of its own has been evaluated with that file.
    for (const ruleFinding of isInline || Array.isArray(value) ? ruleFindings : []) {
      const path = placeIn(places, ruleFinding);
      if (path === undefined) continue;
      const finding = toFinding(sheet, [], described, { ...ruleFinding, path }, options.strict);
      add({ ...finding, path: ruleFinding.path });
    }
    return true;
  }

  function reportPatches({ file }: Kustomization, together: number, alone: number): void {
    const [sheet] = open(file);
    if (sheet === undefined) return;
    add(notePatches(sheet, together, alone));
  }
}

/** Replaces the findings of objects with those that they have after patches are applied. */
export function withBuilt(evaluation: Evaluation, { findings, replaced }: Built): Evaluation {
  const found = findings.get(evaluation.source.name) ?? [];
  const patched = evaluation.entries.filter((each) => replaced.has(each));
  if (patched.length === 0 && found.length === 0) return evaluation;
  const isPatched = ({ document, kind, namespace, name }: CheckFinding) =>
    patched.some(
      ({ document: number, object }) =>
        number === document && object.kind === kind && object.namespace === namespace && object.name === name,
    );
  const left = evaluation.findings.filter((each) => each.severity === 'note' || !isPatched(each));
  const known = new Set(left.map(nameFound));
  return {
    ...evaluation,
    findings: [...left, ...found.filter((each) => !known.has(nameFound(each)))],
    entries: evaluation.entries.map((each) => ({
      ...each,
      documentFacts: replaced.get(each) ?? each.documentFacts,
    })),
  };
}

function placeIn(
  places: readonly { readonly path: FieldPath; readonly at: FieldPath }[],
  { path }: RuleFinding,
): FieldPath | undefined {
  if (places.length === 0) return path;
  const place = places.findLast((each) => isWithin(path, each.path));
  return place && [...place.at, ...path.slice(place.path.length)];
}

/**
 * The object that the operations write to, as far as they write it. Lists are left out, because their other items are
 * unknown.
 */
function makePart(operations: readonly unknown[], target: JsonObject | undefined) {
  const kind = readString(target, 'kind');
  if (kind === undefined) return undefined;
  const [group, version] = [readString(target, 'group'), readString(target, 'version')];
  const places: { readonly path: FieldPath; readonly at: FieldPath }[] = [];
  let object: JsonObject = {
    ...(group !== undefined && { apiVersion: `${group}/${version ?? 'v1'}` }),
    kind,
    metadata: { name: readString(target, 'name') ?? '' },
  };
  for (const [index, operation] of operations.entries()) {
    const path = parsePointer(readString(operation, 'path') ?? '');
    if (!['add', 'replace'].includes(readString(operation, 'op') ?? '')) continue;
    if (path.length === 0 || path.some((step) => /^(?:\d+|-|)$/.test(step))) continue;
    const written = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), read(operation, 'value'));
    const merged = isMap(written) ? mergePatch(object, written, () => {}) : undefined;
    if (!isMap(merged?.value)) continue;
    object = merged.value;
    places.push({ path, at: [index, 'value'] });
  }
  return { object, places };
}

function put(patching: Patching, { sheet, value }: Piece): void {
  const onWrite = (path: FieldPath, at: FieldPath) => patching.origins.push({ path, at, sheet });
  const patched = apply(patching.value, value, onWrite);
  if (patched === undefined) patching.isLost = true;
  else patching.value = patched.value;
}

function apply(object: unknown, patch: unknown, onWrite: (path: FieldPath, at: FieldPath) => void): Patched {
  if (Array.isArray(patch)) return applyOperations(object, patch, onWrite);
  return isMap(object) && isMap(patch) ? mergePatch(object, patch, onWrite) : undefined;
}

/** Names and kinds of a target are patterns that match a whole name. Only kustomize evaluates its label selectors. */
function isFor({ value, target }: Piece, { object }: ObjectEntry): boolean {
  if (target === undefined) {
    const { kind, namespace, name } = describeObject(value);
    const isSamePlace = namespace === '' || object.namespace === '' || namespace === object.namespace;
    return kind === object.kind && name === object.name && isSamePlace;
  }
  return (['kind', 'namespace', 'name'] as const).every((key) => {
    const wanted = readString(target, key) ?? '';
    return wanted === '' || matchesWhole(wanted, object[key]);
  });
}

/** Matches only the patterns that are in use: letters, and `.*`. */
function matchesWhole(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.replace(/^\^|\$$/g, '').split('.*');
  const tail = rest.at(-1);
  if (tail === undefined) return head === text;
  return text.startsWith(head) && text.endsWith(tail) && text.length >= head.length + tail.length;
}

function openInner(sheet: Opened, path: FieldPath): Opened[] {
  const document = openText(sheet.text, sheet.document, path);
  return document === undefined ? [] : [{ ...sheet, document }];
}

/** Reads the documents of files, each file once. */
function createOpener(evaluations: ReadonlyMap<string, Evaluation>): (file: string) => readonly Opened[] {
  const opened = new Map<string, readonly Opened[]>();
  return (file) => {
    const known = opened.get(file);
    if (known !== undefined) return known;
    const sheets = [...openFile(evaluations.get(file))];
    opened.set(file, sheets);
    return sheets;
  };
}

function* openFile(evaluation: Evaluation | undefined): Generator<Opened> {
  const read = evaluation && readText(evaluation.source);
  if (evaluation === undefined || read === undefined || !('text' in read)) return;
  const { source } = evaluation;
  const { text } = read;
  const lines: Lines = indexLines(text);
  for (const document of readDocuments(text)) {
    const { tree } = document;
    if (tree !== undefined && !document.isEmpty)
      yield { source, text, lines, document: { ...document, tree } };
  }
}
