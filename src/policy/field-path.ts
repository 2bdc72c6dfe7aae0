import { quote } from './message.ts';

/** Where a value stands in an object: map keys as strings, list positions as numbers. */
export type FieldPath = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z0-9_$/-]{1,128}$/;

/**
 * The path as Kubernetes prints it: `spec.workers[0].name`. A key that would blur the dots, hide control
 * characters or run on for ever is quoted, escaped and cut.
 */
export function formatPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!PLAIN_KEY.test(step)) text += `[${quote(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
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
