import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readMap, readString } from '../policy/json.ts';
import { describe, listAlternatives } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { TargetInfo } from '../policy/types.ts';
import { findDuplicateKeys, hasDuplicateKeys } from '../schema/duplicates.ts';
import { parseJson } from '../schema/parse-json.ts';
import {
  type ByteRange,
  type CompiledWatch,
  compileWatch,
  decodeUtf8,
  hasManyValues,
  type Scan,
  scanJson,
  type Watch,
} from '../schema/scan.ts';

/** Versions of admission.k8s.io that we read, and answer in kind. */
export const REVIEW_VERSIONS: readonly string[] = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'];

/** Deepest nesting of a body. kube-apiserver's own limit is 10,000, but no real object comes near this one. */
export const MAX_DEPTH = 256;

/** Longest providerConfig in bytes. Written out, with every field there is, one has two thousand. */
export const MAX_CONFIG_BYTES = 128 * 1024;

/**
 * Most values in a body: etcd stores objects of 1.5 MiB, and one with a thousand groups of workers has 40,000. Node.js
 * can do nothing else while it parses, and a second is soon over.
 */
export const MAX_VALUES = 150_000;

/** What is smaller can hardly hold so many, and need not be looked through. */
const FEW_BYTES = 256 * 1024;

const BLANKS: readonly number[] = [0x20, 0x0a, 0x0d, 0x09];

/** Kubernetes names are far shorter; a longer uid is no uid of an API server. */
const MAX_UID = 1024;

/** What is wrong with a body, in words that hold nothing of it. */
export type UnreadableReason =
  | 'empty'
  | 'too-deep'
  | 'too-large'
  | 'too-many-values'
  | 'repeated-key'
  | 'not-json'
  | 'not-a-review'
  | 'no-request'
  | 'no-uid';

/** Not an AdmissionReview that can be answered. The message is for whoever sent it, the reason for the log. */
export class UnreadableReviewError extends Error {
  override name = 'UnreadableReviewError';
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** An AdmissionReview request, with what a sparse one leaves out filled in. */
export interface Review {
  readonly apiVersion: string;
  readonly uid: string;
  /** CREATE, UPDATE, DELETE, CONNECT, or whatever else came. */
  readonly operation: string;
  readonly group: string | undefined;
  readonly kind: string | undefined;
  readonly resource: string | undefined;
  readonly subResource: string | undefined;
  readonly namespace: string;
  /** Empty where the object has only a generateName, or nothing. */
  readonly name: string;
  readonly object: unknown;
  readonly oldObject: unknown;
  /**
   * The objects are larger than what is read, and pass without a look: the object is being deleted, or its spec has the
   * same bytes as before. An object that was stored before this server came must not be locked by a limit of it.
   */
  readonly isPassedUnread: boolean;
  /** The old object is too large to be read, so that the new one is evaluated without it. */
  readonly isOldUnread: boolean;
  /** Paths, relative to `below`, of keys that the raw bytes hold twice. */
  duplicates(which: 'object' | 'old', below: FieldPath): readonly FieldPath[];
}

// The books of server-side apply, which nobody needs and which are often the larger part of an object.
const MANAGED_FIELDS = 'metadata.managedFields';

const NAME = { name: true, namespace: true } as const;

/** What of a review is looked at before it is parsed; the same for every review. */
interface Reading {
  readonly watch: CompiledWatch;
  /** Where the kinds have their Calico configuration, as `spec.providerConfig`. */
  readonly configs: readonly string[];
  /** The kind of an object that does not name it. */
  resemble(object: unknown): string | undefined;
}

/** Reads the raw bytes of an AdmissionReview, as {@link createReviewReader} says. */
export type ReadReview = (bytes: Uint8Array) => Review;

/**
 * Reads reviews of all kinds of a registry, as generously as they can be understood.
 * @returns a function that throws UnreadableReviewError where there is nothing to answer: no JSON, no request, no uid
 */
export function createReviewReader(registry: Registry): ReadReview {
  const targets = registry.policies.map(({ target }) => target);
  const reading: Reading = {
    watch: compileWatch({
      apiVersion: true,
      kind: true,
      request: {
        ...NAME,
        uid: true,
        operation: true,
        kind: { group: true, kind: true },
        resource: { group: true, resource: true },
        subResource: true,
        object: watchObject('object', targets),
        oldObject: watchObject('old', targets),
      },
    }),
    configs: [...new Set(targets.flatMap(({ config }) => config?.path.join('.') ?? []))],
    resemble: (object) => targets.find((target) => target.resembles?.(object))?.kind,
  };
  return (bytes) => readReview(bytes, reading);
}

/**
 * The configurations, of the object and of the old one; a name is put together as `duplicates` does. Beside them what
 * leads to that which the rules read of kinds with a configuration: of a key written twice a Go program merges what
 * JSON.parse overwrites.
 */
function watchObject(which: 'object' | 'old', targets: readonly TargetInfo[]): Watch {
  const always: Watch = {
    apiVersion: true,
    kind: true,
    metadata: { ...NAME, deletionTimestamp: true, managedFields: `${which} ${MANAGED_FIELDS}` },
  };
  return targets.reduce((watch, { schema, config, readPaths = [] }) => {
    if (config === undefined) return watch;
    const watches = [
      watchFields(schema?.() ?? {}),
      ...readPaths.map((path) => watchPath(path, true)),
      watchPath(config.path, `${which} ${config.path.join('.')}`),
    ];
    return watches.reduce(mergeWatches, watch);
  }, always);
}

function watchPath(path: FieldPath, leaf: string | true): Watch {
  const [last = '', ...outer] = path.map(String).toReversed();
  return outer.reduce<Watch>((below, name) => ({ [name]: below }), { [last]: leaf });
}

/** Every field that a schema knows, as far as maps lead to it. */
function watchFields(schema: JsonObject): Watch {
  const fields = Object.entries(readMap(schema, 'properties') ?? {});
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      isMap(read(field, 'properties')) && isMap(field) ? watchFields(field) : true,
    ]),
  );
}

/** Both; where both lead further, so does the result, and a value whose bytes are wanted is one. */
function mergeWatches(a: Watch, b: Watch): Watch {
  const merged: Record<string, Watch[string]> = { ...a };
  for (const [name, below] of Object.entries(b)) merged[name] = mergeBelow(merged[name] ?? true, below);
  return merged;
}

function mergeBelow(a: Watch[string], b: Watch[string]): Watch[string] {
  if (typeof a === 'string') return a;
  if (typeof b === 'string') return b;
  if (a === true || b === true) return a === true ? b : a;
  return mergeWatches(a, b);
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
  const { text, ...unread } = selectText(bytes, scan, reading.configs);
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
  return { ...readRequest(request, apiVersion, bytes, scan, reading), ...unread };
}

/** The text to parse, and which parts of the objects are not in it. */
interface Selection extends Pick<Review, 'isPassedUnread' | 'isOldUnread'> {
  readonly text: string;
}

// The books of server-side apply are read as null: nobody needs them, and not to make objects of them halves the work.
const UNREAD = [`object ${MANAGED_FIELDS}`, `old ${MANAGED_FIELDS}`];

const OBJECTS = compileWatch({ request: { object: 'object', oldObject: 'old' } });
const OUTLINE = compileWatch({ spec: 'spec', metadata: { deletionTimestamp: 'deletionTimestamp' } });

/**
 * Limits hold for the new object: what is stored already must stay open to updates. Where something is too large, the
 * old object is left out first.
 * @throws UnreadableReviewError where the new object is too large, unless it passes without a look
 */
function selectText(bytes: Uint8Array, scan: Scan, configs: readonly string[]): Selection {
  const text = withNulls(bytes, rangesOf(scan, UNREAD));
  const hasLargeOld = findLargeConfig(scan, 'old', configs) !== undefined;
  const large = findLargeConfig(scan, 'object', configs);
  if (!hasLargeOld && large === undefined && !holdsTooMany(text)) {
    return { text, isPassedUnread: false, isOldUnread: false };
  }
  const objects = scanJson(bytes, OBJECTS, MAX_DEPTH);
  const old = objects.ranges.get('old');
  if (passesUnread(bytes, objects.ranges.get('object'), old)) {
    const envelope = withNulls(bytes, rangesOf(objects, ['object', 'old']));
    return { text: envelope, isPassedUnread: true, isOldUnread: false };
  }
  if (large !== undefined) {
    throw new UnreadableReviewError(
      'too-large',
      `${large.place} is too large (got ${large.size} bytes); at most ${MAX_CONFIG_BYTES} bytes are read`,
    );
  }
  const newOnly = withNulls(bytes, [...rangesOf(scan, UNREAD.slice(0, 1)), ...rangesOf(objects, ['old'])]);
  if (holdsTooMany(newOnly)) {
    throw new UnreadableReviewError(
      'too-many-values',
      `the body holds too many values; at most ${MAX_VALUES} are read`,
    );
  }
  return { text: newOnly, isPassedUnread: false, isOldUnread: old !== undefined };
}

function rangesOf({ ranges }: Scan, names: readonly string[]): ByteRange[] {
  return names.map((name) => ranges.get(name)).filter((range) => range !== undefined);
}

function holdsTooMany(text: string): boolean {
  return text.length > FEW_BYTES && hasManyValues(text, MAX_VALUES);
}

function findLargeConfig(
  { ranges }: Scan,
  which: 'object' | 'old',
  configs: readonly string[],
): { readonly place: string; readonly size: number } | undefined {
  for (const place of configs) {
    const range = ranges.get(`${which} ${place}`);
    const size = range === undefined ? 0 : range.end - range.start;
    if (size > MAX_CONFIG_BYTES) return { place, size };
  }
  return undefined;
}

/** Whether the object is being deleted, or its spec has the same bytes as before. */
function passesUnread(bytes: Uint8Array, object: ByteRange | undefined, old: ByteRange | undefined): boolean {
  if (object === undefined) return false;
  const now = outlineOf(bytes, object);
  if (now.deletionTimestamp !== undefined && now.deletionTimestamp !== 'null') return true;
  if (old === undefined || now.spec === undefined) return false;
  return hasSameBytes(outlineOf(bytes, old).spec, now.spec);
}

function hasSameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (a?.length !== b.length) return false;
  for (let at = 0; at < b.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

function outlineOf(bytes: Uint8Array, { start, end }: ByteRange) {
  const object = bytes.subarray(start, end);
  const { ranges } = scanJson(object, OUTLINE, MAX_DEPTH);
  const part = (name: string) => {
    const range = ranges.get(name);
    return range && object.subarray(range.start, range.end);
  };
  const deleted = part('deletionTimestamp');
  return { spec: part('spec'), deletionTimestamp: deleted && decodeUtf8(deleted).trim() };
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw notJson();
  }
}

/** Whether anything but blanks is there, and a value can begin with it: megabytes of nothing are soon seen through. */
function beginsLikeJson(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && BLANKS.includes(bytes[at] as number)) at += 1;
  return at < bytes.length && /[[{"\-\dtfn]/.test(String.fromCharCode(bytes[at] as number));
}

/** V8's own message quotes the text around the fault, which may be anybody's secret. */
function notJson(): UnreadableReviewError {
  return new UnreadableReviewError(
    'not-json',
    'the body is not JSON; send an AdmissionReview as JSON in UTF-8',
  );
}

/** The text with null in the place of these ranges. */
function withNulls(bytes: Uint8Array, ranges: readonly ByteRange[]): string {
  if (ranges.length === 0) return decodeUtf8(bytes);
  let text = '';
  let from = 0;
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    text += `${decodeUtf8(bytes.subarray(from, range.start))}null`;
    from = range.end;
  }
  return text + decodeUtf8(bytes.subarray(from));
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
  bytes: Uint8Array,
  scan: Scan,
  { resemble }: Reading,
): Omit<Review, keyof Selection> {
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
  const type = identify(request, written, resemble);
  return {
    apiVersion,
    uid,
    operation: readOperation(request, object, oldObject),
    ...type,
    resource: readText(request, 'resource', 'resource'),
    subResource: readText(request, 'subResource'),
    namespace: readText(request, 'namespace') ?? readText(written, 'metadata', 'namespace') ?? '',
    name: readText(request, 'name') ?? readText(written, 'metadata', 'name') ?? '',
    object,
    oldObject,
    duplicates: (which, below) => {
      const range = scan.ranges.get(`${which} ${below.join('.')}`);
      const value = read(which === 'object' ? object : oldObject, ...below);
      // Null also stands for what was not read.
      if (range === undefined || isUnset(value) || !hasDuplicateKeys(bytes, range, value)) return [];
      return findDuplicateKeys(bytes.subarray(range.start, range.end));
    },
  };
}

/** An empty string says as little as a missing one. */
function readText(from: unknown, ...path: string[]): string | undefined {
  const text = readString(from, ...path);
  return text === '' ? undefined : text;
}

/** What the API server says of the object; failing that, what the object says of itself. */
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
