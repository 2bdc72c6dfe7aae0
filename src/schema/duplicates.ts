import { createPathNames } from '../policy/field-path.ts';
import { decodeKey, endOfString } from './scan.ts';

/** No more repetitions than this are looked at: one is enough to refuse, and an answer names at most 100. */
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
 * Paths of the keys that are written more than once, at any depth of valid JSON text, relative to it, each once.
 * JSON.parse silently keeps the last of them, while Gardener's strict decoder refuses.
 */
export function findDuplicateKeys(bytes: Buffer): (string | number)[][] {
  const found = new Map<string, (string | number)[]>();
  const open: (OpenMap | OpenList)[] = [];
  const nameOf = createPathNames();
  let repetitions = 0;
  let expectsKey = false;
  for (let at = 0; at < bytes.length && repetitions < MAX_REPETITIONS; at += 1) {
    const top = open.at(-1);
    switch (bytes[at]) {
      case 0x22: {
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

function pathOf(open: readonly (OpenMap | OpenList)[]): (string | number)[] {
  return open.map((container) => (container.kind === 'map' ? container.key : container.index));
}
