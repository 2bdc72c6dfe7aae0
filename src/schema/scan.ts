/** Start and end of a value in the raw bytes: `bytes.subarray(start, end)` is its JSON text. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The key in a {@link Watch} with the name under which the bytes of the whole value are returned. */
export const WHOLE = Symbol('whole');

/**
 * The keys that no map may have twice. A text is the name under which the raw bytes of the value are returned; for
 * `true` they are not returned.
 */
export interface Watch {
  readonly [key: string]: Watch | string | true;
  readonly [WHOLE]?: string;
}

interface WatchedKey {
  readonly name: string;
  /** The bytes to compare with. The length alone tells most keys apart. */
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly below: CompiledWatch | string | undefined;
}

export interface CompiledWatch {
  readonly keys: readonly WatchedKey[];
  /** The name under which the bytes of the whole value are returned. */
  readonly whole: string | undefined;
}

/** A bit for each key of a map shows whether it has been read. */
const MAX_WATCHED_KEYS = 31;

/** @throws RangeError where one map has too many keys */
export function compileWatch(watch: Watch): CompiledWatch {
  const entries = Object.entries(watch);
  if (entries.length > MAX_WATCHED_KEYS)
    throw new RangeError(`more than ${MAX_WATCHED_KEYS} keys of one map`);
  const keys = entries.map(([name, below]) => {
    const bytes = new TextEncoder().encode(name);
    const inner = below === true ? undefined : typeof below === 'string' ? below : compileWatch(below);
    return { name, bytes, length: bytes.length, below: inner };
  });
  return { keys, whole: watch[WHOLE] };
}

export interface Scan {
  /** Whether maps and lists are nested too deeply. The ranges are then those before that position. */
  readonly isTooDeep: boolean;
  /** The watched key that a map has twice. The ranges are then those before that position. */
  readonly repeated?: readonly string[];
  /** The ranges of the watched values, by their names. */
  readonly ranges: ReadonlyMap<string, ByteRange>;
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
  // The open watched maps, from the outermost to the innermost.
  const trees: OpenMap[] = [];
  let tree: OpenMap | undefined;
  // The watch of the last key. The text itself counts as a value.
  let child: CompiledWatch | string | undefined = watch;
  let expectsKey = false;
  // The start of the watched value that is being read.
  let start = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      if (expectsKey && tree !== undefined) {
        const index = lookUp(tree.watch, bytes, at, end);
        expectsKey = false;
        if (index >= 0) {
          if (!enter(tree, index)) return { isTooDeep: false, repeated: pathOf(trees), ranges };
          child = tree.watch.keys[index]?.below;
        }
      }
      at = end - 1;
    } else if ((byte | BRACKET_BIT) === OPEN) {
      if (byte === OPEN_BRACE && typeof child === 'object') {
        tree = { watch: child, seen: 0, key: -1, start };
        trees.push(tree);
        if (trees.length > maxDepth) return { isTooDeep: true, ranges };
        child = undefined;
        start = -1;
        expectsKey = true;
      } else {
        const end = endOfContainer(bytes, at, maxDepth - trees.length);
        if (end < 0) return { isTooDeep: true, ranges };
        at = end - 1;
      }
    } else if (byte === COMMA || (byte | BRACKET_BIT) === CLOSE) {
      const name = typeof child === 'object' ? child.whole : child;
      if (start >= 0 && name !== undefined) ranges.set(name, { start, end: at });
      start = -1;
      child = undefined;
      if (byte !== COMMA) {
        if (tree?.watch.whole !== undefined && tree.start >= 0) {
          ranges.set(tree.watch.whole, { start: tree.start, end: at + 1 });
        }
        trees.pop();
        tree = trees.at(-1);
        if (tree === undefined) break;
      }
      expectsKey = byte === COMMA;
    } else if (byte === COLON && child !== undefined) start = at + 1;
  }
  return { isTooDeep: false, ranges };
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

/** A watched map that is being read. */
interface OpenMap {
  readonly watch: CompiledWatch;
  /** A bit for each of its keys that has been read. */
  seen: number;
  /** The index of the last of them. */
  key: number;
  /** The start of its value in the outer map. -1 for the text itself. */
  readonly start: number;
}

/** Whether the key is read for the first time. */
function enter(map: OpenMap, index: number): boolean {
  const bit = 1 << index;
  const isNew = (map.seen & bit) === 0;
  map.seen |= bit;
  map.key = index;
  return isNew;
}

function pathOf(open: readonly OpenMap[]): string[] {
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

/** The index of the key that is written there. -1 where it is none of them. */
function lookUp(watch: CompiledWatch, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start - 2;
  const { keys } = watch;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    if (key?.length === length && isWritten(key.bytes, bytes, start + 1)) return index;
  }
  if (!holdsBackslash(bytes, start, end)) return -1;
  const name = decodeKey(bytes, start, end);
  return keys.findIndex((key) => key.name === name);
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
