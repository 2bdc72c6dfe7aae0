// blockSize is the prefix length of the block that a node gets at a time: 20 to 32 for IPv4 and 116 to 128 for IPv6.
// The prefix of the pool must not be longer, also with the default of 26 or 122. The operator rejects anything else
// and changes no pool; the block size of a pool cannot be changed later.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';

const BLOCKS = {
  IPv4: { least: 20, most: 32, usual: 26 },
  IPv6: { least: 116, most: 128, usual: 122 },
} as const;

export const installationBlockSize: Rule<InstallationInput> = {
  id: 'tigera/installation-block-size',
  title: 'the block size must be valid and fit into the pool',
  action: 'deny',
  docs: {
    why: 'Calico assigns addresses to nodes in blocks. The operator rejects other block sizes, and pools that are smaller than one block, and then changes no pool.',
    fix: 'Write 20 to 32 for IPv4 (default 26), 116 to 128 for IPv6 (default 122), and a pool that has room for at least one block, better one for each node.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/20
        blockSize: 28
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
      - cidr: 192.168.0.0/27
        blockSize: 26
        encapsulation: VXLAN
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/ippool/validation.go',
    since: '0.1.0',
  },
  *check({ view }) {
    for (const { path, values, cidr } of view.pools) {
      if (cidr === undefined) continue;
      const { least, most, usual } = BLOCKS[cidr.family];
      const written = read(values, 'blockSize');
      const size = isUnset(written) ? usual : written;
      if (typeof size !== 'number' || !Number.isInteger(size)) continue;
      if (size < least || size > most) {
        yield {
          path: [...path, 'blockSize'],
          reason: 'FieldValueInvalid',
          problem: `${cidr.family} blocks are /${least} to /${most}`,
          got: written,
          advice: `remove it to use /${usual}`,
        };
      } else if (cidr.prefix > size) {
        yield {
          path: [...path, 'cidr'],
          reason: 'FieldValueInvalid',
          problem: `smaller than one block, /${size}`,
          got: read(values, 'cidr'),
          advice: 'use a larger pool, or a larger blockSize',
        };
      }
    }
  },
};
