import type { IncomingMessage, ServerResponse } from 'node:http';
import type https from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionFault, Metrics } from '../observe/metrics.ts';
import { answerEarly, CLOSE_HEADERS, errorBody, SHORT_LINGER } from './replies.ts';

/** How long a connection may take for what; all in milliseconds. */
export interface ConnectionTimes {
  /** The head of a request, from its first byte on. */
  readonly head: number;
  /** Its body, from then on; where the caller waits less long, as long as that. */
  readonly body: number;
  /**
   * Between two requests, and before the first one. kube-apiserver closes its idle connections after 90 s. A server
   * that does so first may close one on which a review is being sent, and a lost POST is not retried.
   */
  readonly idle: number;
  /** After this time, or up to twice as long, clients are asked for a new connection, which may go elsewhere. */
  readonly recycle: number;
}

export const DEFAULT_TIMES: ConnectionTimes = {
  head: 5_000,
  body: 13_000,
  idle: 120_000,
  recycle: 300_000,
};

/**
 * What Node's parser rejects never becomes a request; the answer is written to the bare socket.
 * @param connection idle: milliseconds that it may go on to be silent, 0: none; hasRequest: whether one is being answered
 * @returns what it is counted as, if it was the client's fault
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  { idle, hasRequest }: { readonly idle: number; readonly hasRequest: boolean },
): ConnectionFault | undefined {
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  // Node gives a connection as long for its first request as for the head of any. But Go dials ahead, and one that has
  // said nothing yet is idle: closed early, it may be closed under its first review. Node looks at it only once.
  if (isLate && socket.bytesRead === 0) {
    if (idle > 0) socket.setTimeout(idle);
    else socket.destroy();
    return undefined;
  }
  const isHttp = isLate || error.code?.startsWith('HPE_') === true;
  // It has been answered; whatever more comes is one more error.
  if (isHttp && !isLate && socket.writableEnded) return undefined;
  // Only HTTP can be answered in HTTP; anything else has gone, or never got so far. A request has its own answer.
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

/** What a handshake that failed is counted as: whether the client knew our certificate and did not want it. */
export function handshakeFault(error: Error & { code?: string }): ConnectionFault {
  // Go sends bad_certificate whatever it dislikes about one; others say what it is.
  return /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_)/.test(error.code ?? '')
    ? 'certificate-refused'
    : 'handshake';
}

/** Node would answer with an empty body. */
export function answerExpectation(request: IncomingMessage, response: ServerResponse): void {
  const message = 'only Expect: 100-continue is understood; leave the header out';
  answerEarly(request, response, { status: 417, message, headers: CLOSE_HEADERS });
}

/**
 * Counts requests until their answer has been sent. The answer to a pipelined request that never got its turn emits
 * no close, so what is left of a connection ends with it.
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
 * Tells which connections have been open for so long that they should go: API servers keep theirs for hours, and a
 * replica that came later would never be called (kubernetes/kubernetes#75791).
 * @param now monotonic milliseconds
 * @param random from 0 to 1, so that not all of them go at once
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
