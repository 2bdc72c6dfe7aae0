import type { Pair, YamlNode } from './nodes.ts';

/** Whether a pair is `<<`, which merges other maps into its own. */
export function isMerge({ key }: Pair): boolean {
  if (key.kind !== 'scalar' || key.source !== '<<') return false;
  if (key.tag === undefined) return key.style === 'plain';
  return key.tag === '!' || key.tag === 'tag:yaml.org,2002:merge';
}

/** The maps that it merges, in the order in which their keys are set: the first of a list wins. */
export function mergedNodes({ value }: Pair): readonly YamlNode[] {
  return value.kind === 'list' ? value.items.toReversed() : [value];
}
