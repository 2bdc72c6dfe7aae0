import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { type ClientPolicy, findClientProblem } from '../tls/client-auth.ts';
import { isHealthRoute } from './health.ts';
import type { ReviewRecorder } from './review-recorder.ts';

/** Why the client may not call. Undefined where it may. */
export function clientProblemAt(socket: Socket, clients: ClientPolicy | undefined): string | undefined {
  if (clients === undefined || !(socket instanceof TLSSocket) || socket.destroyed) return undefined;
  return findClientProblem(socket, clients);
}

/**
 * Rejects a client before the body is read. Probes have no certificate.
 * @param reason the result of clientProblemAt for the connection
 */
export function rejectClient(
  request: FastifyRequest,
  reason: string | undefined,
  recorder: ReviewRecorder,
): string | undefined {
  if (reason === undefined || isHealthRoute(request)) return undefined;
  const path = recorder.pathOf(request);
  recorder.unanswered({ path, verdict: 'forbidden', ms: 0, reason }, 'client rejected');
  return reason;
}
