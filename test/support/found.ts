import { expect } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import type { Registry } from '../../src/policy/registry.ts';
import type { Found } from './bundle.ts';
import { judgeDocuments } from './bundle.ts';

/**
 * What users are told, as `<document> <action> <rule> <path>` in order, and every message as messages have to be. What
 * is only for the audit fires on objects that are as they should be.
 */
export function findAll(
  registry: Registry,
  objects: readonly unknown[],
  options: { readonly old?: readonly unknown[]; readonly files?: readonly string[] } = {},
): string[] {
  const before = structuredClone(objects);
  const found = judgeDocuments(registry, objects, options).filter(({ action }) => action !== 'audit');
  expect(objects, 'rules leave their input as it is').toEqual(before);
  for (const each of found) expectMessage(each);
  return found
    .map(({ document, action, rule, path }) => `${document.index} ${action} ${rule} ${formatPath(path)}`)
    .toSorted();
}

function expectMessage({ message, path, rule, action }: Found): void {
  expect(message).toMatch(/^[^;]+ \(got .+\); [^;]+[^.]$/);
  expect(message).not.toContain(formatPath(path));
  expect(message.length, message).toBeLessThanOrEqual(200);
  // A warning is cut at 200 characters, and what to do stands at its end.
  const warning = `${formatPath(path)}: ${message} [${rule}]`;
  if (action === 'warn') expect(warning.length, warning).toBeLessThanOrEqual(200);
}
