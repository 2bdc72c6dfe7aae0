import type { Policy } from '../policy/evaluate.ts';
import { isMap, isUnset, type JsonObject, read, readMap } from '../policy/json.ts';

/**
 * The object as its API server would complete it when it is created, as far as our rules look at what is completed.
 * Only what is not in the file can be completed, so that nothing that was written is changed.
 */
export function completeObject(target: Policy['target'], object: unknown): unknown {
  if (target.kind === 'Shoot' && isMap(object)) return completeShoot(object);
  return object;
}

/** Gardener's admission plugin ShootVPAEnabledByDefault; a landscape may run without it. */
function completeShoot(shoot: JsonObject): JsonObject {
  const spec = readMap(shoot, 'spec');
  if (spec === undefined || !isUnset(read(spec, 'kubernetes', 'verticalPodAutoscaler'))) return shoot;
  const kubernetes = read(spec, 'kubernetes');
  if (!isUnset(kubernetes) && !isMap(kubernetes)) return shoot;
  return {
    ...shoot,
    spec: { ...spec, kubernetes: { ...kubernetes, verticalPodAutoscaler: { enabled: true } } },
  };
}
