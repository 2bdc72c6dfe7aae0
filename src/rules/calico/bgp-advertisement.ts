// An entry of prefixAdvertisements without communities: it says which communities a range carries, and nothing else.
import { isMap, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpAdvertisement: Rule<ObjectInput> = {
  id: 'calico/bgp-advertisement',
  title: 'prefixAdvertisements say which communities a range carries',
  action: 'warn',
  docs: {
    why: "An entry of `prefixAdvertisements` gives communities to the routes of a range; without communities it does nothing, and does not advertise the range either. Calico's own API server and `calicoctl` reject it.",
    fix: 'Write `communities`, or remove the entry. Ranges of Services are advertised by `serviceClusterIPs`, `serviceExternalIPs` and `serviceLoadBalancerIPs`.',
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
        advice: 'write such as ["65001:100"], or remove the entry',
      };
    }
  },
};
