import { createPathNames } from '../policy/field-path.ts';
import { isMap } from '../policy/json.ts';
import { type ByteRange, COLON, decodeKey, endOfString, QUOTE } from './scan.ts';

/** Limit of the repetitions that are found: one is enough to reject the object, and an answer names at most 100. */
const MAX_REPETITIONS = 1000;

interface OpenMap {
  readonly kind: 'map';
  readonly seen: Set<string>;
  key: string;
}

interface OpenList {
  readonly kind: 'list';
  index: number;
}

/**
 * Paths of the keys that are written more than once, at any depth of valid JSON text, relative to it, each path once.
 * JSON.parse silently keeps the last value, while Gardener's strict decoder rejects the text.
 */
export function findDuplicateKeys(bytes: Uint8Array): (string | number)[][] {
  const found = new Map<string, (string | number)[]>();
  const open: (OpenMap | OpenList)[] = [];
  const nameOf = createPathNames();
  let repetitions = 0;
  let expectsKey = false;
  for (let at = 0; at < bytes.length && repetitions < MAX_REPETITIONS; at += 1) {
    const top = open.at(-1);
    switch (bytes[at]) {
      case QUOTE: {
        const end = endOfString(bytes, at);
        if (expectsKey && top?.kind === 'map') {
          top.key = decodeKey(bytes, at, end) ?? '';
          if (top.seen.has(top.key)) {
            const path = pathOf(open);
            found.set(nameOf(path), path);
            repetitions += 1;
          }
          top.seen.add(top.key);
        }
        expectsKey = false;
        at = end - 1;
        break;
      }
      case 0x7b:
        open.push({ kind: 'map', seen: new Set(), key: '' });
        expectsKey = true;
        break;
      case 0x5b:
        open.push({ kind: 'list', index: 0 });
        expectsKey = false;
        break;
      case 0x7d:
      case 0x5d:
        open.pop();
        expectsKey = false;
        break;
      case 0x2c:
        if (top?.kind === 'list') top.index += 1;
        expectsKey = top?.kind === 'map';
        break;
    }
  }
  return [...found.values()];
}

/**
 * Whether valid JSON text, a range of the bytes, has any key more than once. It does not compare keys: parseJson
 * keeps one of each, so that there are fewer keys than colons in the text. JSON.parse itself is not enough: V8 can
 * read two keys as one, or one as two.
 */
export function hasDuplicateKeys(bytes: Uint8Array, { start, end }: ByteRange, parsed: unknown): boolean {
  return countColons(bytes, start, end) !== countKeys(parsed);
}

/** Colons outside of strings. */
function countColons(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at) - 1;
    else if (byte === COLON) count += 1;
  }
  return count;
}

function countKeys(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countKeys(item);
  if (!isMap(value)) return count;
  for (const key of Object.keys(value)) count += 1 + countKeys(value[key]);
  return count;
}

function pathOf(open: readonly (OpenMap | OpenList)[]): (string | number)[] {
  return open.map((container) => (container.kind === 'map' ? container.key : container.index));
}
