import type { Span } from '../lines.ts';
import type { ScalarStyle } from './nodes.ts';

export interface ScalarToken extends Span {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  readonly source: string;
}

/** A token with a name: an anchor, an alias, or a full tag. */
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
    /** The start of a list or a map without brackets, and the end of either. */
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
