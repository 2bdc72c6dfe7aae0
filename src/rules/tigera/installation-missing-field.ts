// This rule reports missing fields that the CRD of the Installation requires inside a block that is set: the name of a
// container with resources, the value of a kernel setting, the CA of certificateManagement.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { findMissing } from '../shared/missing-field.ts';

export const installationMissingField: Rule<ObjectInput> = {
  id: 'tigera/installation-missing-field',
  title: 'fields that the CRD of the Installation requires must be set',
  action: 'deny',
  docs: {
    why: 'The API server rejects an Installation in which a required field is missing or null.',
    fix: 'Write the field from the message, or remove the block that needs it.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    sysctl:
      - key: net.ipv4.tcp_keepalive_time
        value: "40"
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    sysctl:
      - key: net.ipv4.tcp_keepalive_time
`,
    source: 'Tigera operator of Calico 3.33, CRD of Installation: required fields',
    since: '0.1.0',
  },
  *check({ values }) {
    yield* findMissing(values());
  },
};
