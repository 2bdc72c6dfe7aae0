import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Something that can be called: its ports, and how long kube-proxy takes to use it, in milliseconds. */
export interface Endpoint {
  readonly port: number;
  readonly healthPort: number;
  readonly lagMs: number;
  /** Called when no new connection goes there any more. */
  onGone?(): void;
}

export interface Balancer {
  readonly port: number;
  /** Calls it as soon as it is ready, and no more once it is not, each with its lag. Resolves when it is called. */
  add(endpoint: Endpoint): Promise<void>;
  /** How many new connections went to a port. */
  count(port: number): number;
  /** When the last connection to a port ended, in monotonic milliseconds; undefined while one is open. */
  idleSince(port: number): number | undefined;
  close(): Promise<void>;
}

const PROBE_MS = 500;

/**
 * A Service as kube-proxy makes it: connections, not requests, go to the endpoints in turn; those that are open stay
 * where they are, and a readiness probe takes effect late. A connection that no endpoint accepts is refused, not passed on.
 */
export async function startBalancer(): Promise<Balancer> {
  const active: number[] = [];
  const counts = new Map<number, number>();
  const open = new Map<number, number>();
  const idleSince = new Map<number, number>();
  const over = new AbortController();
  const sockets = new Set<net.Socket>();
  let turn = 0;
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    turn += 1;
    const port = active[turn % active.length];
    if (port === undefined) {
      client.resetAndDestroy();
      return;
    }
    counts.set(port, (counts.get(port) ?? 0) + 1);
    open.set(port, (open.get(port) ?? 0) + 1);
    const backend = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    backend.on('close', () => {
      open.set(port, (open.get(port) ?? 0) - 1);
      idleSince.set(port, performance.now());
    });
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => {
        sockets.delete(from);
        // Ended by its pipe, unless it broke off.
        if (!from.readableEnded) to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));

  async function watch(endpoint: Endpoint, onActive: () => void): Promise<void> {
    const { port, healthPort, lagMs } = endpoint;
    let isActive = false;
    while (!over.signal.aborted) {
      const status = await fetch(`http://127.0.0.1:${healthPort}/readyz`, { signal: over.signal }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => 'gone' as const,
      );
      const isReady = status === 200;
      if (isReady !== isActive) {
        await sleep(lagMs);
        isActive = isReady;
        if (isReady) {
          active.push(port);
          onActive();
        } else {
          active.splice(active.indexOf(port), 1);
          endpoint.onGone?.();
          // Its ports may soon be another's. One that is only not ready may be so again.
          if (status === 'gone') return;
        }
      }
      await sleep(PROBE_MS);
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    add: (endpoint) => new Promise((resolve) => void watch(endpoint, resolve)),
    count: (port) => counts.get(port) ?? 0,
    idleSince: (port) => ((open.get(port) ?? 0) > 0 ? undefined : idleSince.get(port)),
    close: async () => {
      over.abort();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
