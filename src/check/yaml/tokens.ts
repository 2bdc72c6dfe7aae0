import type { Span } from '../lines.ts';
import type { ScalarStyle } from './nodes.ts';

export interface ScalarToken extends Span {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  readonly source: string;
}

/** What has a name: an anchor, an alias, a tag in full. */
export interface NamedToken extends Span {
  readonly kind: 'anchor' | 'alias' | 'tag';
  readonly source: string;
}

export interface MarkToken extends Span {
  readonly kind:
    | 'end'
    | 'directive'
    | 'document-start'
    | 'document-end'
    /** Where a list or a map begins without brackets, and where either ends. */
    | 'block-list'
    | 'block-map'
    | 'block-end'
    | '['
    | ']'
    | '{'
    | '}'
    | ','
    | '-'
    /** Before every key, also where no `?` is written. */
    | 'key'
    | 'value';
}

export type Token = ScalarToken | NamedToken | MarkToken;
