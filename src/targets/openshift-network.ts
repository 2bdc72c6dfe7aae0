import type { Fact } from '../policy/fact.ts';
import { read } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

const PATH = ['spec', 'deployKubeProxy'];

/**
 * The configuration of OpenShift's network operator. It matters only where it turns kube-proxy off: Calico's own
 * manifests for OpenShift have it beside an Installation with eBPF. Where it is unset, the network plugin decides,
 * and a `true` may be outdated when Calico is installed.
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
