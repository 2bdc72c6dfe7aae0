import { readTree, type SyntaxProblem, type Tree } from '../../src/check/tree.ts';
import { deepEqual } from '../../src/policy/json.ts';

/** What Go read from a text; written by test/check/oracle. */
export interface Row {
  readonly text: string;
  readonly ok: boolean;
  readonly json?: unknown;
}

export function parseRows(table: string): Row[] {
  return table
    .trim()
    .split('\n')
    .map((line): Row => JSON.parse(line));
}

/** What go-yaml never looks at, because its document has ended: `check` reports it, so that it is not lost. */
const BEHIND =
  /^(?:the text after a line of|not YAML: text after the end|not YAML: the line is indented less than the first)/;

/** Where we differ from go-yaml, in texts that do not occur in files. */
const DIFFERENT: readonly { readonly why: string; readonly text: RegExp }[] = [
  { why: 'go-yaml loses track of a collection that is a key, which no object has', text: /^[[{].*[\]}].*:/ },
  { why: 'days that no calendar has, behind !!timestamp', text: /!!timestamp \d{4}-\d+-\d+/ },
  { why: 'bytes that are no text, behind !!binary', text: /!!binary/ },
  { why: 'escapes in the name of a tag that are not UTF-8', text: /![^\s,[\]{}]*%/ },
];

export function readValue(tree: Tree | SyntaxProblem): unknown {
  return 'problem' in tree ? undefined : (tree.value ?? null);
}

/** Rows that we read as something else, with what we make of them. */
export function findDifferences(rows: readonly Row[]): { readonly row: Row; readonly ours: unknown }[] {
  return rows.flatMap((row) => {
    const tree = readTree(row.text);
    const isRejected = 'problem' in tree;
    if (isRejected ? !row.ok || BEHIND.test(tree.problem) : row.ok && deepEqual(readValue(tree), row.json)) {
      return [];
    }
    if (DIFFERENT.some(({ text }) => text.test(row.text))) return [];
    return [{ row, ours: isRejected ? tree.problem : readValue(tree) }];
  });
}
