import { type DestinationStream, type Logger, pino } from 'pino';
import { escapeInvisible } from '../policy/message.ts';
import type { LogLevel } from './log-level.ts';
import { operationLabel } from './metrics.ts';

export type Log = Logger;

/** The maximum length of a text from an object (name, namespace, uid, kind) in a log line. */
const MAX_TEXT = 256;

/**
 * One JSON object on each line. It never contains an object or free text of one: a Shoot may have secrets anywhere.
 */
export function createLog(level: LogLevel, destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: createTimestamp(Date.now),
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/** pino's isoTime. All but the milliseconds is formatted once a second. */
export function createTimestamp(now: () => number): () => string {
  let second = Number.NaN;
  let start = '';
  return () => {
    const time = now();
    const milliseconds = time % 1000;
    if (time - milliseconds !== second) {
      second = time - milliseconds;
      start = `,"time":"${new Date(second).toISOString().slice(0, -4)}`;
    }
    return `${start}${String(milliseconds).padStart(3, '0')}Z"`;
  };
}

/** A text from an object, escaped and cut for the log. */
export function escapeForLog(text: string): string {
  return escapeInvisible(text, MAX_TEXT);
}

/** The log line of one review. */
export interface ReviewLine {
  readonly uid: string;
  readonly operation: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly verdict: string;
  readonly rules: readonly string[];
  readonly mutations: readonly string[];
  /** Milliseconds from the first byte of the request to its answer. */
  readonly ms: number;
}

export function logReview(log: Log, level: 'info' | 'debug', line: ReviewLine): void {
  // Building a line that is not logged takes as long.
  if (!log.isLevelEnabled(level)) return;
  log[level](
    {
      uid: escapeForLog(line.uid),
      operation: operationLabel(line.operation),
      kind: escapeForLog(line.kind),
      object: escapeForLog(`${line.namespace}/${line.name}`),
      path: line.path,
      verdict: line.verdict,
      ...(line.rules.length > 0 && { rules: line.rules }),
      ...(line.mutations.length > 0 && { mutations: line.mutations }),
      ms: Math.round(line.ms * 1000) / 1000,
    },
    'review',
  );
}
