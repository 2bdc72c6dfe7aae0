// WireGuard has a switch for each family. calico/felix-wireguard-ipv6 looks at one FelixConfiguration; this looks at the
// pools beside it, and at calico-node's environment.
import { parseCidr } from '../../formats/cidr.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const wireguardIpv6Pool: BundleRule = {
  id: 'calico/wireguard-ipv6-pool',
  title: 'WireGuard encrypts the pools of both families',
  action: 'warn',
  docs: {
    why: '`wireguardEnabled` is for IPv4. Without `wireguardEnabledV6` what pods of a pool of IPv6 send to other nodes is not encrypted, which nobody sees.',
    fix: 'Write `wireguardEnabledV6: true`, or `false` if IPv6 is to stay as it is.',
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
      // calico/felix-wireguard-ipv6 speaks of it.
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
          problem: 'encrypts IPv4 only, and there is a pool of IPv6',
          got: value,
          advice: `set ${isResource ? 'wireguardEnabledV6: true' : 'FELIX_WIREGUARDENABLEDV6 to true'} as well`,
        };
      }
    }
  },
};
