// WireGuard has a switch for each family: wireguardEnabled only encrypts IPv4 between nodes. If the same configuration
// uses IPv6 and does not set the IPv6 switch, IPv6 stays unencrypted without any error.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const SETTINGS: readonly string[] = [
  'wireguardInterfaceNameV6',
  'wireguardListeningPortV6',
  'wireguardMTUV6',
];

export const felixWireguardIpv6: Rule<ObjectInput> = {
  id: 'calico/felix-wireguard-ipv6',
  title: 'WireGuard should also encrypt IPv6 where it is used',
  action: 'warn',
  docs: {
    why: '`wireguardEnabled` is only for IPv4. Without `wireguardEnabledV6` IPv6 between nodes is not encrypted.',
    fix: 'Write `wireguardEnabledV6: true`, or `false` if IPv6 should stay unencrypted.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  ipv6Support: true
  wireguardEnabled: true
  wireguardEnabledV6: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  ipv6Support: true
  wireguardEnabled: true
`,
    source: 'Calico, FelixConfiguration CRD, descriptions of wireguardEnabled and wireguardEnabledV6',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (read(spec, 'wireguardEnabled') !== true || !isUnset(read(spec, 'wireguardEnabledV6'))) return;
    const hasIpv6 = read(spec, 'ipv6Support') === true || SETTINGS.some((each) => !isUnset(read(spec, each)));
    if (!hasIpv6) return;
    yield {
      path: ['spec', 'wireguardEnabledV6'],
      reason: 'FieldValueInvalid',
      problem: 'wireguardEnabled only encrypts IPv4',
      advice: 'write true to encrypt IPv6 too',
    };
  },
};
