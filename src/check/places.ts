import type { FieldPath } from '../policy/field-path.ts';
import type { Converted } from './convert.ts';
import type { Place, Tree } from './tree.ts';
import { isMerge, mergedNodes } from './yaml/merge.ts';
import type { MapNode, YamlNode } from './yaml/nodes.ts';

/** Finds the places where the values of a document are written. */
export function createPlaces(
  root: YamlNode,
  { targets, keys }: Pick<Converted, 'targets' | 'keys'>,
): Pick<Tree, 'find' | 'sourceAt'> {
  // A map may have thousands of keys, and each may be looked up.
  const places = new Map<YamlNode, ReadonlyMap<string, Place>>();
  return { find, sourceAt };

  function find(wanted: FieldPath): Place | undefined {
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

  /**
   * By key, the pair that counts: the last one that sets the key, in the map itself or in a map that is merged into
   * it.
   */
  function placesIn(map: MapNode): ReadonlyMap<string, Place> {
    const known = places.get(map);
    if (known !== undefined) return known;
    const found = new Map<string, Place>();
    for (const pair of map.pairs) {
      if (isMerge(pair)) {
        for (const merged of mergedNodes(pair).map(followAlias)) {
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
