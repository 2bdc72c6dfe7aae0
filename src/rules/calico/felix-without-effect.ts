// Settings of a feature that the same configuration disables. Reported only if the switch is set: otherwise the
// environment of calico-node or the operator may enable the feature.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { EBPF_SETTINGS } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

interface Group {
  /** If all of them are false, the settings have no effect. */
  readonly switches: readonly string[];
  readonly settings: readonly string[];
}

const GROUPS: readonly Group[] = [
  { switches: ['bpfEnabled'], settings: [...EBPF_SETTINGS.keys()] },
  {
    switches: ['wireguardEnabled'],
    settings: ['wireguardInterfaceName', 'wireguardListeningPort', 'wireguardMTU'],
  },
  {
    switches: ['wireguardEnabledV6'],
    settings: ['wireguardInterfaceNameV6', 'wireguardListeningPortV6', 'wireguardMTUV6'],
  },
  {
    switches: ['wireguardEnabled', 'wireguardEnabledV6'],
    settings: ['wireguardHostEncryptionEnabled', 'wireguardKeepAlive', 'wireguardRoutingRulePriority'],
  },
  {
    switches: ['prometheusMetricsEnabled'],
    settings: ['prometheusMetricsHost', 'prometheusMetricsPort'],
  },
];

export const felixWithoutEffect: Rule<ObjectInput> = {
  id: 'calico/felix-without-effect',
  title: 'settings of Felix should have an effect',
  action: 'warn',
  docs: {
    why: 'The configuration disables the feature of this setting, so the setting has no effect.',
    fix: 'Remove the setting, or enable its feature. For IPv6, WireGuard has its own switch, `wireguardEnabledV6`.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  wireguardEnabled: true
  wireguardMTU: 1440
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  wireguardEnabled: false
  wireguardMTU: 1440
`,
    source: 'Calico, documentation of FelixConfiguration',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { switches, settings } of GROUPS) {
      if (!switches.every((each) => read(spec, each) === false)) continue;
      for (const setting of settings) {
        const value = read(spec, setting);
        if (isUnset(value) || value === false || value === EBPF_SETTINGS.get(setting)) continue;
        yield {
          path: ['spec', setting],
          reason: 'FieldValueInvalid',
          problem: `no effect while ${switches.join(' and ')} is false`,
          got: value,
          advice: 'remove it',
        };
      }
    }
  },
};
