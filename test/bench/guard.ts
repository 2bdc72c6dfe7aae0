import { measure, ratio, warmUp } from './measure.ts';
import { makePayloads } from './payloads.ts';
import { startServer } from './processes.ts';
import { type RunOptions, setUp } from './setup.ts';

// For CI: CPU for each review, as a ratio to bare Fastify in the same run. The limits are wide, because a busy machine
// moves even ratios (1.6 to 2.1 and 1.1 to 1.3 have been seen of one build); what they are to catch is a scan, a log line
// or a rule that got several times as dear.
const LIMITS: Readonly<Record<string, number>> = { '5 KB': 3, '45 KB': 2 };
const ROUNDS = 5;

export async function run(options: RunOptions): Promise<number> {
  const bench = setUp(options);
  const servers = [await startServer(bench.commands.ours), await startServer(bench.commands.bare)];
  let failed = 0;
  try {
    for (const payload of makePayloads()) {
      const limit = LIMITS[payload.name];
      if (limit === undefined) continue;
      const target = {
        path: payload.path,
        bodyFile: bench.writeBody(payload.name, payload.body),
        connections: 8,
        milliseconds: 500,
      };
      if (payload.name === '5 KB') await warmUp(servers, bench.client, target);
      const [ours, bare] = await measure(servers, bench.client, target, ROUNDS);
      if (!ours || !bare) throw new Error('nothing was measured');
      const found = ratio(ours, bare, 'cpu');
      const isGood = found <= limit;
      if (!isGood) failed += 1;
      process.stdout.write(
        `${payload.name}: ${found.toFixed(2)} times the CPU of bare Fastify (at most ${limit})${isGood ? '' : ' FAILED'}\n`,
      );
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    bench.close();
  }
  return failed === 0 ? 0 : 1;
}
