import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readMap, readString } from '../policy/json.ts';

/** An object in a document. */
export interface HeldObject {
  /** Its path in the document. Empty where it is the document. */
  readonly base: FieldPath;
  readonly object: unknown;
  /** The old object in a review. */
  readonly old?: unknown;
  readonly oldBase?: FieldPath;
  /** The namespace, where the object does not name it. */
  readonly namespace?: string;
  /** The object is from a review: the API server has completed it. */
  readonly isReviewed: boolean;
}

/** The document itself, the items of a List, or the object of an AdmissionReview. */
export function* listObjects(document: unknown): Generator<HeldObject> {
  const request = isReview(document) ? readMap(document, 'request') : undefined;
  if (request === undefined) yield* listItems(document, []);
  else yield* readReview(request);
}

/** As sparse as the server accepts it: a hand-written review may leave out fields. */
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

/** An API server writes the type into the review as well. A hand-written review may have it only there. */
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
    // Items of a typed list have no type of their own.
    const isBare = itemKind !== '' && isMap(item) && isUnset(read(item, 'kind'));
    const typed = isBare ? { apiVersion: read(object, 'apiVersion'), kind: itemKind, ...item } : item;
    yield* listItems(typed, [...base, 'items', index]);
  }
}
