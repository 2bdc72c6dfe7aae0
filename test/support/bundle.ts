import { type Bundle, createBundle, describeObject } from '../../src/check/bundle.ts';
import type { FieldPath } from '../../src/policy/field-path.ts';
import { formatPath } from '../../src/policy/field-path.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import type { BundleScope, DocumentRef, RuleFinding } from '../../src/policy/types.ts';

/** All documents of the cluster are in the bundle. */
export const WHOLE: BundleScope = { isWhole: true };

export interface BundleOptions {
  /** The documents before the update, in the same order. Undefined for a new one. */
  readonly old?: readonly unknown[];
  /** The objects are from a cluster: its API server has completed them. */
  readonly isComplete?: boolean;
  readonly settings?: PolicySettings;
  /** One file for each document, instead of one for all. */
  readonly files?: readonly string[];
  readonly duplicates?: readonly FieldPath[];
}

export type Found = RuleFinding & { readonly document: DocumentRef };

/** All findings of documents that are evaluated together, with those for the audit. */
export function evaluateDocuments(
  registry: Registry,
  objects: readonly unknown[],
  options: BundleOptions = {},
): Found[] {
  const bundle: Bundle = createBundle(registry, options.settings ?? DEFAULT_SETTINGS);
  const alone = objects.flatMap((object, index) => {
    const ref = { index, file: options.files?.[index] ?? 'bundle.yaml', ...describeObject(object) };
    const old = options.old?.[index];
    const findings = bundle.evaluate({
      ref,
      object,
      ...(old !== undefined && { old }),
      isComplete: options.isComplete ?? false,
      duplicates: (which) => (which === 'object' ? (options.duplicates ?? []) : []),
    });
    return (findings ?? []).map((finding) => ({ ...finding, document: ref }));
  });
  return [...alone, ...bundle.finish()];
}

/** `<document> <action> <path> [<rule>]`, to compare. */
export function summarize(found: readonly Found[]): string[] {
  return found.map(
    ({ document, action, path, rule }) => `${document.index} ${action} ${formatPath(path)} [${rule}]`,
  );
}
