import type { ScopeInCel } from '../policy/types.ts';
import { isCalicoInCel } from './network-config.ts';

const WORKERS = ['spec', 'provider', 'workers'];
const OPERATION = ['status', 'lastOperation'];
const SEED = ['spec', 'seedName'];
const SEED_BEFORE = ['status', 'seedName'];

/** Which Shoots are evaluated, as in `readShoot` and `isLeftAlone` of shoot.ts. */
export const SHOOT_IN_CEL: ScopeInCel = {
  isOurs: (object) => {
    const isWorkerless = `${object.hasType(WORKERS, 'list')} && size(${object.value(WORKERS)}) == 0`;
    const type = ['spec', 'networking', 'type'];
    const config = ['spec', 'networking', 'providerConfig'];
    return `${isCalicoInCel(object, type, config)}\n&& !(${isWorkerless})`;
  },
  isLeftAlone: ({ object, old }) => {
    const isOperation = (type: string) => old.is([...OPERATION, 'type'], type);
    const wanted = object.value(SEED);
    const current = old.value(SEED_BEFORE);
    const isRescheduled = [
      old.hasType(OPERATION, 'map'),
      object.hasType(SEED, 'string'),
      old.hasType(SEED_BEFORE, 'string'),
      `!('' in [${wanted}, ${current}])`,
      `${wanted} != ${current}`,
    ].join(' && ');
    const isBeingRestored = `${isOperation('Restore')} && !${old.is([...OPERATION, 'state'], 'Succeeded')}`;
    const reasons = [
      'object.?spec == oldObject.?spec',
      isOperation('Migrate'),
      isRescheduled,
      isBeingRestored,
    ];
    return `request.operation == 'UPDATE' && oldObject != null && (${reasons.map((each) => `(${each})`).join('\n|| ')})`;
  },
};
