import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readList, readMap, readString } from '../policy/json.ts';
import type { JsonSchema } from './json-schema.ts';

/** Keywords of a schema that limit values, besides their type. */
export type ValueKeyword =
  | 'enum'
  | 'minimum'
  | 'maximum'
  | 'minItems'
  | 'maxItems'
  | 'maxLength'
  | 'uniqueItems'
  | 'required';

/** A value with the right type that the schema does not allow. */
export interface ValueProblem {
  readonly keyword: ValueKeyword;
  /** The path of the value; of the missing field; of the second of two equal entries. */
  readonly path: FieldPath;
  readonly value: unknown;
  /** The schema of the value. For a missing field, the schema of its map. */
  readonly schema: JsonSchema;
  /** The first release of Calico whose API rejects it (`x-calico` in the schema). Older releases accept it. */
  readonly since: string | undefined;
}

export type ValueCheck = (value: unknown) => readonly ValueProblem[];

/** Limit of the problems of one object: a list can fill the whole body, and would have millions. */
const MAX_PROBLEMS = 1000;

/**
 * The problems of values by the schema, read as the API server reads a CRD: null is no value, and a value with the
 * wrong type is left out, because it has a finding already. Rules check formats and patterns.
 */
export function compileValues(schema: JsonSchema, references: readonly JsonSchema[] = []): ValueCheck {
  const byId = new Map(references.map((each) => [String(each['$id']), each]));
  return (value) => {
    const problems: ValueProblem[] = [];
    visit(value, schema, [], problems);
    return problems;
  };

  function visit(value: unknown, written: JsonObject, path: FieldPath, problems: ValueProblem[]): void {
    if (isUnset(value) || problems.length >= MAX_PROBLEMS) return;
    const part = byId.get(readString(written, '$ref') ?? '') ?? written;
    for (const keyword of brokenBy(value, part)) problems.push(toProblem(keyword, part, path, value));
    if (Array.isArray(value)) {
      if (part['uniqueItems'] === true) findEqual(value, part, path, problems);
      const items = readMap(part, 'items');
      if (items === undefined || isPlain(items)) return;
      for (const [index, entry] of value.entries()) visit(entry, items, [...path, index], problems);
    } else if (isMap(value)) {
      for (const name of readList(part, 'required')) {
        if (!isUnset(read(value, String(name)))) continue;
        problems.push(toProblem('required', part, [...path, String(name)], undefined));
      }
      for (const [name, property] of Object.entries(readMap(part, 'properties') ?? {})) {
        if (isMap(property)) visit(read(value, name), property, [...path, name], problems);
      }
    }
  }
}

/** Whether the schema limits only the type of a value. */
function isPlain(part: JsonObject): boolean {
  return Object.keys(part).every((keyword) => keyword === 'type' || keyword === 'description');
}

/** Lists that are sets have only scalars. */
function findEqual(
  list: readonly unknown[],
  part: JsonObject,
  path: FieldPath,
  problems: ValueProblem[],
): void {
  const seen = new Set<unknown>();
  for (const [index, entry] of list.entries()) {
    if (seen.has(entry)) problems.push(toProblem('uniqueItems', part, [...path, index], entry));
    seen.add(entry);
    if (problems.length >= MAX_PROBLEMS) return;
  }
}

function brokenBy(value: unknown, part: JsonObject): ValueKeyword[] {
  const broken: ValueKeyword[] = [];
  const words = part['enum'];
  // A word where a number is needed, or the other way round, has the wrong type.
  const isOfType = (word: unknown) => !isUnset(word) && typeof word === typeof value;
  if (Array.isArray(words) && words.some(isOfType) && !words.includes(value)) broken.push('enum');
  if (typeof value === 'string') {
    if (isLongerThan(value, part['maxLength'])) broken.push('maxLength');
  } else if (typeof value === 'number') {
    if (isBelow(value, part['minimum'])) broken.push('minimum');
    if (isBelow(part['maximum'], value)) broken.push('maximum');
  } else if (Array.isArray(value)) {
    if (isBelow(value.length, part['minItems'])) broken.push('minItems');
    if (isBelow(part['maxItems'], value.length)) broken.push('maxItems');
  }
  return broken;
}

function isBelow(a: unknown, b: unknown): boolean {
  return typeof a === 'number' && typeof b === 'number' && a < b;
}

/** Go counts characters. JavaScript counts those beyond 16 bits twice. */
function isLongerThan(text: string, most: unknown): boolean {
  if (typeof most !== 'number' || text.length <= most) return false;
  return text.length > 2 * most || [...text].length > most;
}

function toProblem(keyword: ValueKeyword, part: JsonObject, path: FieldPath, value: unknown): ValueProblem {
  return { keyword, path, value, schema: part, since: readString(part, 'x-calico', keyword) };
}

/** The words of an enum. */
export function wordsOf(schema: JsonSchema): readonly string[] {
  return readList(schema, 'enum')
    .filter((word) => !isUnset(word))
    .map(String);
}

/**
 * The words that a field allows, in the order of the schema; those of `x-any-case` in any case. The empty string,
 * which some fields read as their default, is left out.
 * @param steps names of fields, and `items` for the entries of a list
 * @throws where the schema has no words there: a rule asks for something that does not exist
 */
export function wordsAt(schema: JsonSchema, ...steps: readonly string[]): readonly string[] {
  const path = steps.flatMap((step) => (step === 'items' ? [step] : ['properties', step]));
  const part = readMap(schema, ...path) ?? {};
  const anyCase = anyCaseWordsOf(part);
  const words = (anyCase.length > 0 ? anyCase : wordsOf(part)).filter((word) => word !== '');
  if (words.length === 0) throw new Error(`the schema has no words at ${steps.join('.')}`);
  return words;
}

/**
 * Words that are allowed in any case. JSON Schema has no keyword for this: those of `x-any-case`, or those of the
 * enum where it is true, which only the newest releases compare exactly.
 */
export function anyCaseWordsOf(schema: JsonSchema): readonly string[] {
  if (schema['x-any-case'] === true) return wordsOf(schema);
  return readList(schema, 'x-any-case').map(String);
}

/** Both limits of a number. */
export function boundsOf(schema: JsonSchema): { readonly min: number; readonly max: number } {
  const { minimum, maximum } = schema;
  return {
    min: typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY,
    max: typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY,
  };
}
