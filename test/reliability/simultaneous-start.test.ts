import { describe, expect, it } from 'vitest';
import { bundle, MUTATING, register, startApi, stored, subjects, VALIDATING } from '../cluster/fleet.ts';
import { createRandom } from '../support/random.ts';
import { SERVER_NAME } from './client.ts';
import { milliseconds, percentile, record } from './figures.ts';
import { isFull } from './form.ts';
import { shakeHands } from './handshake.ts';
import { type MachineWatch, watchMachine } from './machine.ts';
import { portOf, readCpuSeconds, startReplica } from './replica.ts';

const REPLICAS = 5;
const READY_MS = 5000;

interface Round {
  /** From the start of the processes to the ready line of each, in milliseconds. */
  readonly readyMs: readonly number[];
  /** Of all cores, until then and all together, in seconds. */
  readonly cpuSeconds: number;
  /** Every authority that was ever stored or published. */
  readonly authorities: ReadonlySet<string>;
  readonly leaves: ReadonlySet<string>;
  readonly problems: readonly string[];
  readonly ended: number;
  readonly conflicts: number;
  readonly failures: number;
  /** How much of the machine its host gave to others meanwhile, from 0 to 1. */
  readonly stolen: number;
}

/** Five processes that start in the same millisecond, and no Secret. */
async function startAtOnce(random: () => number, machine: MachineWatch): Promise<Round> {
  const api = await startApi();
  register(api);
  api.fault = ({ method }) => {
    if (random() < 0.05) return 500;
    return method !== 'GET' && random() < 0.3 ? 409 : undefined;
  };
  const authorities = new Set<string>();
  api.onWrite = () => {
    const texts = [stored(api)['ca.crt'], stored(api)['next-ca.crt'], stored(api)['previous-ca.crt']];
    const all = [...texts, bundle(api, VALIDATING), bundle(api, MUTATING)].join('\n');
    for (const subject of subjects(all)) authorities.add(subject);
  };
  await machine.read();
  const begun = performance.now();
  const starting = Array.from({ length: REPLICAS }, async () => {
    const served = await startReplica({ api });
    const readyMs = performance.now() - begun;
    return { served, readyMs, cpuSeconds: readCpuSeconds(served.child.pid ?? 0) };
  });
  const replicas = await Promise.all(starting);
  const { stolen } = await machine.read();
  const shown = await Promise.all(
    replicas.flatMap(({ served }) =>
      [VALIDATING, MUTATING].map((list) => shakeHands(portOf(served.url), SERVER_NAME, bundle(api, list))),
    ),
  );
  const round: Round = {
    readyMs: replicas.map(({ readyMs }) => readyMs),
    cpuSeconds: replicas.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    authorities,
    leaves: new Set(shown.map(({ leaf }) => leaf.fingerprint256)),
    problems: shown.map(({ problem }) => problem).filter((problem) => problem !== undefined),
    ended: replicas.filter(({ served }) => served.child.exitCode !== null).length,
    conflicts: api.calls.filter(({ status }) => status === 409).length,
    failures: api.calls.filter(({ status }) => status === 500).length,
    stolen,
  };
  for (const { served } of replicas) served.cleanUp();
  await Promise.all(replicas.map(({ served }) => served.ended));
  await api.kill();
  return round;
}

describe('replicas that start at once', () => {
  it('agree on one authority, whatever comes between', async () => {
    const random = createRandom(9);
    const machine = await watchMachine();
    const rounds: Round[] = [];
    for (let round = 0; round < (isFull() ? 100 : 5); round += 1) {
      rounds.push(await startAtOnce(random, machine));
    }
    const ready = rounds.flatMap(({ readyMs }) => readyMs);
    const at = (part: number) => percentile(ready, part);
    const latest = ({ readyMs }: Round) => Math.max(...readyMs);
    const slowest = rounds.toSorted((a, b) => latest(b) - latest(a))[0] as Round;
    const one = rounds.filter(
      ({ authorities, leaves }) => authorities.size === 1 && leaves.size === 1,
    ).length;
    const sum = (count: (round: Round) => number) => rounds.reduce((all, each) => all + count(each), 0);
    record({
      number: 9,
      test: 'simultaneous-start',
      promise: `${REPLICAS} replicas that start at once have one authority and one leaf, without a restart, and are ready within ${READY_MS / 1000} s`,
      load: `${rounds.length} rounds of ${REPLICAS} processes in the same millisecond, no Secret; 30 % of the writes answered 409 and 5 % of all calls 500 (${sum((each) => each.conflicts)} and ${sum((each) => each.failures)})`,
      measured: `one authority and one leaf in ${one} of ${rounds.length} rounds, ${sum((each) => each.ended)} restarts; ready after ${milliseconds(at(0.5))} (median), ${milliseconds(at(0.99))} (p99), ${milliseconds(at(1))} (last), counted from the start of the processes, which together take ${(sum((each) => each.cpuSeconds) / rounds.length).toFixed(1)} s of the machine’s cores to get there; its host took ${Math.round(100 * slowest.stolen)} % of it in the slowest round, ${Math.round(100 * Math.max(...rounds.map(({ stolen }) => stolen)))} % in the worst`,
      elsewhere:
        'Gardener: the second replica exits and tries again at its next start; Gatekeeper: two replicas disagreed for five days (issue 1045)',
    });
    for (const { authorities, leaves, problems, ended } of rounds) {
      expect([authorities.size, leaves.size, problems, ended]).toEqual([1, 1, [], 0]);
    }
    // Five seconds of a machine that is all ours.
    const late = rounds.filter((round) => latest(round) * (1 - round.stolen) > READY_MS);
    if (isFull()) expect(late).toEqual([]);
  });
});
