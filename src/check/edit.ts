import type { FieldPath } from '../policy/field-path.ts';
import { isMap as isJsonMap, type JsonObject } from '../policy/json.ts';
import type { Span } from './lines.ts';
import { resolveScalar } from './scalars.ts';
import type { Place, Tree } from './tree.ts';
import { isEmpty, type MapNode, type Pair, type ScalarStyle, type YamlNode } from './yaml/nodes.ts';

/** A change of a document's value. */
export type Change =
  | { readonly kind: 'rename'; readonly path: FieldPath; readonly to: string }
  | { readonly kind: 'set'; readonly path: FieldPath; readonly value: unknown };

/** Text that replaces other text. */
export interface Edit extends Span {
  readonly text: string;
}

/**
 * The smallest edit that makes the change and keeps everything around it. Undefined where there is none, for example
 * for a value that an alias shares. The caller must read the text again to verify the result.
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
  if (pair === undefined || isShared || parent?.kind !== 'map') return undefined;
  const { key } = pair;
  return key.kind === 'scalar' ? { ...spanOf(key), text: writeString(to, key.style) } : undefined;
}

function replaceValue(text: string, place: Place, value: unknown): Edit | undefined {
  const { node, pair } = place;
  if (node.kind !== 'scalar' || node.style === 'literal' || node.style === 'folded') return undefined;
  const style = isJson(text) ? 'double' : node.style;
  if (!isEmpty(node) && !isJsonMap(value)) {
    return { ...spanOf(node), text: writeScalar(value, style) };
  }
  if (pair === undefined) return undefined;
  // The value is null: the new value is written after the colon, a map on lines of its own.
  const colon = text.indexOf(':', pair.key.end) + 1;
  const end = isEmpty(node) ? colon : node.end;
  if (!isJsonMap(value)) return { start: colon, end, text: ` ${writeScalar(value, style)}` };
  if (isFlow(place.parent)) return { start: colon, end, text: ` ${JSON.stringify(value)}` };
  const indent = columnOf(text, pair.key.start);
  const eol = endOfLine(text);
  const lines = writeBlock(value, indent + indentUnit(text, place.parent), indentUnit(text, place.parent));
  return { start: colon, end, text: lines.map((line) => eol + line).join('') };
}

function addKey(text: string, tree: Tree, path: FieldPath, value: unknown): Edit | undefined {
  const key = path.at(-1);
  const place = tree.find(path.slice(0, -1));
  const map = place?.node;
  if (typeof key !== 'string' || place?.isShared !== false || map?.kind !== 'map') return undefined;
  const last = map.pairs.at(-1);
  if (map.isFlow) return addFlowKey(text, map, last, key, value);
  const first = map.pairs[0];
  if (first === undefined || last === undefined) return undefined;
  const indent = columnOf(text, first.key.start);
  const lines = writeBlock({ [key]: value }, indent, indentUnit(text, place.parent ?? map));
  const eol = endOfLine(text);
  const end = endOfPair(last);
  // A block scalar is replaced with its last line end.
  if (end > 0 && text[end - 1] === '\n')
    return { start: end, end, text: lines.map((line) => line + eol).join('') };
  const newline = text.indexOf('\n', end);
  const at = newline < 0 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline;
  return { start: at, end: at, text: lines.map((line) => eol + line).join('') };
}

function addFlowKey(text: string, map: MapNode, last: Pair | undefined, key: string, value: unknown): Edit {
  const name = isJson(text) ? JSON.stringify(key) : writeString(key, 'plain');
  const written =
    isJson(text) || typeof value === 'object' ? JSON.stringify(value) : writeScalar(value, 'plain');
  if (last === undefined) {
    const at = map.start + 1;
    return { start: at, end: at, text: `${name}: ${written}` };
  }
  const at = endOfPair(last);
  const keyStart = last.key.start;
  const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1;
  const lead = text.slice(lineStart, keyStart);
  if (lead.trim() !== '' || lineStart === 0) return { start: at, end: at, text: `, ${name}: ${written}` };
  const eol = endOfLine(text);
  const unit = lead.includes('\t') ? '\t' : 2;
  const pretty = isJsonMap(value) ? JSON.stringify(value, null, unit).replaceAll('\n', eol + lead) : written;
  return { start: at, end: at, text: `,${eol}${lead}${name}: ${pretty}` };
}

function endOfPair({ key, value }: Pair): number {
  return isEmpty(value) ? key.end : value.end;
}

function writeBlock(map: JsonObject, indent: number, unit: number): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const name = `${' '.repeat(indent)}${writeString(key, 'plain')}:`;
    if (!isJsonMap(value)) return [`${name} ${writeScalar(value, 'plain')}`];
    if (Object.keys(value).length === 0) return [`${name} {}`];
    return [name, ...writeBlock(value, indent + unit, unit)];
  });
}

function writeScalar(value: unknown, style: ScalarStyle): string {
  return typeof value === 'string' ? writeString(value, style) : JSON.stringify(value);
}

const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/;

/** Keeps the quotes. Without quotes only where the text cannot be read as another type. */
function writeString(text: string, style: ScalarStyle): string {
  if (style === 'single') return `'${text.replaceAll("'", "''")}'`;
  const plain = resolveScalar(text, undefined, true);
  const isPlain = PLAIN.test(text) && 'value' in plain && plain.value === text;
  return style === 'double' || !isPlain ? JSON.stringify(text) : text;
}

/** Whether the document is JSON, which needs quotes around strings and keys. */
function isJson(text: string): boolean {
  return /^\s*\{\s*(?:"|\})/.test(text);
}

function isFlow(node: YamlNode | undefined): boolean {
  return node?.kind === 'map' && node.isFlow;
}

function spanOf({ start, end }: YamlNode): Span {
  return { start, end };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** By how many columns a map is indented. */
function indentUnit(text: string, map: YamlNode | undefined): number {
  if (map?.kind !== 'map') return 2;
  for (const { key, value } of map.pairs) {
    const first = value.kind === 'map' && !value.isFlow ? value.pairs[0]?.key : undefined;
    if (first === undefined) continue;
    const unit = columnOf(text, first.start) - columnOf(text, key.start);
    if (unit > 0) return unit;
  }
  return 2;
}

function endOfLine(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
