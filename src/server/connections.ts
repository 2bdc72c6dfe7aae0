import type { IncomingMessage, ServerResponse } from 'node:http';
import type https from 'node:https';
import type { Socket } from 'node:net';
import type { Metrics } from '../observe/metrics.ts';
import { CLOSE_HEADERS, errorBody } from './replies.ts';

/** What Node's parser rejects never becomes a request; the answer is written to the bare socket. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  // Only HTTP can be answered in HTTP; anything else has gone, or never got so far.
  const isHttp = error.code?.startsWith('HPE_') === true || error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  if (!isHttp || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = clientErrorStatus(error.code);
  const body = errorBody(message);
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** Node would answer with an empty body. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(417, { 'content-type': 'application/json', ...CLOSE_HEADERS });
  response.end(errorBody('only Expect: 100-continue is understood; leave the header out'));
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

function clientErrorStatus(code: string | undefined): readonly [string, string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return ['408 Request Timeout', 'the request took too long to arrive'];
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['431 Request Header Fields Too Large', 'the headers are too large'];
  return ['400 Bad Request', 'not an HTTP/1.1 request'];
}
