import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openCluster } from '../cluster/access.ts';
import { ROOT, type Served, serveBuilt } from '../process.ts';
import { readSamples, type Sample } from './metrics.ts';
import { azureShoot, badAzureShoot, shootsPath } from './objects.ts';
import {
  apply,
  createNamespace,
  installKinds,
  printManifests,
  unregister,
  waitForAnswer,
} from './registration.ts';

// What we cost, in the API server's own words: written to reports/, where a benchmark can take it from.

const METRIC = 'apiserver_admission_webhook_admission_duration_seconds';
const WRITES = 300;
const REPORTS = join(ROOT, 'reports');
const cluster = openCluster(inject('cluster'));
const NAMESPACE = 'cost';
let served: Served;

interface Cost {
  readonly webhook: string;
  readonly calls: number;
  readonly meanMs: number;
  /** Upper bound of the bucket that half, or 99 of 100, of the calls are in or below. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function measure(): Promise<Map<string, Sample[]>> {
  const text: string = (await cluster.api('GET', '/metrics')).body;
  const all = ['bucket', 'sum', 'count'].map((part): [string, Sample[]] => [
    part,
    readSamples(text, `${METRIC}_${part}`),
  ]);
  return new Map(all);
}

/** Counters as they grew. */
function grown(
  before: Map<string, Sample[]>,
  after: Map<string, Sample[]>,
  part: string,
  webhook: string,
): Sample[] {
  const key = (sample: Sample): string => JSON.stringify(Object.entries(sample.labels).sort());
  const old = new Map((before.get(part) ?? []).map((sample) => [key(sample), sample.value]));
  return (after.get(part) ?? [])
    .filter(({ labels }) => labels['name'] === webhook && labels['operation'] === 'CREATE')
    .map((sample) => ({ ...sample, value: sample.value - (old.get(key(sample)) ?? 0) }));
}

function costOf(before: Map<string, Sample[]>, after: Map<string, Sample[]>, webhook: string): Cost {
  const total = (part: string) =>
    grown(before, after, part, webhook).reduce((sum, { value }) => sum + value, 0);
  const calls = total('count');
  const bounds = new Map<number, number>();
  for (const { labels, value } of grown(before, after, 'bucket', webhook)) {
    const bound = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
    bounds.set(bound, (bounds.get(bound) ?? 0) + value);
  }
  const quantile = (share: number): number => {
    const [bound = Number.POSITIVE_INFINITY] =
      [...bounds].sort(([one], [other]) => one - other).find(([, value]) => value >= share * calls) ?? [];
    return bound * 1000;
  };
  const meanMs = Math.round((total('sum') / calls) * 1e6) / 1e3;
  return { webhook, calls, meanMs, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

function render(costs: readonly Cost[]): string {
  const rows = costs.map(
    (each) => `| ${each.webhook} | ${each.calls} | ${each.meanMs} | ${each.p50Ms} | ${each.p99Ms} |`,
  );
  return `What kube-apiserver measures (\`${METRIC}\`, one write at a time; p50 and p99 are bounds of its buckets):

| webhook | calls | mean ms | p50 ≤ ms | p99 ≤ ms |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

beforeAll(async () => {
  served = await serveBuilt();
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
  await apply(cluster, await printManifests(served));
  await waitForAnswer(
    'both webhooks are asked',
    () =>
      cluster.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body: badAzureShoot(NAMESPACE, 'probe') }),
    ({ status, warnings }) => status === 422 && warnings.length === 1,
  );
});
afterAll(async () => {
  await unregister(cluster);
  served.cleanUp();
});

describe('what the API server measures', () => {
  it(`of ${WRITES} writes is there for both webhooks, and goes into the report`, async () => {
    const before = await measure();
    for (let index = 0; index < WRITES; index += 1) {
      const body = azureShoot(NAMESPACE, `shoot-${index}`);
      expect((await cluster.api('POST', shootsPath(NAMESPACE), { body })).status).toBe(201);
    }
    const after = await measure();
    const names = ['mutate', 'validate'].map((verb) => `${verb}.calico-admission.gardener.cloud`);
    const costs = names.map((name) => costOf(before, after, name));
    // A mutation is asked about again when another mutating webhook has changed something; there is none.
    expect(costs.map((each) => each.calls)).toEqual([WRITES, WRITES]);
    for (const cost of costs) {
      expect(cost.meanMs).toBeGreaterThan(0);
      // Far from the five seconds after which a write would fail.
      expect(cost.p99Ms).toBeLessThan(5000);
    }
    mkdirSync(REPORTS, { recursive: true });
    writeFileSync(join(REPORTS, 'admission-duration.json'), `${JSON.stringify(costs, undefined, 2)}\n`);
    writeFileSync(join(REPORTS, 'admission-duration.md'), render(costs));
  });
});
