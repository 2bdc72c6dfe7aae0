import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readMap, readString } from '../policy/json.ts';

/** An object that a document holds. */
export interface HeldObject {
  /** Where it stands in the document; empty where it is the document. */
  readonly base: FieldPath;
  readonly object: unknown;
  /** What a review says that it was before. */
  readonly old?: unknown;
  readonly oldBase?: FieldPath;
  /** Where the object does not say itself. */
  readonly namespace?: string;
  /** A review comes from an API server, which has completed the object. */
  readonly isReviewed: boolean;
}

/** The document itself, or the items of a List, or what an AdmissionReview is about. */
export function* listObjects(document: unknown): Generator<HeldObject> {
  const request = isReview(document) ? readMap(document, 'request') : undefined;
  if (request === undefined) yield* listItems(document, []);
  else yield* readReview(request);
}

/** As generously as the server: a hand-written review may leave out what it is. */
function isReview(document: unknown): boolean {
  const kind = read(document, 'kind');
  return kind === 'AdmissionReview' || (isUnset(kind) && isMap(read(document, 'request', 'object')));
}

function* readReview(request: JsonObject): Generator<HeldObject> {
  const object = read(request, 'object');
  if (isUnset(object)) return;
  const old = read(request, 'oldObject');
  const namespace = readString(request, 'namespace');
  yield {
    base: ['request', 'object'],
    object: addType(object, request),
    ...(!isUnset(old) && { old: addType(old, request), oldBase: ['request', 'oldObject'] }),
    ...(namespace !== undefined && { namespace }),
    isReviewed: true,
  };
}

/** An API server names the type in the review as well; a hand-written one may name it there alone. */
function addType(object: unknown, request: JsonObject): unknown {
  const kind = readString(request, 'kind', 'kind');
  if (kind === undefined || !isMap(object) || !isUnset(read(object, 'kind'))) return object;
  const group = readString(request, 'kind', 'group') ?? '';
  const version = readString(request, 'kind', 'version') ?? 'v1';
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, ...object };
}

function* listItems(object: unknown, base: FieldPath): Generator<HeldObject> {
  const kind = readString(object, 'kind') ?? '';
  const items = read(object, 'items');
  if (!kind.endsWith('List') || !Array.isArray(items)) {
    yield { base, object, isReviewed: false };
    return;
  }
  const itemKind = kind.slice(0, -'List'.length);
  for (const [index, item] of items.entries()) {
    // The API leaves the type out of a typed list's items.
    const isBare = itemKind !== '' && isMap(item) && isUnset(read(item, 'kind'));
    const typed = isBare ? { apiVersion: read(object, 'apiVersion'), kind: itemKind, ...item } : item;
    yield* listItems(typed, [...base, 'items', index]);
  }
}
