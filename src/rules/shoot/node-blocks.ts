// Each node gets a block of the pods' range: nodeCIDRMaskSize, which Gardener makes large enough for twice the pods of a
// node, /24 by default. The workers' maximums together must not be more than there are blocks: the nodes beyond get none.
import { parseCidr } from '../../formats/cidr.ts';
import { read, readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

/** The kubelet's own default of maxPods. */
const MOST_PODS = 110;

export const nodeBlocks: Rule<ShootInput> = {
  id: 'shoot/node-blocks',
  title: "the pods' range has a block for each node",
  action: 'warn',
  docs: {
    why: "Each node gets a part of the pods' range of its own, a /24 unless something else is written. A node that comes when none is left stays without a podCIDR and is never ready.",
    fix: 'Choose a larger `pods` when the Shoot is made (it cannot be changed later), a larger number for `kubernetes.kubeControllerManager.nodeCIDRMaskSize` with fewer pods on a node, or fewer nodes.',
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
      problem: `with a /${mask} for each node there is room for ${count}, and workers may become ${nodes}`,
      got: pods,
      advice: 'choose a larger range, or fewer nodes',
    };
  },
};

/** The prefix of a node's block; undefined where what is written is none. */
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
