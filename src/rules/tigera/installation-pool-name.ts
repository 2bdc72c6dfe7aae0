// The operator creates an IPPool from each entry of ipPools, with the name of the entry. It does not validate the
// name, and the API server rejects the IPPool.
import { isDns1123Subdomain } from '../../formats/dns.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';

export const installationPoolName: Rule<InstallationInput> = {
  id: 'tigera/installation-pool-name',
  title: 'pools of an Installation must have valid names',
  action: 'deny',
  docs: {
    why: 'The operator accepts any name, and the API server then rejects the IPPool with this name: there is no pool, and pods get no address.',
    fix: 'Write lower-case letters, digits, `-` and dots, or remove `name`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - name: pods-east
        cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - name: Pods East
        cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    source:
      'Tigera operator of Calico 3.33, pkg/controller/ippool; the pools that it creates, checked by the CRD of IPPool',
    since: '0.1.0',
  },
  *check({ view }) {
    for (const { path, values } of view.pools) {
      const name = readString(values, 'name') ?? '';
      if (name === '' || isDns1123Subdomain(name)) continue;
      yield {
        path: [...path, 'name'],
        reason: 'FieldValueInvalid',
        problem: 'no IPPool can have this name',
        got: name,
        advice: 'write lower-case letters, digits, - and dots',
      };
    }
  },
};
