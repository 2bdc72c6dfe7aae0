import type https from 'node:https';
import type { Socket } from 'node:net';

/** How many connections there may be. */
export interface ConnectionLimits {
  /** The server takes no more than these. */
  readonly most: number;
  /** Beyond this each new one takes the place of another, if there is one that may go. */
  readonly crowded: number;
  /**
   * From one address, of those on which no request has been completed. Far more than API servers dial ahead, because
   * all of them may come from the same address.
   */
  readonly newOfOneAddress: number;
}

export const DEFAULT_LIMITS: ConnectionLimits = { most: 4096, crowded: 4000, newOfOneAddress: 3000 };

export interface ConnectionEvents {
  /** Whether a request of this connection is being answered. */
  readonly isBusy: (socket: Socket) => boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** How many there are: on which no request has been completed, and the others. */
  readonly onChange: (fresh: number, used: number) => void;
  readonly onGivenUp: () => void;
}

interface Connection {
  readonly key: string;
  readonly raw: Socket;
  readonly address: string;
  /** Since the handshake. */
  secure?: Socket;
  isUsed: boolean;
  /** When it was used last. */
  usedAt: number;
}

/**
 * Makes room for new connections: whoever opens enough of them would lock everybody else out. `choose` says which goes.
 * @returns to be told of each connection on which a request has been completed
 */
export function limitConnections(
  server: https.Server,
  limits: ConnectionLimits,
  events: ConnectionEvents,
): { used(socket: Socket): void } {
  /** In the order in which they came. */
  const all = new Map<string, Connection>();
  const bySecure = new WeakMap<Socket, Connection>();
  const fresh = countByAddress();
  const publish = (): void => events.onChange(fresh.all(), all.size - fresh.all());

  function remove(connection: Connection): void {
    if (all.get(connection.key) !== connection) return;
    all.delete(connection.key);
    if (!connection.isUsed) fresh.add(connection.address, -1);
    publish();
  }

  function makeRoom(newest: Connection): void {
    const { address } = newest;
    const isAddressFull = fresh.of(address) > limits.newOfOneAddress;
    if (!isAddressFull && all.size <= limits.crowded) return;
    const others = [...all.values()].filter((each) => each !== newest);
    const chosen = choose(
      isAddressFull ? others.filter((each) => !each.isUsed && each.address === address) : others,
      events.isBusy,
    );
    if (chosen === undefined) return;
    events.onGivenUp();
    remove(chosen);
    (chosen.secure ?? chosen.raw).destroy();
  }

  publish();
  server.maxConnections = limits.most;
  server.on('connection', (raw: Socket) => {
    const address = raw.remoteAddress ?? '';
    const connection: Connection = { key: keyOf(raw), raw, address, isUsed: false, usedAt: 0 };
    all.set(connection.key, connection);
    fresh.add(address, 1);
    raw.once('close', () => remove(connection));
    makeRoom(connection);
    publish();
  });
  server.on('secureConnection', (secure) => {
    const connection = all.get(keyOf(secure));
    if (connection === undefined) return;
    connection.secure = secure;
    bySecure.set(secure, connection);
  });
  return {
    used(socket) {
      const connection = bySecure.get(socket);
      if (connection === undefined || all.get(connection.key) !== connection) return;
      connection.usedAt = events.now();
      if (connection.isUsed) return;
      connection.isUsed = true;
      fresh.add(connection.address, -1);
      publish();
    },
  };
}

/**
 * First what has never sent anything, then what has not completed a request, the oldest first; last what has been idle
 * for the longest. One that has been used and is being answered never goes.
 */
function choose(
  connections: readonly Connection[],
  isBusy: (socket: Socket) => boolean,
): Connection | undefined {
  const fresh = connections.filter(({ isUsed }) => !isUsed);
  const silent = fresh.find(({ secure }) => (secure?.bytesRead ?? 0) === 0);
  if (silent !== undefined || fresh.length > 0) return silent ?? fresh[0];
  return connections
    .filter(({ secure }) => secure !== undefined && !isBusy(secure))
    .reduce<Connection | undefined>(
      (longest, each) => (longest === undefined || each.usedAt < longest.usedAt ? each : longest),
      undefined,
    );
}

function countByAddress() {
  const counts = new Map<string, number>();
  let sum = 0;
  return {
    all: () => sum,
    of: (address: string) => counts.get(address) ?? 0,
    add(address: string, change: 1 | -1): void {
      sum += change;
      const count = (counts.get(address) ?? 0) + change;
      if (count === 0) counts.delete(address);
      else counts.set(address, count);
    },
  };
}

/** The same for a socket and for TLS on it. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
