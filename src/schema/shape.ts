import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { nearest, surelyMeant } from '../formats/nearest.ts';
import { type FieldPath, formatPath, parsePointer } from '../policy/field-path.ts';
import { read, readList, readMap } from '../policy/json.ts';
import { type Explanation, listAlternatives, quote } from '../policy/message.ts';
import { once } from '../policy/once.ts';
import type { Finding, Fix } from '../policy/types.ts';
import { type Bound, compileBound } from './bound.ts';
import type { JsonSchema } from './json-schema.ts';
import { inlineReferences, narrow } from './narrow.ts';
import { compileValues, type ValueCheck } from './values.ts';

/** A difference between an object and its schema. */
export interface ShapeProblem extends Finding {
  readonly kind: 'unknown-field' | 'wrong-type' | 'missing-field' | 'wrong-value';
  /** The names that the map can have, for an unknown field. Only for the first {@link MAX_SUGGESTIONS}. */
  readonly known?: readonly string[];
}

/** More suggestions do not help, and finding them takes time. */
const MAX_SUGGESTIONS = 100;

export type ShapeCheck = (value: unknown) => readonly ShapeProblem[];

/** The functions that are made from the schema of a kind. */
export interface Shape {
  /** The schema, with its references resolved. */
  readonly schema: () => JsonSchema;
  readonly check: ShapeCheck;
  /** Undefined where rules check the values. */
  readonly values?: ValueCheck;
  /** Shortens the lists for rules. */
  readonly bound: Bound;
}

/** @param references schemas that it refers to, by their `$id` */
export function createShape(schema: JsonSchema, references: readonly JsonSchema[] = []): Shape {
  return {
    schema: once(() => inlineReferences(schema, references)),
    check: compileShape(schema, references),
    bound: compileBound(schema, references),
  };
}

/** For a kind whose schema checks values. */
export function createValueShape(schema: JsonSchema, references: readonly JsonSchema[] = []): Shape {
  return { ...createShape(schema, references), values: compileValues(schema, references) };
}

/** In objects of the API, rules check the values, so that each can be turned off. Enums are for editors. */
export const SHAPE_KEYWORDS: readonly string[] = ['type', 'additionalProperties'];
/** The configuration file has no rules. */
export const VALUE_KEYWORDS: readonly string[] = [
  ...SHAPE_KEYWORDS,
  'required',
  'enum',
  'minimum',
  'maximum',
  'pattern',
  'minLength',
  'minItems',
];

/**
 * Reports only what these keywords find. A schema is compiled once, when its first object arrives: to compile all of
 * them would take longer than everything else in a command.
 */
export function compileShape(
  schema: JsonSchema,
  references: readonly JsonSchema[] = [],
  keywords: readonly string[] = SHAPE_KEYWORDS,
): ShapeCheck {
  const firstOnly = once(() => compile(schema, references, false));
  const all = once(() => compile(schema, references, true));
  const homes = once(() => listHomes(schema, references));
  return (value) => {
    const isGood = firstOnly();
    if (isGood(value)) return [];
    const findAll = all();
    findAll(narrow(value, schema, references));
    // Only the first validator finds a mistake beyond the limits of the shortened copy.
    const errors = findAll.errors ?? isGood.errors ?? [];
    const reported = errors.filter((error) => keywords.includes(error.keyword));
    return reported.map((error, index) => toProblem(error, value, homes(), index < MAX_SUGGESTIONS));
  };
}

function compile(
  schema: JsonSchema,
  references: readonly JsonSchema[],
  allErrors: boolean,
): ValidateFunction {
  // Tests check the schemas themselves: compiling the schema of schemas would double the start time of a command.
  const ajv = new Ajv({
    allErrors,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    meta: false,
    validateSchema: false,
    // It takes a third of the compilation, and V8 optimizes code that is used often anyway.
    code: { optimize: false },
  });
  ajv.addVocabulary(['x-networking-calico', 'x-calico', 'x-any-case', 'x-format', 'x-ours']);
  for (const reference of references) ajv.addSchema(reference);
  return ajv.compile(schema);
}

function toProblem(
  error: ErrorObject,
  root: unknown,
  homes: ReadonlyMap<string, string>,
  suggest: boolean,
): ShapeProblem {
  const path = typePath(parsePointer(error.instancePath), root);
  const value = read(root, ...path);
  switch (error.keyword) {
    case 'type':
      return {
        kind: 'wrong-type',
        path,
        reason: 'FieldValueTypeInvalid',
        ...explainType(error, value),
        got: value,
        fix: typeCorrection(error, value),
      };
    case 'additionalProperties': {
      const name = String(error.params['additionalProperty']);
      const known = suggest ? Object.keys(readMap(error.parentSchema, 'properties') ?? {}) : [];
      const hint = suggest ? nameHint(name, error.parentSchema, homes) : 'remove it';
      const fix = suggest ? nameCorrection(name, error.parentSchema, value) : undefined;
      return {
        kind: 'unknown-field',
        path: [...path, name],
        at: 'key',
        reason: 'FieldValueForbidden',
        problem: 'unknown field',
        got: name,
        advice: hint,
        known,
        fix,
      };
    }
    case 'required': {
      const name = String(error.params['missingProperty']);
      const parts = { problem: 'the field is missing', advice: 'add it' };
      return { kind: 'missing-field', path: [...path, name], reason: 'FieldValueRequired', ...parts };
    }
    default: {
      const parts = explainValue(error, value);
      return { kind: 'wrong-value', path, reason: 'FieldValueInvalid', ...parts, got: value };
    }
  }
}

function explainValue(error: ErrorObject, value: unknown): Explanation {
  if (error.keyword === 'enum') {
    const allowed = [error.schema].flat().map(String);
    const suggestion = nearest(String(value), allowed);
    const hint = suggestion === undefined ? '' : `did you mean ${suggestion}? `;
    return {
      problem: 'not a known value',
      advice: `${hint}use ${listAlternatives(allowed.slice(0, 7))}`,
    };
  }
  return { problem: error.message ?? 'not allowed', advice: 'see schemas/config.json' };
}

/** A pointer does not show whether `0` is a key or a position; the object does. */
function typePath(steps: readonly string[], root: unknown): FieldPath {
  const path: (string | number)[] = [];
  for (const step of steps) path.push(Array.isArray(read(root, ...path)) ? Number(step) : step);
  return path;
}

const TYPE_NAMES: Record<string, string> = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  boolean: 'true or false',
  number: 'a number',
  integer: 'a whole number',
};

function explainType(error: ErrorObject, value: unknown): Explanation {
  const types = [error.schema].flat().filter((type) => type !== 'null');
  const wanted = listAlternatives(types.map((type) => TYPE_NAMES[String(type)] ?? String(type)));
  const kind = typeof value === 'string' ? ', not a string' : '';
  return { problem: `must be ${wanted}${kind}`, advice: adviseType(types, value, error) };
}

const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,14})$/;

function isNumeric(types: readonly unknown[]): boolean {
  return types.includes('integer') || types.includes('number');
}

/** Whether its text is the written text. The author's spelling of other numbers is lost. */
function isPlainWord(value: unknown): boolean {
  return typeof value === 'boolean' || (Number.isSafeInteger(value) && Number(value) >= 0);
}

function adviseType(types: readonly unknown[], value: unknown, error: ErrorObject): string {
  const words = readList(error.parentSchema, 'enum').filter((word) => typeof word === 'string');
  const allowed = words.filter((word) => word !== '');
  if (allowed.length > 0) return `use ${listAlternatives(allowed)}`;
  if (types.includes('string') && isPlainWord(value)) return `put it in quotes: "${value}"`;
  const example: unknown = readList(error.parentSchema, 'examples')[0];
  // The author's spelling is lost (1.60 has become 1.6). There is no example where quotes alone may be wrong.
  if (typeof value === 'number' && typeof example === 'string')
    return `put it in quotes, such as "${example}"`;
  if (types.includes('boolean') && (value === 'true' || value === 'false'))
    return `write ${value} without quotes`;
  if (isNumeric(types) && typeof value === 'string' && PLAIN_NUMBER.test(value)) {
    return `write ${value} without quotes`;
  }
  if (types.length === 1 && types[0] === 'boolean' && typeof value === 'string') return adviseSwitch(value);
  const properties = readMap(error.parentSchema, 'properties');
  if (types.includes('object') && typeof value === 'boolean' && properties && 'enabled' in properties) {
    return `write {enabled: ${value}}`;
  }
  if (types.includes('array') && typeof value === 'string') return `write [${quote(value)}]`;
  return 'correct the value or remove the field';
}

/** YAML 1.1 reads some words as true or false, but not in quotes. */
function adviseSwitch(text: string): string {
  const word = text.toLowerCase();
  if (['y', 'yes', 'on', 'true', 'enabled'].includes(word)) return 'write true';
  if (['n', 'no', 'off', 'false', 'disabled'].includes(word)) return 'write false';
  return 'write true or false';
}

/** Adds only quotes, which is certain. */
function typeCorrection(error: ErrorObject, value: unknown): Fix | undefined {
  const types = [error.schema].flat();
  const words = readList(error.parentSchema, 'enum');
  if (types.includes('string') && isPlainWord(value)) {
    const isAllowed = words.length === 0 || words.includes(String(value));
    return isAllowed ? { kind: 'replace', value: String(value) } : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (types.includes('boolean') && (value === 'true' || value === 'false')) {
    return { kind: 'replace', value: value === 'true' };
  }
  return isNumeric(types) && PLAIN_NUMBER.test(value) ? { kind: 'replace', value: Number(value) } : undefined;
}

/** A name that the map has already is no suggestion. */
function nameCorrection(name: string, parent: unknown, map: unknown): Fix | undefined {
  const meant = surelyMeant(name, Object.keys(readMap(parent, 'properties') ?? {}));
  return meant === undefined || read(map, meant) !== undefined ? undefined : { kind: 'rename', to: meant };
}

function nameHint(name: string, parent: unknown, homes: ReadonlyMap<string, string>): string {
  const known = Object.keys(readMap(parent, 'properties') ?? {});
  const home = homes.get(name);
  const suggestion = nearest(name, known);
  if (suggestion !== undefined) return `did you mean ${suggestion}? Names are case-sensitive`;
  // `mtu` for `vethMTU`: a part of a name that no other name ends with.
  const ending = known.filter((each) => each.toLowerCase().endsWith(name.toLowerCase()));
  const [longer, ...others] = name.length >= 3 ? ending : [];
  if (longer !== undefined && others.length === 0) return `did you mean ${longer}?`;
  if (home !== undefined) return home === '' ? 'it belongs at the top level' : `it belongs in ${home}`;
  return known.length > 0 && known.length <= 6 ? `use ${listAlternatives(known)}` : 'remove it';
}

/**
 * The path of each field name in a schema, to suggest the right one for a field at the wrong level. Where the outer
 * schema allows other fields and refers to a strict one, only names of the strict one can be unknown.
 */
function listHomes(schema: JsonSchema, references: readonly JsonSchema[]): ReadonlyMap<string, string> {
  const isStrict = [schema, readMap(schema, 'properties', 'spec')].some(
    (part) => part?.['additionalProperties'] === false,
  );
  const homes = new Map<string, string>();
  for (const strict of isStrict || references.length === 0 ? [schema] : references)
    collectHomes(strict, [], homes);
  return homes;
}

function collectHomes(schema: unknown, path: FieldPath, homes: Map<string, string>): void {
  for (const [name, property] of Object.entries(readMap(schema, 'properties') ?? {})) {
    // `enabled` is in many maps, so that the intended one is unknown.
    if (!homes.has(name) && name !== 'enabled') homes.set(name, formatPath(path));
    collectHomes(property, [...path, name], homes);
  }
}
