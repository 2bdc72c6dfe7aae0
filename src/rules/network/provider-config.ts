// A Network is what gardenlet writes to the seed from a Shoot, and what networking-calico reconciles. Nobody types it,
// so nothing here is refused; but what stands there wrong is what the cluster gets, and the Shoot's own admission was
// missing or older. The checks are those of the Shoot's rules, at the place where a Network has the same fields.
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
  title: 'a Network can be reconciled by networking-calico',
  action: 'warn',
  docs: {
    why: 'The extension validates the Network again when it reconciles it, and stops at the first thing that it does not accept: the network of the Shoot stays as it was.',
    fix: 'Correct the Shoot: gardenlet copies `spec.networking` from it and would overwrite a change of the Network.',
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
      // A Network whose ranges the infrastructure has still to find has none yet.
      if (range !== '') yield* checkCidr(['spec', field], range);
    }
    for (const rule of INNER) yield* rule.check(input, options);
  },
};
