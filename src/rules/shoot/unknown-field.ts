// The extension decodes the providerConfig strictly: with one unknown field the network is no longer reconciled. Field
// names are case-sensitive. A landscape whose networking-calico is newer than the release that we follow can set this
// rule to warn.
import type { Rule } from '../../policy/types.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';

export const unknownField: Rule<NetworkConfigInput> = {
  id: 'shoot/unknown-field',
  title: 'the providerConfig must not have unknown fields',
  action: 'deny',
  docs: {
    why: 'The extension decodes strictly: with an unknown field the network is not reconciled, and the field has no effect.',
    fix: 'Correct the name (names are case-sensitive), move the field to where it belongs, or remove it. If your landscape runs a newer networking-calico that has the field, set this rule to `warn`.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      vethMTU: "1440"
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      vethMtu: "1440"
`,
    source: 'gardener-extension-networking-calico, pkg/apis/calico/v1alpha1 types and its strict decoder',
    since: '0.1.0',
  },
  *check({ shape }) {
    yield* shape.filter((problem) => problem.kind === 'unknown-field');
  },
};
