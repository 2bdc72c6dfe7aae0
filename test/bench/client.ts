import { readFileSync } from 'node:fs';
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

interface Order {
  readonly port: number;
  readonly path: string;
  readonly bodyFile: string;
  readonly connections: number;
  readonly milliseconds: number;
}

const LENGTH = /content-length: *(\d+)/i;

/** A closed loop on bare TLS sockets: a client with more in it would be measured as well. */
export async function load(order: Order): Promise<Load> {
  const body = readFileSync(order.bodyFile);
  const head = `POST ${order.path}?timeout=10s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, */*\r\nUser-Agent: kube-apiserver-admission\r\nContent-Length: ${body.length}\r\n\r\n`;
  const message = Buffer.concat([Buffer.from(head), body]);
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
      let text = '';
      const next = () => {
        sent = performance.now();
        if (sent >= end) {
          socket.destroy();
          resolve();
        } else socket.write(message);
      };
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        const headEnd = text.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const length = Number(LENGTH.exec(text)?.[1] ?? 0);
        if (text.length < headEnd + 4 + length) return;
        times.push(performance.now() - sent);
        if (!text.startsWith('HTTP/1.1 200')) failures += 1;
        text = '';
        next();
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed a connection')));
      next();
    });
  }
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
    const order: Order = JSON.parse(rest.slice(0, at));
    rest = rest.slice(at + 1);
    process.stdout.write(`${JSON.stringify(await load(order))}\n`);
  }
}
