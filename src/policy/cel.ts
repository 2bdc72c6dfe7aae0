import type { Contradiction } from './contradiction.ts';

// Text of CEL expressions for the admission policies of an API server. Nothing here may fail where it is evaluated: an
// expression that ends in an error refuses the object, whatever is in it. So a field is only read of what is a map, and
// what is no map, such as null, is read as an empty one: as `read` of json.ts does it.

/** `name` of a policy's variables, to be read as `variables.<name>`; evaluated when it is read, and once. */
export interface CelVariable {
  readonly name: string;
  readonly expression: string;
}

/** One of the two objects of a request, as expressions read it. */
export interface CelObject {
  /** The map at a path, or an empty one. */
  map(path: readonly string[]): string;
  /** Whether a field has the value; `false` where there is no such field. */
  is(path: readonly string[], value: string | boolean): string;
  /** Whether a field has a value of a CEL type, such as `string`. */
  hasType(path: readonly string[], type: 'map' | 'list' | 'string'): string;
  /** Whether a field is missing or null. */
  isUnset(path: readonly string[]): string;
  /** The value of a field that is sure to be there. */
  value(path: readonly string[]): string;
}

/** What the expressions of one policy are written with. */
export interface Cel {
  readonly object: CelObject;
  /** The object before the update; without any field where there is none. */
  readonly old: CelObject;
  /** Gives an expression a name. @returns what reads it */
  define(name: string, expression: string): string;
  /** All that has been named, each after those that it reads. */
  variables(): CelVariable[];
}

export function createCel(): Cel {
  const variables = new Map<string, string>();
  const define = (name: string, expression: string): string => {
    variables.set(name, expression);
    return `variables.${name}`;
  };
  const old = () => define('old', 'oldObject == null ? {} : oldObject');
  return {
    object: createObject(define, [], () => 'object'),
    old: createObject(define, ['old'], old),
    define,
    variables: () => Array.from(variables, ([name, expression]) => ({ name, expression })),
  };
}

function createObject(define: Cel['define'], prefix: readonly string[], root: () => string): CelObject {
  const map = (path: readonly string[]): string => {
    const key = path.at(-1);
    if (key === undefined) return root();
    const field = `${map(path.slice(0, -1))}.${key}`;
    return define([...prefix, ...path].join('_'), `has(${field}) && type(${field}) == map ? ${field} : {}`);
  };
  const value = (path: readonly string[]): string => `${map(path.slice(0, -1))}.${path.at(-1)}`;
  return {
    map,
    value,
    is: (path, expected) => `(has(${value(path)}) && ${value(path)} == ${toCel(expected)})`,
    hasType: (path, type) => `(has(${value(path)}) && type(${value(path)}) == ${type})`,
    isUnset: (path) => `(!has(${value(path)}) || ${value(path)} == null)`,
  };
}

/** A JSON value as CEL writes it. */
export function toCel(value: unknown): string {
  if (typeof value === 'string') {
    return `'${value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
  }
  if (Array.isArray(value)) return `[${value.map(toCel).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, each]) => `${toCel(key)}: ${toCel(each)}`)
      .join(', ')}}`;
  }
  return String(value);
}

/** Whether an object has the contradiction. */
export function toContradictionCel({ tests }: Contradiction, object: CelObject): string {
  return tests
    .map((test) => ('is' in test ? object.is(test.path, test.is) : `!${object.is(test.path, test.isNot)}`))
    .join('\n&& ');
}
