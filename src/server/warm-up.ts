import tls from 'node:tls';
import { toError } from '../errors.ts';
import { loopbackOf, type OwnConnections } from './own-connections.ts';
import type { WarmUpReview } from './warm-up-reviews.ts';

export interface WarmUpOptions {
  /** Where the server listens. */
  readonly host: string;
  readonly port: number;
  readonly own: OwnConnections;
  readonly reviews: readonly WarmUpReview[];
  /** CPU time of this process, in milliseconds. */
  readonly cpu: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** The maximum time of the warm-up, and of one answer, in milliseconds. */
  readonly mostTime?: number;
}

export interface WarmedUp {
  readonly reviews: number;
  readonly ms: number;
  readonly cpuMs: number;
  /** Why it ended early. */
  readonly reason?: string;
}

/** Milliseconds of CPU; about 500 reviews. */
const MOST_CPU = 350;
/** Milliseconds, for a busy machine: a cold server is slow, but a longer warm-up delays the start. */
const MOST_TIME = 1000;

/**
 * Sends reviews to the server over its own port, as API servers do. A server that has just started compiles the
 * schemas at the first review, and V8 compiles code during the next thousands; an API server that calls rarely would
 * wait for that. Never throws: a server that is not warm answers as well.
 */
export async function warmUp(options: WarmUpOptions): Promise<WarmedUp> {
  const { reviews, cpu, now, mostTime = MOST_TIME } = options;
  const begin = { time: now(), cpu: cpu() };
  let sent = 0;
  const result = (reason?: string): WarmedUp => ({
    reviews: sent,
    ms: Math.round(now() - begin.time),
    cpuMs: Math.round(cpu() - begin.cpu),
    ...(reason !== undefined && { reason }),
  });
  const client = connect({ ...options, mostTime });
  try {
    while (cpu() - begin.cpu < MOST_CPU && now() - begin.time < mostTime) {
      const review = reviews[sent % reviews.length];
      if (review === undefined) break;
      // On a busy machine the time may be over before the first answer, which is no fault.
      if (!(await client.post(review))) break;
      sent += 1;
    }
    return result();
  } catch (error) {
    return result(toError(error).message);
  } finally {
    client.close();
  }
}

/**
 * A minimal client: the code of the client of Node.js would be compiled in the same time, and nothing else uses it.
 */
function connect({
  host,
  port,
  own,
  mostTime,
}: Required<Pick<WarmUpOptions, 'host' | 'port' | 'own' | 'mostTime'>>) {
  // A handshake has verified the server before.
  const socket = tls.connect({ host: loopbackOf(host), port, rejectUnauthorized: false });
  own.add(socket);
  socket.setNoDelay(true);
  let onAnswer = (_answer: string): void => {};
  let onError = (_error: Error): void => {};
  let onTimeout = (): void => {};
  socket.setTimeout(mostTime, () => onTimeout());
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const length = lengthOf(text);
    if (length === undefined || text.length < length) return;
    const answer = text;
    text = '';
    onAnswer(answer);
  });
  socket.on('error', (error) => onError(error));
  socket.on('close', () => onError(new Error('the connection was closed')));
  return {
    /** Whether it was answered in time. */
    post: ({ path, body }: WarmUpReview): Promise<boolean> =>
      new Promise((resolve, reject) => {
        onError = reject;
        onTimeout = () => resolve(false);
        onAnswer = (answer) => {
          if (answer.startsWith('HTTP/1.1 200 ')) resolve(true);
          else reject(new Error(`answered with ${answer.slice(0, answer.indexOf('\r\n'))}`));
        };
        socket.write(
          `POST ${path}?timeout=10s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      }),
    close: () => socket.destroy(),
  };
}

/** The length of an answer with its head, as far as it is known yet. */
function lengthOf(text: string): number | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  return end + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
}
