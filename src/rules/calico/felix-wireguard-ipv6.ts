// WireGuard has a switch for each family: wireguardEnabled encrypts IPv4 between nodes only. Where the same configuration
// is about IPv6 and leaves its switch out, IPv6 goes unencrypted, which nobody sees.
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
  title: 'WireGuard encrypts IPv6 too, where there is any',
  action: 'warn',
  docs: {
    why: '`wireguardEnabled` is for IPv4. Without `wireguardEnabledV6` IPv6 between nodes is not encrypted.',
    fix: 'Write `wireguardEnabledV6: true`, or `false` if IPv6 is to stay as it is.',
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
      problem: 'wireguardEnabled encrypts IPv4 only',
      advice: 'write true to encrypt IPv6 as well',
    };
  },
};
