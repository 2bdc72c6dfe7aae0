import type { FieldPath } from '../policy/field-path.ts';
import type { MessageParts } from '../policy/message.ts';
import type { Span } from './lines.ts';
import { resolveScalar, toKey } from './scalars.ts';
import { explainFault } from './syntax.ts';
import { SyntaxFault } from './yaml/fault.ts';
import type { AliasNode, ListNode, MapNode, Pair, ScalarNode, YamlNode } from './yaml/nodes.ts';
import { parseYaml } from './yaml/parse.ts';

/** What keeps a document from being read, and where. */
export interface SyntaxProblem extends Span, MessageParts {}

/** A key that is written more than once; the span is that of the last one, which counts. */
export interface Duplicate extends Span {
  readonly path: FieldPath;
}

/** Where a value of a document is written. */
export interface Place {
  /** The key that leads to it; undefined for items of lists and the document itself. */
  readonly pair: Pair | undefined;
  readonly parent: YamlNode | undefined;
  readonly node: YamlNode;
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

/** Reads one document, alone in its text; spans are offsets in that text. */
export function readTree(text: string): Tree | SyntaxProblem {
  try {
    return convert(compose(text));
  } catch (thrown) {
    if (thrown instanceof Unreadable) return thrown.problem;
    throw thrown;
  }
}

class Unreadable extends Error {
  readonly problem: SyntaxProblem;
  constructor(problem: SyntaxProblem) {
    super(problem.problem);
    this.problem = problem;
  }
}

function compose(text: string): YamlNode | undefined {
  const control = CONTROL.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0');
    throw new Unreadable({
      start: control.index,
      end: control.index + 1,
      problem: `the control character U+${code.toUpperCase()} is not allowed`,
      advice: 'remove it, or write it escaped and in quotes',
    });
  }
  try {
    return parseYaml(text, MAX_DEPTH);
  } catch (thrown) {
    if (thrown instanceof SyntaxFault) throw new Unreadable(explainFault(thrown, text));
    throw thrown;
  }
}

/** What was made of a node, and how much that is. */
interface Made {
  readonly value: unknown;
  readonly size: number;
  readonly height: number;
}

function convert(root: YamlNode | undefined): Tree {
  const anchors = new Map<string, YamlNode>();
  const made = new Map<YamlNode, Made>();
  const targets = new Map<AliasNode, YamlNode>();
  const keys = new Map<Pair, string>();
  // A map of thousands of keys may be asked for as many of them.
  const places = new Map<YamlNode, ReadonlyMap<string, Place>>();
  const duplicates: Duplicate[] = [];
  const path: (string | number)[] = [];
  let aliased = 0;

  const value = root === undefined ? undefined : make(root).value;
  return { value: value === null ? undefined : value, duplicates, find, sourceAt };

  function make(node: YamlNode): Made {
    if (node.kind === 'alias') return makeAlias(node);
    if (node.anchor !== undefined) {
      anchors.set(node.anchor, node);
      made.delete(node);
    }
    const result =
      node.kind === 'map' ? makeMap(node) : node.kind === 'list' ? makeList(node) : makeScalar(node);
    if (node.anchor !== undefined) made.set(node, result);
    return result;
  }

  function makeAlias(alias: AliasNode): Made {
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

  function makeScalar(node: ScalarNode): Made {
    const { value } = resolve(node);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw refuse(node, 'the number cannot be written in JSON', 'correct it, or put it in quotes');
    }
    return { value, size: 1, height: 0 };
  }

  function resolve(node: ScalarNode) {
    const resolved = resolveScalar(node.source, node.tag, node.style === 'plain');
    if ('problem' in resolved) throw refuse(node, resolved.problem, 'correct it, or put it in quotes');
    return resolved;
  }

  function makeList(node: ListNode): Made {
    let size = 1;
    let height = 0;
    const value = node.items.map((item, index) => {
      path.push(index);
      const inner = make(item);
      path.pop();
      size += inner.size;
      height = Math.max(height, inner.height);
      return inner.value;
    });
    return { value, size, height: height + 1 };
  }

  function makeMap(node: MapNode): Made {
    const entries = new Map<string, unknown>();
    const written = new Set<string>();
    let size = 1;
    let height = 0;
    for (const pair of node.pairs) {
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
        const { start, end } = pair.key;
        duplicates.push({ path: [...path], start, end });
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

  function makeKey(node: YamlNode): string {
    const scalar = node.kind === 'alias' ? anchors.get(node.source) : node;
    if (scalar?.kind !== 'scalar') throw refuse(node, 'a key must be a string', 'put it in quotes');
    const key = toKey(resolve(scalar));
    if (key === undefined) throw refuse(node, 'a key must be a string', 'put it in quotes');
    // A key may be an anchor as well.
    if (node === scalar && scalar.anchor !== undefined) make(scalar);
    return key;
  }

  /** What `<<` merges into its map, in the order in which it is set: the first of a list wins. */
  function mergedMaps({ key, value }: Pair): YamlNode[] {
    const maps = value.kind === 'list' ? value.items.toReversed() : [value];
    for (const each of maps) {
      const map = each.kind === 'alias' ? (targets.get(each) ?? anchors.get(each.source)) : each;
      if (map?.kind !== 'map') {
        throw refuse(key, '<< merges maps only', 'write an alias of a map, or a list of them');
      }
    }
    return maps;
  }

  function find(wanted: FieldPath): Place | undefined {
    if (root === undefined) return undefined;
    let place: Place = { pair: undefined, parent: undefined, node: root, isShared: false };
    for (const step of wanted) {
      const parent = followAlias(place.node);
      const isShared = place.isShared || parent !== place.node;
      if (typeof step === 'number') {
        const node = parent.kind === 'list' ? parent.items[step] : undefined;
        if (node === undefined) return undefined;
        place = { pair: undefined, parent, node, isShared };
      } else {
        const found = parent.kind === 'map' ? placesIn(parent).get(step) : undefined;
        if (found === undefined) return undefined;
        place = { ...found, isShared: isShared || found.isShared };
      }
    }
    return place;
  }

  function sourceAt(path: FieldPath): string | undefined {
    const place = find(path);
    const node = place && followAlias(place.node);
    return node?.kind === 'scalar' ? node.source : undefined;
  }

  /** By key, the pair whose value counts: the last one that sets it, in the map itself or in one merged into it. */
  function placesIn(map: MapNode): ReadonlyMap<string, Place> {
    const known = places.get(map);
    if (known !== undefined) return known;
    const found = new Map<string, Place>();
    for (const pair of map.pairs) {
      if (isMerge(pair)) {
        for (const merged of mergedMaps(pair).map(followAlias)) {
          const inner = merged.kind === 'map' ? placesIn(merged) : [];
          for (const [key, place] of inner) found.set(key, { ...place, isShared: true });
        }
      } else {
        found.set(keys.get(pair) ?? '', { pair, parent: map, node: pair.value, isShared: false });
      }
    }
    places.set(map, found);
    return found;
  }

  function followAlias(node: YamlNode): YamlNode {
    return node.kind === 'alias' ? (targets.get(node) ?? node) : node;
  }
}

function isMerge({ key }: Pair): boolean {
  if (key.kind !== 'scalar' || key.source !== '<<') return false;
  if (key.tag === undefined) return key.style === 'plain';
  return key.tag === '!' || key.tag === 'tag:yaml.org,2002:merge';
}

function refuse(node: YamlNode, problem: string, advice: string): Unreadable {
  const { start, end } = node;
  return new Unreadable({ start, end, problem, got: gotOf(node), advice });
}

/** A scalar as it is written; of a list or a map only that it is one. */
function gotOf(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.source;
  if (node.kind === 'alias') return `*${node.source}`;
  return node.kind === 'map' ? {} : [];
}
