import type { Policy } from '../policy/evaluate.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, MAX_DEPTH, read, readString } from '../policy/json.ts';
import { describe, listAlternatives } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import { findDuplicateKeys, hasDuplicateKeys } from '../schema/duplicates.ts';
import { parseJson } from '../schema/parse-json.ts';
import { type CompiledWatch, decodeKey, type Scan, scanJson } from '../schema/scan.ts';
import { findUnread, hasSameSpec, selectOutline, selectText } from './select-text.ts';
import { notJson, UnreadableReviewError } from './unreadable.ts';
import { nameKind, watchReview } from './watch.ts';

/** Versions of admission.k8s.io that are read. The answer has the same version. */
export const REVIEW_VERSIONS: readonly string[] = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'];

const BLANKS: readonly number[] = [0x20, 0x0a, 0x0d, 0x09];

/** Names in Kubernetes are far shorter: a longer uid is not from an API server. */
const MAX_UID = 1024;

/** The request of an AdmissionReview. Fields that a sparse review leaves out are filled in. */
export interface Review {
  readonly apiVersion: string;
  readonly uid: string;
  /** CREATE, UPDATE, DELETE, CONNECT, or any other text. */
  readonly operation: string;
  readonly group: string | undefined;
  readonly kind: string | undefined;
  readonly resource: string | undefined;
  readonly subResource: string | undefined;
  readonly namespace: string;
  /** Empty where the object has only a generateName, or no name. */
  readonly name: string;
  readonly object: unknown;
  readonly oldObject: unknown;
  /**
   * The objects pass without being read. Objects of this kind are not evaluated while the spec has the same bytes as
   * before; or they are too large to be read, and the object is being deleted or has the same spec. A limit of this
   * server must not block changes of an object that was stored before.
   */
  readonly isPassedUnread: boolean;
  /** The object and the old one have the same spec, byte for byte. */
  readonly hasSameSpec: boolean;
  /** The old object is too large to be read, so that the new one is evaluated without it. */
  readonly isOldUnread: boolean;
  /** Paths, relative to `below`, of keys that are written twice in the raw bytes. */
  duplicates(which: 'object' | 'old', below: FieldPath): readonly FieldPath[];
}

/** The policy for the object of a review. Undefined where it is not ours. */
export function findPolicy(
  review: Pick<Review, 'group' | 'kind' | 'resource'>,
  registry: Registry,
): Policy | undefined {
  if (review.kind !== undefined) return registry.find(review.group, review.kind);
  if (review.resource !== undefined) return registry.findByResource(review.group, review.resource);
  return undefined;
}

/** The parts of a review that are looked at before it is parsed; the same for every review. */
interface Reading {
  readonly watch: CompiledWatch;
  /** The paths of the Calico configurations of the kinds, such as `spec.providerConfig`. */
  readonly configs: readonly string[];
  /** The kind of an object that does not name its kind. */
  resemble(object: unknown): string | undefined;
  /** The result of {@link nameKind}; undefined for a kind that reads everything. */
  kindOf(type: Pick<Review, 'group' | 'kind'>): string | undefined;
  /** Whether an update of this kind passes while its spec is the same. */
  passesUnchanged(review: Review): boolean;
}

/** Reads the raw bytes of an AdmissionReview, as described at {@link createReviewReader}. */
export type ReadReview = (bytes: Uint8Array) => Review;

/**
 * Reads reviews of all kinds of a registry, also sparse ones.
 * @returns a function that throws UnreadableReviewError where no answer is possible: no JSON, no request, no uid
 */
export function createReviewReader(registry: Registry): ReadReview {
  const targets = registry.policies.map(({ target }) => target);
  const reading: Reading = {
    watch: watchReview(targets),
    configs: [...new Set(targets.flatMap(({ config }) => config?.path.join('.') ?? []))],
    resemble: (object) => targets.find((target) => target.resembles?.(object))?.kind,
    kindOf: ({ group, kind }) => {
      const target = kind === undefined ? undefined : registry.find(group, kind)?.target;
      return target?.unreadPaths && nameKind(target);
    },
    passesUnchanged: (review) =>
      review.operation === 'UPDATE' && findPolicy(review, registry)?.target.passesUnchanged === true,
  };
  return (bytes) => readReview(bytes, reading);
}

function readReview(bytes: Uint8Array, reading: Reading): Review {
  if (bytes.length === 0)
    throw new UnreadableReviewError('empty', 'the body is empty; send an AdmissionReview as JSON');
  if (!beginsLikeJson(bytes)) throw notJson();
  const scan = scanJson(bytes, reading.watch, MAX_DEPTH);
  if (scan.isTooDeep) {
    throw new UnreadableReviewError(
      'too-deep',
      `the body is nested too deeply; at most ${MAX_DEPTH} levels are read`,
    );
  }
  if (scan.repeated !== undefined) {
    throw new UnreadableReviewError(
      'repeated-key',
      `${scan.repeated.join('.')} is written more than once; write each key once`,
    );
  }
  const isSame = hasSameSpec(bytes, scan);
  const read = (text: string, parts: Parts) => parseReview(text, { bytes, scan, reading, parts });
  if (isSame) {
    const parts = { hasSameSpec: true, isPassedUnread: true, isOldUnread: false };
    const outline = read(selectOutline(bytes, scan), parts);
    if (reading.passesUnchanged(outline)) return outline;
  }
  const unread = findUnread(bytes, scan, reading.kindOf(readType(bytes, scan)));
  const { text, isPassedUnread, isOldUnread } = selectText(bytes, scan, reading.configs, isSame, unread);
  return read(text, { hasSameSpec: isSame, isPassedUnread, isOldUnread });
}

/** The kind that the request names, before anything is parsed. */
function readType(bytes: Uint8Array, { ranges }: Scan): Pick<Review, 'group' | 'kind'> {
  const readName = (which: string): string | undefined => {
    const range = ranges.get(which);
    return range && decodeKey(bytes, range.start, range.end);
  };
  return { group: readName('request.kind.group'), kind: readName('request.kind.kind') };
}

/** The parts of a review that were read. */
type Parts = Pick<Review, 'hasSameSpec' | 'isPassedUnread' | 'isOldUnread'>;

/** The source of a review. */
interface Origin {
  readonly bytes: Uint8Array;
  readonly scan: Scan;
  readonly reading: Reading;
  readonly parts: Parts;
}

function parseReview(text: string, origin: Origin): Review {
  const body = parse(text);
  if (!isMap(body)) {
    throw new UnreadableReviewError(
      'not-a-review',
      `not an AdmissionReview (got ${describe(body)}); send a JSON object`,
    );
  }
  const apiVersion = readTypeMeta(body);
  const request = read(body, 'request');
  if (!isMap(request)) {
    const got = isUnset(request) ? 'request is missing' : `request must be a map (got ${describe(request)})`;
    throw new UnreadableReviewError(
      'no-request',
      `${got}; an AdmissionReview has request.uid and request.object`,
    );
  }
  return readRequest(request, apiVersion, origin);
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw notJson();
  }
}

/** Whether the first character that is not blank can begin a value: megabytes of blanks are rejected fast. */
function beginsLikeJson(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && BLANKS.includes(bytes[at] as number)) at += 1;
  return at < bytes.length && /[[{"\-\dtfn]/.test(String.fromCharCode(bytes[at] as number));
}

function readTypeMeta(body: JsonObject): string {
  const kind = read(body, 'kind');
  if (!isUnset(kind) && kind !== 'AdmissionReview') {
    throw new UnreadableReviewError(
      'not-a-review',
      `kind must be AdmissionReview (got ${describe(kind)}); wrap the object in one`,
    );
  }
  const apiVersion = read(body, 'apiVersion');
  if (isUnset(apiVersion)) return REVIEW_VERSIONS[0] ?? '';
  if (typeof apiVersion !== 'string' || !REVIEW_VERSIONS.includes(apiVersion)) {
    const known = listAlternatives(REVIEW_VERSIONS);
    throw new UnreadableReviewError(
      'not-a-review',
      `apiVersion must be ${known} (got ${describe(apiVersion)})`,
    );
  }
  return apiVersion;
}

function readRequest(
  request: JsonObject,
  apiVersion: string,
  { bytes, scan, reading, parts }: Origin,
): Review {
  const uid = read(request, 'uid');
  if (isUnset(uid) || uid === '') {
    throw new UnreadableReviewError('no-uid', 'request.uid is missing; the answer must carry it back');
  }
  if (typeof uid !== 'string' || uid.length > MAX_UID) {
    throw new UnreadableReviewError(
      'no-uid',
      `request.uid must be a string of at most ${MAX_UID} characters`,
    );
  }
  const object = read(request, 'object');
  const oldObject = read(request, 'oldObject');
  const written = isUnset(object) ? oldObject : object;
  const type = identify(request, written, reading.resemble);
  // Field by field: to spread an object takes longer than all of this function.
  return {
    apiVersion,
    uid,
    operation: readOperation(request, object, oldObject),
    group: type.group,
    kind: type.kind,
    resource: readText(request, 'resource', 'resource'),
    subResource: readText(request, 'subResource'),
    namespace: readText(request, 'namespace') ?? readText(written, 'metadata', 'namespace') ?? '',
    name: readText(request, 'name') ?? readText(written, 'metadata', 'name') ?? '',
    object,
    oldObject,
    hasSameSpec: parts.hasSameSpec,
    isPassedUnread: parts.isPassedUnread,
    isOldUnread: parts.isOldUnread,
    duplicates: (which, below) => {
      const range = scan.ranges.get(`${which} ${below.join('.')}`);
      const value = read(which === 'object' ? object : oldObject, ...below);
      // Null also replaces values that were not read.
      if (range === undefined || isUnset(value) || !hasDuplicateKeys(bytes, range, value)) return [];
      return findDuplicateKeys(bytes.subarray(range.start, range.end));
    },
  };
}

/** An empty string counts as missing. */
function readText(from: unknown, ...path: string[]): string | undefined {
  const text = readString(from, ...path);
  return text === '' ? undefined : text;
}

/** The type that the API server names, otherwise the type in the object. */
function identify(
  request: JsonObject,
  object: unknown,
  resemble: Reading['resemble'],
): Pick<Review, 'group' | 'kind'> {
  const kind = readText(request, 'kind', 'kind');
  if (kind !== undefined) return { kind, group: readText(request, 'kind', 'group') };
  const resource = readText(request, 'resource', 'resource');
  if (resource !== undefined) return { kind: undefined, group: readText(request, 'resource', 'group') };
  const ownKind = readText(object, 'kind');
  if (ownKind !== undefined) {
    const [group, version] = (readText(object, 'apiVersion') ?? '').split('/');
    return { kind: ownKind, group: version === undefined || group === '' ? undefined : group };
  }
  return { kind: resemble(object), group: undefined };
}

function readOperation(request: JsonObject, object: unknown, oldObject: unknown): string {
  const operation = readText(request, 'operation');
  if (operation !== undefined) return operation.toUpperCase();
  if (isUnset(oldObject)) return 'CREATE';
  return isUnset(object) ? 'DELETE' : 'UPDATE';
}
