import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Headers of an error answer. */
export type ErrorHeaders = Readonly<Record<string, string>>;

/** Short JSON for the client. kube-apiserver shows it to the user, so that it contains nothing internal. */
export function errorBody(message: string): string {
  return JSON.stringify({ error: message });
}

/**
 * Answers with an error, also while the body of the request is still being sent. The rest of the body is read and
 * dropped: if the connection were closed while the client sends, the answer would be lost.
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

/** How long the rest of a body is read, in milliseconds. */
export interface Linger {
  /** Without any byte. */
  readonly silence: number;
  /** In total. */
  readonly total: number;
}

export const LINGER: Linger = { silence: 1000, total: 10_000 };
/** For a client that has used all the time for its body. */
export const SHORT_LINGER: Linger = { silence: 1000, total: 1000 };

/**
 * Answers a request before its whole body has arrived. The connection ends after the answer, if the answer says so.
 */
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

/** The client may retry. kube-apiserver does, after the time in the header, on a new connection. */
export const RETRY_HEADERS: ErrorHeaders = { 'retry-after': '1', connection: 'close' };
export const CLOSE_HEADERS: ErrorHeaders = { connection: 'close' };
