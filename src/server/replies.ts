import type { FastifyReply } from 'fastify';

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
