// The ranges of pods, nodes and Services end up in routes and address pools. Gardener refuses what Go's net.ParseCIDR
// cannot read; here it is told together with everything else. Leading zeros are among that: some programs read them as
// octal, and two parts of the cluster would speak of different networks. Host bits pass, as in networking-calico:
// Gardener's own validation refuses them ("must be valid canonical CIDR") before it comes to any validating webhook.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { checkCidr } from '../shared/cidr-advice.ts';

export const cidrs: Rule<ShootInput> = {
  id: 'shoot/cidrs',
  title: 'the ranges of pods, nodes and services are CIDRs',
  action: 'deny',
  docs: {
    why: 'Without a range that can be read, pods and Services get no addresses; the extension refuses the Shoot.',
    fix: 'Write an address and a prefix length, such as `10.250.0.0/16`, or leave the field out for the default of Gardener.',
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
