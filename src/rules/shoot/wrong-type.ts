// A value of the wrong JSON type makes the extension's decoder give up on the whole configuration; the best known
// case is vethMTU written as a number (networking-calico#664), where the Network then fails to reconcile. The same
// goes for the fields of the Shoot that the other rules read: what cannot be read cannot be judged.
import type { Rule } from '../../policy/types.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';

export const wrongType: Rule<NetworkConfigInput> = {
  id: 'shoot/wrong-type',
  title: 'every field has the right type',
  action: 'deny',
  docs: {
    why: 'One value of the wrong type, and the extension cannot decode the configuration: the network is not reconciled.',
    fix: 'Write the type that the message names; a number that must be a string goes in quotes.',
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
