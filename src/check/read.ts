import { type FieldPath, isWithin } from '../policy/field-path.ts';
import { type Decoded, decodeText, MAX_FILE_BYTES, withoutMark } from './decode.ts';
import type { Span } from './lines.ts';
import { holdsNothing, type Part, splitDocuments } from './split.ts';
import { readTemplate } from './template.ts';
import { readTree, type SyntaxProblem, type Tree } from './tree.ts';

/** Where documents come from. */
export interface Source {
  /** As it is called in reports. */
  readonly name: string;
  /** Whether it was asked for by name, and not merely found in a directory. */
  readonly isNamed: boolean;
  /** The same each time; undefined where it is known to be more than MAX_FILE_BYTES. */
  read(): string | Uint8Array | undefined;
}

/** The text of a source, or why there is none. */
export function readText(source: Source): Decoded {
  const content = source.read();
  if (content === undefined || content.length > MAX_FILE_BYTES) {
    const problem = `the file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB, which is too large to be read`;
    return { line: 1, column: 1, problem, advice: 'split it' };
  }
  return typeof content === 'string' ? withoutMark(content) : decodeText(content);
}

/** What there is to see of a source that has no text, as letters without accents. */
export function readRoughly(source: Source): string {
  const content = source.read();
  if (content === undefined) return '';
  // Of UTF-16 every other byte is none of a letter.
  return typeof content === 'string'
    ? content
    : new TextDecoder('latin1').decode(content).replaceAll('\0', '');
}

/** One document of a text, with positions in that text. */
export interface ReadDocument extends Span {
  readonly number: number;
  readonly isEmpty: boolean;
  readonly problem?: SyntaxProblem;
  readonly tree?: Tree;
  /** It is YAML only once it is rendered; a tree then has expressions for values. */
  readonly isTemplate?: true;
  /** What keeps the rest of a template from being read. */
  readonly templateLine?: Span;
}

/** Reading takes two hundred times as much memory. */
export const MAX_DOCUMENT_LENGTH = 4 * 1024 * 1024;

/** @param isWanted whether a document is worth reading, by its text; of another only where it stands is told */
export function* readDocuments(
  text: string,
  isWanted: (text: string) => boolean = () => true,
): Generator<ReadDocument> {
  for (const part of splitDocuments(text)) {
    const written = text.slice(part.start, part.end);
    yield isWanted(written) ? readDocument(text, part) : { ...part, isEmpty: holdsNothing(written) };
  }
}

/** How many documents of a text have anything in them. */
export function countDocuments(text: string): number {
  let count = 0;
  for (const { start, end } of splitDocuments(text)) if (!holdsNothing(text.slice(start, end))) count += 1;
  return count;
}

export function readDocument(text: string, { number, start, end }: Part): ReadDocument {
  const place = { number, start, end, isEmpty: false };
  if (end - start > MAX_DOCUMENT_LENGTH) return { ...place, problem: shift(tooLong(end - start), start) };
  const written = text.slice(start, end);
  const tree = readTree(written);
  if (!('problem' in tree)) return { ...place, isEmpty: tree.value === undefined, tree };
  const template = readTemplate(written);
  if (template === undefined) return { ...place, problem: shift(tree, start) };
  if ('tree' in template) return { ...place, isTemplate: true, tree: template.tree };
  return { ...place, isTemplate: true, templateLine: shift(template.line, start) };
}

/** The first line of a template in any of the documents: then it decides what is in the others as well. */
export function findTemplateLine(text: string): ReadDocument | undefined {
  if (!/^[ \t]*(?:\{\{|\{%|%\{)/m.test(text)) return undefined;
  for (const document of readDocuments(text)) if (document.templateLine !== undefined) return document;
  return undefined;
}

function tooLong(length: number): SyntaxProblem {
  const size = (length / 1024 / 1024).toFixed(1);
  const problem = `the document has ${size} MiB, which is too large to be read`;
  return { start: 0, end: 1, problem, advice: 'split it with lines of ---' };
}

function shift<S extends Span>(span: S, by: number): S {
  return { ...span, start: span.start + by, end: span.end + by };
}

/** Paths of the keys written twice below a path, relative to it. */
export function duplicatesBelow(tree: Tree, base: FieldPath): FieldPath[] {
  return tree.duplicates
    .filter(({ path }) => path.length > base.length && isWithin(path, base))
    .map(({ path }) => path.slice(base.length));
}
