// If nodes do not allocate blocks automatically but may use addresses of other blocks, something else must allocate
// blocks. Calico's own client rejects this combination; the CRD accepts it.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ipamBlocks: Rule<ObjectInput> = {
  id: 'calico/ipam-blocks',
  title: 'nodes should get blocks of addresses',
  action: 'warn',
  docs: {
    why: "Calico's own client rejects `strictAffinity: false` together with `autoAllocateBlocks: false`. A CRD accepts it, and a node without a block then takes every address from blocks of other nodes, or gets none.",
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
    const problem = 'nodes allocate no blocks, but may use blocks of other nodes';
    const path = ['spec', 'autoAllocateBlocks'];
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem,
      got: false,
      advice: 'write true, or set strictAffinity: true',
    };
  },
};
