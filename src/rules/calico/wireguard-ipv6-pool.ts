// WireGuard has a switch for each family. calico/felix-wireguard-ipv6 looks at one FelixConfiguration; this rule looks
// at the pools with it, and at the environment of calico-node.
import { parseCidr } from '../../formats/cidr.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const wireguardIpv6Pool: BundleRule = {
  id: 'calico/wireguard-ipv6-pool',
  title: 'WireGuard should encrypt the pools of both families',
  action: 'warn',
  docs: {
    why: '`wireguardEnabled` is only for IPv4. Without `wireguardEnabledV6`, traffic of pods of an IPv6 pool to other nodes is not encrypted, and no error says so.',
    fix: 'Write `wireguardEnabledV6: true`, or `false` if IPv6 should stay unencrypted.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  wireguardEnabled: true
  wireguardEnabledV6: true
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods-v6
spec:
  cidr: fd42::/56
  natOutgoing: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  wireguardEnabled: true
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods-v6
spec:
  cidr: fd42::/56
  natOutgoing: true
`,
    source: 'projectcalico/calico#5727; FelixConfiguration CRD, descriptions of both switches',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const settings = factsOf(cluster, 'felix-setting');
      if (settings.some(({ name }) => name === 'wireguardEnabledV6')) continue;
      // calico/felix-wireguard-ipv6 reports it.
      const reported = settings.find(
        ({ name, path, value }) =>
          name === 'ipv6Support' && value === true && path[0] === 'spec' && path.length === 2,
      );
      const hasIpv6 = factsOf(cluster, 'pool').some(
        ({ cidr, isDisabled }) => !isDisabled && parseCidr(cidr)?.family === 'IPv6',
      );
      if (!hasIpv6) continue;
      for (const { document, path, name, value } of settings) {
        if (name !== 'wireguardEnabled' || value !== true || reported?.document.index === document.index)
          continue;
        const isResource = path[0] === 'spec' && path.length === 2;
        yield {
          document,
          path,
          reason: 'FieldValueInvalid',
          problem: 'only encrypts IPv4, but there is an IPv6 pool',
          got: value,
          advice: `set ${isResource ? 'wireguardEnabledV6: true' : 'FELIX_WIREGUARDENABLEDV6 to true'} too`,
        };
      }
    }
  },
};
