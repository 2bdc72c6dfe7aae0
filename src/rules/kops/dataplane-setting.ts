// Words that kOps compares exactly and passes to Felix: bpfExternalServiceMode, bpfLogLevel, chainInsertMode (lower
// case, although the API of Calico has Insert and Append) and iptablesBackend.

import kopsCalico from '../../kinds/kops-calico.json' with { type: 'json' };
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

const FIELDS = [
  { name: 'bpfExternalServiceMode', problem: 'unsupported external service mode' },
  { name: 'bpfLogLevel', problem: 'unsupported eBPF log level' },
  { name: 'chainInsertMode', problem: 'unsupported chainInsertMode' },
  { name: 'iptablesBackend', problem: 'unsupported iptables backend' },
];

export const dataplaneSetting: Rule<KopsClusterInput> = {
  id: 'kops/dataplane-setting',
  title: 'settings of the dataplane must be words that kOps supports',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster.',
    fix: 'Write one of the words from the message, with exactly this case, or remove the field.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      iptablesBackend: NFT
      chainInsertMode: append
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      iptablesBackend: nft
      chainInsertMode: Append
`,
    source: 'kOps, validateNetworkingCalico',
    since: '0.1.0',
  },
  *check(input) {
    for (const { name, problem } of FIELDS) {
      const allowed = wordsAt(kopsCalico, name);
      yield* checkAllowedValue({ path: inCalico(name), value: wordOf(input, name), problem, allowed });
    }
  },
};
