import { type Measured, median, ratio, type Sample } from './measure.ts';
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

export interface Report {
  readonly machine: string;
  readonly isPinned: boolean;
  readonly rounds: number;
  readonly startUp: readonly StartUp[];
  readonly loads: readonly {
    readonly payload: string;
    readonly bytes: number;
    readonly measured: readonly Measured[];
  }[];
  readonly growth: readonly Growth[];
}

/** docs/performance.md, but for what was tried and did not help: that is for people to write. */
export function renderPage(report: Report): string {
  return `# Performance

Made by \`npm run build && npm run bench -- --write\`, all in one run: our built server with all rules, metrics and logging on, against [bare Fastify](../test/bench/bare-fastify.ts), which parses the same body and says yes, and [bare node:https](../test/bench/bare-node.ts). Servers take turns, one second each; a number is the median of ${report.rounds} rounds, a ratio the median of the rounds' ratios. Times differ from machine to machine; the ratios are what counts.

${report.machine}; ${report.isPinned ? 'server and client each on a core of its own' : 'server and client share the cores'}; 8 connections; 25 to 40 % of the updates is managedFields. ([the payloads](../test/bench/payloads.ts))

![CPU for each review, compared with bare Fastify](performance.svg)

## Reviews

${report.loads.map(renderLoad).join('\n\n')}

## Start

From the start of the process to \`ready\`, certificates on disk, and the memory that it then takes.

| server | ms | to bare Fastify | RSS, MiB | to bare Fastify |
|---|---|---|---|---|
${report.startUp.map((each) => `| ${each.server} | ${each.ms.toFixed(0)} | ${each.msRatio.toFixed(2)} | ${each.memory.toFixed(0)} | ${each.memoryRatio.toFixed(2)} |`).join('\n')}

## Growth

${report.growth.map(renderGrowth).join('\n\n')}
`;
}

function renderLoad({ payload, bytes, measured }: Report['loads'][number]): string {
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

function renderGrowth({ title, unit, rows }: Growth): string {
  return `### ${title}

| ${unit} | bytes | CPU, ms each | to bare Fastify | p99, ms |
|---|---|---|---|---|
${rows.map((row) => `| ${row.size} | ${row.bytes} | ${row.cpu.toFixed(3)} | ${row.cpuRatio.toFixed(2)} | ${row.p99.toFixed(2)} |`).join('\n')}`;
}
