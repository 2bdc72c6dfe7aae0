import { isMap, isUnset, type JsonObject, read } from '../policy/json.ts';
import type { NetworkConfigView } from './network-config.ts';

const FAMILIES: readonly unknown[] = ['IPv4', 'IPv6'];

/** The families of the network; undefined where the list is none that Gardener accepts. */
export function familiesOf(input: NetworkConfigView): readonly unknown[] | undefined {
  const families = read(input.object, ...input.ipFamiliesPath);
  if (isUnset(families)) return ['IPv4'];
  if (!Array.isArray(families) || !families.every((family) => FAMILIES.includes(family))) return undefined;
  return families.length === 0 ? ['IPv4'] : families;
}

/** Whether the overlay is on, where the configuration says so; `{}` says no. */
export function writtenOverlay(config: JsonObject): boolean | undefined {
  const overlay = read(config, 'overlay');
  if (!isMap(overlay)) return undefined;
  const enabled = read(overlay, 'enabled');
  if (isUnset(enabled)) return false;
  return typeof enabled === 'boolean' ? enabled : undefined;
}

/**
 * Whether networking-calico gives the cluster an overlay: what is written, and where nothing is, what its chart
 * makes of the rest. Undefined where that cannot be told for certain.
 */
export function effectiveOverlay(input: NetworkConfigView): boolean | undefined {
  const { config, configValue } = input;
  if (!isUnset(configValue) && !isMap(configValue)) return undefined;
  if (!isUnset(read(config, 'overlay'))) return writtenOverlay(config);
  const families = familiesOf(input);
  if (families === undefined) return undefined;
  // provider-azure sets every backend to none on the seed.
  if (families.includes('IPv6') || input.provider === 'azure') return false;
  const backend = read(config, 'backend');
  if (backend === 'none') return false;
  const mode = read(config, 'ipv4', 'mode');
  const isDefault = isUnset(backend) || backend === 'bird';
  return isDefault && (isUnset(mode) || mode === 'Always') && isUnset(read(config, 'ipip'))
    ? true
    : undefined;
}
