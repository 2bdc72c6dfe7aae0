import { type FieldPath, isWithin } from '../policy/field-path.ts';
import { isMap, read, readList } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';

// Values that a tool replaces before the file is applied: envsubst, Flux and Terraform (`${VAR}`, `%{ if }`),
// kustomize and the kubelet (`$(VAR)`), Helm, Jinja and Go (`{{ }}`, `{% %}`). Nothing is reported about them, nor
// about what depends on them: a finding counts only if it is the same for every value.

export const BRACKETS: readonly (readonly [open: string, close: string])[] = [
  ['${', '}'],
  ['$(', ')'],
  ['{{', '}}'],
  ['{%', '%}'],
  ['%{', '}'],
];
/** Only as a whole value, or before a prefix length or a port: within another text the dollar may mean anything. */
const WORD = /^\$[A-Za-z_][A-Za-z0-9_]*(?:[/:]\d+)?$/;

/** Whether the text contains an expression that a tool replaces before the file is applied. */
export function holdsExpression(text: string): boolean {
  if (WORD.test(text)) return true;
  return BRACKETS.some(([open, close]) => {
    const start = text.indexOf(open);
    return start >= 0 && text.indexOf(close, start + open.length + 1) >= 0;
  });
}

/** The paths of the unknown values of an object. A map with an unknown key is one unknown value. */
export function findUnknown(value: unknown, path: FieldPath = []): FieldPath[] {
  if (isUnknown(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => findUnknown(item, [...path, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => findUnknown(inner, [...path, key]));
}

/** A copy of the value with `assumed` in the place of each unknown value. */
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

/**
 * The assumed value is the name, where name and namespace are both unknown. No word is both, so that the namespace is
 * unset.
 */
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

/** Limit of the number of values: a larger object is not evaluated once for each assumption. */
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

/** Values to assume for an unknown value, besides the words of a kind. The first is that there is no value. */
const ASSUMPTIONS: readonly unknown[] = [null, true, false, 0, 7, '10.0.0.0/8', 'fd00::/48'];

/** Limit of the object's own values that are assumed for an unknown value. */
const MAX_OWN = 50;

/** What is known of a kind of object. */
export type KnownKind = Pick<Target<unknown>, 'schema' | 'words'>;

/** The objects that a file can become when it is applied, and the unknown paths. */
export interface Cases<T> {
  /** One case where everything is known. */
  readonly cases: readonly T[];
  readonly unknown: readonly FieldPath[];
  /** The object may contain more, or has too many values: it has no findings. */
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

/** These are maps, whatever the schema allows. */
function isPart(path: FieldPath): boolean {
  return path.length === 0 || (path.length === 1 && (path[0] === 'metadata' || path[0] === 'spec'));
}

/** Whether the schema allows only a map or a list there. */
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

/** All words that the schema allows or suggests somewhere. */
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
 * The findings that every case has. Stops as soon as none is left.
 * @param keyOf has the same result for the same finding
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

/** Whether a value below the path is unknown: a field that seems missing may be in it. */
export function isAroundUnknown(
  unknown: readonly FieldPath[],
  { path }: { readonly path: FieldPath },
): boolean {
  return unknown.some((each) => path.length < each.length && isWithin(each, path));
}

/**
 * Whether a finding is about an unknown value, or about a field that an unknown value may contain. That a field is
 * unknown by its name is true whatever its value is.
 */
export function isAboutUnknown(
  unknown: readonly FieldPath[],
  { path, got }: { readonly path: FieldPath; readonly got?: unknown },
): boolean {
  return unknown.some((each) => {
    return isWithin(path, each) && (each.length < path.length || got !== path.at(-1));
  });
}
