import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Headers that an error needs beside its text. */
export type ErrorHeaders = Readonly<Record<string, string>>;

/** A short JSON for whoever called; kube-apiserver shows it to the user as it is, so nothing internal is in it. */
export function errorBody(message: string): string {
  return JSON.stringify({ error: message });
}

/**
 * Answers with an error, also while the request's body is still being sent. What is left of it is read and thrown away:
 * closed under whoever sends, the connection would break, and the answer be lost with it.
 */
export function replyError(
  reply: FastifyReply,
  status: number,
  message: string,
  headers: ErrorHeaders = {},
  linger: Linger = LINGER,
): FastifyReply {
  const { raw } = reply.request;
  if (raw.complete) {
    return reply.code(status).headers(headers).type('application/json').send(errorBody(message));
  }
  reply.hijack();
  answerEarly(raw, reply.raw, { status, message, headers, linger });
  return reply;
}

/** How long the rest of a body that nobody wants is read, in milliseconds. */
export interface Linger {
  /** Without a byte of it. */
  readonly silence: number;
  /** In all. */
  readonly total: number;
}

export const LINGER: Linger = { silence: 1000, total: 10_000 };
/** For whoever has had all the time that a body may take. */
export const SHORT_LINGER: Linger = { silence: 1000, total: 1000 };

/** Answers a request of whose body more may come; the answer ends, and the connection with it if it says so, after it. */
export function answerEarly(
  request: IncomingMessage,
  response: ServerResponse,
  answer: {
    readonly status: number;
    readonly message: string;
    readonly headers: ErrorHeaders;
    readonly linger?: Linger;
  },
): void {
  const { status, message, headers, linger = LINGER } = answer;
  const body = errorBody(message);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.write(body);
  const end = (): void => {
    clearTimeout(silence);
    clearTimeout(late);
    request.off('data', refresh).off('end', end).off('close', end);
    response.end();
  };
  const silence = setTimeout(end, linger.silence);
  const late = setTimeout(end, linger.total);
  const refresh = (): unknown => silence.refresh();
  request.on('data', refresh).once('end', end).once('close', end);
}

/** The caller may try again; kube-apiserver does, where the header says when, on a new connection. */
export const RETRY_HEADERS: ErrorHeaders = { 'retry-after': '1', connection: 'close' };
export const CLOSE_HEADERS: ErrorHeaders = { connection: 'close' };
