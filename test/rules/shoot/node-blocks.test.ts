import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const path = 'networking.pods';

function workers(...maximums: readonly unknown[]) {
  return { provider: { workers: maximums.map((maximum, index) => ({ name: `w${index}`, maximum })) } };
}

function mask(nodeCIDRMaskSize: unknown) {
  return { kubernetes: { kubeControllerManager: { nodeCIDRMaskSize } } };
}

testRule('shoot/node-blocks', 'warn', SHOOT, {
  valid: [
    { name: 'as many', networking: { pods: '100.96.0.0/23' }, spec: workers(1, 1) },
    { name: 'Gardener chooses the range', networking: { pods: undefined }, spec: workers(9000) },
    { name: 'smaller blocks', networking: { pods: '100.96.0.0/23' }, spec: { ...workers(8), ...mask(26) } },
    { name: 'IPv6', networking: { pods: 'fd00::/64' }, spec: workers(9000) },
    { name: 'no range', networking: { pods: 'all' }, spec: workers(9000) },
    { name: 'no workers', networking: { pods: '100.96.0.0/24' }, spec: { provider: { workers: null } } },
    {
      name: 'no numbers',
      networking: { pods: '100.96.0.0/24' },
      spec: workers('9', null, -9, 1.5, {}, Number.MAX_VALUE),
    },
    ...[7, 29, '24', {}].map((size) => ({
      name: `no mask: ${JSON.stringify(size)}`,
      networking: { pods: '100.96.0.0/24' },
      spec: { ...workers(9), ...mask(size) },
    })),
  ],
  invalid: [
    {
      name: 'one too many',
      networking: { pods: '100.96.0.0/23' },
      spec: workers(2, 1),
      found: [
        {
          path,
          message:
            'with a /24 for each node the range has room for 2 nodes, but workers can grow to 3 (got "100.96.0.0/23"); choose a larger range or fewer nodes',
        },
      ],
    },
    {
      name: 'larger blocks, because of many pods on a node',
      networking: { pods: '100.96.0.0/23' },
      spec: {
        provider: { workers: [{ name: 'w', maximum: 2, kubernetes: { kubelet: { maxPods: 200 } } }] },
      },
      found: [{ path, says: 'a /23 for each node the range has room for 1 node' }],
    },
    {
      name: 'a range smaller than a block',
      networking: { pods: '100.96.0.0/25' },
      spec: workers(1),
      found: [{ path, says: 'room for no node' }],
    },
  ],
});
