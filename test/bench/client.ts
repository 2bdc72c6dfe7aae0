import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';

/** What one second of load shows. */
export interface Load {
  readonly requests: number;
  /** Answers other than 200. */
  readonly failures: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  readonly bodyFile: string;
  readonly connections: number;
  readonly milliseconds: number;
}

/** Reviews on one connection, one after the other, with a pause before each. */
export interface PaceOrder {
  readonly port: number;
  readonly path: string;
  readonly bodyFile: string;
  readonly count: number;
  readonly pauseMs: number;
}

const LENGTH = /content-length: *(\d+)/i;

/** A closed loop on bare TLS sockets: a client with more in it would be measured as well. */
export async function load(order: LoadOrder): Promise<Load> {
  const message = makeMessage(order);
  const times: number[] = [];
  let failures = 0;
  const sockets = await Promise.all(Array.from({ length: order.connections }, () => connect(order.port)));
  const begin = performance.now();
  const end = begin + order.milliseconds;
  await Promise.all(sockets.map((socket) => drive(socket)));
  const seconds = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return { requests: times.length, failures, seconds, p50: at(0.5), p99: at(0.99) };

  function drive(socket: tls.TLSSocket): Promise<void> {
    return new Promise((resolve, reject) => {
      let sent = 0;
      const next = () => {
        sent = performance.now();
        if (sent >= end) {
          socket.destroy();
          resolve();
        } else socket.write(message);
      };
      onAnswer(socket, (isGood) => {
        times.push(performance.now() - sent);
        if (!isGood) failures += 1;
        next();
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed a connection')));
      next();
    });
  }
}

/** Milliseconds of each. */
async function pace(order: PaceOrder): Promise<number[]> {
  const message = makeMessage(order);
  const socket = await connect(order.port);
  const times: number[] = [];
  let answered = (_isGood: boolean): void => {};
  let broke = (_error: Error): void => {};
  onAnswer(socket, (isGood) => answered(isGood));
  socket.on('error', (error) => broke(error));
  socket.on('close', () => broke(new Error('the server closed a connection')));
  for (let sent = 0; sent < order.count; sent += 1) {
    await sleep(order.pauseMs);
    const begin = performance.now();
    const isGood = await new Promise<boolean>((resolve, reject) => {
      answered = resolve;
      broke = reject;
      socket.write(message);
    });
    if (!isGood) throw new Error('a review was not answered');
    times.push(performance.now() - begin);
  }
  broke = () => {};
  socket.destroy();
  return times;
}

function makeMessage({ bodyFile, path }: { readonly bodyFile: string; readonly path: string }): Buffer {
  const body = readFileSync(bodyFile);
  const head = `POST ${path}?timeout=10s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, */*\r\nUser-Agent: kube-apiserver-admission\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

function onAnswer(socket: tls.TLSSocket, take: (isGood: boolean) => void): void {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const headEnd = text.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = Number(LENGTH.exec(text)?.[1] ?? 0);
    if (text.length < headEnd + 4 + length) return;
    const isGood = text.startsWith('HTTP/1.1 200');
    text = '';
    take(isGood);
  });
}

function connect(port: number): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] };
    const socket = tls.connect(options, () => resolve(socket));
    socket.setNoDelay(true);
    socket.on('error', reject);
  });
}

/** Orders come one a line on standard input, answers go out the same way: the process warms up only once. */
let rest = '';
for await (const chunk of process.stdin) {
  rest += chunk;
  for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
    const order: LoadOrder | PaceOrder = JSON.parse(rest.slice(0, at));
    rest = rest.slice(at + 1);
    const result = 'count' in order ? await pace(order) : await load(order);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}
