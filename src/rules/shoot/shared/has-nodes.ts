import { isUnset, readList } from '../../../policy/json.ts';
import type { ShootInput } from '../../../targets/shoot.ts';

/**
 * Whether a Shoot has nodes in its cloud's network. The API server leaves an empty list of workers out, so a workerless
 * Shoot is one that names no workers and says nothing of a network type or its configuration either: Gardener forbids
 * both there, while IP families and the range of services are allowed, and no cloud looks at them.
 */
export function hasNodes({ isTyped, configValue, spec }: ShootInput): boolean {
  return isTyped || !isUnset(configValue) || readList(spec, 'provider', 'workers').length > 0;
}
