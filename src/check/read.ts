import type { FieldPath } from '../policy/field-path.ts';
import { type Decoded, decodeText, MAX_FILE_BYTES } from './decode.ts';
import type { Span } from './lines.ts';
import { type Part, splitDocuments } from './split.ts';
import { readTree, type SyntaxProblem, type Tree } from './tree.ts';

/** Where documents come from. */
export interface Source {
  /** As it is called in reports. */
  readonly name: string;
  /** Whether it was asked for by name, and not merely found in a directory. */
  readonly isNamed: boolean;
  /** The same each time; undefined where it is more than MAX_FILE_BYTES. */
  read(): Promise<Buffer | undefined>;
}

/** The text of a source, or why there is none. */
export async function readText(source: Source): Promise<Decoded> {
  const bytes = await source.read();
  if (bytes === undefined) {
    const problem = `the file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB, which is too large to be read`;
    return { line: 1, column: 1, problem, advice: 'split it' };
  }
  return decodeText(bytes);
}

/** One document of a text, with positions in that text. */
export interface ReadDocument extends Span {
  readonly number: number;
  readonly isEmpty: boolean;
  readonly problem?: SyntaxProblem;
  readonly tree?: Tree;
}

/** Reading takes two hundred times as much memory. */
export const MAX_DOCUMENT_LENGTH = 4 * 1024 * 1024;

export function* readDocuments(text: string): Generator<ReadDocument> {
  for (const part of splitDocuments(text)) yield readDocument(text, part);
}

export function readDocument(text: string, { number, start, end }: Part): ReadDocument {
  const tree = end - start > MAX_DOCUMENT_LENGTH ? tooLong(end - start) : readTree(text.slice(start, end));
  return 'problem' in tree
    ? { number, start, end, isEmpty: false, problem: shift(tree, start) }
    : { number, start, end, isEmpty: tree.value === undefined, tree };
}

function tooLong(length: number): SyntaxProblem {
  const size = (length / 1024 / 1024).toFixed(1);
  const problem = `the document has ${size} MiB, which is too large to be read`;
  return { start: 0, end: 1, problem, advice: 'split it with lines of ---' };
}

function shift(problem: SyntaxProblem, by: number): SyntaxProblem {
  return { ...problem, start: problem.start + by, end: problem.end + by };
}

/** Paths of the keys written twice below a path, relative to it. */
export function duplicatesBelow(tree: Tree, base: FieldPath): FieldPath[] {
  return tree.duplicates
    .filter(({ path }) => path.length > base.length && base.every((step, index) => path[index] === step))
    .map(({ path }) => path.slice(base.length));
}
