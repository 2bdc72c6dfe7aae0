import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.ts';
import type { WebhookServer } from './webhook.ts';

/** All in milliseconds. */
export interface DrainTimes {
  /** How long at least to go on listening: endpoints take a while to disappear from every kube-proxy. */
  readonly listen: number;
  /** Listening ends when for this long no new connection has come, */
  readonly quiet: number;
  /** or after this long, whatever comes. */
  readonly listenAtMost: number;
  /** How long open connections may take to go: kube-apiserver closes its idle ones after 90 s. */
  readonly linger: number;
}

export const DEFAULT_DRAIN: DrainTimes = {
  listen: 10_000,
  quiet: 5_000,
  listenAtMost: 20_000,
  linger: 95_000,
};

const POLL_MS = 50;

/**
 * Lets a server go without losing a review. It is not ready any more, but listens and answers; each answer makes its
 * client close the connection, so none is ever closed under a request. Then it stops listening, waits for the
 * connections that are left, and closes.
 */
export async function drain(
  servers: { readonly webhook: WebhookServer; readonly health: FastifyInstance },
  readiness: Readiness,
  times: DrainTimes,
  now: () => number,
): Promise<void> {
  readiness.startDraining();
  const { webhook, health } = servers;
  const start = now();
  let lastConnection = start;
  webhook.server.on('connection', () => {
    lastConnection = now();
  });
  while (now() - start < times.listenAtMost) {
    const quiet = Math.min(times.quiet, times.listen);
    if (now() - start >= times.listen && now() - lastConnection >= quiet) break;
    await sleep(POLL_MS);
  }
  // Fastify's close, and http.Server's own, would end idle connections at once; net.Server's only stops listening.
  net.Server.prototype.close.call(webhook.server);
  const lingerEnd = now() + times.linger;
  while (now() < lingerEnd && (await countConnections(webhook.server)) > 0) await sleep(POLL_MS);
  webhook.server.closeAllConnections();
  await Promise.all([webhook.close(), health.close()]);
}

function countConnections(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
