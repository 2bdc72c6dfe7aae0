import { isUnset, readList } from '../../../policy/json.ts';
import type { ShootInput } from '../../../targets/shoot.ts';

/**
 * Whether a Shoot has nodes in the network of its cloud. The API server omits an empty list of workers, so a workerless
 * Shoot is one without workers, without a network type and without a network configuration: Gardener forbids
 * the last two there, while IP families and the range of Services are allowed, and no cloud uses them.
 */
export function hasNodes({ isTyped, configValue, spec }: ShootInput): boolean {
  return isTyped || !isUnset(configValue) || readList(spec, 'provider', 'workers').length > 0;
}
