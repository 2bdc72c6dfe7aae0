// This rule reports an entry of prefixAdvertisements without communities. An entry only says which communities a range
// has.
import { isMap, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpAdvertisement: Rule<ObjectInput> = {
  id: 'calico/bgp-advertisement',
  title: 'an entry of prefixAdvertisements should have communities',
  action: 'warn',
  docs: {
    why: "An entry of `prefixAdvertisements` adds communities to the routes of a range. Without communities it does nothing, and it does not advertise the range either. Calico's own API server and `calicoctl` reject it.",
    fix: 'Write `communities`, or remove the entry. To advertise ranges of Services use `serviceClusterIPs`, `serviceExternalIPs` and `serviceLoadBalancerIPs`.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  prefixAdvertisements:
  - cidr: 10.244.0.0/16
    communities: ["65001:100"]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  prefixAdvertisements:
  - cidr: 10.244.0.0/16
`,
    source: 'Calico, libcalico-go validator: PrefixAdvertisement; confd, templates of BIRD',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [index, entry] of readList(spec, 'prefixAdvertisements').entries()) {
      if (!isMap(entry) || readList(entry, 'communities').length > 0) continue;
      yield {
        path: ['spec', 'prefixAdvertisements', index, 'communities'],
        reason: 'FieldValueRequired',
        problem: 'without communities the entry does nothing',
        advice: 'write communities, such as ["65001:100"], or remove the entry',
      };
    }
  },
};
