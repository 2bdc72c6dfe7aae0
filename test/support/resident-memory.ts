import { readFileSync } from 'node:fs';

/** Resident memory of a process, in MiB. */
export function readRss(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (line === null) throw new Error(`process ${pid} has ended`);
  return Number(line[1]) / 1024;
}
