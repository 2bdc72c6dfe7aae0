// The ranges of pods, nodes and Services end up in routes and address pools. Gardener rejects what Go's net.ParseCIDR
// cannot parse; this rule reports it together with everything else. Leading zeros are such a mistake: some programs
// read them as octal, so two parts of the cluster would use different networks. Host bits are allowed here, as in
// networking-calico: Gardener's own validation rejects them ("must be valid canonical CIDR") before it calls
// validating webhooks.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { checkCidr } from '../shared/cidr-advice.ts';

export const cidrs: Rule<ShootInput> = {
  id: 'shoot/cidrs',
  title: 'the ranges of pods, nodes and Services must be CIDR ranges',
  action: 'deny',
  docs: {
    why: 'With a range that cannot be parsed, pods and Services get no addresses; the extension rejects the Shoot.',
    fix: 'Write an address and a prefix length, such as `10.250.0.0/16`, or remove the field to use the default of Gardener.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    pods: 100.96.0.0/11
    services: 100.64.0.0/13
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    pods: 100.96.0.0
    services: 100.64.0.0/13
`,
    source: 'gardener-extension-networking-calico, pkg/admission/validator (validation of spec.networking)',
    since: '0.1.0',
  },
  *check({ networking }) {
    for (const field of ['pods', 'nodes', 'services']) {
      yield* checkCidr(['spec', 'networking', field], read(networking, field));
    }
  },
};
