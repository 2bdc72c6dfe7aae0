/** Start and end of a value in the raw bytes: `bytes.subarray(start, end)` is its JSON text. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Names the values whose raw bytes are wanted; a leaf of the tree is one of them. */
export interface Watch {
  readonly [key: string]: Watch | string;
}

export interface Scan {
  /** Deepest nesting of maps and lists. */
  readonly depth: number;
  /** Where the watched values stand, by the name at their leaf; the last one wins, as in JSON.parse. */
  readonly ranges: ReadonlyMap<string, ByteRange>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * One pass over raw JSON before it is parsed: how deep it is nested, and where the watched values stand. It does
 * not validate; for text that JSON.parse rejects the answer means nothing, but it always comes.
 * Costs about a nanosecond a byte; it stops as soon as `maxDepth` is exceeded, since JSON.parse of a nesting bomb
 * blocks the process for hundreds of milliseconds and everything recursive after it overflows the stack.
 */
export function scanJson(bytes: Uint8Array, watch: Watch, maxDepth: number): Scan {
  const ranges = new Map<string, ByteRange>();
  // Per open container: the watch tree that applies inside it, if any.
  const trees: (Watch | undefined)[] = [];
  // Per open container: the name under which its range is wanted, and where it began.
  const wanted: (string | undefined)[] = [];
  const starts: number[] = [];
  let depth = 0;
  let deepest = 0;
  // Of the map that is open now: whether a key is expected, and what the last key leads to.
  let tree: Watch | undefined = watch;
  let child: Watch | string | undefined = watch;
  let scalarStart = -1;
  let expectsKey = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      if (expectsKey && tree !== undefined) {
        child = lookUp(tree, bytes, at, end);
        // A key written twice: what the first one held is not what JSON.parse will return.
        if (child !== undefined && ranges.size > 0) forget(child);
      }
      expectsKey = false;
      at = end - 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      trees[depth] = tree;
      wanted[depth] = typeof child === 'string' ? child : undefined;
      starts[depth] = at;
      depth += 1;
      if (depth > deepest) {
        deepest = depth;
        if (deepest > maxDepth) break;
      }
      const isMap = byte === OPEN_BRACE;
      tree = isMap && typeof child === 'object' ? child : undefined;
      child = undefined;
      scalarStart = -1;
      expectsKey = isMap;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      endScalar(at);
      if (depth === 0) break;
      depth -= 1;
      const name = wanted[depth];
      if (name !== undefined) ranges.set(name, { start: starts[depth] ?? 0, end: at + 1 });
      tree = trees[depth];
      child = undefined;
      expectsKey = false;
    } else if (byte === COLON) {
      if (typeof child === 'string') scalarStart = at + 1;
    } else if (byte === COMMA) {
      endScalar(at);
      child = undefined;
      expectsKey = tree !== undefined;
    }
  }
  return { depth: deepest, ranges };

  function forget(leaf: Watch | string): void {
    if (typeof leaf === 'string') ranges.delete(leaf);
    else for (const below of Object.values(leaf)) forget(below);
  }

  function endScalar(at: number): void {
    if (scalarStart >= 0 && typeof child === 'string') ranges.set(child, { start: scalarStart, end: at });
    scalarStart = -1;
  }
}

/** Position after the closing quote of the string that opens at `start`; the end of the bytes if it never closes. */
export function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return bytes.length;
}

function lookUp(tree: Watch, bytes: Uint8Array, start: number, end: number): Watch | string | undefined {
  const key = decodeKey(bytes, start, end);
  return key !== undefined && Object.hasOwn(tree, key) ? tree[key] : undefined;
}

/** The key as JSON.parse would read it: `"over\u006cay"` is `overlay`. */
export function decodeKey(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === 'string' ? key : undefined;
  } catch {
    // Not JSON: the parser will say so of the whole body.
    return undefined;
  }
}
