import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../e2e/process.ts';
import { environmentOfManifests } from '../support/manifest-environment.ts';
import { createRandom } from '../support/random.ts';
import { readRss } from '../support/resident-memory.ts';
import { type ReviewTemplate, sample, startLoad, usualReviews } from './client.ts';
import { milliseconds, record, zeroOf } from './figures.ts';
import { isFull, rateOf } from './form.ts';
import { describeDelay, watchMachine } from './machine.ts';
import { bundlesOfDirectory, portOf, readCpuSeconds, startReplica } from './replica.ts';
import { fitLine, fitLines, inGroups, splitWhere, type Trend } from './trend.ts';

const RATE = rateOf(300);
const SAMPLE_MS = 5000;
/** Samples that make one point of the line: a minute's. */
const GROUP = 12;
const MOST_SLOPE = 1;
const MOST_MIB = 192;
const BODY_BYTES = 1024 * 1024;
/**
 * A longer stop of the machine, in milliseconds, leaves a backlog of large bodies, and the heap that it took is seldom
 * given back under load: a step, of which only a leak would make a slope.
 */
const STOP_MS = 100;

/** A Shoot as it grows: labels, annotations and managedFields without end, and twice, because it is an update. */
function largeReview(): ReviewTemplate {
  const { body, ...rest } = sample('11-good-shoot.json', '/validate', { allowed: true, patched: false }, 7);
  const review = JSON.parse(body);
  const { object } = review.request;
  const random = createRandom(1);
  const fields: Record<string, object> = {};
  for (let bytes = 0; bytes < BODY_BYTES / 2; bytes += 83) {
    const name = Math.floor(random() * 1e9).toString(36);
    fields[`f:${name.padEnd(40, 'x')}`] = { '.': {}, 'f:mountPath': {}, 'f:name': {} };
  }
  object.metadata.managedFields = [{ manager: 'gardenlet', operation: 'Update', fieldsV1: fields }];
  const oldObject = structuredClone(object);
  // Something is evaluated: an unchanged object would be allowed at once.
  oldObject.spec.networking.providerConfig.vethMTU = '1400';
  review.request = { ...review.request, operation: 'UPDATE', oldObject };
  return { ...rest, body: JSON.stringify(review) };
}

/** 7 of 140 are large: 5 %. */
function mixedReviews(): ReviewTemplate[] {
  return [...usualReviews().map((each) => ({ ...each, weight: each.weight * 19 })), largeReview()];
}

/** In MiB in ten minutes: of all minutes, and of those between the stops, as far as there are enough of them. */
function slopesOf(
  samples: readonly number[],
  stops: readonly number[],
): { readonly all: Trend; readonly between: Trend | undefined; readonly minutes: number } {
  const minutes = (GROUP * SAMPLE_MS) / 60_000;
  const points = inGroups(samples, GROUP).map((y, i) => ({ x: (i * minutes) / 10, y }));
  const isStopped = (index: number) => Math.max(...stops.slice(index * GROUP, (index + 1) * GROUP)) > STOP_MS;
  const stretches = splitWhere(points, isStopped);
  const left = stretches.flat().length;
  return {
    all: fitLine(points),
    between: left - stretches.length >= 5 ? fitLines(stretches) : undefined,
    minutes: left * minutes,
  };
}

function describeTrend({ slope, margin }: Trend): string {
  return `${slope.toFixed(2)} ± ${margin.toFixed(2)} MiB in 10 minutes`;
}

describe('memory', () => {
  it('does not grow under a mix with large bodies', async () => {
    const seconds = isFull() ? 1800 : 40;
    const reviews = mixedReviews();
    const bytes = Buffer.byteLength(reviews.at(-1)?.body ?? '');
    expect(Math.abs(bytes / BODY_BYTES - 1)).toBeLessThan(0.1);
    const served = await startReplica({ env: environmentOfManifests(ROOT) });
    const pid = served.child.pid ?? 0;
    const load = startLoad({
      port: portOf(served.url),
      bundles: bundlesOfDirectory(served),
      clients: 3,
      rate: RATE,
      requests: RATE * seconds,
      reviews,
      // The longest timeout of kube-apiserver: this is about memory, and the core is busy.
      timeoutSeconds: 30,
    });
    const cpu = readCpuSeconds(pid);
    const overAll = await watchMachine();
    const machine = await watchMachine();
    const samples: number[] = [];
    const stops: number[] = [];
    for (let taken = 0; taken < (seconds * 1000) / SAMPLE_MS; taken += 1) {
      await sleep(SAMPLE_MS);
      samples.push(readRss(pid));
      stops.push((await machine.read()).max);
    }
    const delay = await overAll.read();
    const cores = (readCpuSeconds(pid) - cpu) / seconds;
    const result = await load.result;
    const from = Math.floor(samples.length / 3);
    const late = samples.slice(from);
    const peak = Math.max(...samples);
    const slopes = late.length >= 5 * GROUP ? slopesOf(late, stops.slice(from)) : undefined;
    const grown = slopes
      ? `${describeTrend(slopes.all)} (95 % confidence, means of a minute)${slopes.between ? `, ${describeTrend(slopes.between)} between the stops of the machine, which leave steps (${slopes.minutes} minutes)` : ', and too many stops of the machine to look between them'}`
      : 'too short for a slope';
    record({
      number: 6,
      test: 'memory',
      promise: `resident memory grows by at most ${MOST_SLOPE} MiB in 10 minutes, and is never above ${MOST_MIB} MiB`,
      load: `${RATE} requests a second for ${seconds} s to one replica, 5 % of them of ${(bytes / 2 ** 20).toFixed(2)} MiB; ${environmentOfManifests(ROOT)['NODE_OPTIONS']}; read every ${SAMPLE_MS / 1000} s, slope of the last two thirds`,
      measured: `${grown}; peak ${Math.round(peak)} MiB, at the end ${Math.round(samples.at(-1) ?? 0)} MiB; ${zeroOf(result.failed + result.refused, result.requests)}; ${result.retries} retries; p99 ${milliseconds(result.p99)}; ${cores.toFixed(2)} of a core; ${describeDelay(delay)}`,
      elsewhere: 'Kyverno reads bodies of any size into memory',
    });
    process.stdout.write(`  MiB: ${samples.map((each) => Math.round(each)).join(' ')}\n`);
    expect(result.errors).toEqual({});
    expect(peak).toBeLessThanOrEqual(MOST_MIB);
    // The interval beside it is as wide as the collector is uneven, and wider where something else uses the machine.
    if (isFull()) {
      const { slope } = slopes?.between ?? slopes?.all ?? { slope: Number.NaN };
      expect(slope).toBeLessThanOrEqual(MOST_SLOPE);
    }
  });

  // Controls: that the line is right, and that it shows a leak between the ups and downs of a collected heap.
  it('is detected if it grows', () => {
    const { slope, margin } = fitLine([2.1, 3.9, 6.2, 7.8, 10.1, 12.2].map((y, x) => ({ x, y })));
    expect(slope).toBeCloseTo(2.02, 6);
    expect(margin).toBeCloseTo(0.119, 2);
    const random = createRandom(7);
    const heap = Array.from({ length: 240 }, () => 150 + 12 * random());
    const leaking = heap.map((each, i) => each + (i * SAMPLE_MS * 2.5) / 600_000);
    // Three stops of the machine, each with a step after it: 3 MiB up, again, and down.
    const stops = heap.map((_, i) => (i === 70 || i === 130 || i === 200 ? 300 : 10));
    const stepped = heap.map(
      (each, i) => each / 6 + (i > 70 ? 3 : 0) + (i > 130 ? 3 : 0) - (i > 200 ? 3 : 0),
    );
    for (const [leak, isSeen] of [
      [0, false],
      [2.5, true],
    ] as const) {
      const values = stepped.map((each, i) => each + (i * SAMPLE_MS * leak) / 600_000);
      expect((slopesOf(values, stops).between?.slope ?? Number.NaN) > MOST_SLOPE).toBe(isSeen);
    }
    const quiet = heap.map(() => 10);
    const [steady, grown] = [slopesOf(heap, quiet).all, slopesOf(leaking, quiet).all];
    expect(steady.slope + steady.margin).toBeLessThanOrEqual(MOST_SLOPE);
    expect(grown.slope - grown.margin).toBeGreaterThan(MOST_SLOPE);
  });
});
