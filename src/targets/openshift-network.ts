import type { Fact } from '../policy/fact.ts';
import { read } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

const PATH = ['spec', 'deployKubeProxy'];

/**
 * The configuration of OpenShift's network operator, of interest only where it says that kube-proxy does not run: Calico's
 * own manifests for OpenShift write it beside an Installation with eBPF. What the operator does where it says nothing
 * depends on the network plugin, and a `true` may be out of date by the time that Calico is installed.
 */
export function createOpenshiftNetworkTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'tigera',
    apis: [{ group: 'operator.openshift.io', versions: ['v1'] }],
    kind: 'Network',
    resource: 'networks',
    isOurs: (object) => read(object, ...PATH) === false,
    listFacts,
  });
}

function* listFacts(): Generator<Fact> {
  yield { about: 'kube-proxy', path: PATH, runs: false };
}
