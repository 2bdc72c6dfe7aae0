// A Network is what gardenlet writes to the seed from a Shoot, and what networking-calico reconciles. Users do not
// write it, so this rule only warns. But a mistake in it reaches the cluster: the admission of the Shoot was missing
// or older. The rule applies the checks of the Shoot rules to the same fields of a Network.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { NetworkInput } from '../../targets/network.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { checkCidr } from '../shared/cidr-advice.ts';
import { autodetectionMethod } from '../shoot/autodetection-method.ts';
import { autoscaling } from '../shoot/autoscaling.ts';
import { backend } from '../shoot/backend.ts';
import { duplicateField } from '../shoot/duplicate-field.ts';
import { ipFamilies } from '../shoot/ip-families.ts';
import { ipam } from '../shoot/ipam.ts';
import { pools } from '../shoot/pools.ts';
import { serviceLoopPrevention } from '../shoot/service-loop-prevention.ts';
import { unknownField } from '../shoot/unknown-field.ts';
import { vethMtu } from '../shoot/veth-mtu.ts';
import { wrongKind } from '../shoot/wrong-kind.ts';
import { wrongType } from '../shoot/wrong-type.ts';

const INNER: readonly Rule<NetworkConfigInput>[] = [
  wrongKind,
  unknownField,
  wrongType,
  duplicateField,
  backend,
  ipam,
  pools,
  autodetectionMethod,
  vethMtu,
  autoscaling,
  serviceLoopPrevention,
  ipFamilies,
];

export const providerConfig: Rule<NetworkInput> = {
  id: 'network/provider-config',
  title: 'a Network should be valid for networking-calico',
  action: 'warn',
  docs: {
    why: 'The extension validates the Network again when it reconciles it, and stops at the first value that it does not accept. The network of the Shoot then stays as it was.',
    fix: 'Correct the Shoot: gardenlet copies `spec.networking` from it and overwrites changes of the Network.',
    good: `
kind: Network
spec:
  type: calico
  podCIDR: 100.96.0.0/11
  serviceCIDR: 100.64.0.0/13
  providerConfig:
    apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
    kind: NetworkConfig
    backend: bird
`,
    bad: `
kind: Network
spec:
  type: calico
  podCIDR: 100.96.0.0/11
  serviceCIDR: 100.64.0.0/13
  providerConfig:
    apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
    kind: NetworkConfig
    backend: geneve
`,
    source:
      'gardener-extension-networking-calico v1.60, pkg/controller/actuator_reconcile.go and validate.go; gardener, pkg/api/extensions/validation',
    since: '0.1.0',
  },
  *check(input, options) {
    const type = read(input.spec, 'type');
    if (isUnset(type) || type === '') {
      yield {
        path: ['spec', 'type'],
        reason: 'FieldValueRequired',
        problem: 'the network type is missing',
        got: type,
        advice: 'write calico',
      };
    }
    for (const field of ['podCIDR', 'serviceCIDR']) {
      const range = read(input.spec, field);
      // A Network has no ranges yet while the infrastructure is still choosing them.
      if (range !== '') yield* checkCidr(['spec', field], range);
    }
    for (const rule of INNER) yield* rule.check(input, options);
  },
};
