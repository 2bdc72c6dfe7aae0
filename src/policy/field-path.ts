import { quote } from './message.ts';

/** Where a value stands in an object: map keys as strings, list positions as numbers. */
export type FieldPath = readonly (string | number)[];

const MAX_PLAIN_KEY = 128;
const PLAIN_KEY = /^[A-Za-z0-9_$/-]+(\.[A-Za-z0-9_$/-]+)*$/;

/**
 * The path as Kubernetes prints it: `spec.workers[0].name`. Dots in a key stay as they are, as in Gardener's own
 * answers (`resources.node.nvidia.com/gpu`); a key with anything unusual in it, or one that runs on for ever, is
 * quoted, escaped and cut.
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

/** Whether a path leads to a place, or to something below it. */
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

/** Names paths: the same text for the same path, and a short one, however long the path's steps are. */
export function createPathNames(): (path: FieldPath) => string {
  const numbers = new Map<string | number, number>();
  const numberOf = (step: string | number): number => {
    const number = numbers.get(step) ?? numbers.size;
    numbers.set(step, number);
    return number;
  };
  return (path) => path.map(numberOf).join(' ');
}
