import type { Socket } from 'node:net';

/** The connections of this process to its own server, such as those of its warm-up. */
export interface OwnConnections {
  /** @param client our end; a request may be sent as soon as it is connected */
  add(client: Socket): void;
  /** Whether this process is the client of an accepted connection. */
  has(accepted: Socket): boolean;
}

/** Identified by address and port, which no other client can have while the connection is open. */
export function createOwnConnections(): OwnConnections {
  const ends = new Set<string>();
  return {
    add(client) {
      // A connection that is kept has several requests.
      if (!client.connecting) return;
      client.once('connect', () => {
        const end = endOf(client.localAddress, client.localPort);
        ends.add(end);
        client.once('close', () => ends.delete(end));
      });
    },
    has: (accepted) => ends.size > 0 && ends.has(endOf(accepted.remoteAddress, accepted.remotePort)),
  };
}

/** The address to call a server that listens on this address, or on all addresses. */
export function loopbackOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** A server that listens on :: has IPv6 addresses for IPv4 clients. */
function endOf(address: string | undefined, port: number | undefined): string {
  return `${address?.replace(/^::ffff:/, '')} ${port}`;
}
