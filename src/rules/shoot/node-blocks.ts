// Each node gets a block of the pod range: nodeCIDRMaskSize, which Gardener chooses large enough for twice the pods of
// a node, /24 by default. The sum of the workers' maximums must not exceed the number of blocks: further nodes get
// none.
import { parseCidr } from '../../formats/cidr.ts';
import { read, readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

/** The kubelet's own default of maxPods. */
const MOST_PODS = 110;

export const nodeBlocks: Rule<ShootInput> = {
  id: 'shoot/node-blocks',
  title: 'the pod range should have a block for each node',
  action: 'warn',
  docs: {
    why: 'Each node gets its own part of the pod range, a /24 by default. If no part is left, a new node gets no podCIDR and never becomes ready.',
    fix: 'Choose a larger `pods` range when you create the Shoot (it cannot be changed later), a larger `kubernetes.kubeControllerManager.nodeCIDRMaskSize` with fewer pods on each node, or fewer nodes.',
    good: `
kind: Shoot
spec:
  provider:
    workers:
    - name: worker
      maximum: 2
  networking:
    type: calico
    pods: 100.96.0.0/23
    nodes: 10.250.0.0/16
    services: 100.64.0.0/13
`,
    bad: `
kind: Shoot
spec:
  provider:
    workers:
    - name: worker
      maximum: 3
  networking:
    type: calico
    pods: 100.96.0.0/23
    nodes: 10.250.0.0/16
    services: 100.64.0.0/13
`,
    source:
      'gardener/gardener#5298; gardener, pkg/apis/core/v1beta1/defaults_shoot.go (calculateDefaultNodeCIDRMaskSize)',
    since: '0.1.0',
  },
  *check({ networking, spec }) {
    const pods = readString(networking, 'pods') ?? '';
    const range = parseCidr(pods);
    if (range?.family !== 'IPv4') return;
    const workers = readList(spec, 'provider', 'workers');
    const mask = findMask(spec, workers);
    if (mask === undefined) return;
    const blocks = mask < range.prefix ? 0 : 2 ** (mask - range.prefix);
    const nodes = workers
      .map((worker) => numberAt(worker, 'maximum') ?? 0)
      .reduce((sum, each) => sum + each, 0);
    if (nodes <= blocks) return;
    const count = blocks === 1 ? '1 node' : blocks === 0 ? 'no node' : `${blocks} nodes`;
    yield {
      path: ['spec', 'networking', 'pods'],
      reason: 'FieldValueInvalid',
      problem: `with a /${mask} for each node the range has room for ${count}, but workers can grow to ${nodes}`,
      got: pods,
      advice: 'choose a larger range or fewer nodes',
    };
  },
};

/** The prefix length of a node's block; undefined where the value is not valid. */
function findMask(spec: ShootInput['spec'], workers: readonly unknown[]): number | undefined {
  const path = ['kubernetes', 'kubeControllerManager', 'nodeCIDRMaskSize'];
  const written = read(spec, ...path);
  if (written !== undefined && written !== null) {
    const mask = numberAt(spec, ...path);
    return mask !== undefined && mask >= 16 && mask <= 28 ? mask : undefined;
  }
  const most = Math.max(
    numberAt(spec, 'kubernetes', 'kubelet', 'maxPods') ?? MOST_PODS,
    ...workers.map((worker) => numberAt(worker, 'kubernetes', 'kubelet', 'maxPods') ?? 0),
  );
  return 32 - Math.ceil(Math.log2(most * 2));
}

function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const number = read(value, ...path);
  return Number.isSafeInteger(number) && Number(number) > 0 ? Number(number) : undefined;
}
