import type { FieldPath } from '../policy/field-path.ts';
import { read, readString } from '../policy/json.ts';
import { type MessageParts, renderMessage } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import { findPolicy } from './bundle.ts';
import { listMeant } from './meant.ts';
import type { HeldObject } from './objects.ts';
import { duplicatesBelow, readDocument, readDocuments, readText, type Source } from './read.ts';
import { type Part, splitDocuments } from './split.ts';
import type { Tree } from './tree.ts';

/** An object before the change. */
export interface OldObject {
  /** Its id. Undefined where it has not changed. */
  readonly id: string | undefined;
  readonly object: unknown;
  /** Paths of keys that are written twice in it. */
  readonly duplicates: readonly FieldPath[];
  /** The object after the file is applied, where it has more fields than the file. */
  readonly applied?: unknown;
}

/** The objects before the change. Only their places are kept. */
export interface OldObjects {
  /**
   * @param tree the document that the object is in now
   * @param file the file that it is in now
   */
  find(held: HeldObject, tree: Tree, file: string): OldObject | undefined;
  /** Objects that existed before and exist no longer. */
  listGone(found: ReadonlySet<string>): Iterable<OldDocument>;
  /** Whether the file was unreadable before, for the same reason. */
  hadProblem(file: string, problem: MessageParts): boolean;
  /** `<file>: <what is wrong>`, for files that were unreadable. Nothing is compared with them. */
  readonly unreadable: readonly string[];
}

export interface OldDocument {
  readonly file: string;
  readonly object: unknown;
}

interface OldPlace {
  readonly id: string;
  readonly source: Source;
  readonly document: number;
  readonly base: FieldPath;
}

/** Objects of other files, found by kind, namespace and name alone. */
export function indexOld(sources: Iterable<Source>, registry: Registry): OldObjects {
  const places = new Map<string, OldPlace>();
  const unreadable: string[] = [];
  for (const source of sources) {
    const listed = listPlaces(source, registry);
    // Of several objects with the same name the last one counts, as when they are applied.
    for (const [key, place] of listed.places) places.set(key, place);
    unreadable.push(...listed.problems.map((each) => `${source.name}: ${renderMessage(each)}`));
  }
  const open = createOpener(registry);
  return {
    find: ({ object }) => open(findIn(places, keyOf(object, registry))),
    listGone: (found) => listGone(places.values(), found, open),
    hadProblem: () => false,
    unreadable,
  };
}

/** The keys by which the objects of files are found. */
export function listKeys(sources: Iterable<Source>, registry: Registry): ReadonlySet<string> {
  return new Set([...sources].flatMap((source) => [...listPlaces(source, registry).places.keys()]));
}

/** The files at an earlier time. */
export interface History {
  /** The name of a file at that time, whatever path leads to the file. */
  nameOf(file: string): string;
  isUnchanged(name: string): boolean;
  /** Files that have changed since, or are gone, as they were. */
  readonly changed: readonly OldFile[];
}

export interface OldFile extends Source {
  /** Whether `check` would read it now, if it still existed. */
  readonly isChecked: boolean;
  /** The present content. Undefined where the file is gone. */
  readNow(): Uint8Array | undefined;
}

/**
 * The same files at an earlier time. The old object is the one in the same file; otherwise one in another file that
 * no longer has it. Several clusters in one repository usually have objects with the same names.
 */
export function indexHistory(history: History, registry: Registry): OldObjects {
  const byFile = new Map<string, ReadonlyMap<string, OldPlace | undefined>>();
  const moved = new Map<string, OldPlace>();
  const checked = new Set<Source>();
  const problems = new Set<string>();
  for (const file of history.changed) {
    const before = listPlaces(file, registry);
    byFile.set(file.name, new Map([...before.places, ...before.nameless]));
    for (const each of before.problems) problems.add(nameProblem(file.name, each));
    if (file.isChecked) checked.add(file);
    const bytes = file.readNow();
    const now = bytes && listPlaces({ ...file, read: () => bytes }, registry).places;
    for (const [key, place] of before.places) if (!now?.has(key)) moved.set(key, place);
  }
  const open = createOpener(registry);
  return {
    find: (held, tree, file) => {
      const name = history.nameOf(file);
      if (history.isUnchanged(name)) {
        return { id: undefined, object: held.object, duplicates: duplicatesBelow(tree, held.base) };
      }
      const before = byFile.get(name);
      const key = keyOf(held.object, registry);
      const place = findIn(before, key ?? namelessKeyOf(held.object, registry)) ?? findIn(moved, key);
      return open(place);
    },
    listGone: (found) => {
      const places = [...byFile.values()].flatMap((each) => [...each.values()]);
      const wanted = places.filter((place) => place !== undefined);
      return listGone(
        wanted.filter(({ source }) => checked.has(source)),
        found,
        open,
      );
    },
    hadProblem: (file, problem) => {
      const name = history.nameOf(file);
      return history.isUnchanged(name) || problems.has(nameProblem(name, problem));
    },
    unreadable: [],
  };
}

function nameProblem(file: string, problem: MessageParts): string {
  return JSON.stringify([file, renderMessage(problem)]);
}

function findIn(places: ReadonlyMap<string, OldPlace | undefined> | undefined, key: string | undefined) {
  return key === undefined ? undefined : places?.get(key);
}

/** The places of a file's objects, by their keys. */
function listPlaces(source: Source, registry: Registry) {
  const places = new Map<string, OldPlace>();
  // An object without a name counts only if it is the only one of its kind in the file.
  const nameless = new Map<string, OldPlace | undefined>();
  const problems: MessageParts[] = [];
  const read = readText(source);
  if (!('text' in read)) return { places, nameless, problems: [read] };
  for (const document of readDocuments(read.text)) {
    if (document.problem !== undefined) problems.push(document.problem);
    for (const { object, base } of listMeant(document.tree?.value, registry)) {
      const key = keyOf(object, registry);
      const id = JSON.stringify([source.name, document.number, base]);
      const place = { id, source, document: document.number, base };
      if (key !== undefined) places.set(key, place);
      const bare = key === undefined ? namelessKeyOf(object, registry) : undefined;
      if (bare !== undefined) nameless.set(bare, nameless.has(bare) ? undefined : place);
    }
  }
  return { places, nameless, problems };
}

function* listGone(
  places: Iterable<OldPlace>,
  found: ReadonlySet<string>,
  open: (place: OldPlace) => OldObject | undefined,
): Generator<OldDocument> {
  for (const place of places) {
    const old = found.has(place.id) ? undefined : open(place);
    if (old !== undefined) yield { file: place.source.name, object: old.object };
  }
}

/** Reads the object at a place. */
function createOpener(registry: Registry) {
  // Old and new files usually come in the same order, so that the last file read is usually the next one needed.
  let last: { readonly source: Source; readonly text: string; readonly parts: readonly Part[] } | undefined;
  return (place: OldPlace | undefined): OldObject | undefined => {
    if (place === undefined) return undefined;
    if (last?.source !== place.source) {
      const read = readText(place.source);
      const text = 'text' in read ? read.text : '';
      last = { source: place.source, text, parts: [...splitDocuments(text)] };
    }
    const part = last.parts[place.document - 1];
    const tree = part && readDocument(last.text, part).tree;
    if (tree === undefined) return undefined;
    const held = [...listMeant(tree.value, registry)].find(({ base }) => base.join() === place.base.join());
    return held && { id: place.id, object: held.object, duplicates: duplicatesBelow(tree, held.base) };
  };
}

/**
 * Undefined where the object has no name, or no policy. Group and version are left out: they may change, and the
 * object is still the same.
 */
export function keyOf(object: unknown, registry: Registry): string | undefined {
  const name = readString(object, 'metadata', 'name');
  return name === undefined ? undefined : toKey(object, name, registry);
}

/** The key of an object without a name, such as the configuration of kubeadm. */
function namelessKeyOf(object: unknown, registry: Registry): string | undefined {
  return toKey(object, null, registry);
}

function toKey(object: unknown, name: string | null, registry: Registry): string | undefined {
  const policy = findPolicy(registry, object);
  if (policy === undefined) return undefined;
  const { id, kind } = policy.target;
  return JSON.stringify([id, kind, read(object, 'metadata', 'namespace') ?? '', name]);
}
