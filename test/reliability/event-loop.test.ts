import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../e2e/process.ts';
import { environmentOfManifests } from '../support/manifest-environment.ts';
import { startLoad } from './client.ts';
import { milliseconds, percentile, record, zeroOf } from './figures.ts';
import { isFull, rateOf, scaled } from './form.ts';
import { type MachineDelay, watchMachine } from './machine.ts';
import { bundlesOfDirectory, portOf, readMetric, startReplica } from './replica.ts';

const RATE = rateOf(300);
/** As often as Prometheus asks: what is exposed is of the time since it was asked last, and then begins anew. */
const SCRAPE_MS = 5000;

describe('the event loop', () => {
  it('is free again soon under the usual load', async () => {
    const seconds = scaled(300, 20);
    const served = await startReplica({ env: environmentOfManifests(ROOT) });
    const load = startLoad({
      port: portOf(served.url),
      bundles: bundlesOfDirectory(served),
      clients: 3,
      rate: RATE,
    });
    // Of its own metrics, in milliseconds. One that is read resets all of them, so each scrape reads the text once.
    const scrape = async () => {
      const text = await (await fetch(`${served.healthUrl}/metrics`)).text();
      const read = (name: string) =>
        1000 * Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)$`, 'm').exec(text)?.[1]);
      return { p50: read('p50'), p99: read('p99'), max: read('max') };
    };
    /** How long its thread was ready to run and no core was free, in milliseconds. */
    const readWait = () =>
      Number(readFileSync(`/proc/${served.child.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
    // Not of the load, but of the start, and of code that runs for the first time.
    await sleep(SCRAPE_MS);
    await scrape();
    const machine = await watchMachine();
    const wait = readWait();
    const scrapes: Awaited<ReturnType<typeof scrape>>[] = [];
    const idle: MachineDelay[] = [];
    for (let i = 0; i < (seconds * 1000) / SCRAPE_MS; i += 1) {
      await sleep(SCRAPE_MS);
      scrapes.push(await scrape());
      idle.push(await machine.read());
    }
    const waited = (readWait() - wait) / (scrapes.length * SCRAPE_MS);
    const reviews = await readMetric(served, /^calico_admission_review_duration_seconds_count/);
    const result = await load.stop();
    const median = (values: readonly number[]) => percentile(values, 0.5);
    const longest = (delays: readonly { readonly max: number }[]) =>
      Math.max(...delays.map((each) => each.max));
    const p99 = median(scrapes.map((each) => each.p99));
    record({
      number: 7,
      test: 'event-loop',
      promise:
        'event-loop delay under the usual load: p99 at most 20 ms, never above 100 ms but where the machine stands still',
      load: `${RATE} requests a second for ${seconds} s to one replica; its own nodejs_eventloop_lag_* (resolution 1 ms, which it includes), scraped every ${SCRAPE_MS / 1000} s; beside it an idle process`,
      measured: `p50 ${milliseconds(median(scrapes.map((each) => each.p50)))}; p99 ${milliseconds(p99)} (median of ${scrapes.length} readings; ${scrapes.filter((each) => each.p99 <= 20).length} of them at most 20 ms, ${idle.filter((each) => each.p99 <= 20).length} of the idle process's); max ${milliseconds(longest(scrapes))}, of the idle process ${milliseconds(longest(idle))}; waiting for a core ${(waited * 100).toFixed(1)} % of the time, and the host took ${Math.round(100 * median(idle.map(({ stolen }) => stolen)))} % of what was asked for; ${zeroOf(result.failed + result.refused, result.requests)}`,
      elsewhere: 'nothing is known of others',
    });
    expect(result.errors).toEqual({});
    // It is the loop that answered them all.
    expect(reviews).toBeGreaterThan(RATE * seconds * 0.9);
    for (const each of scrapes) expect(each.p50).toBeGreaterThan(0);
    if (isFull()) {
      expect(p99).toBeLessThanOrEqual(20);
      // What an idle process waits for as well is none of ours.
      const own = scrapes.filter((each, i) => each.max > 100 + (idle[i]?.max ?? 0));
      expect(own).toEqual([]);
    }
  });
});
