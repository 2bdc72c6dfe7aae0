import type { Socket } from 'node:net';

/** The connections that this process has to its own server, such as those of its warm-up. */
export interface OwnConnections {
  /** @param client our end of it; a request may be sent as soon as it is connected */
  add(client: Socket): void;
  /** Whether we are at the other end of a connection that the server has accepted. */
  has(accepted: Socket): boolean;
}

/** Known by address and port, which nobody else can have while the connection is open. */
export function createOwnConnections(): OwnConnections {
  const ends = new Set<string>();
  return {
    add(client) {
      // One that is kept is used for more than one request.
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

/** Where to call a server that listens on this address of the machine, or on all of them. */
export function loopbackOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** A server that listens on :: sees a client of IPv4 as one of IPv6. */
function endOf(address: string | undefined, port: number | undefined): string {
  return `${address?.replace(/^::ffff:/, '')} ${port}`;
}
