import type { Span } from './lines.ts';
import { readTree, type Tree } from './tree.ts';

// Templates are not YAML before they are rendered: `cidr: {{ x }}` is no value, and `{% if x %}` no line of it. Of a
// document whose expressions are all values the rest can be read; one with lines that decide what else there is cannot.

const MARKS = /\{\{|\{%|%\{|\$\{/g;
const CLOSING: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '%{': '}', '${': '}' };

/** What a template's document holds, or the first line that keeps it from being read. */
export type Template = { readonly tree: Tree } | { readonly line: Span };

/** @returns undefined where it is not for a template's sake that the text is not YAML */
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
    // Without an end of its own it has none further on either.
    if (at < 0) return;
    behind = at + close.length;
    yield { start, end: behind };
  }
}

/** The first expression that is all of its line, or goes on in the next. */
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

/** Something of the same length in the place of each expression, so that all places stay. */
function replace(text: string, expressions: readonly Span[], fill: (length: number) => string): string {
  let replaced = '';
  let from = 0;
  for (const { start, end } of expressions) {
    replaced += text.slice(from, start) + fill(end - start);
    from = end;
  }
  return replaced + text.slice(from);
}
