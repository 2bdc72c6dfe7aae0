// Calico reads only the IPAM configuration with the name default.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ipamName: Rule<ObjectInput> = {
  id: 'calico/ipam-name',
  title: 'an IPAM configuration should have the name default',
  action: 'warn',
  docs: {
    why: 'Calico reads the configuration with the name `default`. `calicoctl` rejects another name; a CRD stores it, and it has no effect (rancher/rke2#1617).',
    fix: 'Name it `default`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPAMConfiguration
metadata:
  name: default
spec:
  strictAffinity: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPAMConfiguration
metadata:
  name: windows
spec:
  strictAffinity: true
`,
    source: 'Calico, libcalico-go clientv3 (IPAMConfiguration) and its Kubernetes backend; rancher/rke2#1617',
    since: '0.1.0',
  },
  *check({ object }) {
    const got = readString(object, 'metadata', 'name') ?? '';
    if (got === '' || got === 'default') return;
    const problem = 'Calico reads no IPAM configuration with this name';
    yield {
      path: ['metadata', 'name'],
      reason: 'FieldValueInvalid',
      problem,
      got,
      advice: 'name it default',
    };
  },
};
