// nonPrivileged and fipsMode have been taken out of Calico. Disabled is still accepted, Enabled is not. The operator
// stops with a degraded TigeraStatus as long as one of them is Enabled, and no update of Calico is rolled out.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const installationRemovedSetting: Rule<ObjectInput> = {
  id: 'tigera/installation-removed-setting',
  title: 'no setting that the operator has given up is on',
  action: 'deny',
  docs: {
    why: 'Calico no longer runs without privileges or in FIPS mode. The operator reports a degraded TigeraStatus as long as one of them is asked for.',
    fix: 'Remove the setting.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    bgp: Enabled
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  nonPrivileged: Enabled
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ['nonPrivileged', 'fipsMode']) {
      if (read(spec, field) !== 'Enabled') continue;
      yield {
        path: ['spec', field],
        reason: 'FieldValueForbidden',
        message: 'Calico no longer has it (got "Enabled"); remove it',
      };
    }
  },
};
