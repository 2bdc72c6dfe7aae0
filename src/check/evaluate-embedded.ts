import type { FieldPath } from '../policy/field-path.ts';
import { read } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { DocumentRef, RuleFinding } from '../policy/types.ts';
import { evaluateDocument, nameFinding } from './bundle.ts';
import { type EmbeddedObject, listEmbedded } from './embedded.ts';
import { openText } from './inner-text.ts';
import type { HeldObject } from './objects.ts';
import { duplicatesBelow, type ReadDocument } from './read.ts';
import { readTree, type Tree } from './tree.ts';
import { findAgreed } from './unknown.ts';

/** A finding in an object inside another object. */
export interface EmbeddedFinding {
  /** What the object is in: the document, or a text in the document. */
  readonly document: ReadDocument;
  /** The finding, with its path in there. */
  readonly finding: RuleFinding;
  /** The whole path in the outer object. */
  readonly path: FieldPath;
}

export interface EmbeddingOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  readonly ref: DocumentRef;
}

/**
 * The findings of objects that are declared inside another object. They are evaluated alone, because it is unknown to
 * which cluster they go. Only findings about written values count, because the other values come from elsewhere.
 * Undefined where there are no such objects.
 * @param text of the file
 */
export function evaluateEmbedded(
  text: string,
  document: ReadDocument & { readonly tree: Tree },
  { base, object }: HeldObject,
  options: EmbeddingOptions,
): readonly EmbeddedFinding[] | undefined {
  const embedded = [...listEmbedded(object, readValue)];
  if (embedded.length === 0) return undefined;
  return embedded.flatMap((each) => {
    const inner = each.textAt && openText(text, document, [...base, ...each.textAt]);
    const around = inner ?? document;
    const within = inner === undefined ? [...base, ...each.within] : each.within;
    return evaluate(each, within, around.tree, options).map((finding) => ({
      document: around,
      finding: { ...finding, path: [...within, ...finding.path] },
      path: [...(each.textAt ?? []), ...each.within, ...finding.path],
    }));
  });
}

function evaluate(
  { objects, isSpec, sourceOf = (path) => path }: EmbeddedObject,
  within: FieldPath,
  tree: Tree,
  { registry, settings, ref }: EmbeddingOptions,
): readonly RuleFinding[] {
  const strip = (path: FieldPath) => (isSpec ? path.slice(1) : path);
  const agreed = findAgreed(
    objects,
    (each) =>
      evaluateDocument(registry, settings, {
        ref,
        object: each,
        isComplete: false,
        duplicates: (which, below) =>
          which === 'object' ? duplicatesBelow(tree, [...within, ...strip(below)]) : [],
      })?.findings ?? [],
    nameFinding,
  );
  return agreed
    .filter(({ path }) => (isSpec ? path[0] === 'spec' && path.length > 1 : path.length > 0))
    .flatMap((finding) => {
      const path = sourceOf(strip(finding.path));
      return path === undefined ? [] : [{ ...finding, path, fix: undefined }];
    })
    .filter(({ path }) => read(tree.value, ...within, ...path) !== undefined);
}

function readValue(text: string): unknown {
  const tree = readTree(text);
  return 'problem' in tree ? undefined : tree.value;
}
