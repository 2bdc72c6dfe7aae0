import type { Span } from '../lines.ts';

// The nodes of a YAML document. Offsets are positions in its text, in UTF-16 units. A node begins after its anchor
// and tag, and ends after its last character.

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface Written extends Span {
  readonly anchor?: string;
  /** The full tag: `tag:yaml.org,2002:str`. */
  readonly tag?: string;
}

/** A scalar. Where nothing is written, there is an empty plain scalar. */
export interface ScalarNode extends Written {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** Its text, without quotes, escapes and indentation. */
  readonly source: string;
}

export interface AliasNode extends Span {
  readonly kind: 'alias';
  readonly source: string;
}

export interface ListNode extends Written {
  readonly kind: 'list';
  /** In brackets. */
  readonly isFlow: boolean;
  readonly items: readonly YamlNode[];
}

export interface MapNode extends Written {
  readonly kind: 'map';
  /** In braces. */
  readonly isFlow: boolean;
  readonly pairs: readonly Pair[];
}

/** A key and its value. The same key may be written twice. */
export interface Pair {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export type YamlNode = ScalarNode | AliasNode | ListNode | MapNode;

/** Whether nothing is written at the node. */
export function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.start === node.end;
}
