import type { FieldPath } from '../policy/field-path.ts';
import { MAX_DEPTH } from '../policy/json.ts';
import type { MessageParts } from '../policy/message.ts';
import { convertNodes } from './convert.ts';
import type { Span } from './lines.ts';
import { createPlaces } from './places.ts';
import { explainFault } from './syntax.ts';
import { Unreadable } from './unreadable.ts';
import { SyntaxFault } from './yaml/fault.ts';
import type { Pair, YamlNode } from './yaml/nodes.ts';
import { parseYaml } from './yaml/parse.ts';

/** Why a document cannot be read, and where. */
export interface SyntaxProblem extends Span, MessageParts {}

/** A key that is written more than once. The span is that of the last one, which counts. */
export interface Duplicate extends Span {
  readonly path: FieldPath;
}

/** The place where a value of a document is written. */
export interface Place {
  /** The key with the value. Undefined for items of lists and for the document itself. */
  readonly pair: Pair | undefined;
  readonly parent: YamlNode | undefined;
  readonly node: YamlNode;
  /** An alias or a merge reads the value, which is written elsewhere: a change would change both. */
  readonly isShared: boolean;
}

/** A document as Kubernetes reads it, with the places of its values. */
export interface Tree {
  /** Undefined where the document is empty. */
  readonly value: unknown;
  readonly duplicates: readonly Duplicate[];
  /** Undefined where nothing is written at the path. */
  find(path: FieldPath): Place | undefined;
  /** A scalar as it is written, without its quotes. */
  sourceAt(path: FieldPath): string | undefined;
}

// Characters that go-yaml rejects. Other tools drop them.
const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ud800-\udfff\ue000-\ufefe\uff00-\ufffd]/;

/** Parses a text with one document. Spans are offsets in that text. */
export function readTree(text: string): Tree | SyntaxProblem {
  try {
    return toTree(compose(text));
  } catch (thrown) {
    if (thrown instanceof Unreadable) return thrown.problem;
    throw thrown;
  }
}

function compose(text: string): YamlNode | undefined {
  const control = CONTROL.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0');
    throw new Unreadable({
      start: control.index,
      end: control.index + 1,
      problem: `the control character U+${code.toUpperCase()} is not allowed`,
      advice: 'remove it, or escape it in quotes',
    });
  }
  try {
    return parseYaml(text, MAX_DEPTH);
  } catch (thrown) {
    if (thrown instanceof SyntaxFault) throw new Unreadable(explainFault(thrown, text));
    throw thrown;
  }
}

function toTree(root: YamlNode | undefined): Tree {
  if (root === undefined) return EMPTY_TREE;
  const converted = convertNodes(root);
  const { value, duplicates } = converted;
  return { value: value === null ? undefined : value, duplicates, ...createPlaces(root, converted) };
}

/** The tree of an empty document. */
export const EMPTY_TREE: Tree = {
  value: undefined,
  duplicates: [],
  find: () => undefined,
  sourceAt: () => undefined,
};
