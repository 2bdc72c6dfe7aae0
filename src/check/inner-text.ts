import type { FieldPath } from '../policy/field-path.ts';
import { deepEqual } from '../policy/json.ts';
import type { ReadDocument } from './read.ts';
import { readTree, type Tree } from './tree.ts';

/**
 * A YAML text inside a document, as a document with positions in the file.
 * @param text of the file
 */
export function openText(
  text: string,
  document: ReadDocument & { readonly tree: Tree },
  path: FieldPath,
): (ReadDocument & { readonly tree: Tree }) | undefined {
  const place = document.tree.find(path);
  const written = readTree(document.tree.sourceAt(path) ?? '');
  if (place === undefined || 'problem' in written) return undefined;
  const { number } = document;
  const end = document.start + place.node.end;
  // The text begins after the line of | or >. Its indentation makes no difference.
  const start = text.indexOf('\n', document.start + place.node.start) + 1;
  const isBlock = place.node.kind === 'scalar' && place.node.style === 'literal';
  const tree = isBlock ? readTree(text.slice(start, end)) : written;
  if (isBlock && !('problem' in tree) && deepEqual(tree.value, written.value)) {
    return { number, start, end, isEmpty: false, tree };
  }
  // A text with escapes or folded lines is shown as a whole.
  const whole = { ...written, duplicates: [], find: () => place, sourceAt: () => undefined };
  return { number, start: document.start, end, isEmpty: false, tree: whole };
}
