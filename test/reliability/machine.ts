import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { milliseconds } from './figures.ts';

/**
 * Each line that it is sent is answered by how long it has stood still since the line before: each time that its timer
 * was late by more than 2 ms, in milliseconds.
 */
const IDLE = `
let stops = [];
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  if (now - last > 4) stops.push(now - last - 2);
  last = now;
}, 2);
process.stdin.on('data', () => {
  process.stdout.write(JSON.stringify(stops) + '\\n');
  stops = [];
});
`;

/** What the machine itself keeps a process waiting for. */
export interface MachineDelay {
  /** How long a process that does nothing stood still at a time, in milliseconds: the longest. */
  readonly max: number;
  /** The 99th percentile of how long something waits for it that comes at any time, in milliseconds. */
  readonly p99: number;
  /** The part of the time with demand for a core in which the host gave it to others, from 0 to 1. */
  readonly stolen: number;
}

export interface MachineWatch {
  /** What there was since it was asked last. */
  read(): Promise<MachineDelay>;
}

/**
 * Watches the machine beside a test, for as long as that lasts: where the server is late and a process that does
 * nothing is as late, it is not the server that was slow.
 */
export async function watchMachine(): Promise<MachineWatch> {
  const child = spawn(process.execPath, ['-e', IDLE], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let since = performance.now();
  let ticks = readTicks();
  const read = async (): Promise<MachineDelay> => {
    child.stdin.write('\n');
    const line = await lines.next();
    const stops: number[] = JSON.parse(String(line.value));
    const before = { since, ticks };
    since = performance.now();
    ticks = readTicks();
    const wanted = ticks.wanted - before.ticks.wanted;
    return {
      max: Math.max(0, ...stops),
      p99: waitOf(stops, (since - before.since) / 100),
      stolen: wanted > 0 ? (ticks.stolen - before.ticks.stolen) / wanted : 0,
    };
  };
  // The first answer is about its own start.
  await read();
  return { read };
}

/** The wait that was longer for no more than so much of the time; in a stop it is the shorter the later one comes. */
function waitOf(stops: readonly number[], time: number): number {
  let [low, high] = [0, Math.max(0, ...stops)];
  while (high - low > 0.1) {
    const middle = (low + high) / 2;
    const longer = stops.reduce((sum, stop) => sum + Math.max(0, stop - middle), 0);
    if (longer > time) low = middle;
    else high = middle;
  }
  return high;
}

/** Of all cores since the machine started: when one was wanted, and when the host did not give it (proc(5)). */
function readTicks(): { readonly wanted: number; readonly stolen: number } {
  const [all = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [, user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0, stolen = 0] = all
    .split(/\s+/)
    .map(Number);
  return { wanted: user + nice + system + interrupts + soft + stolen, stolen };
}

/** For the report. */
export function describeDelay({ p99, max, stolen }: MachineDelay): string {
  return `beside it a process that does nothing stood still for ${milliseconds(max)} at most (p99 of a wait for it ${milliseconds(p99)}), and the host took ${Math.round(stolen * 100)} % of the machine`;
}
