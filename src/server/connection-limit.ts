import type https from 'node:https';
import type { Socket } from 'node:net';

/** Limits of the number of connections. */
export interface ConnectionLimits {
  /** The maximum number of connections. */
  readonly most: number;
  /** Beyond this number, each new connection closes another one, if one may be closed. */
  readonly crowded: number;
  /**
   * From one address, among connections without a complete request. Far more than API servers open in advance,
   * because all of them may have the same address.
   */
  readonly newOfOneAddress: number;
}

export const DEFAULT_LIMITS: ConnectionLimits = { most: 4096, crowded: 4000, newOfOneAddress: 3000 };

export interface ConnectionEvents {
  /** Whether a request of this connection is being answered. */
  readonly isBusy: (socket: Socket) => boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Called with the number of connections without a complete request, and the number of others. */
  readonly onChange: (fresh: number, used: number) => void;
  readonly onGivenUp: () => void;
}

interface Connection {
  readonly key: string;
  readonly raw: Socket;
  readonly address: string;
  /** Set after the handshake. */
  secure?: Socket;
  isUsed: boolean;
  /** When it was last used. */
  usedAt: number;
}

/**
 * Closes old connections for new ones: otherwise a client with many connections would block all others. `choose`
 * selects the connection to close.
 * @returns a function to call for each connection with a complete request
 */
export function limitConnections(
  server: https.Server,
  limits: ConnectionLimits,
  events: ConnectionEvents,
): { used(socket: Socket): void } {
  /** In the order in which they were opened. */
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
 * First connections that have sent nothing, then those without a complete request, the oldest first; last those that
 * have been idle for the longest time. A connection with earlier requests that is being answered is never closed.
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

/** The same key for a socket and for the TLS connection on it. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
