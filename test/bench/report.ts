import { type Cold, type Measured, median, ratio, type Sample } from './measure.ts';
import { BARE } from './setup.ts';

export interface StartUp {
  readonly server: string;
  readonly ms: number;
  readonly memory: number;
  readonly msRatio: number;
  readonly memoryRatio: number;
}

export interface Growth {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly {
    readonly size: number;
    readonly bytes: number;
    readonly cpu: number;
    readonly p99: number;
    readonly cpuRatio: number;
  }[];
}

/** One payload, sent to several servers. */
interface Loaded {
  readonly payload: string;
  readonly bytes: number;
  readonly measured: readonly Measured[];
}

export interface Report {
  readonly machine: string;
  readonly isPinned: boolean;
  readonly rounds: number;
  readonly startUp: readonly StartUp[];
  readonly loads: readonly Loaded[];
  /** How each answers that is called now and then. */
  readonly cold: readonly { readonly server: string; readonly starts: readonly Cold[] }[];
  /** Servers that do ever more of what ours does. */
  readonly parts: Loaded;
  readonly growth: readonly Growth[];
}

// Kept by hand: what a run cannot tell.
const TRIED = `## What was tried and did not help

Shares are of the CPU of the 5 KB review in our server, by profile, after ten thousand reviews.

- **Other loops for the scan before JSON.parse**: a table of classes, four or two bytes of a string at a time, no loop within the loop. All take 1.2 to 2.2 ns a byte, whichever is best for one body is worse for the next, and what limits them is that nobody can predict where a string ends. The search for quotes by \`String.indexOf\` takes as long as the plain loop, a regular expression several times as long.
- **No scan where a body has at most 256 opening brackets**, which cannot be nested too deeply: measured and not built. To count them by \`String.indexOf\` takes 0.3 ns a byte, but only bodies without managedFields would gain, and duplicate keys would have to be found in a second way.
- **Getters for what is seldom read** (the old object's mistakes): to make an object literal with getters took 4 % of judging. Not to look for them at all is both faster and simpler.
- **Objects made by spreading others** in the hot path: 3 % for the input of the rules, and a tenth of all judging for two findings.
- **An answer "allowed" that is put together from two constants**: not built, as JSON.stringify takes less than 1 % of a review.
- **A log line made by hand**: pino takes 2 %. What was dear was to write: 4 KB at a time woke a thread every dozen reviews, 12 KB does so every forty.
- **The clock at every rule**: a reading took 0.3 microseconds on the machine that this was measured on, as much as three rules.
- **A guard with narrow limits in CI**: on a machine that others use, the ratio of one and the same build moves by a third. \`npm run bench:guard\`, a part of \`.ci/run\`, lets 3 and 2 times pass.
- **To parse without the scan, and look at the depth of what came out**: finding \`"managedFields"\` by \`Buffer.indexOf\`, its end by a loop, and walking the parsed object takes as long together as the one scan. Of 45 KB, in a loop of its own, the scan took 136 microseconds and spared 86 of the 354 that parsing all of it took.
- **WebAssembly for the scan**: not built. Its SIMD would look at 16 bytes at a time, but it is another language, with tools of its own, for an eighth of a 45 KB review at a guess.
- **To reach 1.15 for 5 KB**: over 40 rounds of their own, the server above that has none of our parts takes 1.01 times what bare Fastify does, with the log line 1.21, with the histogram 1.05, with the scan 1.16, with all three 1.38, before a single rule has been asked. It cannot be reached with logging and metrics on.
- **Smaller or larger steps of writing the log**: without a line at all a review took 3 to 10 % less, and to write 64 KB or 256 KB at a time instead of 12 is not to be told from it. What a line takes is to be made.
- **Options of V8 and Node.js** (\`--use-largepages\`, \`--max-lazy\`, \`--no-flush-bytecode\`, \`--single-threaded-gc\`, young generations of 1 to 32 MiB): none is beyond what runs of one and the same build differ by, up to 45 KB. \`--max-semi-space-size=4\` spares memory, and is in the manifests for it: 300 KB reviews take 105 MiB and not 149, for a fifth more CPU.
- **Rules that are not asked where their fields are unset**: not built. In a loop of its own a rule that finds nothing at once takes 0.1 to 0.3 microseconds. All 34 take 13 there, and 140 when something else has used a megabyte of memory between two of them: under load most of what they take is to fetch them into the processor, and a look at the fields of each would be fetched as well.
- **To ask which functions V8 compiles again and again** (\`--trace-deopt\`): none, after the first thousands of reviews.
`;

/**
 * docs/performance.md, but for the charts.
 * @param files the part that another bench writes
 */
export function renderPage(report: Report, files: string): string {
  return `# Performance

Made by \`npm run build && npm run bench -- --write\`, all in one run: our built server with all rules, metrics and logging on, and Node.js with the options of the manifests, against [bare Fastify](../test/bench/bare-fastify.ts), which parses the same body and says yes, [bare node:https](../test/bench/bare-node.ts), and the least of a webhook in Go, which [decodes the Shoot](../test/e2e/assets/admission/floor/main.go) with Gardener's types and says yes. The log is read while it is written. Each server first answers 10,000 reviews, so that V8 has compiled what is used often; then servers take turns, one second each. A number is the median of ${report.rounds} rounds, a ratio the median of the rounds' ratios. Times differ from machine to machine; the ratios are what counts.

${report.machine}; ${report.isPinned ? "server and client each on a core of its own, the client's kept awake (woken by an answer, a core of a virtual machine takes more of the server's time than all else of it)" : 'server and client share the cores'}; 8 connections; 25 to 40 % of the updates is managedFields. ([the payloads](../test/bench/payloads.ts))

![CPU for each review, compared with bare Fastify](performance.svg)

## Reviews

${report.loads.map(renderLoad).join('\n\n')}

${renderLoad(report.parts)}

Each of the first four does what the one above it does, and one thing more; [what is added](../test/bench/fastify-with.ts) is the least of a webhook that logs, counts and does not let a body harm it, whatever its rules are. It is more than 1.15 times bare Fastify, which was our aim for all of it: a review of 5 KB is so small beside what is done for every request.

## Called now and then

Which is how an API server calls: one connection, a review of 5 KB every 50 ms, by a client that is warm. The first review after \`ready\`, the twenty after it, and forty once five thousand more have been answered; ratios to the last.

| server | first, ms | the next twenty, p50 ms | warm, p50 ms | first to warm | next to warm |
|---|---|---|---|---|---|
${report.cold.map(renderCold).join('\n')}

## Start

From the start of the process to \`ready\`, certificates on disk, and the memory that it then takes.

| server | ms | to bare Fastify | RSS, MiB | to bare Fastify |
|---|---|---|---|---|
${report.startUp.map((each) => `| ${each.server} | ${each.ms.toFixed(0)} | ${each.msRatio.toFixed(2)} | ${each.memory.toFixed(0)} | ${each.memoryRatio.toFixed(2)} |`).join('\n')}

## Growth

What one thing more costs. The dashed line is what grows in proportion. Of large objects the last step may be a little steeper; why was not looked into.

![CPU for each review against what grows](performance-growth.svg)

${report.growth.map(renderTable).join('\n\n')}

<!-- begin corpus -->
${files}
<!-- end corpus -->

${TRIED}`;
}

function renderLoad({ payload, bytes, measured }: Loaded): string {
  const bare = measured.find(({ server }) => server === BARE);
  const rows = measured.map((each) => {
    const of = (key: keyof Sample) => median(each.samples.map((sample) => sample[key]));
    const to = (key: keyof Sample) => (bare ? ratio(each, bare, key).toFixed(2) : '');
    const peak = Math.max(...each.samples.map(({ memory }) => memory));
    return `| ${each.server} | ${of('requestsPerSecond').toFixed(0)} | ${to('requestsPerSecond')} | ${of('cpu').toFixed(3)} | ${to('cpu')} | ${of('p50').toFixed(2)} | ${of('p99').toFixed(2)} | ${peak.toFixed(0)} |`;
  });
  return `### ${payload} (${bytes} bytes)

| server | reviews a second | to bare Fastify | CPU, ms each | to bare Fastify | p50, ms | p99, ms | RSS, MiB at most |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

function renderCold({ server, starts }: Report['cold'][number]): string {
  const of = (value: (each: Cold) => number) => median(starts.map(value)).toFixed(2);
  return `| ${server} | ${of(({ first }) => first)} | ${of(({ next }) => next)} | ${of(({ warm }) => warm)} | ${of(({ first, warm }) => first / warm)} | ${of(({ next, warm }) => next / warm)} |`;
}

function renderTable({ title, unit, rows }: Growth): string {
  return `### ${title}

| ${unit} | bytes | CPU, ms each | to bare Fastify | p99, ms |
|---|---|---|---|---|
${rows.map((row) => `| ${row.size} | ${row.bytes} | ${row.cpu.toFixed(3)} | ${row.cpuRatio.toFixed(2)} | ${row.p99.toFixed(2)} |`).join('\n')}`;
}
