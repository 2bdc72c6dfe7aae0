import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makeShoot } from '../../bench/payloads.ts';
import { openCluster } from '../cluster/access.ts';
import { ROOT, type Served, serveBuilt } from '../process.ts';
import { countReviews } from './metrics.ts';
import { badShoot, shootsPath } from './objects.ts';
import {
  apply,
  createNamespace,
  installKinds,
  printManifests,
  unregister,
  waitForAnswer,
} from './registration.ts';

// A server that is called at a steady rate, then not at all, then once more: the last call must not be a slow one. The
// short form checks that nothing fails; `--mode full` (ten minutes and ten minutes) writes what it measured to reports/.

const RATE = 20;
const { busy, idle } = inject('steadyUpdates');
const REPORTS = join(ROOT, 'reports');
const NAMESPACE = 'steady';
const cluster = openCluster(inject('cluster'));
let served: Served;

/** A Shoot of about 20 KB: with the old object, and what the API server adds, a review of 45 KB. */
const SHOOT = { ...makeShoot(34), metadata: { name: 'steady', namespace: NAMESPACE } };

beforeAll(async () => {
  served = await serveBuilt();
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
  await apply(cluster, await printManifests(served));
  await waitForAnswer(
    'the webhooks are called',
    () => cluster.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body: badShoot(NAMESPACE, 'probe') }),
    ({ status }) => status === 422,
  );
  expect((await cluster.api('POST', shootsPath(NAMESPACE), { body: SHOOT })).status).toBe(201);
});
afterAll(async () => {
  await unregister(cluster);
  await cluster.api('DELETE', shootsPath(NAMESPACE));
  served.cleanUp();
});

/** One update that changes the spec. Milliseconds of the whole write, with both webhooks and etcd. */
async function update(number: number): Promise<number> {
  const body = { spec: { purpose: number % 2 === 0 ? 'production' : 'evaluation' } };
  const begin = performance.now();
  const answer = await cluster.api('PATCH', `${shootsPath(NAMESPACE)}/steady`, {
    body,
    contentType: 'application/merge-patch+json',
  });
  expect(answer.status).toBe(200);
  return performance.now() - begin;
}

describe('updates at a steady rate', () => {
  it(
    'all succeed, and so does the one after a quiet time',
    async () => {
      const before = await countReviews(served);
      const times: number[] = [];
      const count = Math.round(busy * RATE);
      const begin = performance.now();
      for (let number = 0; number < count; number += 1) {
        const wait = begin + (number * 1000) / RATE - performance.now();
        if (wait > 0) await sleep(wait);
        times.push(await update(number));
      }
      await sleep(idle * 1000);
      const last = await update(count);
      // More where the API server tries again, because its cache did not hold the last version yet.
      expect(await countReviews(served)).toBeGreaterThanOrEqual(before + 2 * (count + 1));

      const sorted = times.toSorted((a, b) => a - b);
      const mean = times.reduce((sum, each) => sum + each, 0) / count;
      const p99 = sorted[Math.floor(count * 0.99)] ?? Number.NaN;
      const figures = {
        seconds: busy,
        idleSeconds: idle,
        updates: count,
        meanMs: mean,
        p99Ms: p99,
        lastMs: last,
      };
      mkdirSync(REPORTS, { recursive: true });
      writeFileSync(join(REPORTS, 'steady-updates.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
      process.stdout.write(
        `${count} updates: mean ${mean.toFixed(1)} ms, p99 ${(p99 / mean).toFixed(2)} times that; ` +
          `after ${idle} s without any ${(last / mean).toFixed(2)} times\n`,
      );
    },
    30 * 60_000,
  );
});
