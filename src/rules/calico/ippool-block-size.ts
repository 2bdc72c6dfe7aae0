// Nodes take addresses from a pool in blocks. A block has 1 to 4096 addresses (prefix length 20 to 32, with IPv6 116
// to 128), and the pool must be large enough for one block: otherwise no pod gets an address from it. Nothing is taken
// from a disabled pool, so any size is fine there. The size cannot be changed later.
import { type Cidr, parseCidr } from '../../formats/cidr.ts';
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkNumber } from '../shared/number-range.ts';

const SIZES: Readonly<
  Record<Cidr['family'], { readonly min: number; readonly max: number; readonly usual: number }>
> = {
  IPv4: { min: 20, max: 32, usual: 26 },
  IPv6: { min: 116, max: 128, usual: 122 },
};

export const ippoolBlockSize: Rule<ObjectInput> = {
  id: 'calico/ippool-block-size',
  title: 'the block size of a pool must be valid and fit into the pool',
  action: 'deny',
  docs: {
    why: 'Nodes take addresses in blocks. If the pool is smaller than one block, or Calico does not support the block size, no pod gets an address from it. The block size cannot be changed later.',
    fix: 'Write a `blockSize` of 20 to 32 (with IPv6 116 to 128) that is not below the prefix length of the pool, or use a larger range. The default is 26, with IPv6 122.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: small
spec:
  cidr: 192.168.1.96/29
  blockSize: 30
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: small
spec:
  cidr: 192.168.1.96/29
`,
    source:
      'Calico, IPPool CRD (projectcalico.org/v3) and libcalico-go validator; projectcalico/calico#13493',
    since: '0.1.0',
  },
  *check({ spec }) {
    const text = readString(spec, 'cidr') ?? '';
    const cidr = parseCidr(text);
    if (cidr === undefined) return;
    const { min, max } = SIZES[cidr.family];
    const size = blockSizeOf(cidr, read(spec, 'blockSize'));
    if (size === undefined) return;
    const what = `block size of an ${cidr.family} pool`;
    const found = [...checkNumber({ path: ['spec', 'blockSize'], value: size, min, max, what })];
    yield* found;
    if (found.length > 0 || cidr.prefix <= size || read(spec, 'disabled') === true) return;
    const advice = `write /${size} or larger, or a blockSize of ${cidr.prefix}${cidr.prefix < max ? ' or more' : ''}`;
    yield {
      path: ['spec', 'cidr'],
      reason: 'FieldValueInvalid',
      problem: `the pool is smaller than one block, /${size}`,
      got: text,
      advice,
    };
  },
};

/** Prefix length of the blocks of a pool: zero and unset mean the default of Calico. Undefined if it is not a number. */
export function blockSizeOf(cidr: Cidr, written: unknown): number | undefined {
  if (written === undefined || written === null || written === 0) return SIZES[cidr.family].usual;
  return typeof written === 'number' && Number.isInteger(written) ? written : undefined;
}
