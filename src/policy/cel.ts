import type { Contradiction } from './contradiction.ts';

// CEL expressions for the ValidatingAdmissionPolicies of an API server. An expression that ends in an error rejects
// the object, whatever the object is. So an expression reads a field only from a map; where there is no map, for
// example at null, it reads an empty map, as `read` of json.ts does.

/**
 * A variable of a policy, which expressions read as `variables.<name>`. The API server evaluates it once, when it is
 * first read.
 */
export interface CelVariable {
  readonly name: string;
  readonly expression: string;
}

/** One of the two objects of a request, in the form in which expressions read it. */
export interface CelObject {
  /** The map at a path, or an empty one. */
  map(path: readonly string[]): string;
  /** Whether a field has the value; `false` where there is no such field. */
  is(path: readonly string[], value: string | boolean): string;
  /** Whether a field has a value of a CEL type, such as `string`. */
  hasType(path: readonly string[], type: 'map' | 'list' | 'string'): string;
  /** Whether a field is missing or null. */
  isUnset(path: readonly string[]): string;
  /** The value of a field that is known to exist. */
  value(path: readonly string[]): string;
}

/** Builds the expressions of one policy. */
export interface Cel {
  readonly object: CelObject;
  /** The object before the update. It has no fields where there was none. */
  readonly old: CelObject;
  /**
   * Gives an expression a name.
   * @returns the expression that reads it
   */
  define(name: string, expression: string): string;
  /** All named expressions. Each comes after those that it reads. */
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

/** Writes a JSON value as CEL. */
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

/** The CEL expression that is true for an object with the contradiction. */
export function toContradictionCel({ tests }: Contradiction, object: CelObject): string {
  return tests
    .map((test) => ('is' in test ? object.is(test.path, test.is) : `!${object.is(test.path, test.isNot)}`))
    .join('\n&& ');
}
