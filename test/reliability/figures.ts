import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../e2e/process.ts';
import { tryRun } from '../manifests/command.ts';
import { isFull } from './form.ts';

export const REPORTS = join(ROOT, 'reports/reliability');

/** What a test has measured, as a row of docs/reliability.md. */
export interface Figure {
  /** The order of the rows. */
  readonly number: number;
  /** The test's file, without `.test.ts`. */
  readonly test: string;
  /** What is promised, with its number. */
  readonly promise: string;
  /** What was done, and for how long or how often. */
  readonly load: string;
  /** What came of it. */
  readonly measured: string;
  /** What is known of others. */
  readonly elsewhere: string;
}

/** A figure, and where it is from: one test can be run again without the others. */
export interface Recorded extends Figure {
  readonly form: string;
  /** In ISO 8601. */
  readonly at: string;
  readonly commit: string;
}

/** Prints it, and keeps it for the report. Called before anything is expected, so that a failure shows its figure. */
export function record(figure: Figure): void {
  mkdirSync(REPORTS, { recursive: true });
  const name = `${String(figure.number).padStart(2, '0')}-${figure.test}.json`;
  const commit = tryRun('git', ['rev-parse', '--short', 'HEAD']).stdout.trim() || 'unknown';
  const form = isFull() ? 'full' : 'short';
  const recorded: Recorded = { ...figure, form, at: new Date().toISOString(), commit };
  writeFileSync(join(REPORTS, name), `${JSON.stringify(recorded, null, 2)}\n`);
  process.stdout.write(
    `\n${figure.test}: ${figure.measured}\n  promised: ${figure.promise}\n  under: ${figure.load}\n  elsewhere: ${figure.elsewhere}\n`,
  );
}

/** What nothing failed of says: with 95 % confidence, at most three in so many do. */
export function zeroOf(failed: number, total: number): string {
  const counted = total.toLocaleString('en');
  if (failed > 0) return `${failed} failed of ${counted}`;
  return `0 failed of ${counted} (so at most ${Number((300 / total).toPrecision(1))} % do, 95 % confidence)`;
}

export function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

/** The value that this part of all (0 to 1) lies below; 0 of none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
