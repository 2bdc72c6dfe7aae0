import { stackFrames, toError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Readiness } from '../server/readiness.ts';

/** A server or service that runs until a signal arrives. */
export interface Stoppable {
  readonly readiness: Readiness;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'countFault'>;
  /** Reports that it is draining, and ends without losing a request. */
  drain(): Promise<void>;
}

/**
 * Resolves with the exit code.
 * @param startedByNpm also ends when the parent process is gone
 */
export function untilStopped(
  { log, metrics, readiness, drain }: Stoppable,
  startedByNpm: boolean,
): Promise<number> {
  return new Promise((resolve) => {
    const drainThenLeave = (reason: string, code: number): void => {
      if (readiness.isDraining()) {
        resolve(code);
        return;
      }
      log.info({ reason }, 'draining');
      drain().then(
        () => {
          log.info({ reason }, 'stopped');
          resolve(code);
        },
        (error: unknown) => {
          log.error({ reason: toError(error).message }, 'drain failed');
          resolve(1);
        },
      );
    };
    process.on('SIGTERM', () => drainThenLeave('SIGTERM', 0));
    process.on('SIGINT', () => resolve(130));
    const onFault = (kind: string) => (thrown: unknown) => {
      const error = toError(thrown);
      metrics.countFault(kind);
      log.fatal({ error: error.name, stack: stackFrames(error) }, kind);
      drainThenLeave(kind, 1);
    };
    process.on('uncaughtException', onFault('uncaughtException'));
    process.on('unhandledRejection', onFault('unhandledRejection'));
    if (startedByNpm) watchParent(() => resolve(0));
  });
}

/** `npm start` that is killed with SIGKILL cannot signal its child. The child sees that its parent has changed. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, 500).unref();
}
