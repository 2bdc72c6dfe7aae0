// Alibaba Cloud uses 100.64.0.0/10 for its own services (DNS, metadata, package mirrors). A Shoot that uses addresses
// of this range sends packets for these services to itself: nodes cannot resolve names or pull images. Gardener's
// default ranges for pods and Services are in it, so they must be set explicitly on this cloud.
import { overlaps, parseCidr } from '../../formats/cidr.ts';
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { hasNodes } from './shared/has-nodes.ts';

const RESERVED = '100.64.0.0/10';

export const providerReservedRanges: Rule<ShootInput> = {
  id: 'shoot/provider-reserved-ranges',
  title: `ranges on Alibaba Cloud must not overlap ${RESERVED}`,
  action: 'deny',
  docs: {
    why: `The services of Alibaba Cloud itself have addresses in ${RESERVED}. A Shoot that uses addresses of this range cannot reach them: no DNS, no metadata, no images.`,
    fix: "Choose ranges outside it, for example within 10.0.0.0/8. Gardener's defaults for pods (100.96.0.0/11) and services (100.64.0.0/13) overlap it.",
    good: `
kind: Shoot
spec:
  provider:
    type: alicloud
  networking:
    type: calico
    nodes: 10.250.0.0/16
    pods: 10.96.0.0/11
    services: 10.64.0.0/13
`,
    bad: `
kind: Shoot
spec:
  provider:
    type: alicloud
  networking:
    type: calico
    nodes: 10.250.0.0/16
    pods: 100.96.0.0/11
    services: 100.64.0.0/13
`,
    source: 'gardener-extension-provider-alicloud, its Shoot validator',
    since: '0.1.0',
  },
  *check(input) {
    if (input.provider !== 'alicloud' || !hasNodes(input)) return;
    const reserved = parseCidr(RESERVED);
    if (reserved === undefined) return;
    for (const field of ['nodes', 'pods', 'services']) {
      const value = read(input.networking, field);
      const range = typeof value === 'string' ? parseCidr(value) : undefined;
      if (typeof value !== 'string' || range === undefined || !overlaps(range, reserved)) continue;
      yield {
        path: ['spec', 'networking', field],
        reason: 'FieldValueForbidden',
        problem: `overlaps ${RESERVED}, which Alibaba Cloud reserves`,
        got: value,
        advice: 'use a range outside it, such as one in 10.0.0.0/8',
      };
    }
  },
};
