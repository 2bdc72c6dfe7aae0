// A node that takes no blocks by itself and may use the blocks of others needs somebody who gives it blocks. Calico's own
// client rejects the pair; the CRD takes it.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ipamBlocks: Rule<ObjectInput> = {
  id: 'calico/ipam-blocks',
  title: 'nodes get blocks of addresses',
  action: 'warn',
  docs: {
    why: "Calico's own client rejects `strictAffinity: false` together with `autoAllocateBlocks: false`. A CRD takes it, and a node without a block then takes every address from the blocks of others, or none.",
    fix: 'Remove `autoAllocateBlocks`, or write `true`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPAMConfiguration
metadata:
  name: default
spec:
  strictAffinity: false
  autoAllocateBlocks: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPAMConfiguration
metadata:
  name: default
spec:
  strictAffinity: false
  autoAllocateBlocks: false
`,
    source: 'Calico, libcalico-go IPAM (SetIPAMConfig)',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (read(spec, 'autoAllocateBlocks') !== false || read(spec, 'strictAffinity') === true) return;
    const problem = 'no node takes blocks, and each may use those of others';
    const path = ['spec', 'autoAllocateBlocks'];
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem,
      got: false,
      advice: 'write true, or strictAffinity: true',
    };
  },
};
