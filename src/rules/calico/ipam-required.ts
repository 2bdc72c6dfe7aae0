// In its storage format, crd.projectcalico.org/v1, an IPAM configuration has no defaults: both switches are required.
import { isUnset, read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const DEFAULTS = { strictAffinity: false, autoAllocateBlocks: true };

export const ipamRequired: Rule<ObjectInput> = {
  id: 'calico/ipam-required',
  title: 'a stored IPAM configuration must have both switches',
  action: 'deny',
  docs: {
    why: 'The API server rejects an IPAMConfig of `crd.projectcalico.org/v1` without one of them. (In `projectcalico.org/v3` they have defaults.)',
    fix: "Write both; Calico's defaults are `strictAffinity: false` and `autoAllocateBlocks: true`.",
    good: `
apiVersion: projectcalico.org/v3
kind: IPAMConfiguration
metadata:
  name: default
spec:
  strictAffinity: true
`,
    bad: `
apiVersion: crd.projectcalico.org/v1
kind: IPAMConfig
metadata:
  name: default
spec:
  strictAffinity: true
`,
    source: 'Calico, IPAMConfig CRD (crd.projectcalico.org/v1): required fields',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    if (readString(object, 'kind') !== 'IPAMConfig') return;
    for (const [field, value] of Object.entries(DEFAULTS)) {
      if (!isUnset(read(spec, field))) continue;
      const problem = 'the field is missing and has no default here';
      yield {
        path: ['spec', field],
        reason: 'FieldValueRequired',
        problem,
        advice: `write ${value}, which is the default of Calico`,
      };
    }
  },
};
