/** Start and end of a value in the raw bytes: `bytes.subarray(start, end)` is its JSON text. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The key in a {@link Watch} with the name under which the bytes of the whole value are returned. */
export const WHOLE = Symbol('whole');

/** The key in a {@link Watch} for the items of a list. */
export const EACH = Symbol('each');

/**
 * The key in a {@link Watch} for an earlier value, at the same depth, that has the same content in most texts. A value
 * with the same bytes is not scanned again.
 */
export const TWIN = Symbol('twin');

/** The earlier value. The names of the ranges in it begin with `prefix`, those in the later value with `ownPrefix`. */
export interface Twin {
  /** The name of the whole earlier value. */
  readonly of: string;
  readonly prefix: string;
  readonly ownPrefix: string;
}

/** The key in a {@link Watch} for the keys whose values are not read, each with the name of the reader. */
export const UNREAD = Symbol('unread');

/**
 * The keys that no map may have twice. A text is the name under which the raw bytes of the value are returned; for
 * `true` they are not returned.
 */
export interface Watch {
  readonly [key: string]: Watch | string | true;
  readonly [WHOLE]?: string;
  readonly [TWIN]?: Twin;
  readonly [EACH]?: Watch;
  readonly [UNREAD]?: ReadonlyMap<string, string>;
}

interface WatchedKey {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Its place among the keys of its map. */
  readonly index: number;
  readonly below: CompiledWatch | string | undefined;
  /** Whether it may be written twice. */
  readonly mayRepeat: boolean;
  /** The reader that does not read the value. */
  readonly unreadBy: string | undefined;
}

export interface CompiledWatch {
  readonly keys: readonly WatchedKey[];
  /** The keys by the length of their bytes, because most keys of a review have the length of none. */
  readonly byLength: readonly (readonly WatchedKey[] | undefined)[];
  /** The name under which the bytes of the whole value are returned. */
  readonly whole: string | undefined;
  readonly twin: Twin | undefined;
  /** The watch of each item, where the value is a list. */
  readonly each: CompiledWatch | undefined;
}

/** A bit for each key of a map shows whether it has been read. */
const MAX_WATCHED_KEYS = 31;

/**
 * Limit of the unread ranges. A thousand groups of workers have 8000 in both objects. A text with more is read as a whole,
 * because to note a million of them takes longer than to parse them.
 */
export const MAX_UNREAD = 20_000;

/** @throws RangeError where one map has too many keys */
export function compileWatch(watch: Watch): CompiledWatch {
  const entries = Object.entries(watch);
  if (entries.length > MAX_WATCHED_KEYS)
    throw new RangeError(`more than ${MAX_WATCHED_KEYS} keys of one map`);
  const unread = watch[UNREAD] ?? new Map<string, string>();
  const others = [...unread.keys()].filter((name) => watch[name] === undefined);
  const keys = [...entries.map(([name]) => name), ...others].map((name, index): WatchedKey => {
    const below = watch[name];
    return {
      name,
      bytes: new TextEncoder().encode(name),
      index,
      below: typeof below === 'object' ? compileWatch(below) : below === true ? undefined : below,
      mayRepeat: below === undefined,
      unreadBy: unread.get(name),
    };
  });
  const longest = Math.max(0, ...keys.map(({ bytes }) => bytes.length));
  return {
    keys,
    byLength: Array.from({ length: longest + 1 }, (_, length) => {
      const ofLength = keys.filter(({ bytes }) => bytes.length === length);
      return ofLength.length === 0 ? undefined : ofLength;
    }),
    whole: watch[WHOLE],
    twin: watch[TWIN],
    each: watch[EACH] && compileWatch(watch[EACH]),
  };
}

export interface Scan {
  /** Whether maps and lists are nested too deeply. The ranges are then those before that position. */
  readonly isTooDeep: boolean;
  /** The watched key that a map has twice. The ranges are then those before that position. */
  readonly repeated?: readonly string[];
  /** The ranges of the watched values, by their names. */
  readonly ranges: ReadonlyMap<string, ByteRange>;
  /** The names of the whole values that have the same bytes as their twin. */
  readonly copies: ReadonlySet<string>;
  /** The values that a reader does not read, in the order of the text. */
  readonly unread: readonly UnreadRange[];
}

/** A value that is not read, and the members that follow it in its map, as long as they are not read either. */
export interface UnreadRange extends ByteRange {
  /** The reader that does not read it. */
  readonly by: string;
  /** The key of the first value. */
  readonly key: string;
}

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
export const COLON = 0x3a;
const COMMA = 0x2c;

// The brackets of lists and those of maps differ in one bit.
const BRACKET_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Reads raw JSON once before it is parsed: whether it is nested too deeply, whether it has a watched key twice, and
 * where the watched values are. It does not validate: for text that JSON.parse rejects the result means nothing, but
 * there always is one. It stops at the first bracket that is too deep, because JSON.parse of deeply nested text
 * blocks the process for hundreds of milliseconds, and every recursive function after it overflows the stack.
 *
 * All bytes of all reviews pass through it: this loop reads the watched maps, which are all inside each other, and a
 * faster loop skips every other container.
 */
export function scanJson(bytes: Uint8Array, watch: CompiledWatch, maxDepth: number): Scan {
  const ranges = new Map<string, ByteRange>();
  const unread: UnreadRange[] = [];
  const copies = new Set<string>();
  const found = { ranges, unread, copies };
  const finish = (isTooDeep: boolean, repeated?: readonly string[]): Scan => ({
    isTooDeep,
    ...(repeated && { repeated }),
    ranges,
    copies,
    unread: unread.length < MAX_UNREAD ? unread : [],
  });
  // The open watched maps and lists, from the outermost to the innermost.
  const trees: OpenContainer[] = [];
  let tree: OpenContainer | undefined;
  // The watch of the last key. The text itself counts as a value.
  let child: CompiledWatch | string | undefined = watch;
  let expectsKey = false;
  // The last key, where its value is not read, and the unread range that ends right before this key.
  let passed: WatchedKey | undefined;
  let run: (UnreadRange & { end: number }) | undefined;
  // The start of the watched value that is being read.
  let start = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      if (expectsKey && tree !== undefined) {
        const key = lookUp(tree.watch, bytes, at, end);
        expectsKey = false;
        if (key !== undefined) {
          if (!key.mayRepeat && !enter(tree, key.index)) return finish(false, pathOf(trees));
          child = key.below;
          if (key.unreadBy !== undefined) passed = key;
        }
        if (run !== undefined && run.by !== passed?.unreadBy) run = undefined;
      }
      at = end - 1;
    } else if ((byte | BRACKET_BIT) === OPEN) {
      const isMap = byte === OPEN_BRACE;
      const twin = typeof child === 'object' && child.twin ? ranges.get(child.twin.of) : undefined;
      const length = twin === undefined ? 0 : twin.end - twin.start;
      if (twin && typeof child === 'object' && hasSameBytes(bytes, twin, { start, end: start + length })) {
        copyFound(found, child, twin, start - twin.start);
        at = start + length - 1;
        child = undefined;
        start = -1;
      } else if (typeof child === 'object' && (isMap || child.each !== undefined)) {
        tree = { watch: child, isMap, seen: 0, key: -1, start };
        trees.push(tree);
        if (trees.length > maxDepth) return finish(true);
        child = isMap ? undefined : child.each;
        start = -1;
        expectsKey = isMap;
      } else {
        const end = endOfContainer(bytes, at, maxDepth - trees.length);
        if (end < 0) return finish(true);
        at = end - 1;
      }
    } else if (byte === COMMA || (byte | BRACKET_BIT) === CLOSE) {
      const name = typeof child === 'object' ? child.whole : child;
      if (start >= 0 && name !== undefined) ranges.set(name, { start, end: at });
      if (start >= 0 && passed?.unreadBy !== undefined) {
        if (run !== undefined) run.end = at;
        else if (unread.length < MAX_UNREAD) {
          run = { start, end: at, by: passed.unreadBy, key: passed.name };
          unread.push(run);
        }
      }
      start = -1;
      child = undefined;
      passed = undefined;
      if (byte !== COMMA) {
        run = undefined;
        if (tree?.watch.whole !== undefined && tree.start >= 0) {
          ranges.set(tree.watch.whole, { start: tree.start, end: at + 1 });
        }
        trees.pop();
        tree = trees.at(-1);
        if (tree === undefined) break;
        expectsKey = false;
      } else if (tree?.isMap === false) child = unread.length < MAX_UNREAD ? tree.watch.each : undefined;
      else expectsKey = true;
    } else if (byte === COLON && (child !== undefined || passed !== undefined)) start = at + 1;
  }
  return finish(false);
}

/** Whether both ranges are in the text, with the same bytes. */
export function hasSameBytes(bytes: Uint8Array, a: ByteRange, b: ByteRange): boolean {
  const length = a.end - a.start;
  if (b.end - b.start !== length || Math.min(a.start, b.start) < 0) return false;
  if (Math.max(a.end, b.end) > bytes.length) return false;
  for (let at = 0; at < length; at += 1) if (bytes[a.start + at] !== bytes[b.start + at]) return false;
  return true;
}

/** Adds for a copy what was found in its twin. */
function copyFound(
  { ranges, unread, copies }: Found,
  { whole, twin }: CompiledWatch,
  { start, end }: ByteRange,
  shift: number,
): void {
  const toCopy = (range: ByteRange): ByteRange => ({ start: range.start + shift, end: range.end + shift });
  const isWithin = (range: ByteRange): boolean => range.start >= start && range.end <= end;
  for (const [name, range] of [...ranges]) {
    if (!isWithin(range) || twin === undefined || !name.startsWith(twin.prefix)) continue;
    ranges.set(twin.ownPrefix + name.slice(twin.prefix.length), toCopy(range));
  }
  for (const each of unread.filter(isWithin)) {
    if (unread.length < MAX_UNREAD) unread.push({ ...each, ...toCopy(each) });
  }
  if (whole !== undefined) copies.add(whole);
}

/** The results of a scan so far. */
interface Found {
  readonly ranges: Map<string, ByteRange>;
  readonly unread: UnreadRange[];
  readonly copies: Set<string>;
}

/** The position after the bracket that closes the one at `start`. -1 where more than `room` are open at once. */
function endOfContainer(bytes: Uint8Array, start: number, room: number): number {
  const length = bytes.length;
  let open = 0;
  for (let at = start; at < length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      // As endOfString does. Most bytes are in strings, and a call for each would take half as long again.
      for (at += 1; at < length && bytes[at] !== QUOTE; at += 1) if (bytes[at] === BACKSLASH) at += 1;
    } else if ((byte | BRACKET_BIT) === OPEN) {
      open += 1;
      if (open > room) return -1;
    } else if ((byte | BRACKET_BIT) === CLOSE) {
      open -= 1;
      if (open === 0) return at + 1;
    }
  }
  return length;
}

/** Whether JSON text has more maps, lists and members than the limit. It does not validate. */
export function hasManyValues(text: string, most: number): boolean {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at += 1; at < text.length && text.charCodeAt(at) !== QUOTE; at += 1)
        if (text.charCodeAt(at) === BACKSLASH) at += 1;
    } else if (code === COMMA || (code | BRACKET_BIT) === OPEN) {
      count += 1;
      if (count > most) return true;
    }
  }
  return false;
}

/** A watched map or list that is being read. */
interface OpenContainer {
  readonly watch: CompiledWatch;
  readonly isMap: boolean;
  /** A bit for each of its keys that has been read. */
  seen: number;
  /** The index of the last of them. */
  key: number;
  /** The start of its value in the outer map. -1 for the text itself. */
  readonly start: number;
}

/** Whether the key is read for the first time. */
function enter(map: OpenContainer, index: number): boolean {
  const bit = 1 << index;
  const isNew = (map.seen & bit) === 0;
  map.seen |= bit;
  map.key = index;
  return isNew;
}

function pathOf(open: readonly OpenContainer[]): string[] {
  return open.map(({ watch, key }) => watch.keys[key]?.name ?? '');
}

/**
 * The position after the closing quote of the string that opens at `start`. The end of the bytes if it never closes.
 */
export function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return bytes.length;
}

/** The key that is written there. Undefined where it is none of them. */
function lookUp(watch: CompiledWatch, bytes: Uint8Array, start: number, end: number): WatchedKey | undefined {
  const ofLength = watch.byLength[end - start - 2];
  if (ofLength !== undefined) {
    for (const key of ofLength) if (isWritten(key.bytes, bytes, start + 1)) return key;
  }
  if (!holdsBackslash(bytes, start, end)) return undefined;
  const name = decodeKey(bytes, start, end);
  return watch.keys.find((key) => key.name === name);
}

/** Keys are short: indexOf takes longer. */
function holdsBackslash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === BACKSLASH) return true;
  return false;
}

function isWritten(key: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < key.length; at += 1) if (bytes[start + at] !== key[at]) return false;
  return true;
}

/** It has no state, and to make one takes longer than most texts. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Invalid UTF-8 becomes U+FFFD, as in JSON.parse of a Buffer. */
export function decodeUtf8(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}

/** The key after unescaping: `"over\u006cay"` is `overlay`. V8 always reads a single string correctly. */
export function decodeKey(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = decodeUtf8(bytes.subarray(start, end));
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === 'string' ? key : undefined;
  } catch {
    // Not JSON: the parser reports it for the whole body.
    return undefined;
  }
}
