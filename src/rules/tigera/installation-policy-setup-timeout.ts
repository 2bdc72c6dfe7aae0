// linuxPolicySetupTimeoutSeconds lets new pods wait for their policies. The operator wants the dataplane written
// beside it, also where it is the default. VPP cannot wait. The operator stops with a degraded TigeraStatus.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { NETWORK_PATH, viewInstallation } from '../../targets/installation-view.ts';
import type { ObjectInput } from '../../targets/object.ts';

const WAITING: readonly string[] = ['Iptables', 'Nftables', 'BPF'];

export const installationPolicySetupTimeout: Rule<ObjectInput> = {
  id: 'tigera/installation-policy-setup-timeout',
  title: 'the wait for policies is one that the dataplane can do',
  action: 'deny',
  docs: {
    why: 'The operator refuses a negative time, and any time where the dataplane is not written or is VPP.',
    fix: 'Write 0 or more seconds, and `linuxDataplane`: Iptables, Nftables or BPF.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: Iptables
    linuxPolicySetupTimeoutSeconds: 10
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxPolicySetupTimeoutSeconds: 10
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    const { network } = viewInstallation(spec);
    const seconds = read(network, 'linuxPolicySetupTimeoutSeconds');
    const path = [...NETWORK_PATH, 'linuxPolicySetupTimeoutSeconds'];
    if (typeof seconds !== 'number') return;
    if (seconds < 0) {
      const message = `the time is negative (got ${seconds}); write 0 or more seconds`;
      yield { path, reason: 'FieldValueInvalid', message };
    }
    const dataplane = read(network, 'linuxDataplane');
    if (typeof dataplane === 'string' && WAITING.includes(dataplane)) return;
    const message = `needs linuxDataplane Iptables, Nftables or BPF (got ${seconds}); write linuxDataplane, or remove it`;
    yield { path, reason: 'FieldValueForbidden', message };
  },
};
