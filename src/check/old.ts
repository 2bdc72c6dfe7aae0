import type { FieldPath } from '../policy/field-path.ts';
import { isMap, read, readString } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import { listObjects } from './objects.ts';
import { duplicatesBelow, type ReadDocument, readDocuments, readText, type Source } from './read.ts';
import type { OldObject } from './run.ts';

/** What objects were before; only where each stands is kept. */
export interface OldObjects {
  find(object: unknown): Promise<OldObject | undefined>;
  /** `<file>: <what is wrong>`, of what could not be read and is compared with nothing. */
  readonly unreadable: readonly string[];
}

interface OldPlace {
  readonly source: Source;
  readonly document: number;
  readonly base: FieldPath;
}

/** Of several objects of the same name the last one counts, as when they are applied. */
export async function indexOld(sources: Iterable<Source>, registry: Registry): Promise<OldObjects> {
  const places = new Map<string, OldPlace>();
  const unreadable: string[] = [];
  for (const source of sources) {
    for (const document of await readAll(source)) {
      if (document.problem !== undefined) unreadable.push(`${source.name}: ${document.problem.message}`);
      for (const { object, base } of listObjects(document.tree?.value)) {
        const key = keyOf(object);
        const kind = readString(object, 'kind');
        if (key === undefined || kind === undefined || registry.find(undefined, kind) === undefined) continue;
        places.set(key, { source, document: document.number, base });
      }
    }
  }

  // Old and new files mostly come in the same order, so that the last file read is mostly the one that is wanted.
  let last: { readonly source: Source; readonly documents: readonly ReadDocument[] } | undefined;
  return { find, unreadable };

  async function readAll(source: Source): Promise<ReadDocument[]> {
    const text = await readText(source);
    if ('text' in text) return [...readDocuments(text.text)];
    unreadable.push(`${source.name}: ${text.message}`);
    return [];
  }

  async function find(object: unknown): Promise<OldObject | undefined> {
    const key = keyOf(object);
    const place = key === undefined ? undefined : places.get(key);
    if (place === undefined) return undefined;
    if (last?.source !== place.source) {
      last = { source: place.source, documents: await readAll(place.source) };
    }
    const tree = last.documents.find(({ number }) => number === place.document)?.tree;
    if (tree === undefined) return undefined;
    const held = [...listObjects(tree.value)].find(({ base }) => base.join() === place.base.join());
    return held && { object: held.object, duplicates: duplicatesBelow(tree, held.base) };
  }
}

/** Undefined where there is no name to find it by. The version is left out: it may change. */
function keyOf(object: unknown): string | undefined {
  const kind = readString(object, 'kind');
  const name = readString(object, 'metadata', 'name');
  if (!isMap(object) || kind === undefined || name === undefined) return undefined;
  const apiVersion = readString(object, 'apiVersion') ?? '';
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return JSON.stringify([group, kind, read(object, 'metadata', 'namespace') ?? '', name]);
}
