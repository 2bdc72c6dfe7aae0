import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import type { Served } from '../e2e/process.ts';
import { portOf } from './replica.ts';

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly text: string;
}

/** A connection on which bytes are written as they are, good or bad. */
export interface Wire {
  readonly socket: tls.TLSSocket;
  /** Whether another request may follow. */
  isOpen(): boolean;
  /** Resolves with the answer, or with undefined when the connection closes without one. One at a time. */
  ask(...bytes: readonly (string | Buffer)[]): Promise<Answer | undefined>;
}

/** How a server is called without any client in between: shakes hands, and verifies its certificate. */
export function createDialer(
  served: Served,
  more: tls.SecureContextOptions = {},
): (session?: Buffer) => Promise<tls.TLSSocket> {
  // Read once: to do so for each connection would take longer than the handshake.
  const secureContext = tls.createSecureContext({
    ca: readFileSync(join(served.certDir, 'ca.crt')),
    ...more,
  });
  const port = portOf(served.url);
  return (session) =>
    new Promise((resolve, reject) => {
      const socket = tls.connect(
        {
          host: '127.0.0.1',
          port,
          servername: 'localhost',
          ALPNProtocols: ['http/1.1'],
          secureContext,
          ...(session && { session }),
        },
        () => {
          socket.off('error', reject);
          // The answer shows what was sent.
          socket.on('error', () => {});
          resolve(socket);
        },
      );
      socket.setNoDelay(true);
      socket.once('error', reject);
    });
}

/** The first whole answer in these bytes, but 1xx; to HEAD it has no body, whatever its length says. */
export function takeAnswer(
  bytes: Buffer,
  isHead = false,
): { readonly answer: Answer; readonly rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
  if (status >= 100 && status < 200) return takeAnswer(bytes.subarray(end + 4), isHead);
  const from = end + 4;
  if (!isHead && /^transfer-encoding: chunked\r?$/im.test(head)) {
    const last = bytes.indexOf('0\r\n\r\n', from);
    if (last < 0) return undefined;
    // None of ours is long enough for a second chunk.
    const text = bytes.toString('utf8', from, last).replace(/^[\da-f]+\r\n|\r\n$/g, '');
    return { answer: { status, head, text }, rest: bytes.subarray(last + 5) };
  }
  const length = isHead ? 0 : Number(/^content-length: (\d+)\r?$/im.exec(head)?.[1] ?? 0);
  const next = from + length;
  if (bytes.length < next) return undefined;
  return { answer: { status, head, text: bytes.toString('utf8', from, next) }, rest: bytes.subarray(next) };
}

export function openWire(socket: tls.TLSSocket): Wire {
  let received: Buffer = Buffer.alloc(0);
  let settle: ((answer: Answer | undefined) => void) | undefined;
  let isOpen = true;
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const taken = takeAnswer(received);
    if (taken === undefined) return;
    received = taken.rest;
    if (/^connection: close\r?$/im.test(taken.answer.head)) isOpen = false;
    settle?.(taken.answer);
    settle = undefined;
  });
  const close = (): void => {
    isOpen = false;
    settle?.(undefined);
    settle = undefined;
  };
  socket.on('end', close);
  socket.on('close', close);
  return {
    socket,
    isOpen: () => isOpen,
    ask: (...bytes) =>
      new Promise((resolve) => {
        if (!isOpen) {
          resolve(undefined);
          return;
        }
        settle = resolve;
        for (const each of bytes) socket.write(each);
      }),
  };
}

/** The head of a review, for as many bytes. */
export function headOf(length: number, path = '/validate', more = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${more}Content-Length: ${length}\r\n\r\n`;
}
