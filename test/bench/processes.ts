import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { readRss } from '../support/resident-memory.ts';
import type { Load, LoadOrder, PaceOrder } from './client.ts';

/** A server under measurement. */
export interface Server {
  readonly name: string;
  readonly port: number;
  /** Milliseconds from its start until it said that it was ready. */
  readonly startMs: number;
  /** Seconds of CPU so far, of all its threads. */
  cpu(): number;
  /** MiB in memory now. */
  memory(): number;
  stop(): Promise<void>;
}

export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Options of Node.js, as the environment gives them; none if not given. */
  readonly nodeOptions?: string;
  /** Something else than Node.js. */
  readonly binary?: string;
}

/** Server and client each have a core of their own where the machine lets us: else they measure each other. */
export const isPinned = availableParallelism() > 1 && canPin();

function canPin(): boolean {
  try {
    execFileSync('taskset', ['-c', '0', 'chrt', '--idle', '0', 'true']);
    return true;
  } catch {
    return false;
  }
}

function start(
  core: number,
  { args, cwd, nodeOptions = '', binary = process.execPath }: Omit<Command, 'name'>,
): ChildProcess {
  const [command = '', ...rest] = isPinned
    ? ['taskset', '-c', String(core), binary, ...args]
    : [binary, ...args];
  return spawn(command, rest, {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
  });
}

/**
 * Something for the client's core to do at the lowest priority whenever the client waits. A core that sleeps is woken
 * by the server's write: on a virtual machine that takes 100 to 200 microseconds of the server's time, more than all
 * else of an answer, and the more often the slower a server is.
 */
export function keepAwake(): { stop(): void } {
  if (!isPinned) return { stop: () => {} };
  const args = ['-c', '1', 'chrt', '--idle', '0', process.execPath, '-e', 'for (;;);'];
  const child = spawn('taskset', args, { stdio: 'ignore' });
  return { stop: () => void child.kill('SIGKILL') };
}

/** The next line of a process's output that is JSON. */
async function* readLines(child: ChildProcess): AsyncGenerator<unknown> {
  let rest = '';
  for await (const chunk of child.stdout ?? []) {
    rest += chunk;
    for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
      yield JSON.parse(rest.slice(0, at));
      rest = rest.slice(at + 1);
    }
  }
}

export async function startServer({ name, ...command }: Command): Promise<Server> {
  const begin = performance.now();
  const child = start(0, command);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = await waitForReady(child, name);
  const startMs = performance.now() - begin;
  const pid = child.pid ?? 0;
  return {
    name,
    port: ready.port,
    startMs,
    cpu: () => readCpu(pid),
    memory: () => readRss(pid),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Its log is read to the end: to a reader who has gone nothing is written, which would be measured as well. */
function waitForReady(child: ChildProcess, name: string): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    let text = '';
    let isReady = false;
    child.stdout?.on('data', (chunk) => {
      if (isReady) return;
      text += chunk;
      const line = text.split('\n').find((each) => each.includes('"msg":"ready"') && each.endsWith('}'));
      if (line === undefined) return;
      isReady = true;
      const { port, url } = JSON.parse(line);
      resolve({ port: port ?? Number(new URL(url).port) });
    });
    child.once('close', () => reject(new Error(`${name} ended before it was ready`)));
  });
}

function readCpu(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = tasks.map((task) => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ', 1)[0]);
    } catch {
      // A thread that has ended meanwhile.
      return 0;
    }
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
}

export interface Client {
  load(order: LoadOrder): Promise<Load>;
  /** Milliseconds that each of the reviews took. */
  pace(order: PaceOrder): Promise<number[]>;
  stop(): void;
}

export function startClient(script: string, cwd: string): Client {
  const child = start(1, { args: [script], cwd });
  const lines = readLines(child);
  const ask = async (order: LoadOrder | PaceOrder): Promise<unknown> => {
    child.stdin?.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('the client has ended');
    return value;
  };
  return {
    load: async (order) => (await ask(order)) as Load,
    pace: async (order) => (await ask(order)) as number[],
    stop: () => child.kill(),
  };
}
