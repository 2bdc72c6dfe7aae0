import { isMap, isScalar, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap as isJsonMap, type JsonObject } from '../policy/json.ts';
import type { Span } from './lines.ts';
import { resolveScalar } from './scalars.ts';
import { type Place, spanOf, type Tree } from './tree.ts';

/** A change of a document's value. */
export type Change =
  | { readonly kind: 'rename'; readonly path: FieldPath; readonly to: string }
  | { readonly kind: 'set'; readonly path: FieldPath; readonly value: unknown };

/** Text that takes the place of other text. */
export interface Edit extends Span {
  readonly text: string;
}

/**
 * The smallest edit that makes the change and leaves everything around it as it is; undefined where there is none,
 * as of a value that an alias shares. That it means what it should is for the caller to verify by reading it again.
 */
export function editText(text: string, tree: Tree, change: Change): Edit | undefined {
  const place = tree.find(change.path);
  if (change.kind === 'rename') return place && renameKey(place, change.to);
  if (place === undefined) return addKey(text, tree, change.path, change.value);
  return place.isShared ? undefined : replaceValue(text, place, change.value);
}

export function applyEdit(text: string, { start, end, text: inserted }: Edit): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

function renameKey({ pair, parent, isShared }: Place, to: string): Edit | undefined {
  if (pair === undefined || isShared || !isScalar(pair.key) || !isMap<Node>(parent)) return undefined;
  return { ...spanOf(pair.key), text: writeString(to, pair.key.type) };
}

function replaceValue(text: string, place: Place, value: unknown): Edit | undefined {
  const { node, pair } = place;
  if (node !== null && !isScalar(node)) return undefined;
  if (node?.type === 'BLOCK_LITERAL' || node?.type === 'BLOCK_FOLDED') return undefined;
  const style = isJson(text) ? 'QUOTE_DOUBLE' : node?.type;
  if (node !== null && node.source !== '' && !isJsonMap(value)) {
    return { ...spanOf(node), text: writeScalar(value, style) };
  }
  if (pair === undefined) return undefined;
  // A null: what comes stands behind the colon, a map on lines of its own.
  const colon = text.indexOf(':', spanOf(pair.key).end) + 1;
  const end = node === null || node.source === '' ? colon : spanOf(node).end;
  if (!isJsonMap(value)) return { start: colon, end, text: ` ${writeScalar(value, style)}` };
  if (isFlow(place.parent)) return { start: colon, end, text: ` ${JSON.stringify(value)}` };
  const indent = columnOf(text, spanOf(pair.key).start);
  const eol = endOfLine(text);
  const lines = writeBlock(value, indent + indentUnit(text, place.parent), indentUnit(text, place.parent));
  return { start: colon, end, text: lines.map((line) => eol + line).join('') };
}

function addKey(text: string, tree: Tree, path: FieldPath, value: unknown): Edit | undefined {
  const key = path.at(-1);
  const place = tree.find(path.slice(0, -1));
  const map = place?.node;
  if (typeof key !== 'string' || place?.isShared !== false || !isMap<Node, Node | null>(map))
    return undefined;
  const last = map.items.at(-1);
  if (map.flow === true) return addFlowKey(text, map, last, key, value);
  const first = map.items[0];
  if (first === undefined || last === undefined) return undefined;
  const indent = columnOf(text, spanOf(first.key).start);
  const lines = writeBlock({ [key]: value }, indent, indentUnit(text, place.parent ?? map));
  const eol = endOfLine(text);
  const end = endOfPair(last);
  // A block scalar takes its last line end along.
  if (end > 0 && text[end - 1] === '\n')
    return { start: end, end, text: lines.map((line) => line + eol).join('') };
  const newline = text.indexOf('\n', end);
  const at = newline < 0 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline;
  return { start: at, end: at, text: lines.map((line) => eol + line).join('') };
}

function addFlowKey(
  text: string,
  map: YAMLMap<Node, Node | null>,
  last: Pair<Node, Node | null> | undefined,
  key: string,
  value: unknown,
): Edit {
  const name = isJson(text) ? JSON.stringify(key) : writeString(key, 'PLAIN');
  const written =
    isJson(text) || typeof value === 'object' ? JSON.stringify(value) : writeScalar(value, 'PLAIN');
  if (last === undefined) {
    const at = spanOf(map).start + 1;
    return { start: at, end: at, text: `${name}: ${written}` };
  }
  const at = endOfPair(last);
  const keyStart = spanOf(last.key).start;
  const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1;
  const lead = text.slice(lineStart, keyStart);
  if (lead.trim() !== '' || lineStart === 0) return { start: at, end: at, text: `, ${name}: ${written}` };
  const eol = endOfLine(text);
  const unit = lead.includes('\t') ? '\t' : 2;
  const pretty = isJsonMap(value) ? JSON.stringify(value, null, unit).replaceAll('\n', eol + lead) : written;
  return { start: at, end: at, text: `,${eol}${lead}${name}: ${pretty}` };
}

function endOfPair({ key, value }: Pair<Node, Node | null>): number {
  const isWritten = value !== null && !(isScalar(value) && value.source === '');
  return spanOf(isWritten ? value : key).end;
}

function writeBlock(map: JsonObject, indent: number, unit: number): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const name = `${' '.repeat(indent)}${writeString(key, 'PLAIN')}:`;
    if (!isJsonMap(value)) return [`${name} ${writeScalar(value, 'PLAIN')}`];
    if (Object.keys(value).length === 0) return [`${name} {}`];
    return [name, ...writeBlock(value, indent + unit, unit)];
  });
}

function writeScalar(value: unknown, style: Scalar.Type | undefined): string {
  return typeof value === 'string' ? writeString(value, style) : JSON.stringify(value);
}

const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/;

/** In the quotes that were there; without any only where that cannot be taken for something else. */
function writeString(text: string, style: string | undefined): string {
  if (style === 'QUOTE_SINGLE') return `'${text.replaceAll("'", "''")}'`;
  const plain = resolveScalar(text, undefined, true);
  const isPlain = PLAIN.test(text) && 'value' in plain && plain.value === text;
  return style === 'QUOTE_DOUBLE' || !isPlain ? JSON.stringify(text) : text;
}

/** Whether the document is JSON, where strings and keys need their quotes. */
function isJson(text: string): boolean {
  return /^\s*\{\s*(?:"|\})/.test(text);
}

function isFlow(node: Node | undefined): boolean {
  return isMap(node) && node.flow === true;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** By how much a map is indented in the one around it. */
function indentUnit(text: string, map: Node | undefined): number {
  if (!isMap<Node, Node | null>(map)) return 2;
  for (const { key, value } of map.items) {
    const first = isMap<Node>(value) && value.flow !== true ? value.items[0]?.key : undefined;
    if (first === undefined) continue;
    const unit = columnOf(text, spanOf(first).start) - columnOf(text, spanOf(key).start);
    if (unit > 0) return unit;
  }
  return 2;
}

function endOfLine(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
