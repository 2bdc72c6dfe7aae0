import type { Position, Range } from 'vscode-languageserver';
import { indexLines, type Span } from '../check/lines.ts';
import { listMeant } from '../check/meant.ts';
import { readDocument } from '../check/read.ts';
import { splitDocuments } from '../check/split.ts';
import type { Tree } from '../check/tree.ts';
import type { YamlNode } from '../check/yaml/nodes.ts';
import type { Policy } from '../policy/evaluate.ts';
import { type FieldPath, isWithin } from '../policy/field-path.ts';
import type { JsonObject } from '../policy/json.ts';
import { readString } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import { repair } from './repair.ts';

/** A document of a text, as far as it can be parsed, and a position in it. */
export interface Reading {
  readonly tree: Tree;
  /** In the text of the document. */
  readonly offset: number;
  /** The range of a part of the document in the whole text. */
  rangeOf(span: Span): Range;
}

/** The document at a position. Where it cannot be parsed, without a line that is not finished. */
export function readAt(text: string, position: Position): Reading | undefined {
  const reading = readPart(text, position);
  if (reading !== undefined) return reading;
  const repaired = repair(text, position.line);
  return repaired === undefined ? undefined : readPart(repaired, position);
}

function readPart(text: string, { line, character }: Position): Reading | undefined {
  const start = startOfLine(text, line);
  if (start === undefined) return undefined;
  const at = start + character;
  const part = [...splitDocuments(text)].find((each) => at <= each.end);
  if (part === undefined || at < part.start) return undefined;
  const { tree } = readDocument(text, part);
  const lines = indexLines(text);
  const toPosition = (offset: number): Position => {
    const place = lines.at(offset + part.start);
    return { line: place.line - 1, character: place.column - 1 };
  };
  return (
    tree && {
      tree,
      offset: at - part.start,
      rangeOf: (span) => ({ start: toPosition(span.start), end: toPosition(span.end) }),
    }
  );
}

/** @param line from 0 */
export function startOfLine(text: string, line: number): number | undefined {
  let start = 0;
  for (let left = line; left > 0; left -= 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  return start;
}

/** A field whose name or value is at a position. */
export interface Spot extends Span {
  readonly path: FieldPath;
  readonly at: 'key' | 'value';
}

/**
 * @param offset in the text of the document
 * @returns undefined between fields
 */
export function findSpot(tree: Tree, offset: number): Spot | undefined {
  const root = tree.find([])?.node;
  return root === undefined ? undefined : findIn(root, [], offset);
}

function findIn(node: YamlNode, path: FieldPath, offset: number): Spot | undefined {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      if (holds(item, offset)) return findIn(item, [...path, index], offset);
    }
    return undefined;
  }
  if (node.kind !== 'map') return holds(node, offset) ? { ...spanOf(node), path, at: 'value' } : undefined;
  for (const { key, value } of node.pairs) {
    if (key.kind !== 'scalar') continue;
    const below = [...path, key.source];
    if (holds(key, offset)) return { ...spanOf(key), path: below, at: 'key' };
    if (holds(value, offset)) return findIn(value, below, offset);
  }
  return undefined;
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

/** An object of ours, and its path in the document. */
export interface Subject {
  readonly policy: Policy;
  readonly schema: JsonObject;
  readonly base: FieldPath;
}

/** The object at a path, where it is one of ours and its kind has a schema. */
export function subjectAt(tree: Tree, path: FieldPath, registry: Registry): Subject | undefined {
  const around = [...listMeant(tree.value, registry)]
    .filter(({ base }) => isWithin(path, base))
    .sort((a, b) => b.base.length - a.base.length);
  const object = around[0]?.object;
  const apiVersion = readString(object, 'apiVersion');
  if (around[0] === undefined || apiVersion === undefined) return undefined;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const policy = registry.find(group, readString(object, 'kind') ?? '');
  const schema = policy?.target.schema?.();
  if (policy === undefined || schema === undefined) return undefined;
  const request = {
    ...({ operation: 'CREATE', object, old: undefined, pathProvider: undefined } as const),
    duplicates: () => [],
  };
  // Not ours: a Shoot with another network, or another ConfigMap.
  return policy.matches(request) ? { policy, schema, base: around[0].base } : undefined;
}
