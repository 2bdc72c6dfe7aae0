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

/** An object that does not have the shape that its schema asks for. */
export interface ShapeProblem extends Finding {
  readonly kind: 'unknown-field' | 'wrong-type' | 'missing-field' | 'wrong-value';
  /** The names that its map knows, for a field that is unknown; nothing beyond the first {@link MAX_SUGGESTIONS}. */
  readonly known?: readonly string[];
}

/** Beyond this many, a suggestion helps nobody, and looking for one costs time. */
const MAX_SUGGESTIONS = 100;

export type ShapeCheck = (value: unknown) => readonly ShapeProblem[];

/** What the schema of a kind is good for. */
export interface Shape {
  /** The schema, with what it refers to in the place of each reference. */
  readonly schema: () => JsonSchema;
  readonly check: ShapeCheck;
  /** Undefined where values belong to rules of their own. */
  readonly values?: ValueCheck;
  /** The value as rules see it. */
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

/** Of a kind whose schema says which values it takes. */
export function createValueShape(schema: JsonSchema, references: readonly JsonSchema[] = []): Shape {
  return { ...createShape(schema, references), values: compileValues(schema, references) };
}

/** In the objects that we judge, values belong to rules, so that each can be switched; enums are for editors. */
export const SHAPE_KEYWORDS: readonly string[] = ['type', 'additionalProperties'];
/** In our own configuration file there are no rules. */
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
 * Only what the keywords find is told. A schema is compiled when its first object comes, once: compiling all of them
 * would take longer than all else that a command does.
 */
export function compileShape(
  schema: JsonSchema,
  references: readonly JsonSchema[] = [],
  keywords: readonly string[] = SHAPE_KEYWORDS,
): ShapeCheck {
  const firstOnly = once(() => compile(schema, references, false));
  const all = once(() => compile(schema, references, true));
  const homes = new Map<string, string>();
  // Where a schema that leaves most to others refers to a strict one, only that one's names can be unknown.
  const isStrict = [schema, readMap(schema, 'properties', 'spec')].some(
    (part) => part?.['additionalProperties'] === false,
  );
  for (const strict of isStrict || references.length === 0 ? [schema] : references)
    collectHomes(strict, [], homes);
  return (value) => {
    const isGood = firstOnly();
    if (isGood(value)) return [];
    const findAll = all();
    findAll(narrow(value, schema, references));
    // A mistake beyond what the narrowed copy holds is known by the first validator alone.
    const errors = findAll.errors ?? isGood.errors ?? [];
    const reported = errors.filter((error) => keywords.includes(error.keyword));
    return reported.map((error, index) => toProblem(error, value, homes, index < MAX_SUGGESTIONS));
  };
}

function compile(
  schema: JsonSchema,
  references: readonly JsonSchema[],
  allErrors: boolean,
): ValidateFunction {
  // That the schemas are schemas is for the tests: compiling the schema of schemas would double a command's start.
  const ajv = new Ajv({
    allErrors,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    meta: false,
    validateSchema: false,
    // A third of the compilation, and V8 does the same to what is used often.
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
    const request = nearest(String(value), allowed);
    const hint = request === undefined ? '' : `did you mean ${request}? `;
    return {
      problem: 'not a known value',
      advice: `${hint}use ${listAlternatives(allowed.slice(0, 7))}`,
    };
  }
  return { problem: error.message ?? 'not allowed', advice: 'see schemas/config.json' };
}

/** Pointers do not say whether `0` is a key or a position; the object does. */
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

/** Whether its text is sure to be what was written: the author's own spelling of any other number is lost. */
function isPlainWord(value: unknown): boolean {
  return typeof value === 'boolean' || (Number.isSafeInteger(value) && Number(value) >= 0);
}

function adviseType(types: readonly unknown[], value: unknown, error: ErrorObject): string {
  const words = readList(error.parentSchema, 'enum').filter((word) => typeof word === 'string');
  const allowed = words.filter((word) => word !== '');
  if (allowed.length > 0) return `use ${listAlternatives(allowed)}`;
  if (types.includes('string') && isPlainWord(value)) return `put it in quotes: "${value}"`;
  const example: unknown = readList(error.parentSchema, 'examples')[0];
  // The author's spelling is lost (1.60 has become 1.6), and where quotes alone may not do no example is given.
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

/** Only quotes: what was meant is not in doubt. */
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

/** A name that is taken already cannot be what another field should be called. */
function nameCorrection(name: string, parent: unknown, map: unknown): Fix | undefined {
  const meant = surelyMeant(name, Object.keys(readMap(parent, 'properties') ?? {}));
  return meant === undefined || read(map, meant) !== undefined ? undefined : { kind: 'rename', to: meant };
}

function nameHint(name: string, parent: unknown, homes: ReadonlyMap<string, string>): string {
  const known = Object.keys(readMap(parent, 'properties') ?? {});
  const home = homes.get(name);
  const request = nearest(name, known);
  if (request !== undefined) return `did you mean ${request}? Names are case-sensitive`;
  // `mtu` for `vethMTU`: a part of a name that no other name ends with.
  const ending = known.filter((each) => each.toLowerCase().endsWith(name.toLowerCase()));
  const [longer, ...others] = name.length >= 3 ? ending : [];
  if (longer !== undefined && others.length === 0) return `did you mean ${longer}?`;
  if (home !== undefined) return home === '' ? 'it belongs at the top level' : `it belongs in ${home}`;
  return known.length > 0 && known.length <= 6 ? `use ${listAlternatives(known)}` : 'remove it';
}

/** Where each field name has its place in a schema, so that one that was written a level off can be led home. */
function collectHomes(schema: unknown, path: FieldPath, homes: Map<string, string>): void {
  for (const [name, property] of Object.entries(readMap(schema, 'properties') ?? {})) {
    // `enabled` has a place in many maps, and says nothing of which one was meant.
    if (!homes.has(name) && name !== 'enabled') homes.set(name, formatPath(path));
    collectHomes(property, [...path, name], homes);
  }
}
