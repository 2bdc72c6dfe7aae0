import type { IncomingMessage, ServerResponse } from 'node:http';
import type https from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionFault, Metrics } from '../observe/metrics.ts';
import { answerEarly, CLOSE_HEADERS, errorBody, SHORT_LINGER } from './replies.ts';

/** Time limits of a connection, in milliseconds. */
export interface ConnectionTimes {
  /** The head of a request, from its first byte on. */
  readonly head: number;
  /** The body after the head. Shorter where the deadline of the client is earlier. */
  readonly body: number;
  /**
   * Between two requests, and before the first one. kube-apiserver closes its idle connections after 90 s. A server
   * that closes them earlier may close one on which a review is being sent, and a lost POST is not retried.
   */
  readonly idle: number;
  /**
   * After this time, or up to twice as long, clients are asked for a new connection, which may go to another replica.
   */
  readonly recycle: number;
}

export const DEFAULT_TIMES: ConnectionTimes = {
  head: 5_000,
  body: 13_000,
  idle: 120_000,
  recycle: 300_000,
};

/**
 * Answers what the parser of Node.js rejects, which never becomes a request, on the raw socket.
 * @param connection idle: milliseconds that it may still be silent, 0: none; hasRequest: whether a request is being
 * answered
 * @returns the fault to count, if it was the client's
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  { idle, hasRequest }: { readonly idle: number; readonly hasRequest: boolean },
): ConnectionFault | undefined {
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  // Node.js has one limit for the first request and for the head of any request. But Go opens connections in advance,
  // and a silent one is idle: if it is closed early, it may be closed under its first review. Node.js checks it only
  // once.
  if (isLate && socket.bytesRead === 0) {
    if (idle > 0) socket.setTimeout(idle);
    else socket.destroy();
    return undefined;
  }
  const isHttp = isLate || error.code?.startsWith('HPE_') === true;
  // It has been answered. Anything that follows is another error.
  if (isHttp && !isLate && socket.writableEnded) return undefined;
  // Only HTTP can be answered. Otherwise the connection is gone, or the handshake failed. A request has its own
  // answer.
  if (!isHttp || !socket.writable || (isLate && hasRequest)) {
    socket.destroy();
    return undefined;
  }
  const [status, message] = clientErrorStatus(error.code);
  const body = errorBody(message);
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  const linger = setTimeout(() => socket.destroy(), SHORT_LINGER.total);
  socket.once('close', () => clearTimeout(linger));
  return isLate ? 'slow' : 'not-http';
}

/** The fault to count for a failed handshake: whether the client rejected our certificate. */
export function handshakeFault(error: Error & { code?: string }): ConnectionFault {
  // Go sends bad_certificate for every problem of a certificate. Other clients send the reason.
  return /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_)/.test(error.code ?? '')
    ? 'certificate-refused'
    : 'handshake';
}

/** Node.js would answer with an empty body. */
export function answerExpectation(request: IncomingMessage, response: ServerResponse): void {
  const message = 'only Expect: 100-continue is understood; leave the header out';
  answerEarly(request, response, { status: 417, message, headers: CLOSE_HEADERS });
}

/**
 * Counts requests until their answer has been sent. The answer to a pipelined request that was never handled emits no
 * `close`, so that the requests of a connection end with it.
 */
export function trackInFlight(server: https.Server, metrics: Metrics) {
  const open = new WeakMap<Socket, number>();
  server.on('secureConnection', (socket) => {
    socket.once('close', () => {
      for (let left = open.get(socket) ?? 0; left > 0; left -= 1) metrics.requestEnded();
      open.delete(socket);
    });
  });
  return {
    has: (socket: Socket): boolean => (open.get(socket) ?? 0) > 0,
    start(socket: Socket): void {
      open.set(socket, (open.get(socket) ?? 0) + 1);
      metrics.requestStarted();
    },
    end(socket: Socket): void {
      const count = open.get(socket) ?? 0;
      if (count === 0) return;
      open.set(socket, count - 1);
      metrics.requestEnded();
    },
  };
}

/**
 * Finds connections that have been open for too long: API servers keep theirs for hours, and a replica that was
 * started later would never be called (kubernetes/kubernetes#75791).
 * @param now monotonic milliseconds
 * @param random from 0 to 1, so that not all of them are closed at once
 */
export function trackAge(
  server: https.Server,
  recycle: number,
  now: () => number,
  random: () => number,
): { isOld(socket: Socket): boolean } {
  const oldFrom = new WeakMap<Socket, number>();
  server.on('secureConnection', (socket) => oldFrom.set(socket, now() + recycle * (1 + random())));
  return { isOld: (socket) => now() >= (oldFrom.get(socket) ?? Number.POSITIVE_INFINITY) };
}

function clientErrorStatus(code: string | undefined): readonly [string, string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return ['408 Request Timeout', 'the request took too long to arrive'];
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['431 Request Header Fields Too Large', 'the headers are too large or too many'];
  return ['400 Bad Request', 'not an HTTP/1.1 request'];
}
