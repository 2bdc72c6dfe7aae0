// This rule checks vxlanEnabled and ipipEnabled of Felix, in a FelixConfiguration or in the environment of calico-node.
// If they are not set, Felix decides from the pools. If they are set, they win over the pools, and false removes a
// tunnel that a pool needs.
import { parseCidr } from '../../formats/cidr.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { usesTunnel } from '../shared/tunnels.ts';

const TUNNELS = [
  { setting: 'vxlanEnabled', tunnel: 'vxlan', name: 'VXLAN' },
  { setting: 'ipipEnabled', tunnel: 'ipip', name: 'IP-in-IP' },
] as const;

export const felixTunnelOff: BundleRule = {
  id: 'calico/felix-tunnel-off',
  title: 'Felix should not disable the tunnel that a pool needs',
  action: 'warn',
  docs: {
    why: 'The settings of Felix win over the pools: with `vxlanEnabled: false` there is no device vxlan.calico, with `ipipEnabled: false` no tunl0, and pods on different nodes cannot reach each other.',
    fix: 'Remove the setting: Felix then creates a tunnel if a pool needs one, and none otherwise.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  ipipEnabled: false
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  vxlanMode: Always
  natOutgoing: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  vxlanEnabled: false
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  vxlanMode: Always
  natOutgoing: true
`,
    source: 'projectcalico/calico#5576; felix/calc/encapsulation_resolver.go (IPIPEnabled, VXLANEnabled)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      for (const { document, path, name, value } of factsOf(cluster, 'felix-setting')) {
        const off = value === false ? TUNNELS.find(({ setting }) => setting === name) : undefined;
        // IPv6 has its own tunnel, which this setting does not control.
        if (off === undefined || !usesTunnel(cluster, off.tunnel, isIpv4)) continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: `disables the tunnel of a pool with ${off.name}`,
          got: false,
          advice: 'remove it, because Felix decides from the pools',
        };
      }
    }
  },
};

function isIpv4({ cidr }: { readonly cidr: string }): boolean {
  return parseCidr(cidr)?.family === 'IPv4';
}
