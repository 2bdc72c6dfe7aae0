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
const TRIED = `## What was tried

Shares are of the CPU of a 5 KB review in our server, by profile, after ten thousand reviews. Microseconds are of a loop on one machine.

What is left of 5 KB, for which the aim is 1.7 times bare Fastify: by the profile of V8, of the time in JavaScript and what it calls, 26 % is sending the answer, 17 % reading the review (the scan 6, JSON.parse 6), 14 % the decision (the rules 9), 12 % the line of the log and the metrics, 7 % writing the log, 10 % collecting garbage, and the rest HTTP and Fastify. No function of ours but the scan takes more than 2 %. By perf, of 0.34 ms (bare Fastify 0.16 in that run) compiled JavaScript takes 0.08 more, functions of V8 and Node.js (properties, strings, JSON, garbage collection) 0.09 more, and the kernel 0.02 more. To reach the aim, 0.07 of these 0.19 ms would have to go: more than all rules and the scan.

What helped:

- **Parse only what rules read.** The target of Shoots lists fields of the API that no rule reads, such as machines, zones and labels. The scan notes where they are, and \`null\` takes their place before JSON.parse. In a loop of its own, to read a review takes 27 microseconds instead of 44 (5 KB), 140 instead of 215 (45 KB, spec changed) and 0.9 ms instead of 3.1 (300 KB).
- **Do not scan the old spec if it is a copy of the new one**: 87 microseconds instead of 120 (45 KB, spec unchanged).
- **Write objects field by field.** To spread an object into another one took 6 microseconds of each review, which was more than to read its fields.
- **Take slices of one string.** To copy the bytes that are left, in a loop, took five times as long, up to 64 KB. Above that V8 allocates the string outside its young generation, and the copy is faster.

What did not help:

- **Other loops for the scan before JSON.parse**: a table of classes, four or two bytes of a string at a time, one loop instead of two. All take 1.2 to 2.2 ns a byte, and the best one for one body is worse for the next. The limit is that the processor cannot predict where a string ends. A search for quotes by \`String.indexOf\` takes as long as the plain loop, and a regular expression several times as long.
- **No scan where a body has at most 256 opening brackets**, which cannot be nested too deeply: measured and not built. To count them by \`String.indexOf\` takes 0.3 ns a byte, but only bodies without managedFields would gain, and duplicate keys would have to be found in a second way.
- **Getters for values that are seldom read** (the mistakes of the old object): an object literal with getters took 4 % of the evaluation. Not to look for these mistakes at all is both faster and simpler.
- **An answer "allowed" made of two constants**: not built, because JSON.stringify takes less than 1 % of a review.
- **A log line without pino**: pino takes 2 %. The cost is in the writing: writes of 4 KB wake a thread every dozen reviews, writes of 12 KB every forty. Writes of 64 KB or 256 KB are no faster than those of 12 KB.
- **A reading of the clock at every rule**: 0.3 microseconds each, as much as three rules.
- **Narrow limits of the guard in CI**: on a machine that others use, the ratio of the same build changes by a third. \`npm run bench:guard\`, a part of \`.ci/run\`, accepts 3 and 2 times.
- **Parsing without the scan, and measuring the depth of the result**: to find \`"managedFields"\` by \`Buffer.indexOf\`, to find its end by a loop, and to walk through the parsed object take together as long as the scan.
- **WebAssembly for the scan**: not built. Its SIMD instructions would read 16 bytes at a time. But it is another language, with its own tools, for an estimated eighth of a 45 KB review.
- **The aim of 1.15 for 5 KB**: in 40 rounds, the server of the table above takes 1.01 times what bare Fastify takes, with the log line 1.21, with the histogram 1.05, with the scan 1.16, and with all three 1.38, before any rule is evaluated. The aim cannot be reached with log and metrics.
- **Minified files**: \`check\` of one file starts no faster. Of its start, half is loading and compiling the rules and libraries, and a sixth is the compilation of the schema by ajv. The aim is 1.5 times \`node -e 0\`; it takes 3.5 times. Schemas that are read only when an object arrives, and settings without the cryptography of Node.js, made it that (3.9 before). The compile cache of Node.js 22 and later saves another twelfth. What is left would need the schemas compiled at build time, and the rules of each kind in a file of their own.
- **The aim of 1.0 for 45 KB with a changed spec**: our server takes 0.47 to 0.50 ms in all runs. Bare Fastify takes 0.42 ms in some runs and 0.6 to 0.7 ms in others, for bodies of the same size, depending on when V8 collects garbage. The ratio is 1.1 to 1.2 in the first ones and 0.8 in the others. The same holds for 5 KB with eBPF and a pattern: 0.25 to 0.28 ms, which is 2.0 to 2.5 times bare Fastify.
- **A longer warm-up**: after the 0.35 s of CPU that it may take, the next twenty reviews take 1.4 to 1.6 times as long as later ones (the aim is 1.35). After 1 s they take 1.4 times, and after 3 s 1.2 times: V8 still compiles. A server that is ready 3 s later was the worse choice.
- **V8 options for the next twenty** (\`--no-lazy-feedback-allocation\`, \`--always-sparkplug\`, \`--interrupt-budget\`): 1.3 to 1.5 times, which is within the range of runs without them.
- **Options of V8 and Node.js** (\`--use-largepages\`, \`--max-lazy\`, \`--no-flush-bytecode\`, \`--single-threaded-gc\`, young generations of 1 to 32 MiB): the difference is within that of two runs of the same build, up to 45 KB. \`--max-semi-space-size=4\` saves memory, and is in the manifests for that reason: reviews of 300 KB take 105 MiB instead of 149, and a fifth more CPU.
- **Rules that are skipped where their fields are unset**: not built. A rule that finds nothing at once takes 0.1 to 0.3 microseconds in a loop. All 34 take 13 there, and 140 after another program has used a megabyte of memory: under load most of the time is spent on loading them into the processor, and a check of the fields of each rule would have to be loaded as well.
- **A search for functions that V8 compiles again and again** (\`--trace-deopt\`): there are none after the first thousands of reviews.
`;

/** The sections of the page that are not written by this bench. */
export const KEPT_SECTIONS = ['corpus', 'lsp', 'api-server'] as const;

/**
 * docs/performance.md, without the charts.
 * @param kept the content of a section of KEPT_SECTIONS
 */
export function renderPage(report: Report, kept: (section: string) => string): string {
  return `# Performance

Made by \`npm run build && npm run bench -- --write\`, all in one run: our built server with all rules, metrics and logging on, and Node.js with the options of the manifests, against [bare Fastify](../test/bench/bare-fastify.ts), which parses the same body and allows it, [bare node:https](../test/bench/bare-node.ts), and a minimal webhook in Go, which [decodes the Shoot](../test/e2e/assets/admission/floor/main.go) with Gardener's types and allows it. A program reads the log while it is written. Each server first answers 10,000 reviews, so that V8 has compiled the functions that are used often. Then the servers take turns of one second. A number is the median of ${report.rounds} rounds, a ratio the median of the ratios of the rounds. Times differ from machine to machine, so compare the ratios.

${report.machine}; ${report.isPinned ? "server and client each on their own core; the core of the client is kept busy, because to wake a core of a virtual machine takes more of the server's time than a review" : 'server and client share the cores'}; 8 connections; 25 to 40 % of the updates is managedFields. ([the payloads](../test/bench/payloads.ts))

![CPU for each review, compared with bare Fastify](performance.svg)

## Reviews

${report.loads.map(renderLoad).join('\n\n')}

${renderLoad(report.parts)}

Each of the first four servers does one thing more than the one above it. [The additions](../test/bench/fastify-with.ts) are the minimum of a webhook that logs, counts and limits its bodies. They alone are more than 1.15 times bare Fastify, which was our aim for the whole server: a review of 5 KB is small compared with the work for each request.

## A review now and then

This is how an API server calls a webhook: one connection, and a review of 5 KB every 50 ms. The table has the first review after \`ready\`, the next twenty, and forty after five thousand more, which are the base of the ratios.

| server | first, ms | the next twenty, p50 ms | warm, p50 ms | first to warm | next to warm |
|---|---|---|---|---|---|
${report.cold.map(renderCold).join('\n')}

## Start

The time from the start of the process to \`ready\`, with certificates on disk, and the memory at that moment.

| server | ms | to bare Fastify | RSS, MiB | to bare Fastify |
|---|---|---|---|---|
${report.startUp.map((each) => `| ${each.server} | ${each.ms.toFixed(0)} | ${each.msRatio.toFixed(2)} | ${each.memory.toFixed(0)} | ${each.memoryRatio.toFixed(2)} |`).join('\n')}

## Growth

The cost of one thing more. The dashed line shows growth in proportion.

![CPU for each review against what grows](performance-growth.svg)

${report.growth.map(renderTable).join('\n\n')}

${KEPT_SECTIONS.map((name) => `<!-- begin ${name} -->\n${kept(name)}\n<!-- end ${name} -->\n`).join('\n')}
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
