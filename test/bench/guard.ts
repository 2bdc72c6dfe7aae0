import { measure, measureColdStarts, median, ratio, warmUp } from './measure.ts';
import { makeCreate, makePayloads } from './payloads.ts';
import { startServer } from './processes.ts';
import { type RunOptions, setUp } from './setup.ts';

// For CI: CPU for each review, as a ratio to bare Fastify in the same run. The limits are wide, because a busy machine
// moves even ratios (1.6 to 2.1 and 1.1 to 1.3 have been seen of one build); what they are to catch is a scan, a log line
// or a rule that got several times as dear.
const LIMITS: Readonly<Record<string, number>> = { '5 KB': 3, '45 KB': 2, '45 KB, spec unchanged': 2 };

/** The first review, and the next twenty, to one once everything is warm; 40 and 2 without a warm-up. */
const COLD_LIMITS = { first: 20, next: 3 };
const COLD_STARTS = 3;
const ROUNDS = 5;

export async function run(options: RunOptions): Promise<number> {
  const bench = setUp(options);
  const servers = [await startServer(bench.commands.ours), await startServer(bench.commands.bare)];
  let failed = 0;
  const tell = (what: string, found: number, limit: number): void => {
    const isGood = found <= limit;
    if (!isGood) failed += 1;
    process.stdout.write(
      `${what.replace('#', found.toFixed(2))} (at most ${limit})${isGood ? '' : ' FAILED'}\n`,
    );
  };
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
      tell(`${payload.name}: # times the CPU of bare Fastify`, found, limit);
    }
    const target = {
      path: '/validate',
      bodyFile: bench.writeBody('cold', makeCreate(4)),
      connections: 1,
      milliseconds: 500,
    };
    const cold = await measureColdStarts(bench.commands.ours, bench.client, target, COLD_STARTS);
    for (const which of ['first', 'next'] as const) {
      const found = median(cold.map((each) => each[which] / each.warm));
      tell(
        `5 KB, ${which === 'first' ? 'the first review' : 'the next twenty'}: # times as long as when all is warm`,
        found,
        COLD_LIMITS[which],
      );
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    bench.close();
  }
  return failed === 0 ? 0 : 1;
}
