import {
  type Alias,
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import type { FieldPath } from '../policy/field-path.ts';
import { quote } from '../policy/message.ts';
import type { Span } from './lines.ts';
import { resolveScalar, toKey } from './scalars.ts';
import { adviseSyntax } from './syntax.ts';

/** Something that keeps a document from being read, and where; the message is complete. */
export interface Problem extends Span {
  readonly message: string;
}

/** A key that is written more than once; the span is that of the last one, which counts. */
export interface Duplicate extends Span {
  readonly path: FieldPath;
}

/** Where a value of a document is written. */
export interface Place {
  /** The key that leads to it; undefined for items of lists and the document itself. */
  readonly pair: Pair<Node, Node | null> | undefined;
  readonly parent: Node | undefined;
  readonly node: Node | null;
  /** Written elsewhere, and read here by an alias or a merge: a change of it would change both. */
  readonly isShared: boolean;
}

/** A document as Kubernetes reads it, with the places of its values. */
export interface Tree {
  /** Undefined where the document is empty. */
  readonly value: unknown;
  readonly duplicates: readonly Duplicate[];
  /** Undefined where nothing is written at the path. */
  find(path: FieldPath): Place | undefined;
  /** A scalar as it is written, without its quotes. */
  sourceAt(path: FieldPath): string | undefined;
}

/** As in an AdmissionReview: rules and outputs are recursive. */
export const MAX_DEPTH = 256;
/** Values that aliases may stand for: beyond any document that people write, and no work to read. */
const MAX_ALIASED = 100_000;
const MAX_DUPLICATES = 1000;
// What go-yaml refuses, and other tools drop.
const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ud800-\udfff\ue000-\ufefe\uff00-\ufffd]/;

const LEXER_MARKS: readonly string[] = ['\u0002', '\u0018', '\u001f', '\ufeff'];

/** Plain strings only: what a scalar means is for scalars.ts to say, and duplicates are told with their paths. */
const OPTIONS = {
  schema: 'failsafe',
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Reads one document, alone in its text; spans are offsets in that text. */
export function readTree(text: string): Tree | Problem {
  try {
    return convert(compose(text));
  } catch (thrown) {
    if (thrown instanceof Unreadable) return thrown.problem;
    throw thrown;
  }
}

class Unreadable extends Error {
  readonly problem: Problem;
  constructor(span: Span, message: string) {
    super(message);
    this.problem = { ...span, message };
  }
}

function compose(text: string): Node | null {
  const control = CONTROL.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0');
    const message = `a control character is not allowed (got U+${code.toUpperCase()}); remove it, or write it escaped and in quotes`;
    throw new Unreadable({ start: control.index, end: control.index + 1 }, message);
  }
  const tokens = parse(text);
  for (const token of tokens) refuseDepth(token);
  const [document, next] = new Composer(OPTIONS).compose(tokens, true, text.length);
  const error = document?.errors[0] ?? next?.errors[0];
  if (error !== undefined) {
    throw new Unreadable(spanOfError(error, text), adviseSyntax(error, text));
  }
  if (next !== undefined && next.contents !== null) {
    const start = next.contents.range?.[0] ?? 0;
    throw new Unreadable(
      { start, end: start + 1 },
      'nothing is read behind a line of ... (got more text); begin each document with a line of ---',
    );
  }
  return document?.contents ?? null;
}

/** What is missing at the end is shown behind the last thing that is there. */
function spanOfError({ pos: [start, end] }: YAMLParseError, text: string): Span {
  const last = text.trimEnd().length;
  return start < last ? { start, end } : { start: Math.max(0, last - 1), end: last };
}

/** Brackets are counted before they are parsed, which takes its time for a million of them. */
function parse(text: string): CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let depth = 0;
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth += 1;
    else if (lexeme === ']' || lexeme === '}') depth -= 1;
    if (depth > MAX_DEPTH) throw tooDeep(offset);
    // The lexer's own marks are no part of the text.
    if (!LEXER_MARKS.includes(lexeme)) offset += lexeme.length;
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  return tokens;
}

function tooDeep(start: number): Unreadable {
  const message = `nested too deeply (got more than ${MAX_DEPTH} levels); no Kubernetes object is`;
  return new Unreadable({ start, end: start + 1 }, message);
}

/** Before anything recursive sees it. */
function refuseDepth(root: unknown): void {
  const open: { readonly token: unknown; readonly depth: number }[] = [{ token: root, depth: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { token, depth } = at;
    if (typeof token !== 'object' || token === null || !('type' in token)) continue;
    const inner = 'items' in token && Array.isArray(token.items) ? token.items : undefined;
    if (inner !== undefined && depth >= MAX_DEPTH) {
      const start = 'offset' in token ? Number(token.offset) : 0;
      throw tooDeep(start);
    }
    if ('value' in token) open.push({ token: token.value, depth });
    for (const item of inner ?? []) {
      open.push({ token: item.key, depth: depth + 1 }, { token: item.value, depth: depth + 1 });
    }
  }
}

/** What was made of a node, and how much that is. */
interface Made {
  readonly value: unknown;
  readonly size: number;
  readonly height: number;
}

function convert(root: Node | null): Tree {
  const anchors = new Map<string, Node>();
  const made = new Map<Node, Made>();
  const targets = new Map<Alias, Node>();
  const keys = new Map<unknown, string>();
  // A map of thousands of keys may be asked for as many of them.
  const places = new Map<Node, ReadonlyMap<string, Place>>();
  const duplicates: Duplicate[] = [];
  const path: (string | number)[] = [];
  let aliased = 0;

  const value = root === null ? undefined : make(root).value;
  return { value: value === null ? undefined : value, duplicates, find, sourceAt };

  function make(node: Node | null): Made {
    if (node === null) return { value: null, size: 1, height: 0 };
    if (isAlias(node)) return makeAlias(node);
    if ('anchor' in node && typeof node.anchor === 'string') {
      anchors.set(node.anchor, node);
      made.delete(node);
    }
    const result = isMap(node) ? makeMap(node) : isSeq(node) ? makeList(node) : makeScalar(node);
    if ('anchor' in node && node.anchor !== undefined) made.set(node, result);
    return result;
  }

  function makeAlias(alias: Alias): Made {
    const target = anchors.get(alias.source);
    if (target === undefined) throw refuse(alias, 'the alias has no anchor', 'write the anchor before it');
    const result = made.get(target);
    if (result === undefined) throw refuse(alias, 'the anchor holds itself', 'write the value out');
    targets.set(alias, target);
    aliased += result.size;
    if (aliased > MAX_ALIASED || path.length + result.height > MAX_DEPTH) {
      throw refuse(alias, 'the aliases stand for too many values', 'write the values out');
    }
    return result;
  }

  function makeScalar(node: Node): Made {
    const { value } = resolve(node);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw refuse(node, 'the number cannot be written in JSON', 'correct it, or put it in quotes');
    }
    return { value, size: 1, height: 0 };
  }

  function resolve(node: Node) {
    if (!isScalar(node)) throw refuse(node, 'not a scalar', 'write a string');
    const resolved = resolveScalar(node.source ?? '', node.tag, node.type === 'PLAIN');
    if ('problem' in resolved) throw refuse(node, resolved.problem, 'correct it, or put it in quotes');
    return resolved;
  }

  function makeList(node: Node): Made {
    if (!isSeq(node)) throw refuse(node, 'not a list', 'write a list');
    let size = 1;
    let height = 0;
    const value = node.items.map((item, index) => {
      path.push(index);
      const inner = make(toNode(item));
      path.pop();
      size += inner.size;
      height = Math.max(height, inner.height);
      return inner.value;
    });
    return { value, size, height: height + 1 };
  }

  function makeMap(node: Node): Made {
    const entries = new Map<string, unknown>();
    const written = new Set<string>();
    let size = 1;
    let height = 0;
    for (const pair of pairsOf(node)) {
      if (isMerge(pair)) {
        for (const merged of mergedMaps(pair)) {
          const inner = make(merged);
          size += inner.size;
          height = Math.max(height, inner.height);
          for (const [key, value] of Object.entries(inner.value ?? {})) entries.set(key, value);
        }
        continue;
      }
      const key = makeKey(pair.key);
      keys.set(pair, key);
      path.push(key);
      if (written.has(key) && duplicates.length < MAX_DUPLICATES) {
        duplicates.push({ path: [...path], ...spanOf(pair.key) });
      }
      written.add(key);
      const inner = make(pair.value);
      path.pop();
      size += inner.size;
      height = Math.max(height, inner.height);
      entries.set(key, inner.value);
    }
    // Not by assignment: __proto__ is a key like any other.
    return { value: Object.fromEntries(entries), size, height: height + 1 };
  }

  function makeKey(node: Node): string {
    const scalar = isAlias(node) ? anchors.get(node.source) : node;
    if (!isScalar(scalar)) throw refuse(node, 'a key must be a string', 'put it in quotes');
    const key = toKey(resolve(scalar));
    if (key === undefined) throw refuse(node, 'a key must be a string', 'put it in quotes');
    // A key may be an anchor as well.
    if (node === scalar && scalar.anchor !== undefined) make(scalar);
    return key;
  }

  /** What `<<` merges into its map, in the order in which it is set: the first of a list wins. */
  function mergedMaps(pair: Pair<Node, Node | null>): Node[] {
    const value = pair.value;
    const maps = isSeq(value) ? value.items.map(toNode).reverse() : [value];
    return maps.map((each) => {
      const map = isAlias(each) ? (targets.get(each) ?? anchors.get(each.source)) : each;
      if (each === null || !isMap(map)) {
        throw refuse(pair.key, '<< merges maps only', 'write an alias of a map, or a list of them');
      }
      return each;
    });
  }

  function find(wanted: FieldPath): Place | undefined {
    let place: Place = { pair: undefined, parent: undefined, node: root, isShared: false };
    for (const step of wanted) {
      const parent = followAlias(place.node);
      const isShared = place.isShared || parent !== place.node;
      if (typeof step === 'number') {
        if (!isSeq(parent) || step >= parent.items.length) return undefined;
        place = { pair: undefined, parent, node: toNode(parent.items[step]), isShared };
      } else {
        const found = isMap(parent) ? placesIn(parent).get(step) : undefined;
        if (found === undefined) return undefined;
        place = { ...found, isShared: isShared || found.isShared };
      }
    }
    return place;
  }

  function sourceAt(path: FieldPath): string | undefined {
    const node = followAlias(find(path)?.node ?? null);
    return isScalar(node) ? node.source : undefined;
  }

  /** By key, the pair whose value counts: the last one that sets it, in the map itself or in one merged into it. */
  function placesIn(map: Node): ReadonlyMap<string, Place> {
    const known = places.get(map);
    if (known !== undefined) return known;
    const found = new Map<string, Place>();
    for (const pair of pairsOf(map)) {
      if (isMerge(pair)) {
        for (const merged of mergedMaps(pair)) {
          const inner = placesIn(followAlias(merged) ?? merged);
          for (const [key, place] of inner) found.set(key, { ...place, isShared: true });
        }
      } else {
        found.set(keys.get(pair) ?? '', { pair, parent: map, node: pair.value, isShared: false });
      }
    }
    places.set(map, found);
    return found;
  }

  function followAlias(node: Node | null): Node | null {
    return isAlias(node) ? (targets.get(node) ?? null) : node;
  }
}

function pairsOf(map: Node): Pair<Node, Node | null>[] {
  return (map as YAMLMap<Node, Node | null>).items;
}

function toNode(item: unknown): Node | null {
  return item as Node | null;
}

function isMerge({ key }: Pair<Node, Node | null>): boolean {
  if (!isScalar(key) || key.source !== '<<') return false;
  return key.tag === undefined ? key.type === 'PLAIN' : key.tag === 'tag:yaml.org,2002:merge';
}

/** The node without the white space behind it. */
export function spanOf(node: Node | null): Span {
  const [start, end] = node?.range ?? [0, 0];
  return { start, end };
}

function refuse(node: Node, wrong: string, fix: string): Unreadable {
  return new Unreadable(spanOf(node), `${wrong} (got ${describeNode(node)}); ${fix}`);
}

function describeNode(node: Node): string {
  if (isScalar(node)) return quote(node.source ?? '');
  if (isAlias(node)) return quote(`*${node.source}`);
  return isMap(node) ? 'a map' : 'a list';
}
