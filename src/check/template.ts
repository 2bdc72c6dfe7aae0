import type { Span } from './lines.ts';
import { readTree, type Tree } from './tree.ts';

// A template is not YAML before it is rendered: `cidr: {{ x }}` has no value yet, and `{% if x %}` is no line of
// YAML. Where all expressions of a document are values, the other values can be read. A document with lines that
// decide about other lines cannot be read.

const MARKS = /\{\{|\{%|%\{|\$\{/g;
const CLOSING: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '%{': '}', '${': '}' };

/** The content of a template's document, or the first line that makes it unreadable. */
export type Template = { readonly tree: Tree } | { readonly line: Span };

/** @returns undefined where the text is not YAML for another reason */
export function readTemplate(text: string): Template | undefined {
  const expressions = [...listExpressions(text)];
  if (expressions.length === 0) return undefined;
  const line = findLine(text, expressions);
  if (line !== undefined) return { line };
  const tree = readTree(replace(text, expressions, (length) => `\${${'_'.repeat(length - 3)}}`));
  return 'problem' in tree ? undefined : { tree };
}

function* listExpressions(text: string): Generator<Span> {
  let behind = 0;
  for (const { index: start, 0: open } of text.matchAll(MARKS)) {
    if (start < behind) continue;
    const close = CLOSING[open] ?? '';
    const at = text.indexOf(close, start + open.length);
    // Where one expression has no end, the later ones have none either.
    if (at < 0) return;
    behind = at + close.length;
    yield { start, end: behind };
  }
}

/** The first expression that fills its line, or continues on the next line. */
function findLine(text: string, expressions: readonly Span[]): Span | undefined {
  const rest = replace(text, expressions, (length) => ' '.repeat(length));
  let lineEnd = -1;
  for (const expression of expressions) {
    const { start, end } = expression;
    if (text.slice(start, end).includes('\n')) return expression;
    if (start < lineEnd) continue;
    const next = text.indexOf('\n', end);
    lineEnd = next < 0 ? text.length : next;
    if (/^\s*(?:#.*)?$/.test(rest.slice(rest.lastIndexOf('\n', start) + 1, lineEnd))) return expression;
  }
  return undefined;
}

/** Replaces each expression by text of the same length, so that all positions stay. */
function replace(text: string, expressions: readonly Span[], fill: (length: number) => string): string {
  let replaced = '';
  let from = 0;
  for (const { start, end } of expressions) {
    replaced += text.slice(from, start) + fill(end - start);
    from = end;
  }
  return replaced + text.slice(from);
}
