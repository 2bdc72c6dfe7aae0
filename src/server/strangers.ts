import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { type ClientPolicy, refuseClient } from '../tls/client-auth.ts';
import { isHealthRoute } from './health.ts';
import type { ReviewRecorder } from './review-recorder.ts';

/** Why whoever is at the other end may not call; undefined where they may. */
export function strangerAt(socket: Socket, clients: ClientPolicy | undefined): string | undefined {
  if (clients === undefined || !(socket instanceof TLSSocket) || socket.destroyed) return undefined;
  return refuseClient(socket, clients);
}

/**
 * Why whoever calls may not, told before anything of the body is read. Probes have no certificate.
 * @param reason what strangerAt says of the connection
 */
export function refuseStranger(
  request: FastifyRequest,
  reason: string | undefined,
  recorder: ReviewRecorder,
): string | undefined {
  if (reason === undefined || isHealthRoute(request)) return undefined;
  const path = recorder.pathOf(request);
  recorder.unanswered({ path, verdict: 'forbidden', ms: 0, reason }, 'client rejected');
  return reason;
}
