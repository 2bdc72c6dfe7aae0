import { quote } from './message.ts';

/** The place of a value in an object: map keys are strings, list positions are numbers. */
export type FieldPath = readonly (string | number)[];

const MAX_PLAIN_KEY = 128;
const PLAIN_KEY = /^[A-Za-z0-9_$/-]+(\.[A-Za-z0-9_$/-]+)*$/;

/**
 * The path as Kubernetes prints it: `spec.workers[0].name`. Dots in a key stay as they are, as in Gardener's own
 * answers (`resources.node.nvidia.com/gpu`). A key that has unusual characters, or is very long, is quoted, escaped
 * and cut.
 */
export function formatPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (step.length > MAX_PLAIN_KEY || !PLAIN_KEY.test(step)) text += `[${quote(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** Whether a path is the place itself, or is below it. */
export function isWithin(path: FieldPath, place: FieldPath): boolean {
  return place.every((step, index) => step === path[index]);
}

/** An RFC 6901 JSON pointer. */
export function formatPointer(path: FieldPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Steps of an RFC 6901 pointer, all as strings: ajv gives no types, and reading a list by '0' works. */
export function parsePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Gives each path a short name. The same path always has the same name. */
export function createPathNames(): (path: FieldPath) => string {
  const numbers = new Map<string | number, number>();
  const numberOf = (step: string | number): number => {
    const number = numbers.get(step) ?? numbers.size;
    numbers.set(step, number);
    return number;
  };
  return (path) => path.map(numberOf).join(' ');
}
