import type { Span } from '../lines.ts';

// What a YAML document is made of. Offsets are those of its text, in UTF-16 units; a node begins behind its anchor and
// tag and ends where its last character does.

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface Written extends Span {
  readonly anchor?: string;
  /** In full: `tag:yaml.org,2002:str`. */
  readonly tag?: string;
}

/** A scalar; an empty plain one stands where nothing is written. */
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

/** A key and its value, as they are written: the same key may come twice. */
export interface Pair {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export type YamlNode = ScalarNode | AliasNode | ListNode | MapNode;

/** Whether nothing is written there. */
export function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.start === node.end;
}
