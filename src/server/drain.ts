import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.ts';
import type { WebhookServer } from './webhook.ts';

/** All in milliseconds. */
export interface DrainTimes {
  /** The minimum time to accept connections: it takes a while until every kube-proxy has removed the endpoint. */
  readonly listen: number;
  /** The server stops listening when no new connection has arrived for so long, */
  readonly quiet: number;
  /** or after this time in any case. */
  readonly listenAtMost: number;
  /** The time for open connections to be closed: kube-apiserver closes idle ones after 90 s. */
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
 * Stops a server without losing a review. It is no longer ready, but still listens and answers. Each answer makes its
 * client close the connection, so that none is closed under a request. Then the server stops listening, waits for the
 * remaining connections, and closes.
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
  // `close` of Fastify and of http.Server would end idle connections at once; that of net.Server only stops
  // listening.
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
