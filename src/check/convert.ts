import { MAX_DEPTH } from '../policy/json.ts';
import { resolveScalar, toKey } from './scalars.ts';
import type { Duplicate } from './tree.ts';
import { unreadable } from './unreadable.ts';
import { isMerge, mergedNodes } from './yaml/merge.ts';
import type { AliasNode, ListNode, MapNode, Pair, ScalarNode, YamlNode } from './yaml/nodes.ts';

/** A YAML document converted to JSON values. */
export interface Converted {
  readonly value: unknown;
  readonly duplicates: readonly Duplicate[];
  /** The node that each alias refers to. */
  readonly targets: ReadonlyMap<AliasNode, YamlNode>;
  /** The keys of pairs, in the form that they have in JSON. */
  readonly keys: ReadonlyMap<Pair, string>;
}

/**
 * Limit of the values that aliases may refer to. No document that people write comes near it, and it takes no time to
 * read.
 */
const MAX_ALIASED = 100_000;
const MAX_DUPLICATES = 1000;

/** The value of a node, and its size. */
interface Sized {
  readonly value: unknown;
  readonly size: number;
  readonly height: number;
}

/**
 * Converts YAML to JSON as Kubernetes does.
 * @throws Unreadable
 */
export function convertNodes(root: YamlNode): Converted {
  return new Converter().convert(root);
}

class Converter {
  /** The last node so far with each name. */
  readonly #anchors = new Map<string, YamlNode>();
  readonly #made = new Map<YamlNode, Sized>();
  readonly #targets = new Map<AliasNode, YamlNode>();
  readonly #keys = new Map<Pair, string>();
  readonly #duplicates: Duplicate[] = [];
  /** The path of the present node. */
  readonly #path: (string | number)[] = [];
  /** The number of values that aliases have referred to. */
  #aliased = 0;

  convert(root: YamlNode): Converted {
    const { value } = this.#make(root);
    return { value, duplicates: this.#duplicates, targets: this.#targets, keys: this.#keys };
  }

  #make(node: YamlNode): Sized {
    if (node.kind === 'alias') return this.#makeAlias(node);
    if (node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
      this.#made.delete(node);
    }
    const result =
      node.kind === 'map'
        ? this.#makeMap(node)
        : node.kind === 'list'
          ? this.#makeList(node)
          : this.#makeScalar(node);
    if (node.anchor !== undefined) this.#made.set(node, result);
    return result;
  }

  #makeAlias(alias: AliasNode): Sized {
    const target = this.#anchors.get(alias.source);
    if (target === undefined)
      throw unreadable(alias, 'the alias has no anchor', 'write the anchor before it');
    const result = this.#made.get(target);
    if (result === undefined) throw unreadable(alias, 'the anchor contains itself', 'write the value out');
    this.#targets.set(alias, target);
    this.#aliased += result.size;
    if (this.#aliased > MAX_ALIASED || this.#path.length + result.height > MAX_DEPTH) {
      throw unreadable(alias, 'the aliases expand to too many values', 'write the values out');
    }
    return result;
  }

  #makeScalar(node: ScalarNode): Sized {
    const { value } = this.#resolve(node);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw unreadable(node, 'the number cannot be written in JSON', 'correct it, or put it in quotes');
    }
    return { value, size: 1, height: 0 };
  }

  #resolve(node: ScalarNode) {
    const resolved = resolveScalar(node.source, node.tag, node.style === 'plain');
    if ('problem' in resolved) throw unreadable(node, resolved.problem, 'correct it, or put it in quotes');
    return resolved;
  }

  #makeList(node: ListNode): Sized {
    let size = 1;
    let height = 0;
    const value = node.items.map((item, index) => {
      this.#path.push(index);
      const inner = this.#make(item);
      this.#path.pop();
      size += inner.size;
      height = Math.max(height, inner.height);
      return inner.value;
    });
    return { value, size, height: height + 1 };
  }

  #makeMap(node: MapNode): Sized {
    const entries = new Map<string, unknown>();
    const written = new Set<string>();
    let size = 1;
    let height = 0;
    for (const pair of node.pairs) {
      if (isMerge(pair)) {
        for (const merged of this.#mergedMaps(pair)) {
          const inner = this.#make(merged);
          size += inner.size;
          height = Math.max(height, inner.height);
          for (const [key, value] of Object.entries(inner.value ?? {})) entries.set(key, value);
        }
        continue;
      }
      const key = this.#makeKey(pair.key);
      this.#keys.set(pair, key);
      this.#path.push(key);
      if (written.has(key) && this.#duplicates.length < MAX_DUPLICATES) {
        const { start, end } = pair.key;
        this.#duplicates.push({ path: [...this.#path], start, end });
      }
      written.add(key);
      const inner = this.#make(pair.value);
      this.#path.pop();
      size += inner.size;
      height = Math.max(height, inner.height);
      entries.set(key, inner.value);
    }
    // Object.fromEntries and no assignment: __proto__ is a key like any other.
    return { value: Object.fromEntries(entries), size, height: height + 1 };
  }

  #makeKey(node: YamlNode): string {
    const scalar = node.kind === 'alias' ? this.#anchors.get(node.source) : node;
    if (scalar?.kind !== 'scalar') throw unreadable(node, 'a key must be a string', 'put it in quotes');
    const key = toKey(this.#resolve(scalar));
    if (key === undefined) throw unreadable(node, 'a key must be a string', 'put it in quotes');
    // A key may have an anchor as well.
    if (node === scalar && scalar.anchor !== undefined) this.#make(scalar);
    return key;
  }

  #mergedMaps(pair: Pair): readonly YamlNode[] {
    const nodes = mergedNodes(pair);
    for (const each of nodes) {
      const map = each.kind === 'alias' ? this.#anchors.get(each.source) : each;
      if (map?.kind !== 'map') {
        throw unreadable(pair.key, '<< merges only maps', 'write an alias of a map, or a list of them');
      }
    }
    return nodes;
  }
}
