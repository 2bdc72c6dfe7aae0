import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { FieldPath } from '../policy/field-path.ts';
import type { Finding } from '../policy/types.ts';
import type { Span } from './lines.ts';
import { type Place, spanOf, type Tree } from './tree.ts';

/** What of a finding decides about where it is shown. */
export type Locatable = Pick<Finding, 'path' | 'reason' | 'at'>;

/**
 * Where a finding is shown: at the value that is wrong; at the key where the field itself is, or where its value is no
 * scalar; where nothing is written, at the nearest key above it.
 */
export function locate(tree: Tree, base: FieldPath, finding: Locatable): Span {
  const { path, reason, at } = finding;
  const full = [...base, ...path];
  if (reason === 'FieldValueDuplicate') {
    const last = tree.duplicates.findLast((each) => isSamePath(each.path, full));
    if (last !== undefined) return last;
  }
  for (let length = full.length; length >= base.length; length -= 1) {
    const place = tree.find(full.slice(0, length));
    if (place === undefined) continue;
    const isWhole = length === full.length;
    const span = isWhole && at !== 'key' ? spanOfValue(place) : spanOfKey(place);
    if (span !== undefined) return span;
  }
  return { start: 0, end: 0 };
}

function isSamePath(a: FieldPath, b: FieldPath): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

function spanOfValue(place: Place): Span | undefined {
  const { node } = place;
  if (node === null || isMap(node) || isSeq(node) || (isScalar(node) && node.source === '')) {
    return spanOfKey(place);
  }
  return spanOf(node);
}

function spanOfKey({ pair, node }: Place): Span | undefined {
  if (pair !== undefined) return spanOf(pair.key);
  return node === null ? undefined : spanOfStart(node);
}

/** Of a map its first key: there is nothing else to point at. */
function spanOfStart(node: Node): Span {
  const first = isMap<Node>(node) ? node.items[0]?.key : undefined;
  if (first !== undefined) return spanOf(first);
  const { start, end } = spanOf(node);
  return isSeq(node) ? { start, end: start + 1 } : { start, end };
}
