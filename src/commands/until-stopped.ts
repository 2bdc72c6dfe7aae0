import { performance } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { stackFrames, toError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { DEFAULT_DRAIN, type DrainTimes, drain } from '../server/drain.ts';
import type { Readiness } from '../server/readiness.ts';
import type { WebhookServer } from '../server/webhook.ts';

/** A server that runs. */
export interface Stoppable {
  readonly webhook: WebhookServer;
  readonly health: FastifyInstance;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Resolves with the exit code when the server has ended.
 * @param startedByNpm a parent that is gone ends the server as well
 */
export function untilStopped(
  { log, metrics, readiness, webhook, health }: Stoppable,
  { drainSeconds }: { readonly drainSeconds: number },
  startedByNpm: boolean,
): Promise<number> {
  const now = (): number => performance.now();
  return new Promise((resolve) => {
    const drainThenLeave = (reason: string, code: number): void => {
      if (readiness.isDraining()) {
        resolve(code);
        return;
      }
      log.info({ reason }, 'draining');
      const listen = drainSeconds * 1000;
      const times: DrainTimes = {
        ...DEFAULT_DRAIN,
        listen,
        listenAtMost: Math.max(DEFAULT_DRAIN.listenAtMost, listen + 10_000),
      };
      drain({ webhook, health }, readiness, times, now).then(
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

/** `npm start` killed with SIGKILL cannot tell its child; the child notices that its parent has changed. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, 500).unref();
}
