// With a value of the wrong JSON type the decoder of the extension rejects the whole configuration. The most common
// case is vethMTU written as a number (networking-calico#664), with which the Network fails to reconcile. The same
// holds for the fields of the Shoot that the other rules read: a value that cannot be read cannot be evaluated.
import type { Rule } from '../../policy/types.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';

export const wrongType: Rule<NetworkConfigInput> = {
  id: 'shoot/wrong-type',
  title: 'every field must have the right type',
  action: 'deny',
  docs: {
    why: 'If one value has the wrong type, the extension cannot decode the configuration: the network is not reconciled.',
    fix: 'Write the type from the message. Put a number that must be a string in quotes.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: false
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: "false"
`,
    source: 'gardener-extension-networking-calico, pkg/apis/calico/v1alpha1 types; networking-calico#664',
    since: '0.1.0',
  },
  *check({ shape }) {
    yield* shape.filter((problem) => problem.kind === 'wrong-type');
  },
};
