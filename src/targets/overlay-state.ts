import { isMap, isUnset, type JsonObject, read } from '../policy/json.ts';
import type { NetworkConfigView } from './network-config.ts';

const FAMILIES: readonly unknown[] = ['IPv4', 'IPv6'];

/** The IP families of the network. Undefined where Gardener does not accept the list. */
export function familiesOf(input: NetworkConfigView): readonly unknown[] | undefined {
  const families = read(input.object, ...input.ipFamiliesPath);
  if (isUnset(families)) return ['IPv4'];
  if (!Array.isArray(families) || !families.every((family) => FAMILIES.includes(family))) return undefined;
  return families.length === 0 ? ['IPv4'] : families;
}

/** Whether the overlay is on, where the configuration sets it. `{}` means off. */
export function writtenOverlay(config: JsonObject): boolean | undefined {
  const overlay = read(config, 'overlay');
  if (!isMap(overlay)) return undefined;
  const enabled = read(overlay, 'enabled');
  if (isUnset(enabled)) return false;
  return typeof enabled === 'boolean' ? enabled : undefined;
}

/**
 * Whether the cluster gets an overlay from networking-calico: the written value, or the default of its chart.
 * Undefined where that is not certain.
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
