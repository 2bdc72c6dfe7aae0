import type { FieldPath } from '../policy/field-path.ts';
import { deepEqual, isMap, read } from '../policy/json.ts';
import type { Finding, Fix } from '../policy/types.ts';
import { applyEdit, type Change, type Edit, editText } from './edit.ts';
import { readTree, type Tree } from './tree.ts';

/**
 * The change that the fix of a finding makes. Undefined where it has none, or where it is unknown what the author
 * meant.
 */
export function toChange(
  tree: Tree,
  base: FieldPath,
  finding: Pick<Finding, 'path' | 'fix'>,
): Change | undefined {
  if (finding.fix === undefined) return undefined;
  const change = changeOf([...base, ...finding.path], finding.fix);
  return isFaithful(tree, change) ? change : undefined;
}

function changeOf(path: FieldPath, fix: Fix): Change {
  return fix.kind === 'rename'
    ? { kind: 'rename', path, to: fix.to }
    : { kind: 'set', path, value: fix.value };
}

/** For 010 or `yes`, which are read as 8 and true, the intended text is unknown. */
function isFaithful(tree: Tree, change: Change): boolean {
  if (change.kind !== 'set' || typeof change.value !== 'string') return true;
  const current = read(tree.value, ...change.path);
  if (typeof current === 'string') return true;
  return tree.sourceAt(change.path) === String(current);
}

/** Whether the value that the change is about is still there. */
export function isApplicable(tree: Tree, change: Change): boolean {
  const parent = read(tree.value, ...change.path.slice(0, -1));
  if (change.kind === 'set') return isMap(parent) || Array.isArray(parent);
  return tree.find(change.path) !== undefined && isMap(parent) && !Object.hasOwn(parent, change.to);
}

/**
 * The edit that makes exactly this change: the text is parsed again to verify it. Undefined where there is none. It
 * takes as long as parsing the text.
 */
export function findEdit(text: string, tree: Tree, change: Change): Edit | undefined {
  const edit = isApplicable(tree, change) ? editText(text, tree, change) : undefined;
  if (edit === undefined) return undefined;
  const after = readTree(applyEdit(text, edit));
  const isRight =
    !('problem' in after) &&
    after.duplicates.length <= tree.duplicates.length &&
    deepEqual(after.value, changeValue(tree.value, change));
  return isRight ? edit : undefined;
}

function changeValue(value: unknown, change: Change): unknown {
  const path = change.path;
  const last = path.at(-1);
  const parent = path.slice(0, -1);
  const current = read(value, ...parent);
  if (change.kind === 'set') return setAt(value, path, change.value);
  if (!isMap(current)) return value;
  const renamed = Object.entries(current).map(
    ([key, each]) => [key === last ? change.to : key, each] as const,
  );
  return setAt(value, parent, Object.fromEntries(renamed));
}

function setAt(at: unknown, path: FieldPath, value: unknown): unknown {
  const [step, ...below] = path;
  if (step === undefined) return value;
  if (Array.isArray(at)) return at.map((item, index) => (index === step ? setAt(item, below, value) : item));
  const map = isMap(at) ? at : {};
  return Object.fromEntries([
    ...Object.entries(map).filter(([key]) => key !== step),
    [step, setAt(read(map, step), below, value)],
  ]);
}
