// natOutgoingAddress is an IPv4 address, and Felix writes it into the rules of IPv6 as well where a pool of IPv6 has
// natOutgoing: ip6tables rejects it, and with it the whole table.
import { parseCidr } from '../../formats/cidr.ts';
import { parseIp } from '../../formats/ip.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const felixNatAddress: BundleRule = {
  id: 'calico/felix-nat-address',
  title: 'an address for outgoing traffic fits all pools',
  action: 'warn',
  docs: {
    why: 'Felix uses natOutgoingAddress for both families. ip6tables-restore does not take an IPv4 address: the whole NAT table of IPv6 is not written, and Felix tries for ever.',
    fix: 'Remove `natOutgoingAddress`, or `natOutgoing` of the pools of IPv6.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  natOutgoingAddress: 192.168.10.100
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipipMode: Always
  natOutgoing: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  natOutgoingAddress: 192.168.10.100
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods-v6
spec:
  cidr: fd00:10:244::/64
  natOutgoing: true
`,
    source: 'projectcalico/calico#3275; felix/rules/nat.go',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const isNattedV6 = factsOf(cluster, 'pool').some(
        ({ cidr, isDisabled, natOutgoing }) =>
          natOutgoing && !isDisabled && parseCidr(cidr)?.family === 'IPv6',
      );
      if (!isNattedV6) continue;
      for (const { document, path, name, value } of factsOf(cluster, 'felix-setting')) {
        if (name !== 'natOutgoingAddress' || parseIp(String(value))?.family !== 'IPv4') continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: "breaks the NAT of IPv6, which a pool's natOutgoing asks for",
          got: value,
          advice: 'remove it, or natOutgoing of the IPv6 pool',
        };
      }
    }
  },
};
