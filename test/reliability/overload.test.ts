import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../e2e/process.ts';
import { environmentOfManifests } from '../support/manifest-environment.ts';
import { readRss } from '../support/resident-memory.ts';
import { type Result, startLoad } from './client.ts';
import { milliseconds, record } from './figures.ts';
import { isFull } from './form.ts';
import { describeDelay, watchMachine } from './machine.ts';
import { bundlesOfDirectory, portOf, startReplica } from './replica.ts';

// Nothing is rejected before it is read. Most of what waits here waits for its handshake, which no HTTP answer comes
// before; and a 429 with Connection: close costs the next request another one, which is dearer than a review.

/** Three API servers, each with all the requests in flight that it lets in by default (600), and some more. */
const CLIENTS = 3;
const MOST_IN_FLIGHT = 2000;
const TIMES = 4;
const USUAL_RATE = 50;
/** So soon after the last request of the overload it is as if there had been none. */
const RECOVERY_MS = 2000;
const MOST_MIB = 320;

describe('four times what can be answered', () => {
  it('is answered rightly or not at all, and leaves nothing behind', async () => {
    const served = await startReplica({ env: environmentOfManifests(ROOT) });
    const pid = served.child.pid ?? 0;
    const common = {
      port: portOf(served.url),
      bundles: bundlesOfDirectory(served),
      noRetries: true,
    };
    const callFor = async (
      ms: number,
      order: { clients: number; rate: number; maxInFlight?: number; maxConnections?: number },
    ) => {
      const load = startLoad({ ...common, ...order });
      await sleep(ms);
      return load.stop();
    };
    const machine = await watchMachine();
    const usual = () => callFor(isFull() ? 10_000 : 4000, { clients: 1, rate: USUAL_RATE });
    const perSecond = ({ requests, seconds }: Result) => requests / seconds;

    // As fast as eight can be answered at a time.
    const closed = await callFor(isFull() ? 10_000 : 4000, { clients: 1, rate: 1e6, maxInFlight: 8 });
    const capacity = perSecond(closed);
    const before = await usual();
    const idle = readRss(pid);
    let peak = 0;
    const watching = setInterval(() => {
      peak = Math.max(peak, readRss(pid));
    }, 100);
    const seconds = isFull() ? 20 : 6;
    const over = await callFor(seconds * 1000, {
      clients: CLIENTS,
      rate: capacity * TIMES,
      maxInFlight: MOST_IN_FLIGHT,
      maxConnections: Math.ceil(MOST_IN_FLIGHT / CLIENTS),
    });
    clearInterval(watching);
    await sleep(RECOVERY_MS);
    const after = await usual();

    const delay = await machine.read();
    const answered = over.requests - over.failed - over.refused;
    const late = over.errors['context deadline exceeded'] ?? 0;
    record({
      number: 13,
      test: 'overload',
      promise: `what is more than can be answered waits, or is given up by its caller; no answer is wrong, memory stays below ${MOST_MIB} MiB, and ${RECOVERY_MS / 1000} s later all is as usual`,
      load: `${TIMES} times the capacity (${Math.round(capacity)} a second with 8 in flight) for ${seconds} s from ${CLIENTS} API servers, at most ${MOST_IN_FLIGHT.toLocaleString('en')} in flight, no retries`,
      measured: `${answered.toLocaleString('en')} answered (${Math.round(answered / over.seconds)} a second; p50 ${milliseconds(over.p50)}, p99 ${milliseconds(over.p99)}), ${over.refused} refused with Retry-After, ${late.toLocaleString('en')} given up after 10 s, ${over.failed - late} failed otherwise; memory ${Math.round(idle)} MiB before, at most ${Math.round(peak)}; p99 of the usual ${milliseconds(before.p99)} before and ${milliseconds(after.p99)} after; ${describeDelay(delay)}`,
      elsewhere: 'nothing is known of others',
    });
    process.stdout.write(`  ${JSON.stringify({ ...over, failures: [] })}\n`);
    expect(
      Object.keys(over.errors).filter((error) => !/deadline exceeded|with Retry-After/.test(error)),
    ).toEqual([]);
    expect(answered).toBeGreaterThan(0);
    expect(peak).toBeLessThanOrEqual(MOST_MIB);
    for (const each of [closed, before, after]) expect(each.errors).toEqual({});
    if (isFull()) expect(after.p99).toBeLessThanOrEqual(Math.max(50, 2 * before.p99) + delay.p99);
  });
});
