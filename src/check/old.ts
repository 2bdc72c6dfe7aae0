import type { FieldPath } from '../policy/field-path.ts';
import { read, readString } from '../policy/json.ts';
import { renderMessage } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import { findPolicy } from './bundle.ts';
import type { OldObject } from './evaluation.ts';
import { listObjects } from './objects.ts';
import { duplicatesBelow, readDocument, readDocuments, readText, type Source } from './read.ts';
import { type Part, splitDocuments } from './split.ts';

/** What objects were before; only where each stands is kept. */
export interface OldObjects {
  find(object: unknown): OldObject | undefined;
  /** `<file>: <what is wrong>`, of what could not be read and is compared with nothing. */
  readonly unreadable: readonly string[];
}

interface OldPlace {
  readonly source: Source;
  readonly document: number;
  readonly base: FieldPath;
}

/** Of several objects of the same name the last one counts, as when they are applied. */
export function indexOld(sources: Iterable<Source>, registry: Registry): OldObjects {
  const places = new Map<string, OldPlace>();
  const unreadable: string[] = [];
  for (const source of sources) {
    const read = readText(source);
    if (!('text' in read)) {
      unreadable.push(`${source.name}: ${renderMessage(read)}`);
      continue;
    }
    for (const document of readDocuments(read.text)) {
      if (document.problem !== undefined)
        unreadable.push(`${source.name}: ${renderMessage(document.problem)}`);
      for (const { object, base } of listObjects(document.tree?.value)) {
        const key = keyOf(object, registry);
        if (key !== undefined) places.set(key, { source, document: document.number, base });
      }
    }
  }

  // Old and new files mostly come in the same order, so that the last file read is mostly the one that is wanted.
  let last: { readonly source: Source; readonly text: string; readonly parts: readonly Part[] } | undefined;
  return { find, unreadable };

  function find(object: unknown): OldObject | undefined {
    const key = keyOf(object, registry);
    const place = key === undefined ? undefined : places.get(key);
    if (place === undefined) return undefined;
    if (last?.source !== place.source) {
      const read = readText(place.source);
      const text = 'text' in read ? read.text : '';
      last = { source: place.source, text, parts: [...splitDocuments(text)] };
    }
    const part = last.parts[place.document - 1];
    const tree = part && readDocument(last.text, part).tree;
    if (tree === undefined) return undefined;
    const held = [...listObjects(tree.value)].find(({ base }) => base.join() === place.base.join());
    return held && { object: held.object, duplicates: duplicatesBelow(tree, held.base) };
  }
}

/**
 * Undefined where there is no name to find it by, or nothing to judge it by. Group and version are left out: they may
 * change, and the object is the same.
 */
function keyOf(object: unknown, registry: Registry): string | undefined {
  const name = readString(object, 'metadata', 'name');
  const policy = findPolicy(registry, object);
  if (name === undefined || policy === undefined) return undefined;
  const { id, kind } = policy.target;
  return JSON.stringify([id, kind, read(object, 'metadata', 'namespace') ?? '', name]);
}
