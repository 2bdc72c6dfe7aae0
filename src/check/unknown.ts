import { type FieldPath, isWithin } from '../policy/field-path.ts';
import { isMap, read, readList } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';

// Values that are not what will be applied, because something fills them in before: envsubst, Flux and Terraform
// (`${VAR}`, `%{ if }`), kustomize and the kubelet (`$(VAR)`), Helm, Jinja and Go (`{{ }}`, `{% %}`). Nothing is claimed
// about them, nor about what depends on them: a finding stands only if it is the same whatever stands there.

export const BRACKETS: readonly (readonly [open: string, close: string])[] = [
  ['${', '}'],
  ['$(', ')'],
  ['{{', '}}'],
  ['{%', '%}'],
  ['%{', '}'],
];
/** Only as a whole value: within a text the dollar may be anything. */
const WORD = /^\$[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether the text holds an expression that something fills in before the text is applied. */
export function holdsExpression(text: string): boolean {
  if (WORD.test(text)) return true;
  return BRACKETS.some(([open, close]) => {
    const start = text.indexOf(open);
    return start >= 0 && text.indexOf(close, start + open.length + 1) >= 0;
  });
}

/** Where nobody knows the values of an object; outermost, because a map with a key that nobody knows is such a value. */
export function findUnknown(value: unknown, path: FieldPath = []): FieldPath[] {
  if (isUnknown(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => findUnknown(item, [...path, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => findUnknown(inner, [...path, key]));
}

/** The value with this in the place of all that nobody knows. */
function assume(value: unknown, assumed: unknown): unknown {
  if (isUnknown(value)) return assumed;
  if (Array.isArray(value)) return value.map((item) => assume(item, assumed));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'metadata' ? assumeMetadata(inner, assumed) : assume(inner, assumed),
    ]),
  );
}

/** It is the name where all of them are unknown. No word is both a name and its namespace: the namespace is then unset. */
function assumeMetadata(metadata: unknown, assumed: unknown): unknown {
  if (isUnknown(metadata)) return { name: assumed };
  const known = assume(metadata, assumed);
  const isNowhere = isUnknown(read(metadata, 'name')) && isUnknown(read(metadata, 'namespace'));
  return isNowhere && isMap(known) ? { ...known, namespace: null } : known;
}

function isUnknown(value: unknown): boolean {
  if (typeof value === 'string') return holdsExpression(value);
  return isMap(value) && Object.keys(value).some(holdsExpression);
}

/** An object with so many values is not looked at once for each assumption. */
const MAX_VALUES = 20_000;

function isLarge(value: unknown): boolean {
  let left = MAX_VALUES;
  const open = [value];
  for (let at = open.pop(); at !== undefined && left > 0; at = open.pop()) {
    if (typeof at !== 'object' || at === null) continue;
    const inner = Object.values(at);
    left -= inner.length;
    if (left > 0) open.push(...inner);
  }
  return left <= 0;
}

/** What may stand where nobody knows, beyond the words of a kind; that there is nothing comes first. */
const ASSUMPTIONS: readonly unknown[] = [null, true, false, 0, 7, '10.0.0.0/8', 'fd00::/48'];

/** Most values of an object that another of its values may be the same as. */
const MAX_OWN = 50;

/** What is known of a kind of object. */
export type KnownKind = Pick<Target<unknown>, 'schema' | 'words'>;

/** What an object may be once it is applied, and where that is not known. */
export interface Cases<T> {
  /** One where all is known. */
  readonly cases: readonly T[];
  readonly unknown: readonly FieldPath[];
  /** Nobody can tell what else there is, or there is too much of it: nothing is said of the object itself. */
  readonly isOpen: boolean;
}

export function listCases<T extends { readonly object: unknown; readonly old?: unknown }>(
  written: T,
  kind: KnownKind,
): Cases<T> {
  const { object, old } = written;
  const unknown = findUnknown(object);
  if (unknown.length === 0 && findUnknown(old).length === 0) {
    return { cases: [written], unknown, isOpen: false };
  }
  const schema = kind.schema?.();
  const hasTooMany = isLarge(object);
  const isOpen = hasTooMany || unknown.some((path) => isPart(path) || takesStructure(schema, path));
  const words = [...wordsOf(schema), ...(kind.words ?? []), ...(isOpen ? [] : listStrings(object))];
  const assumptions = hasTooMany ? [null] : [...ASSUMPTIONS, ...words];
  const cases = Array.from(new Set(assumptions), (assumed) => ({
    ...written,
    object: assume(object, assumed),
    old: assume(old, assumed),
  }));
  return { cases, unknown, isOpen };
}

/** These are maps, whatever a schema says of them. */
function isPart(path: FieldPath): boolean {
  return path.length === 0 || (path.length === 1 && (path[0] === 'metadata' || path[0] === 'spec'));
}

/** Whether the schema takes nothing but a map or a list there. */
function takesStructure(schema: unknown, path: FieldPath): boolean {
  const at = path.reduce(
    (outer, step) =>
      typeof step === 'number'
        ? read(outer, 'items')
        : (read(outer, 'properties', step) ?? read(outer, 'additionalProperties')),
    schema,
  );
  const types = [read(at, 'type')].flat().filter((type) => type !== undefined && type !== 'null');
  return types.length > 0 && types.every((type) => type === 'object' || type === 'array');
}

/** Every word that the schema allows or suggests somewhere. */
function* wordsOf(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const word of [...readList(schema, 'enum'), ...readList(schema, 'examples')]) {
    if (typeof word === 'string') yield word;
  }
  for (const each of Object.values(schema)) yield* wordsOf(each);
}

function listStrings(value: unknown): readonly string[] {
  const strings = new Set<string>();
  const open = [value];
  for (let at = open.pop(); at !== undefined && strings.size < MAX_OWN; at = open.pop()) {
    if (typeof at === 'string' && !holdsExpression(at)) strings.add(at);
    else if (typeof at === 'object' && at !== null) open.push(...Object.values(at));
  }
  return [...strings];
}

/**
 * What is found in every case, word for word; cases are only looked at as long as there is something left.
 * @param keyOf the same for the same finding
 */
export function findAgreed<Case, Found>(
  cases: readonly Case[],
  find: (each: Case) => readonly Found[],
  keyOf: (found: Found) => string,
): readonly Found[] {
  let agreed: readonly Found[] | undefined;
  for (const each of cases) {
    const found = find(each);
    const keys = new Set(agreed === undefined ? [] : found.map(keyOf));
    agreed = agreed?.filter((one) => keys.has(keyOf(one))) ?? found;
    if (agreed.length === 0) break;
  }
  return agreed ?? [];
}

/** Whether something below the place is not known: what is missing there may be in it. */
export function isAroundUnknown(
  unknown: readonly FieldPath[],
  { path }: { readonly path: FieldPath },
): boolean {
  return unknown.some((each) => path.length < each.length && isWithin(each, path));
}

/**
 * Whether a finding is about a value that nobody knows, or about what that value leaves out. That a field is unknown by
 * its name is true whatever its value is.
 */
export function isAboutUnknown(
  unknown: readonly FieldPath[],
  { path, got }: { readonly path: FieldPath; readonly got?: unknown },
): boolean {
  return unknown.some((each) => {
    return isWithin(path, each) && (each.length < path.length || got !== path.at(-1));
  });
}
