import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { shootRules } from '../../src/rules/shoot/index.ts';
import { readSection } from '../docs/section.ts';
import { renderCharts, renderGrowth } from './charts.ts';
import { type Measured, measure, measureColdStarts, median, ratio, warmUp } from './measure.ts';
import { makeCreate, makePayloads, makeUpdate } from './payloads.ts';
import { isPinned, type Server, startServer } from './processes.ts';
import { type Growth, type Report, renderPage, type StartUp } from './report.ts';
import { BARE, type Bench, OURS, type RunOptions, setUp } from './setup.ts';

/** `npm run bench [-- --rounds N] [-- --write]`: everything that docs/performance.md tells, in one run. */
export async function run(options: RunOptions): Promise<number> {
  const rounds = readRounds(options.args);
  const bench = setUp(options);
  try {
    const report: Report = {
      machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version}`,
      isPinned,
      rounds,
      startUp: await measureStart(bench, rounds),
      loads: await measureLoads(bench, rounds),
      cold: await measureCalls(bench),
      parts: await measureParts(bench, rounds),
      growth: [await measureRules(bench, rounds), ...(await measureGrowth(bench, rounds))],
    };
    const file = join(options.root, 'docs/performance.md');
    const before = readFileSync(file, 'utf8');
    const page = renderPage(report, (section) => readSection(before, section));
    process.stdout.write(page);
    if (options.args.includes('--write')) {
      writeFileSync(file, page);
      writeFileSync(join(options.root, 'docs/performance.svg'), renderCharts(report));
      writeFileSync(join(options.root, 'docs/performance-growth.svg'), renderGrowth(report));
    }
    return 0;
  } finally {
    bench.close();
  }
}

function readRounds(args: readonly string[]): number {
  const at = args.indexOf('--rounds');
  const rounds = at < 0 ? 7 : Number(args[at + 1]);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number above 0');
  return rounds;
}

/** From the start of the process to the line that says ready, and what it then takes of memory. */
async function measureStart(bench: Bench, rounds: number): Promise<StartUp[]> {
  const commands = [bench.commands.ours, bench.commands.bare, bench.commands.node];
  const starts = new Map(commands.map(({ name }) => [name, [] as { ms: number; memory: number }[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const command of round % 2 === 0 ? commands : commands.toReversed()) {
      const server = await startServer(command);
      starts.get(command.name)?.push({ ms: server.startMs, memory: server.memory() });
      await server.stop();
    }
  }
  const bare = starts.get(BARE) ?? [];
  return [...starts].map(([server, list]) => ({
    server,
    ms: median(list.map(({ ms }) => ms)),
    memory: median(list.map(({ memory }) => memory)),
    msRatio: median(list.map(({ ms }, round) => ms / (bare[round]?.ms ?? Number.NaN))),
    memoryRatio: median(list.map(({ memory }, round) => memory / (bare[round]?.memory ?? Number.NaN))),
  }));
}

async function measureLoads(bench: Bench, rounds: number): Promise<Report['loads']> {
  const servers = [
    await startServer(bench.commands.ours),
    await startServer(bench.commands.bare),
    await startServer(bench.commands.node),
    ...(await Promise.all(bench.floor().map(startServer))),
  ];
  try {
    const loads: Report['loads'][number][] = [];
    for (const { name, path, body } of makePayloads()) {
      const target = { path, bodyFile: bench.writeBody(name, body), connections: 8, milliseconds: 1000 };
      if (loads.length === 0) await warmUp(servers, bench.client, target);
      loads.push({
        payload: name,
        bytes: body.length,
        measured: await measure(servers, bench.client, target, rounds),
      });
    }
    return loads;
  } finally {
    await stopAll(servers);
  }
}

/** Starts of each server: a first review is slow only once. */
const COLD_STARTS = 5;

async function measureCalls(bench: Bench): Promise<Report['cold']> {
  const bodyFile = bench.writeBody('cold', makeCreate(4));
  const target = { path: '/validate', bodyFile, connections: 1, milliseconds: 500 };
  const rows: Report['cold'][number][] = [];
  for (const command of [bench.commands.ours, bench.commands.bare, bench.commands.node, ...bench.floor()]) {
    const starts = await measureColdStarts(command, bench.client, target, COLD_STARTS);
    rows.push({ server: command.name, starts });
  }
  return rows;
}

/** What of a small review is bare Fastify's, what any webhook's that logs and counts, and what our rules'. */
async function measureParts(bench: Bench, rounds: number): Promise<Report['parts']> {
  const rules = Object.fromEntries(shootRules.map(({ id }) => [id, 'off']));
  const commands = [
    bench.commands.bare,
    bench.fastifyWith('and our line of the log', 'log'),
    bench.fastifyWith('and our histogram', 'log', 'metrics'),
    bench.fastifyWith('and the scan before the parser', 'log', 'metrics', 'scan'),
    bench.serveWith(`${OURS}, every rule off`, { rules }),
    bench.commands.ours,
  ];
  const servers = await Promise.all(commands.map(startServer));
  try {
    const body = makeCreate(4);
    const bodyFile = bench.writeBody('parts', body);
    const target = { path: '/validate', bodyFile, connections: 8, milliseconds: 1000 };
    await warmUp(servers, bench.client, target);
    const measured = await measure(servers, bench.client, target, rounds);
    return { payload: 'Part by part', bytes: body.length, measured };
  } finally {
    await stopAll(servers);
  }
}

/** The same Shoot with ever more of the rules for Shoots switched on. */
async function measureRules(bench: Bench, rounds: number): Promise<Growth> {
  const ids = shootRules.map(({ id }) => id);
  const body = makeCreate(4);
  const target = {
    path: '/validate',
    bodyFile: bench.writeBody('growth-rules', body),
    connections: 8,
    milliseconds: 700,
  };
  const rows: Growth['rows'][number][] = [];
  for (const size of [0, Math.round(ids.length / 3), Math.round((2 * ids.length) / 3), ids.length]) {
    const rules = Object.fromEntries(ids.slice(size).map((id) => [id, 'off']));
    const servers = [
      await startServer(bench.serveWith(OURS, { rules })),
      await startServer(bench.commands.bare),
    ];
    try {
      await warmUp(servers, bench.client, target);
      rows.push(toRow(size, body.length, await measure(servers, bench.client, target, fewOf(rounds))));
    } finally {
      await stopAll(servers);
    }
  }
  return { title: 'Rules that are on', unit: 'rules', rows };
}

/** Enough for a table of growth. */
function fewOf(rounds: number): number {
  return Math.max(3, Math.floor(rounds / 2));
}

/** What one thing more costs: each table is one measure, grown, with bare Fastify beside it. */
async function measureGrowth(bench: Bench, rounds: number): Promise<Growth[]> {
  const servers = [await startServer(bench.commands.ours), await startServer(bench.commands.bare)];
  const growth: Growth[] = [];
  try {
    const bodyFile = bench.writeBody('growth', makeCreate(4));
    await warmUp(servers, bench.client, { path: '/validate', bodyFile, connections: 8, milliseconds: 700 });
    const rows = async (
      title: string,
      unit: string,
      steps: readonly { size: number; body: Buffer; connections: number }[],
    ) => {
      const list: Growth['rows'][number][] = [];
      for (const { size, body, connections } of steps) {
        const bodyFile = bench.writeBody(`growth-${unit}-${size}`, body);
        const target = { path: '/validate', bodyFile, connections, milliseconds: 700 };
        list.push(toRow(size, body.length, await measure(servers, bench.client, target, fewOf(rounds))));
      }
      growth.push({ title, unit, rows: list });
    };
    const grown = (sizes: readonly number[], make: (size: number) => Buffer) =>
      sizes.map((size) => ({ size, body: make(size), connections: 8 }));
    await rows('Workers of the Shoot', 'workers', grown([1, 10, 100, 1000], makeCreate));
    await rows(
      'managedFields, in KB of each object',
      'KB',
      grown([0, 10, 100, 1000], (kb) => makeUpdate(4, kb * 1000)),
    );
    await rows(
      'Connections at once',
      'connections',
      [1, 8, 64, 256].map((connections) => ({ size: connections, body: makeCreate(4), connections })),
    );
  } finally {
    await stopAll(servers);
  }
  return growth;
}

function toRow(size: number, bytes: number, measured: readonly Measured[]): Growth['rows'][number] {
  const ours = measured.find(({ server }) => server === OURS);
  const bare = measured.find(({ server }) => server === BARE);
  if (!ours || !bare) throw new Error('nothing was measured');
  return {
    size,
    bytes,
    cpu: median(ours.samples.map(({ cpu }) => cpu)),
    p99: median(ours.samples.map(({ p99 }) => p99)),
    cpuRatio: ratio(ours, bare, 'cpu'),
  };
}

async function stopAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}
