import { type ByteRange, decodeUtf8, hasManyValues, type Scan } from '../schema/scan.ts';
import type { Review } from './read.ts';
import { UnreadableReviewError } from './unreadable.ts';

/** Longest providerConfig in bytes. Written out, with every field there is, one has two thousand. */
export const MAX_CONFIG_BYTES = 128 * 1024;

/**
 * Most values in a body: etcd stores objects of 1.5 MiB, and one with a thousand groups of workers has 40,000. Node.js
 * can do nothing else while it parses, and a second is soon over.
 */
export const MAX_VALUES = 150_000;

/** What is smaller can hardly hold so many, and need not be looked through. */
const FEW_BYTES = 256 * 1024;

const CLOSE_BRACE = 0x7d;

/** The text to parse, and which parts of the objects are not in it. */
export interface Selection extends Pick<Review, 'isPassedUnread' | 'isOldUnread'> {
  readonly text: string;
}

/** Of the object and of the old one. */
type Which = 'object' | 'old';
const BOTH: readonly Which[] = ['object', 'old'];

/** The books of server-side apply, which nobody needs: not to make objects of them halves the work. */
const BOOKS = ['metadata.managedFields'];
/** All that is large and says nothing of what an object is. */
const CONTENT = [...BOOKS, 'metadata.annotations', 'spec', 'status'];

/**
 * Limits hold for the new object: what is stored already must stay open to updates. Where something is too large, the
 * old object is left out first.
 * @param configs where the kinds have their Calico configuration
 * @param isSameSpec what {@link hasSameSpec} says of them
 * @throws UnreadableReviewError where the new object is too large, unless it passes without a look
 */
export function selectText(
  bytes: Uint8Array,
  scan: Scan,
  configs: readonly string[],
  isSameSpec: boolean,
): Selection {
  const books = rangesOf(scan, BOTH, BOOKS);
  const text = withNulls(bytes, books);
  const hasLargeOld = findLargeConfig(scan, 'old', configs) !== undefined;
  const large = findLargeConfig(scan, 'object', configs);
  if (!hasLargeOld && large === undefined && !holdsTooMany(text)) {
    return { text, isPassedUnread: false, isOldUnread: false };
  }
  const whole = (which: Which) => scan.ranges.get(which);
  if (isDeleting(bytes, scan) || isSameSpec) {
    const envelope = withNulls(bytes, BOTH.map(whole));
    return { text: envelope, isPassedUnread: true, isOldUnread: false };
  }
  if (large !== undefined) {
    throw new UnreadableReviewError(
      'too-large',
      `${large.place} is too large (got ${large.size} bytes); at most ${MAX_CONFIG_BYTES} bytes are read`,
    );
  }
  const newOnly = withNulls(bytes, [...rangesOf(scan, ['object'], BOOKS), whole('old')]);
  if (holdsTooMany(newOnly)) {
    throw new UnreadableReviewError(
      'too-many-values',
      `the body holds too many values; at most ${MAX_VALUES} are read`,
    );
  }
  return { text: newOnly, isPassedUnread: false, isOldUnread: whole('old') !== undefined };
}

/** What a review says of its object, without what the object says: enough to know what it is about. */
export function selectOutline(bytes: Uint8Array, scan: Scan): string {
  return withNulls(bytes, rangesOf(scan, BOTH, CONTENT));
}

/** Whether both objects have a spec, a map, and of the same bytes. */
export function hasSameSpec(bytes: Uint8Array, { ranges }: Scan): boolean {
  const spec = ranges.get('object spec');
  const old = ranges.get('old spec');
  if (spec === undefined || old === undefined || spec.end - spec.start !== old.end - old.start) return false;
  for (let at = 0; at < spec.end - spec.start; at += 1) {
    if (bytes[spec.start + at] !== bytes[old.start + at]) return false;
  }
  return bytes[spec.end - 1] === CLOSE_BRACE;
}

/** Whether the object is on its way out. */
function isDeleting(bytes: Uint8Array, { ranges }: Scan): boolean {
  const range = ranges.get('object metadata.deletionTimestamp');
  return range !== undefined && decodeUtf8(bytes.subarray(range.start, range.end)).trim() !== 'null';
}

function rangesOf(
  { ranges }: Scan,
  objects: readonly Which[],
  parts: readonly string[],
): (ByteRange | undefined)[] {
  return objects.flatMap((which) => parts.map((part) => ranges.get(`${which} ${part}`)));
}

function holdsTooMany(text: string): boolean {
  return text.length > FEW_BYTES && hasManyValues(text, MAX_VALUES);
}

function findLargeConfig(
  { ranges }: Scan,
  which: Which,
  configs: readonly string[],
): { readonly place: string; readonly size: number } | undefined {
  for (const place of configs) {
    const range = ranges.get(`${which} ${place}`);
    const size = range === undefined ? 0 : range.end - range.start;
    if (size > MAX_CONFIG_BYTES) return { place, size };
  }
  return undefined;
}

/** The text with null in the place of these ranges. */
function withNulls(bytes: Uint8Array, ranges: readonly (ByteRange | undefined)[]): string {
  let text = '';
  let from = 0;
  const there = ranges.filter((range) => range !== undefined);
  for (const range of there.toSorted((a, b) => a.start - b.start)) {
    text += `${decodeUtf8(bytes.subarray(from, range.start))}null`;
    from = range.end;
  }
  return text + decodeUtf8(from === 0 ? bytes : bytes.subarray(from));
}
