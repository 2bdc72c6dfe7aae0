// bpfNetworkBootstrap does for the operator what kube-proxy otherwise does. Without linuxDataplane BPF it is rejected,
// because nothing would undo it. It is off by default. The operator stops with a degraded TigeraStatus.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';

export const installationBpfBootstrap: Rule<InstallationInput> = {
  id: 'tigera/installation-bpf-bootstrap',
  title: 'the eBPF bootstrap must only be on with the eBPF dataplane',
  action: 'deny',
  docs: {
    why: 'bpfNetworkBootstrap lets the operator find the API server without kube-proxy, for the eBPF dataplane. With any other dataplane the operator reports a degraded TigeraStatus.',
    fix: 'Write `linuxDataplane: BPF`, or remove `bpfNetworkBootstrap`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
    bpfNetworkBootstrap: Enabled
    kubeProxyManagement: Enabled
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    bpfNetworkBootstrap: Enabled
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ view }) {
    const { dataplane, network } = view;
    if (read(network, 'bpfNetworkBootstrap') !== 'Enabled' || dataplane === 'BPF') return;
    yield {
      path: [...NETWORK_PATH, 'bpfNetworkBootstrap'],
      reason: 'FieldValueForbidden',
      problem: 'only allowed with linuxDataplane BPF',
      got: 'Enabled',
      advice: 'remove it, or set linuxDataplane: BPF',
    };
  },
};
