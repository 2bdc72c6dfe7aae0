import { expect } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { type BundleOptions, evaluateDocuments } from './bundle.ts';
import { expectMessage, expectWarningFits } from './message.ts';

/**
 * The findings that users get, as `<document> <action> <rule> <path>` in order. Checks the form of every message.
 * Findings for the audit are left out, because correct objects have them.
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
