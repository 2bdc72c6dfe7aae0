import { type FieldPath, isWithin } from '../policy/field-path.ts';
import { type Decoded, decodeText, MAX_FILE_BYTES, withoutMark } from './decode.ts';
import type { Span } from './lines.ts';
import { holdsNothing, type Part, splitDocuments } from './split.ts';
import { readTemplate } from './template.ts';
import { readTree, type SyntaxProblem, type Tree } from './tree.ts';

/** A text with documents: a file, or standard input. */
export interface Source {
  /** Its name in reports. */
  readonly name: string;
  /** Whether the user named it. False where it was found in a directory. */
  readonly isNamed: boolean;
  /** Returns the same each time. Undefined where it is larger than MAX_FILE_BYTES. */
  read(): string | Uint8Array | undefined;
}

/** The text of a source, or why it cannot be read. */
export function readText(source: Source): Decoded {
  const content = source.read();
  if (content === undefined || content.length > MAX_FILE_BYTES) {
    const problem = `the file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB, which is too large to be read`;
    return { line: 1, column: 1, problem, advice: 'split it' };
  }
  return typeof content === 'string' ? withoutMark(content) : decodeText(content);
}

/** The readable parts of a source that has no text, as letters without accents. */
export function readRoughly(source: Source): string {
  const content = source.read();
  if (content === undefined) return '';
  // In UTF-16 every other byte is not part of a letter.
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
  /** It is YAML only after it is rendered. Its tree then has expressions for values. */
  readonly isTemplate?: true;
  /** The line of a template that makes the document unreadable. */
  readonly templateLine?: Span;
}

/** Reading takes two hundred times as much memory as the text. */
export const MAX_DOCUMENT_LENGTH = 4 * 1024 * 1024;

/** @param isWanted whether a document is to be parsed, by its text; of other documents only the place is returned */
export function* readDocuments(
  text: string,
  isWanted: (text: string) => boolean = () => true,
): Generator<ReadDocument> {
  for (const part of splitDocuments(text)) {
    const written = text.slice(part.start, part.end);
    yield isWanted(written) ? readDocument(text, part) : { ...part, isEmpty: holdsNothing(written) };
  }
}

/** The number of documents in a text that are not empty. */
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

/** The first line of a template in any of the documents: it also decides what the other documents contain. */
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

/** Paths of the keys that are written twice below a path, relative to it. */
export function duplicatesBelow(tree: Tree, base: FieldPath): FieldPath[] {
  return tree.duplicates
    .filter(({ path }) => path.length > base.length && isWithin(path, base))
    .map(({ path }) => path.slice(base.length));
}
