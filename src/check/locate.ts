import type { FieldPath } from '../policy/field-path.ts';
import type { Finding } from '../policy/types.ts';
import type { Span } from './lines.ts';
import type { Place, Tree } from './tree.ts';
import { isEmpty, type YamlNode } from './yaml/nodes.ts';

/** The parts of a finding that decide where it is shown. */
export type Locatable = Pick<Finding, 'path' | 'reason' | 'at'>;

/**
 * The place to show a finding: the wrong value; the key, where the field itself is wrong or the value is no scalar;
 * the nearest key above, where nothing is written.
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
  const isShown = (node.kind === 'scalar' && !isEmpty(node)) || node.kind === 'alias';
  return isShown ? spanOf(node) : spanOfKey(place);
}

function spanOfKey({ pair, node }: Place): Span | undefined {
  return pair === undefined ? spanOfStart(node) : spanOf(pair.key);
}

/** The first key of a map, because a map has no other mark. */
function spanOfStart(node: YamlNode): Span {
  const first = node.kind === 'map' ? node.pairs[0]?.key : undefined;
  if (first !== undefined) return spanOf(first);
  const { start, end } = node;
  return { start, end: node.kind === 'list' ? start + 1 : end };
}

function spanOf({ start, end }: YamlNode): Span {
  return { start, end };
}
