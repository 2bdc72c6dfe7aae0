// The block azure changes the labels that the operator sets for AKS. It is rejected unless kubernetesProvider is AKS,
// which is not detected. The operator stops with a degraded TigeraStatus, and changes nothing until the block is
// removed.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const installationAzure: Rule<ObjectInput> = {
  id: 'tigera/installation-azure',
  title: 'settings for AKS must only be set with kubernetesProvider AKS',
  action: 'deny',
  docs: {
    why: 'The operator rejects the block `azure` with any other provider.',
    fix: 'Write `kubernetesProvider: AKS`, or remove the block.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: AKS
  azure:
    policyMode: Manual
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  azure:
    policyMode: Manual
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    const provider = read(spec, 'kubernetesProvider');
    if (isUnset(read(spec, 'azure')) || provider === 'AKS') return;
    yield {
      path: ['spec', 'azure'],
      reason: 'FieldValueForbidden',
      problem: 'only allowed with kubernetesProvider AKS',
      got: provider,
      advice: 'remove it, or set kubernetesProvider: AKS',
    };
  },
};
