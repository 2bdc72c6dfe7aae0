import { expect } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { type BundleOptions, evaluateDocuments } from './bundle.ts';
import { expectMessage, expectWarningFits } from './message.ts';

/**
 * What users are told, as `<document> <action> <rule> <path>` in order, and every message as messages have to be. What
 * is only for the audit fires on objects that are as they should be.
 */
export function findAll(
  registry: Registry,
  objects: readonly unknown[],
  options: Pick<BundleOptions, 'old' | 'files' | 'settings'> = {},
): string[] {
  const before = structuredClone(objects);
  const found = evaluateDocuments(registry, objects, options).filter(({ action }) => action !== 'audit');
  expect(objects, 'rules leave their input as it is').toEqual(before);
  for (const each of found) {
    expectMessage(each);
    if (each.action === 'warn') expectWarningFits(each);
  }
  return found
    .map(({ document, action, rule, path }) => `${document.index} ${action} ${rule} ${formatPath(path)}`)
    .toSorted();
}
