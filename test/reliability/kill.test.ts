import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { register, startApi } from '../cluster/fleet.ts';
import { startBalancer } from './balancer.ts';
import { startLoad } from './client.ts';
import { milliseconds, record } from './figures.ts';
import { isFull, rateOf, scaled } from './form.ts';
import { bundlesOf, endpointOf, startReplica } from './replica.ts';

const RATE = rateOf(200);
const FRESH = 0.1;
/** kube-proxy learns of it so much later than the probe. */
const LAG_MS = 1000;
const KILL_EVERY_MS = 5000;
/** The clocks of test and client are one, but their timers are not. */
const SLACK_MS = 20;

interface Kill {
  /** Both in milliseconds since 1970. */
  readonly at: number;
  goneAt: number;
}

describe('a replica that is killed', () => {
  it('fails what it was doing and what is still sent to it, and nothing after', async () => {
    const kills = scaled(20, 3);
    const api = await startApi();
    register(api);
    const balancer = await startBalancer();
    const done: Kill[] = [];
    let open: Kill | undefined;
    const start = async () => {
      const served = await startReplica({ api });
      const endpoint = endpointOf(served, LAG_MS);
      const onGone = () => {
        if (open !== undefined) open.goneAt = Date.now();
      };
      await balancer.add({ ...endpoint, onGone });
      return served;
    };
    let replicas = await Promise.all([start(), start()]);
    const load = startLoad({
      port: balancer.port,
      bundles: bundlesOf(api),
      clients: 3,
      rate: RATE,
      freshPart: FRESH,
    });
    for (let killed = 0; killed < kills; killed += 1) {
      await sleep(KILL_EVERY_MS);
      const [victim, other] = replicas;
      if (victim === undefined || other === undefined) throw new Error('there are always two');
      open = { at: Date.now(), goneAt: Number.POSITIVE_INFINITY };
      done.push(open);
      victim.child.kill('SIGKILL');
      await victim.ended;
      // As the kubelet does. The next one to be killed is the other.
      replicas = [other, await start()];
    }
    await sleep(KILL_EVERY_MS);
    const result = await load.stop();
    await balancer.close();
    const counts = { inFlight: 0, beforeGone: 0, after: 0 };
    let latest = 0;
    for (const failure of result.failures) {
      const kill = done.find(
        ({ at, goneAt }) => failure.at + failure.ms >= at - SLACK_MS && failure.at <= goneAt + SLACK_MS,
      );
      if (kill === undefined) {
        counts.after += 1;
        const since = failure.at - (done.findLast(({ at }) => at <= failure.at)?.goneAt ?? failure.at);
        if (counts.after <= 10)
          process.stdout.write(`  ${failure.error}, begun ${since} ms after it was gone\n`);
      } else if (failure.at <= kill.at) counts.inFlight += 1;
      else counts.beforeGone += 1;
      if (kill !== undefined) latest = Math.max(latest, failure.at + failure.ms - kill.goneAt);
    }
    const gone = done.map(({ at, goneAt }) => goneAt - at);
    record({
      number: 12,
      test: 'kill',
      promise:
        'a killed replica fails what it was answering and what is sent to it before kube-proxy knows; nothing after',
      load: `${RATE} requests a second, ${FRESH * 100} % on new connections, to two replicas; one of them killed ${kills} times, every ${KILL_EVERY_MS / 1000} s or when the one before is ready again; its endpoint goes ${milliseconds(Math.min(...gone))} to ${milliseconds(Math.max(...gone))} later`,
      measured: `${counts.inFlight} failed in flight, ${counts.beforeGone} on new connections to the dead endpoint, ${counts.after} after it was gone (of ${result.requests.toLocaleString('en')}); p99 ${milliseconds(result.p99)}`,
      elsewhere: 'the same for any server, because kube-apiserver does not retry a POST that broke off',
    });
    process.stdout.write(`  ${JSON.stringify(result.errors)}\n`);
    expect(result.failed).toBe(result.failures.length);
    expect(done.every(({ goneAt }) => Number.isFinite(goneAt))).toBe(true);
    expect(counts.after).toBe(0);
    expect(result.refused).toBe(0);
    // In flight at once, by far the most of which answer within a few milliseconds.
    expect(counts.inFlight / kills).toBeLessThanOrEqual(RATE * 0.1);
    if (isFull()) expect(latest).toBeLessThanOrEqual(1000);
  });
});
