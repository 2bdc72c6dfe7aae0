import type { FieldPath } from '../policy/field-path.ts';
import { type Decoded, decodeText, MAX_FILE_BYTES } from './decode.ts';
import type { Span } from './lines.ts';
import { type Part, splitDocuments } from './split.ts';
import { type Problem, readTree, type Tree } from './tree.ts';

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
export type SourceText = Extract<Decoded, { text: string }> | UnreadableText;

export interface UnreadableText {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export async function readText(source: Source): Promise<SourceText> {
  const bytes = await source.read();
  if (bytes === undefined) {
    const message = `too large to be read (got more than ${MAX_FILE_BYTES / 1024 / 1024} MiB); split it`;
    return { message, line: 1, column: 1 };
  }
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded;
  return { message: decoded.problem, ...decoded.position };
}

/** One document of a text, with positions in that text. */
export interface ReadDocument extends Span {
  readonly number: number;
  readonly isEmpty: boolean;
  readonly problem?: Problem;
  readonly tree?: Tree;
}

/** Reading takes two hundred times as much memory. */
export const MAX_DOCUMENT_LENGTH = 4 * 1024 * 1024;

export function* readDocuments(text: string): Generator<ReadDocument> {
  for (const part of splitDocuments(text)) yield readDocument(text, part);
}

export function readDocument(text: string, { number, start, end }: Part): ReadDocument {
  const tree = end - start > MAX_DOCUMENT_LENGTH ? tooLong(end - start) : readTree(text.slice(start, end));
  return 'message' in tree
    ? { number, start, end, isEmpty: false, problem: shift(tree, start) }
    : { number, start, end, isEmpty: tree.value === undefined, tree };
}

function tooLong(length: number): Problem {
  const got = (length / 1024 / 1024).toFixed(1);
  const message = `the document is too large to be read (got ${got} MiB); split it with lines of ---`;
  return { start: 0, end: 1, message };
}

function shift(problem: Problem, by: number): Problem {
  return { ...problem, start: problem.start + by, end: problem.end + by };
}

/** Paths of the keys written twice below a path, relative to it. */
export function duplicatesBelow(tree: Tree, base: FieldPath): FieldPath[] {
  return tree.duplicates
    .filter(({ path }) => path.length > base.length && base.every((step, index) => path[index] === step))
    .map(({ path }) => path.slice(base.length));
}
