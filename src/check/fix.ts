import { formatPath, parsePointer } from '../policy/field-path.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { Candidate } from '../policy/types.ts';
import { describeObject, findPolicy } from './bundle.ts';
import { applyEdit, type Change } from './edit.ts';
import { type HeldObject, listObjects } from './objects.ts';
import { findEdit, isApplicable, toChange } from './offer.ts';
import { duplicatesBelow, type ReadDocument, readDocuments } from './read.ts';
import type { OldObject } from './run.ts';
import { readTree, type Tree } from './tree.ts';

export interface FixOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  findOld?(object: unknown): Promise<OldObject | undefined>;
}

/** A text with all corrections that need no asking. */
export interface FixedText {
  readonly text: string;
  /** Corrections that could not be made; one line each, with the document and the path. */
  readonly refused: readonly string[];
}

/** One correction may bring another to light; each round makes all that there are. */
const MAX_ROUNDS = 10;

/**
 * What rules offer to correct, and what `/mutate` does to every object, done in the text: its comments and its form
 * stay. A change is only kept if the text then reads exactly as the changed object.
 */
export async function fixText(text: string, options: FixOptions): Promise<FixedText> {
  const refused: string[] = [];
  let fixed = '';
  let at = 0;
  for (const document of readDocuments(text)) {
    fixed += text.slice(at, document.start);
    at = document.end;
    const original = text.slice(document.start, document.end);
    const result = await fixDocument(original, document, options);
    fixed += result.text;
    refused.push(...result.refused.map((path) => `document ${document.number}: ${path}`));
  }
  return { text: fixed + text.slice(at), refused };
}

async function fixDocument(text: string, { tree }: ReadDocument, options: FixOptions): Promise<FixedText> {
  let fixed: FixedText = { text, refused: [] };
  let current: Tree | undefined = tree;
  for (let round = 0; current !== undefined && round < MAX_ROUNDS; round += 1) {
    const changes = await collectChanges(current, options);
    const next = changes.reduce(makeChange, { text: fixed.text, refused: [] });
    const isSettled = next.text === fixed.text;
    fixed = next;
    if (isSettled) break;
    current = readTreeOf(next.text);
  }
  return fixed;
}

function makeChange(before: FixedText, change: Change): FixedText {
  const tree = readTreeOf(before.text);
  // What another change of the same round has moved is looked for again in the next.
  if (tree === undefined || !isApplicable(tree, change)) return before;
  const edit = findEdit(before.text, tree, change);
  if (edit !== undefined) return { ...before, text: applyEdit(before.text, edit) };
  return { ...before, refused: [...before.refused, formatPath(change.path)] };
}

function readTreeOf(text: string): Tree | undefined {
  const tree = readTree(text);
  return 'problem' in tree ? undefined : tree;
}

async function collectChanges(tree: Tree, options: FixOptions): Promise<Change[]> {
  const changes: Change[] = [];
  for (const held of listObjects(tree.value)) {
    // A review is the record of something that has been decided.
    if (!held.isReviewed) changes.push(...(await collectForObject(tree, held, options)));
  }
  return changes;
}

async function collectForObject(
  tree: Tree,
  { object, base }: HeldObject,
  { registry, settings, findOld }: FixOptions,
): Promise<Change[]> {
  const policy = findPolicy(registry, object);
  if (policy === undefined) return [];
  const old = await findOld?.(object);
  const candidate: Candidate = {
    operation: old === undefined ? 'CREATE' : 'UPDATE',
    object,
    old: old?.object,
    pathProvider: undefined,
    duplicates: (which, below) => (which === 'object' ? duplicatesBelow(tree, [...base, ...below]) : []),
  };
  const { namespace } = describeObject(object);
  const context = { settings, namespace, checkpoint: () => {}, isBundle: true };
  const offered = policy
    .validate(candidate, context)
    .judgements.filter(({ action }) => action !== 'audit')
    .flatMap((judgement) => toChange(tree, base, judgement) ?? []);
  // What is corrected first may be what a mutation would fill in.
  if (offered.length > 0) return offered;
  const { patch } = policy.mutate(candidate, { ...context, operation: 'unknown' });
  return patch.map(({ path, value }) => ({ kind: 'set', path: [...base, ...parsePointer(path)], value }));
}
