import { networkMutations, shootMutations } from './mutations/index.ts';
import { bindPolicy } from './policy/evaluate.ts';
import { createRegistry, type Registry } from './policy/registry.ts';
import { networkRules, shootRules } from './rules/index.ts';
import { loadSchema } from './schema/load.ts';
import { compileShape } from './schema/shape.ts';
import { createNetworkTarget } from './targets/network.ts';
import { createShootTarget } from './targets/shoot.ts';

/** All that this build knows, checked; the one place where kinds, rules and mutations meet. */
export function loadRegistry(): Registry {
  const networkConfig = loadSchema('network-config');
  const shoot = createShootTarget(compileShape(loadSchema('shoot'), [networkConfig]));
  const network = createNetworkTarget(compileShape(loadSchema('network'), [networkConfig]));
  return createRegistry([
    bindPolicy(shoot, shootRules, shootMutations),
    bindPolicy(network, networkRules, networkMutations),
  ]);
}
