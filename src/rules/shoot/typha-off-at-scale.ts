// Without Typha, the calico-node of every node watches the API server itself. From some dozens of nodes on, that is
// most of the load of the API server, and changes of policies and pods reach the nodes late. Looks at the sum of the
// maximums of the worker pools, because the cluster can grow to it on its own.
import { isMap, isUnset, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

const RECOMMENDED_ABOVE = 50;
const STRONGLY_ABOVE = 100;

export const typhaOffAtScale: Rule<ShootInput> = {
  id: 'shoot/typha-off-at-scale',
  title: 'a large cluster should have Typha',
  action: 'warn',
  docs: {
    why: 'Without Typha every node watches the API server itself: its load and memory grow with every node, and changes of policies and pods reach the nodes late.',
    fix: 'Set `typha.enabled: true`, or remove the block: Typha is on by default. It is recommended for more than 50 nodes, and strongly for more than 100.',
    good: `
kind: Shoot
spec:
  provider:
    workers:
    - name: large
      maximum: 200
  networking:
    type: calico
    providerConfig:
      typha:
        enabled: true
`,
    bad: `
kind: Shoot
spec:
  provider:
    workers:
    - name: large
      maximum: 200
  networking:
    type: calico
    providerConfig:
      typha:
        enabled: false
`,
    source:
      'Calico, documentation of Typha; gardener-extension-networking-calico, docs/usage/usage.md (Calico Typha)',
    since: '0.1.0',
  },
  *check({ spec, config, configPath }) {
    const typha = read(config, 'typha');
    const enabled = read(typha, 'enabled');
    if (!isMap(typha) || !(isUnset(enabled) || enabled === false)) return;
    const nodes = sumMaximums(readList(spec, 'provider', 'workers'));
    if (nodes <= RECOMMENDED_ABOVE) return;
    const advice = nodes > STRONGLY_ABOVE ? 'strongly recommended' : 'recommended';
    yield {
      path: [...configPath, 'typha', 'enabled'],
      reason: 'FieldValueInvalid',
      problem: `Typha is ${advice} for up to ${nodes} nodes, to reduce the load of the API server`,
      got: enabled,
      advice: 'set it to true',
    };
  },
};

function sumMaximums(workers: readonly unknown[]): number {
  let sum = 0;
  for (const worker of workers) {
    const maximum = read(worker, 'maximum');
    if (typeof maximum === 'number' && maximum > 0) sum += maximum;
  }
  return sum;
}
