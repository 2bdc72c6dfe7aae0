import { type CompletionItem, CompletionItemKind, type Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Tree } from '../check/tree.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readMap, readString } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import { findSpot, readAt, type Spot, startOfLine, subjectAt } from './cursor.ts';
import { fieldAt, typesOf, valuesOf } from './fields.ts';

/** The text that is being typed, up to the cursor. */
interface Typed {
  /** Indentation and dashes. */
  readonly lead: string;
  /** The field whose value is typed. Undefined where a name or an item of a list is typed. */
  readonly key: string | undefined;
  /** The part that is there. */
  readonly word: string;
}

const LINE = /^(\s*(?:- +)*)(?:(["']?)([\w./-]+)\2:[ \t]+)?(["']?[\w./-]*)$/;

/** Replaces the text that is being typed, so that the document can be parsed. */
const MARK = 'calico-admission-cursor';

/** Names of fields and their values, for a position in an object of ours. Empty anywhere else. */
export function completeAt(document: TextDocument, position: Position, registry: Registry): CompletionItem[] {
  const text = document.getText();
  const lineStart = startOfLine(text, position.line);
  if (lineStart === undefined) return [];
  const typed = readLine(text.slice(lineStart, lineStart + position.character));
  if (typed === undefined) return [];
  const marked = markCursor(text, lineStart, typed);
  const reading = readAt(marked.text, { line: position.line, character: marked.character });
  const spot = reading && findSpot(reading.tree, reading.offset);
  if (reading === undefined || spot === undefined || !isCursor(spot, typed)) return [];
  const start = { line: position.line, character: position.character - typed.word.length };
  const range = { start, end: position };
  return offer(reading.tree, spot.path, typed, registry).map(({ label, text: newText, field }) => ({
    label,
    kind:
      typed.key === undefined && newText !== label ? CompletionItemKind.Property : CompletionItemKind.Value,
    ...describe(field),
    filterText: newText,
    textEdit: { range, newText },
  }));
}

function readLine(line: string): Typed | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, lead = '', , key, word = ''] = match;
  return { lead, key, word };
}

/** The line as if the name or the value ended at the cursor. */
function markCursor(text: string, lineStart: number, { lead, key }: Typed) {
  const end = text.indexOf('\n', lineStart);
  const rest = end < 0 ? '' : text.slice(end);
  const before = key === undefined ? lead : `${lead}${key}: `;
  const line = key === undefined ? `${lead}${MARK}: ` : `${before}${MARK}`;
  return { text: text.slice(0, lineStart) + line + rest, character: before.length };
}

/** Inside a block of text, or in a comment, it is neither a name nor a value. */
function isCursor({ at, start, end }: Spot, { key }: Typed): boolean {
  return at === (key === undefined ? 'key' : 'value') && end - start === MARK.length;
}

interface Offer {
  readonly label: string;
  readonly text: string;
  readonly field: JsonObject | undefined;
}

function offer(tree: Tree, path: FieldPath, typed: Typed, registry: Registry): Offer[] {
  const subject = subjectAt(tree, path, registry);
  if (subject === undefined) return typed.key === undefined ? [] : offerTypes(tree, path, registry);
  const below = path.slice(subject.base.length);
  if (typed.key !== undefined) {
    const field = fieldAt(subject.schema, below);
    const [name] = below;
    if (below.length === 1 && (name === 'kind' || name === 'apiVersion'))
      return offerTypes(tree, path, registry);
    return field === undefined ? [] : toWords(field);
  }
  const outer = below.slice(0, -1);
  const around = fieldAt(subject.schema, outer);
  if (around === undefined) return [];
  // `- word`: an item of a list of words was parsed as a name.
  const isItem = /- +$/.test(typed.lead) && typeof outer.at(-1) === 'number';
  if (isItem && !typesOf(around).includes('object')) return toWords(around);
  const there = read(tree.value, ...path.slice(0, -1));
  const names = Object.entries(readMap(around, 'properties') ?? {});
  return names.flatMap(([name, field]) => {
    if (!isMap(field) || (isMap(there) && Object.hasOwn(there, name))) return [];
    const isInner = typesOf(field).some((type) => type === 'object' || type === 'array');
    return [{ label: name, text: isInner ? `${name}:` : `${name}: `, field }];
  });
}

function toWords(field: JsonObject): Offer[] {
  return valuesOf(field).map((word) => ({ label: word, text: word, field }));
}

/** The kinds of an API group of ours, and the groups of a kind of ours. */
function offerTypes(tree: Tree, path: FieldPath, registry: Registry): Offer[] {
  const object = read(tree.value, ...path.slice(0, -1));
  const targets = registry.policies.map(({ target }) => target).filter(({ isGeneral }) => isGeneral !== true);
  const namesOf = ({ apis }: (typeof targets)[number]) =>
    apis.flatMap(({ group, versions }) =>
      versions.map((version) => (group === '' ? version : `${group}/${version}`)),
    );
  const words =
    path.at(-1) === 'kind'
      ? targets.flatMap((each) =>
          namesOf(each).includes(readString(object, 'apiVersion') ?? '') ? [each.kind] : [],
        )
      : path.at(-1) === 'apiVersion'
        ? targets.flatMap((each) => (each.kind === readString(object, 'kind') ? namesOf(each) : []))
        : [];
  return [...new Set(words)].map((word) => ({ label: word, text: word, field: undefined }));
}

function describe(field: JsonObject | undefined): Pick<CompletionItem, 'documentation'> {
  const description = field && readString(field, 'description');
  return description === undefined ? {} : { documentation: description };
}
