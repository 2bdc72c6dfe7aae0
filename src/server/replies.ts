import type { FastifyReply, FastifyRequest } from 'fastify';

/** Headers that an error needs beside its text. */
export type ErrorHeaders = Readonly<Record<string, string>>;

/** A short JSON for whoever called; kube-apiserver shows it to the user as it is, so nothing internal is in it. */
export function errorBody(message: string): string {
  return JSON.stringify({ error: message });
}

export function replyError(
  reply: FastifyReply,
  status: number,
  message: string,
  headers: ErrorHeaders = {},
): FastifyReply {
  return reply.code(status).headers(headers).type('application/json').send(errorBody(message));
}

/** The caller may try again; kube-apiserver does, where the header says when, on a new connection. */
export const RETRY_HEADERS: ErrorHeaders = { 'retry-after': '1', connection: 'close' };
export const CLOSE_HEADERS: ErrorHeaders = { connection: 'close' };

/** How long whoever sends a body that has been refused may go on with it, in milliseconds. */
export const LINGER_MS = 3000;

/**
 * Refuses a body of which more may come, and closes the connection once it has: closed under whoever sends, it would
 * break, and the answer be lost with it.
 */
export function replyEarly(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  message: string,
  headers: ErrorHeaders,
): FastifyReply {
  if (request.raw.complete) return replyError(reply, status, message, headers);
  const body = errorBody(message);
  reply.hijack();
  reply.raw.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  reply.raw.write(body);
  const end = (): void => {
    clearTimeout(linger);
    reply.raw.end();
  };
  const linger = setTimeout(end, LINGER_MS);
  request.raw.once('end', end).once('close', end).resume();
  return reply;
}
