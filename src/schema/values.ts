import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readList, readMap, readString } from '../policy/json.ts';
import type { JsonSchema } from './json-schema.ts';

/** Keywords of a schema that say which values a field takes, beyond its type. */
export type ValueKeyword =
  | 'enum'
  | 'minimum'
  | 'maximum'
  | 'minItems'
  | 'maxItems'
  | 'maxLength'
  | 'uniqueItems'
  | 'required';

/** A value that is of the right type, and that the schema does not take. */
export interface ValueProblem {
  readonly keyword: ValueKeyword;
  /** Of the value; of the field that is missing; of the second of two equal entries. */
  readonly path: FieldPath;
  readonly value: unknown;
  /** What the schema says of the value; for a field that is missing, of the map that should have it. */
  readonly schema: JsonSchema;
  /** First release of Calico whose API refuses it (`x-calico` of the schema), where older ones do not. */
  readonly since: string | undefined;
}

export type ValueCheck = (value: unknown) => readonly ValueProblem[];

/** Most problems of one object; a list that is as long as a body can be would have millions. */
const MAX_PROBLEMS = 1000;

/**
 * What the schema says of values, read as the API server reads a CRD: null is no value, and a value of the wrong type is
 * left alone, because that is told already. Formats and patterns are for rules.
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

/** Whether nothing but the type is said of a value. */
function isPlain(part: JsonObject): boolean {
  return Object.keys(part).every((keyword) => keyword === 'type' || keyword === 'description');
}

/** Lists that are sets hold nothing but scalars. */
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
  // A word where a number is wanted, or the other way round, has the wrong type.
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

/** Go counts characters; JavaScript counts those beyond 16 bits twice. */
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
 * The words that a field takes, in the order of the schema; of `x-any-case`, which are compared in any case. Empty, which
 * some fields take for their default, is none of them.
 * @param steps names of fields, and `items` for the entries of a list
 * @throws where the schema has no words there: a rule asks for what is not in it
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
 * Words that are taken in any case, which no keyword of JSON Schema says: those of `x-any-case`, or where it is true those
 * of the enum, which only the newest releases compare exactly.
 */
export function anyCaseWordsOf(schema: JsonSchema): readonly string[] {
  if (schema['x-any-case'] === true) return wordsOf(schema);
  return readList(schema, 'x-any-case').map(String);
}

/** Both bounds of a number. */
export function boundsOf(schema: JsonSchema): { readonly min: number; readonly max: number } {
  const { minimum, maximum } = schema;
  return {
    min: typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY,
    max: typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY,
  };
}
