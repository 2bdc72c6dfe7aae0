import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import type { Served } from '../e2e/process.ts';
import { createRandom, pick } from '../support/random.ts';
import { expectWellFormed } from '../support/review.ts';
import { startLoad } from './client.ts';
import { record } from './figures.ts';
import { isFull, scaled } from './form.ts';
import { createFieldFuzz, type Head, makeHead, mutateBytes } from './malformed.ts';
import { bundlesOfDirectory, portOf, readMetric, startReplica } from './replica.ts';
import { loadSeeds } from './seeds.ts';
import { type Answer, createDialer, headOf, openWire, takeAnswer, type Wire } from './wire.ts';

const SEED = 20_261_121;
const AT_ONCE = 32;
const HEADS_AT_ONCE = 64;
/** So long nothing comes: the server waits for the rest of what was sent. */
const QUIET_MS = 200;
/** The statuses for a client's mistake. 417: an unknown Expect. */
const REJECTIONS = [400, 404, 405, 408, 413, 415, 417, 431];

/** What is wrong with an answer, or undefined. */
function faultOf({ status, text }: Answer, sent: Buffer, hasBody = true): string | undefined {
  if (status === 200 && hasBody && text.includes('"AdmissionReview"')) {
    try {
      const answer: AdmissionReview = JSON.parse(text);
      expectWellFormed(answer, uidOf(sent) ?? answer.response.uid);
      return undefined;
    } catch (error) {
      return String(error);
    }
  }
  if (status === 200) return /^(\{"status":"(ok|ready)"\})?$/.test(text) ? undefined : 'no review';
  if (!REJECTIONS.includes(status)) return `status ${status}`;
  if (!hasBody) return undefined;
  return /^\{"error":"[^\n]{1,400}"\}$/.test(text) && !/node_modules|\.[jt]s:\d/.test(text)
    ? undefined
    : 'no short error';
}

/** That of the request, if the body is JSON; what is thrown away unread of it need not be. */
function uidOf(sent: Buffer): string | undefined {
  try {
    return JSON.parse(sent.toString('utf8')).request.uid;
  } catch {
    return undefined;
  }
}

interface Seen {
  readonly statuses: Map<number | 'closed' | 'waited', number>;
  /** At most a few, with what was sent. */
  readonly faults: string[];
}

function note(
  { statuses, faults }: Seen,
  status: number | 'closed' | 'waited',
  fault?: string,
  sent?: Buffer,
) {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  if (fault !== undefined && faults.length < 20)
    faults.push(`${fault}: ${JSON.stringify(sent?.toString('latin1').slice(0, 2000))}`);
}

/** Bodies in good heads, over connections that are kept. */
async function sendBodies(served: Served, count: number, next: () => Buffer, seen: Seen): Promise<void> {
  const dial = createDialer(served);
  const random = createRandom(SEED);
  let left = count;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      let wire: Wire | undefined;
      while (left > 0) {
        left -= 1;
        const body = next();
        const path = pick(['/validate', '/validate', '/mutate', '/mutate/azure', '/mutate/nowhere'], random);
        if (!wire?.isOpen()) {
          wire?.socket.destroy();
          wire = openWire(await dial());
        }
        const answer = await wire.ask(headOf(body.length, path), body);
        if (answer === undefined) note(seen, 'closed', 'closed without an answer', body);
        else note(seen, answer.status, faultOf(answer, body), body);
      }
      wire?.socket.destroy();
    }),
  );
}

/** Heads, each on a connection of its own. */
async function sendHeads(served: Served, count: number, next: () => Head, seen: Seen): Promise<void> {
  const dial = createDialer(served);
  let left = count;
  await Promise.all(
    Array.from({ length: HEADS_AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        const { bytes, isHead } = next();
        const socket = await dial();
        let received: Buffer = Buffer.alloc(0);
        const answered = new Promise<Answer | 'closed'>((resolve) => {
          socket.on('data', (chunk: Buffer) => {
            received = Buffer.concat([received, chunk]);
            const taken = takeAnswer(received, isHead);
            if (taken) resolve(taken.answer);
          });
          socket.on('end', () => resolve('closed'));
          socket.on('close', () => resolve('closed'));
        });
        socket.write(bytes);
        let outcome = await Promise.race([answered, sleep(QUIET_MS, 'waited' as const)]);
        if (outcome === 'waited') {
          // There is no more to come: now it has to end.
          socket.end();
          outcome = await Promise.race([answered, sleep(10_000, 'waited' as const)]);
          if (outcome === 'closed') outcome = 'waited';
          else if (outcome === 'waited') note(seen, 'waited', 'neither answered nor closed', bytes);
        }
        socket.destroy();
        if (outcome === 'closed') note(seen, 'closed', 'closed without an answer', bytes);
        else if (outcome === 'waited') note(seen, 'waited');
        else note(seen, outcome.status, faultOf(outcome, Buffer.alloc(0), !isHead), bytes);
      }
    }),
  );
}

function list(statuses: Seen['statuses']): string {
  return [...statuses]
    .sort(([a], [b]) => String(a).localeCompare(String(b)))
    .map(([status, count]) => `${count.toLocaleString('en')} × ${status}`)
    .join(', ');
}

describe('a server that gets malformed requests', () => {
  it('answers it, and continues', async () => {
    const counts = { bytes: scaled(110_000), fields: scaled(90_000), heads: scaled(10_000) };
    const served = await startReplica({});
    const seeds = loadSeeds();
    const texts = seeds.map((seed) => Buffer.from(JSON.stringify(seed)));
    const random = createRandom(SEED);
    const fields = createFieldFuzz(seeds, random);
    const look = (): Seen => ({ statuses: new Map(), faults: [] });
    const [bytesSeen, fieldsSeen, headsSeen] = [look(), look(), look()];
    const start = performance.now();
    await sendBodies(served, counts.bytes, () => mutateBytes(texts, random), bytesSeen);
    await sendBodies(served, counts.fields, fields.next, fieldsSeen);
    await sendHeads(served, counts.heads, () => makeHead(random), headsSeen);
    const seconds = (performance.now() - start) / 1000;
    const faults = await readMetric(served, /^calico_admission_faults_total\{/);
    const inFlight = await readMetric(served, /^calico_admission_requests_in_flight /);
    const after = await startLoad({
      port: portOf(served.url),
      bundles: bundlesOfDirectory(served),
      clients: 1,
      rate: 100,
      requests: 200,
    }).result;

    const all = [bytesSeen, fieldsSeen, headsSeen];
    const total = counts.bytes + counts.fields + counts.heads;
    const internal = all
      .flatMap(({ statuses }) => [...statuses])
      .filter(([status]) => typeof status === 'number' && status >= 500)
      .reduce((sum, [, count]) => sum + count, 0);
    const closed = all.reduce((sum, { statuses }) => sum + (statuses.get('closed') ?? 0), 0);
    const isAlive = served.child.exitCode === null && served.child.signalCode === null;
    record({
      number: 4,
      test: 'fuzz',
      promise: 'whatever is sent is answered by a review or by what was wrong with it: no 5xx, no crash',
      load: `${total.toLocaleString('en')} malformed requests: ${counts.bytes.toLocaleString('en')} bodies with changed bytes, ${counts.fields.toLocaleString('en')} with something else in the place of fields (${fields.singles.toLocaleString('en')} such places and things), made of ${seeds.length} reviews; ${counts.heads.toLocaleString('en')} heads`,
      measured: `${internal} answers of 5xx, ${faults} faults, ${isAlive ? 0 : 1} crashes, ${closed} closed without an answer; bytes: ${list(bytesSeen.statuses)}; fields: ${list(fieldsSeen.statuses)}; heads: ${list(headsSeen.statuses)} (waited: what was sent had no end); ${Math.round(total / seconds)} a second; then ${after.failed} failed of ${after.requests} good ones`,
      elsewhere: 'no other publishes one',
    });
    expect(all.map((each) => each.faults)).toEqual([[], [], []]);
    expect({ internal, faults, inFlight, isAlive }).toEqual({
      internal: 0,
      faults: 0,
      inFlight: 0,
      isAlive: true,
    });
    expect(after.errors).toEqual({});
    // The test proves nothing if everything is rejected at once, or nothing is.
    for (const { statuses } of [bytesSeen, fieldsSeen]) {
      expect(statuses.get(200) ?? 0).toBeGreaterThan(scaled(10_000));
      expect(statuses.get(400) ?? 0).toBeGreaterThan(scaled(1000));
    }
    if (isFull())
      expect([...headsSeen.statuses.keys()]).toEqual(
        expect.arrayContaining([200, 400, 404, 405, 413, 415, 431]),
      );
  });
});
