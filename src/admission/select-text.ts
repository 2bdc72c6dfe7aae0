import { MAX_DEPTH } from '../policy/json.ts';
import {
  type ByteRange,
  compileWatch,
  decodeUtf8,
  hasManyValues,
  type Scan,
  scanJson,
} from '../schema/scan.ts';
import type { Review } from './read.ts';
import { UnreadableReviewError } from './unreadable.ts';
import { MANAGED_FIELDS } from './watch.ts';

/** Longest providerConfig in bytes. Written out, with every field there is, one has two thousand. */
export const MAX_CONFIG_BYTES = 128 * 1024;

/**
 * Most values in a body: etcd stores objects of 1.5 MiB, and one with a thousand groups of workers has 40,000. Node.js
 * can do nothing else while it parses, and a second is soon over.
 */
export const MAX_VALUES = 150_000;

/** What is smaller can hardly hold so many, and need not be looked through. */
const FEW_BYTES = 256 * 1024;

/** The text to parse, and which parts of the objects are not in it. */
export interface Selection extends Pick<Review, 'isPassedUnread' | 'isOldUnread'> {
  readonly text: string;
}

// The books of server-side apply are read as null: nobody needs them, and not to make objects of them halves the work.
const UNREAD_OF_NEW = `object ${MANAGED_FIELDS}`;
const UNREAD_OF_OLD = `old ${MANAGED_FIELDS}`;

const OBJECTS = compileWatch({ request: { object: 'object', oldObject: 'old' } });
const OUTLINE = compileWatch({ spec: 'spec', metadata: { deletionTimestamp: 'deletionTimestamp' } });

/**
 * Limits hold for the new object: what is stored already must stay open to updates. Where something is too large, the
 * old object is left out first.
 * @throws UnreadableReviewError where the new object is too large, unless it passes without a look
 */
export function selectText(bytes: Uint8Array, scan: Scan, configs: readonly string[]): Selection {
  const text = withNulls(bytes, rangesOf(scan, [UNREAD_OF_NEW, UNREAD_OF_OLD]));
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
  const newOnly = withNulls(bytes, [...rangesOf(scan, [UNREAD_OF_NEW]), ...rangesOf(objects, ['old'])]);
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
