import { type Client, type Command, type Server, startServer } from './processes.ts';

export interface Sample {
  readonly requestsPerSecond: number;
  /** Milliseconds of CPU for each request. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly memory: number;
}

export interface Measured {
  readonly server: string;
  readonly samples: readonly Sample[];
}

export interface Target {
  readonly path: string;
  readonly bodyFile: string;
  readonly connections: number;
  readonly milliseconds: number;
}

/** One second of one server's life. */
export async function sample(server: Server, client: Client, target: Target): Promise<Sample> {
  const before = server.cpu();
  const load = await client.load({ ...target, port: server.port });
  const cpu = server.cpu() - before;
  if (load.failures > 0)
    throw new Error(`${server.name}: ${load.failures} of ${load.requests} requests failed`);
  return {
    requestsPerSecond: load.requests / load.seconds,
    cpu: (cpu * 1000) / load.requests,
    p50: load.p50,
    p99: load.p99,
    memory: server.memory(),
  };
}

/** Reviews until V8 has compiled what is used often. */
const WARM_UP = 10_000;

/**
 * Rules, protocol and log are JavaScript, while nearly all that bare Fastify does is C++ from the first review on: a
 * server that has just started would be measured as it is for its first minute and never again.
 */
export async function warmUp(servers: readonly Server[], client: Client, target: Target): Promise<void> {
  for (const server of servers) {
    for (let answered = 0; answered < WARM_UP; ) {
      const { requests, failures } = await client.load({ ...target, port: server.port });
      if (failures > 0 || requests === 0)
        throw new Error(`${server.name}: ${failures} of ${requests} requests failed`);
      answered += requests;
    }
  }
}

/** How a server answers that is called now and then, as webhooks are: milliseconds. */
export interface Cold {
  readonly first: number;
  /** Median of the twenty after it. */
  readonly next: number;
  /** The same of forty once everything is warm. */
  readonly warm: number;
}

const PAUSE_MS = 50;

/** Of a server that has just become ready; the client has to be warm. One connection, a review every 50 ms. */
export async function measureCold(server: Server, client: Client, target: Target): Promise<Cold> {
  const pace = (count: number) => client.pace({ ...target, port: server.port, count, pauseMs: PAUSE_MS });
  const [first = Number.NaN, ...next] = await pace(21);
  for (let answered = 0; answered < WARM_UP / 2; ) {
    answered += (await client.load({ ...target, connections: 1, port: server.port })).requests;
  }
  return { first, next: median(next), warm: median(await pace(40)) };
}

/** Of several starts of a server. */
export async function measureColdStarts(
  command: Command,
  client: Client,
  target: Target,
  starts: number,
): Promise<Cold[]> {
  const measured: Cold[] = [];
  for (let start = 0; start < starts; start += 1) {
    const server = await startServer(command);
    try {
      measured.push(await measureCold(server, client, target));
    } finally {
      await server.stop();
    }
  }
  return measured;
}

/** Every server in every round, forwards and backwards in turn, so that what disturbs one disturbs all. */
export async function measure(
  servers: readonly Server[],
  client: Client,
  target: Target,
  rounds: number,
): Promise<Measured[]> {
  const samples = new Map<string, Sample[]>(servers.map(({ name }) => [name, []]));
  // The first round is for what is new in this load.
  for (const server of servers) await sample(server, client, target);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? servers : servers.toReversed();
    for (const server of order) samples.get(server.name)?.push(await sample(server, client, target));
  }
  return [...samples].map(([server, list]) => ({ server, samples: list }));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Median over the rounds of what one server took for each that the other took. */
export function ratio(of: Measured, to: Measured, key: keyof Sample): number {
  return median(of.samples.map((each, round) => each[key] / (to.samples[round]?.[key] ?? Number.NaN)));
}
