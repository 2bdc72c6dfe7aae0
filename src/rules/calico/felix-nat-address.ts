// natOutgoingAddress is an IPv4 address, and Felix also writes it into the IPv6 rules if an IPv6 pool has natOutgoing:
// ip6tables rejects it, and with it the whole table.
import { parseCidr } from '../../formats/cidr.ts';
import { parseIp } from '../../formats/ip.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const felixNatAddress: BundleRule = {
  id: 'calico/felix-nat-address',
  title: 'natOutgoingAddress should not be set with IPv6 pools that have natOutgoing',
  action: 'warn',
  docs: {
    why: 'Felix uses natOutgoingAddress for both families. ip6tables-restore does not accept an IPv4 address: the whole IPv6 NAT table is not written, and Felix retries forever.',
    fix: 'Remove `natOutgoingAddress`, or `natOutgoing` from the IPv6 pools.',
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
        if (name !== 'natOutgoingAddress' || typeof value !== 'string' || parseIp(value)?.family !== 'IPv4')
          continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: 'breaks the IPv6 NAT of a pool with natOutgoing',
          got: value,
          advice: 'remove it, or remove natOutgoing from the IPv6 pool',
        };
      }
    }
  },
};
