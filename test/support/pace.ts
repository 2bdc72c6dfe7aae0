const SHOOT = {
  apiVersion: 'core.gardener.cloud/v1beta1',
  kind: 'Shoot',
  metadata: { name: 'shoot', namespace: 'garden-dev', labels: { a: 'b' }, annotations: { 'c.d/e': 'f g h' } },
  spec: {
    networking: { type: 'calico', pods: '10.96.0.0/16', providerConfig: { ipv4: { mode: 'Always' } } },
    provider: { type: 'aws', workers: [{ name: 'a', minimum: 1, maximum: 2, zones: ['a', 'b'] }] },
    kubernetes: { version: '1.33.1', kubeProxy: { enabled: true } },
  },
};
const MEGABYTE = JSON.stringify(Array(Math.ceil(1_000_000 / JSON.stringify(SHOOT).length)).fill(SHOOT));

/** The unit of times: about 5.5 ms on a quiet machine of 2026. */
export function parseMegabyte(): void {
  JSON.parse(MEGABYTE);
}

/**
 * How many times as much CPU `run` takes as `control`, measured in turns. Time spent waiting for a core does not
 * count, and of several runs each the fastest ones count, so that a busy machine does not matter.
 */
export function timesAsMuch(run: () => void, control: () => void, runs = 4): number {
  let least = Number.POSITIVE_INFINITY;
  let leastControl = Number.POSITIVE_INFINITY;
  for (let left = runs; left > 0; left -= 1) {
    leastControl = Math.min(leastControl, cost(control));
    least = Math.min(least, cost(run));
  }
  return least / leastControl;
}

/** Microseconds of this process's CPU. */
export function cost(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
