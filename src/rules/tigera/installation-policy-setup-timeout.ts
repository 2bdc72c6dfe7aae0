// linuxPolicySetupTimeoutSeconds lets new pods wait for their policies: 0 or more seconds. Every dataplane except VPP
// supports it; the default of linuxDataplane is Iptables, which the operator sets before it validates. With a wrong
// value the operator stops with a degraded TigeraStatus.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';

export const installationPolicySetupTimeout: Rule<InstallationInput> = {
  id: 'tigera/installation-policy-setup-timeout',
  title: 'the policy setup timeout must be one that the dataplane supports',
  action: 'deny',
  docs: {
    why: 'The operator rejects a negative time, and any time with VPP, also 0: it stops with a degraded TigeraStatus, and rolls out nothing else.',
    fix: 'Write 0 or more seconds. With VPP remove the field.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxPolicySetupTimeoutSeconds: 10
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: VPP
    linuxPolicySetupTimeoutSeconds: 10
`,
    source:
      'Tigera operator of Calico 3.33, pkg/controller/installation: validation.go and fillDefaults of core_controller.go',
    since: '0.1.0',
  },
  *check({ view }) {
    const { network, dataplane } = view;
    const seconds = read(network, 'linuxPolicySetupTimeoutSeconds');
    const path = [...NETWORK_PATH, 'linuxPolicySetupTimeoutSeconds'];
    if (typeof seconds !== 'number') return;
    if (seconds < 0) {
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem: 'the time is negative',
        got: seconds,
        advice: 'write 0 or more seconds',
      };
    }
    if (dataplane !== 'VPP') return;
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: 'VPP does not support this timeout',
      got: seconds,
      advice: 'remove it',
    };
  },
};
