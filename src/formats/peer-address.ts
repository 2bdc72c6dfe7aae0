import { type Ip, parseIp } from './ip.ts';

/** Address of a BGP peer: an IP address, or one with a port. */
export interface PeerAddress {
  readonly ip: Ip;
  /** Undefined where there is none: then the port of BGP is used. */
  readonly port: number | undefined;
}

const WITH_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]+)$/;
const LARGEST_PORT = 65_535;

/** `192.0.2.1`, `192.0.2.1:1179`, `2001:db8::1`, `[2001:db8::1]:1179`, as libcalico-go reads peerIP; else undefined. */
export function parsePeerAddress(text: string): PeerAddress | undefined {
  const match = WITH_PORT.exec(text);
  const ip = parseIp(match === null ? text : (match[1] ?? match[2] ?? ''));
  if (ip === undefined || ip.leadingZeros) return undefined;
  if (match === null) return { ip, port: undefined };
  const port = Number(match[3]);
  return port >= 1 && port <= LARGEST_PORT ? { ip, port } : undefined;
}
