import {
  type ByteRange,
  decodeUtf8,
  hasManyValues,
  hasSameBytes,
  type Scan,
  type UnreadRange,
} from '../schema/scan.ts';
import type { Review } from './read.ts';
import { UnreadableReviewError } from './unreadable.ts';
import { EVERY_KIND } from './watch.ts';

/** Limit of a providerConfig in bytes. One with every field of the API has two thousand. */
export const MAX_CONFIG_BYTES = 128 * 1024;

/**
 * Limit of the values in the text that is parsed. etcd stores objects of 1.5 MiB, and one with a thousand groups of
 * workers has 40,000. Node.js answers nothing else while it parses.
 */
export const MAX_VALUES = 150_000;

/** Smaller texts cannot hold so many values, and are not counted. */
const FEW_BYTES = 256 * 1024;

/** In bytes. V8 allocates longer strings outside its young generation, which takes ten times as long for each byte. */
const SHORT_TEXT = 64 * 1024;

const CLOSE_BRACE = 0x7d;
const NULL = new TextEncoder().encode('null');

/** The text to parse, and the parts of the objects that are not in it. */
export interface Selection extends Pick<Review, 'isPassedUnread' | 'isOldUnread'> {
  readonly text: string;
}

/** The object, or the old object. */
type Which = 'object' | 'old';
const BOTH: readonly Which[] = ['object', 'old'];

/** The names of the ranges of these parts, in both objects. */
function ofBoth(parts: readonly string[]): readonly string[] {
  return BOTH.flatMap((which) => parts.map((part) => `${which} ${part}`));
}

/** The data of server-side apply, which no kind reads. It is half of many objects. */
const MANAGED_FIELDS = ofBoth(['metadata.managedFields']);
/** The large parts that do not identify an object. */
const CONTENT = ofBoth(['metadata.managedFields', 'metadata.annotations', 'spec', 'status']);

/**
 * Selects the text to parse. The limits apply to the new object: a stored object must stay open to updates. Where
 * something is too large, the old object is left out first.
 * @param configs the paths of the Calico configurations of all kinds
 * @param isSameSpec the result of {@link hasSameSpec}
 * @param unread the result of {@link findUnread}
 * @throws UnreadableReviewError where the new object is too large, unless it passes unread
 */
export function selectText(
  bytes: Uint8Array,
  scan: Scan,
  configs: readonly string[],
  isSameSpec: boolean,
  unread: readonly ByteRange[] = [],
): Selection {
  const text = withNulls(bytes, [...rangesOf(scan, MANAGED_FIELDS), ...unread]);
  const hasLargeOld = findLargeConfig(scan, 'old', configs) !== undefined;
  const large = findLargeConfig(scan, 'object', configs);
  if (!hasLargeOld && large === undefined && !holdsTooMany(text)) {
    return { text, isPassedUnread: false, isOldUnread: false };
  }
  const whole = (which: Which) => scan.ranges.get(which);
  if (isDeleting(bytes, scan) || isSameSpec) {
    const envelope = withNulls(bytes, [...BOTH.map(whole), ...unread]);
    return { text: envelope, isPassedUnread: true, isOldUnread: false };
  }
  if (large !== undefined) {
    throw new UnreadableReviewError(
      'too-large',
      `${large.place} is too large (got ${large.size} bytes); at most ${MAX_CONFIG_BYTES} bytes are read`,
    );
  }
  const newOnly = withNulls(bytes, [...rangesOf(scan, MANAGED_FIELDS), whole('old'), ...unread]);
  if (holdsTooMany(newOnly)) {
    throw new UnreadableReviewError(
      'too-many-values',
      `the body holds too many values; at most ${MAX_VALUES} are read`,
    );
  }
  return { text: newOnly, isPassedUnread: false, isOldUnread: whole('old') !== undefined };
}

/** The text of a review without the content of its objects: enough to identify the object. */
export function selectOutline(bytes: Uint8Array, scan: Scan): string {
  return withNulls(bytes, rangesOf(scan, CONTENT));
}

/** Whether the spec is a map in both objects, with the same bytes. */
export function hasSameSpec(bytes: Uint8Array, { ranges, copies }: Scan): boolean {
  const spec = ranges.get('object spec');
  const old = ranges.get('old spec');
  if (spec === undefined || old === undefined) return false;
  return bytes[spec.end - 1] === CLOSE_BRACE && (copies.has('old spec') || hasSameBytes(bytes, spec, old));
}

/**
 * The values that are not read for this kind. An update that changes only such values still changes the spec, and is
 * evaluated as such an update. So where they differ between the two specs, the kind's values are read after all.
 * @param kind the result of {@link nameKind} for the kind of the object; undefined where the kind is unknown or reads
 * everything
 */
export function findUnread(
  bytes: Uint8Array,
  { ranges, unread }: Scan,
  kind: string | undefined,
): readonly ByteRange[] {
  const ofKind = unread.filter(({ by }) => by === kind);
  const within = (which: Which) => {
    const spec = ranges.get(`${which} spec`);
    return spec && ofKind.filter(({ start, end }) => start >= spec.start && end <= spec.end);
  };
  const now = within('object');
  const before = within('old');
  const isSame =
    now === undefined ||
    before === undefined ||
    (now.length === before.length &&
      now.every((each, index) => {
        const old = before[index] as UnreadRange;
        return each.key === old.key && hasSameBytes(bytes, each, old);
      }));
  return [...unread.filter(({ by }) => by === EVERY_KIND), ...(isSame ? ofKind : [])];
}

/** Whether the object is being deleted. */
function isDeleting(bytes: Uint8Array, { ranges }: Scan): boolean {
  const range = ranges.get('object metadata.deletionTimestamp');
  return range !== undefined && decodeUtf8(bytes.subarray(range.start, range.end)).trim() !== 'null';
}

function rangesOf({ ranges }: Scan, names: readonly string[]): (ByteRange | undefined)[] {
  return names.map((name) => ranges.get(name));
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

/** The text with `null` in place of these ranges. */
function withNulls(bytes: Uint8Array, ranges: readonly (ByteRange | undefined)[]): string {
  const parts = ranges.filter((range) => range !== undefined).sort((a, b) => a.start - b.start);
  // A range can lie within another one.
  const left: ByteRange[] = [];
  let size = bytes.length;
  for (const part of parts) {
    if (part.start < (left.at(-1)?.end ?? 0)) continue;
    left.push(part);
    size += NULL.length - (part.end - part.start);
  }
  if (left.length === 0) return decodeUtf8(bytes);
  if (bytes.length <= SHORT_TEXT) {
    const text = decodeUtf8(bytes);
    // Each byte is one character, because every character that is not ASCII has several bytes.
    if (text.length === bytes.length) return sliceText(text, left);
  }
  const text = new Uint8Array(size);
  let length = 0;
  let from = 0;
  for (const { start, end } of left) {
    length = copyBytes(bytes, from, start, text, length);
    length = copyBytes(NULL, 0, NULL.length, text, length);
    from = end;
  }
  copyBytes(bytes, from, bytes.length, text, length);
  return decodeUtf8(text);
}

function sliceText(text: string, left: readonly ByteRange[]): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of left) {
    rest += `${text.slice(from, start)}null`;
    from = end;
  }
  return rest + text.slice(from);
}

/** Returns the position after the copy. A loop, because `set` and `subarray` take longer for a few dozen bytes. */
function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  const shift = at - start;
  for (let index = start; index < end; index += 1) to[index + shift] = from[index] as number;
  return end + shift;
}
