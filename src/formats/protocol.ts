const NAMES = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'] as const;
/** Those that have ports, by name in lower case and by number. */
const WITH_PORTS: readonly (string | number)[] = ['tcp', 'udp', 'sctp', 6, 17, 132];
const LARGEST = 255;

/** Protocols that a rule of a policy may name; it may also have the number of any. */
export const protocolNames: readonly string[] = NAMES;

export type ProtocolProblem =
  /** No number of 8 bits: Go cannot decode it. */
  | 'undecodable'
  /** Neither a name nor a number of a protocol. */
  | 'unknown'
  /** A name, but not as Calico's API has it; Felix reads it all the same. */
  | 'case';

/** A protocol as Calico's numorstring.Protocol decodes and its validator takes it: undefined when it is one. */
export function protocolProblem(value: number | string): ProtocolProblem | undefined {
  const number = numberOf(value);
  if (number === 0) return 'unknown';
  if (number !== undefined) return undefined;
  if (typeof value === 'number') return 'undecodable';
  if (protocolNames.includes(value)) return undefined;
  return canonicalProtocol(value) === undefined ? 'unknown' : 'case';
}

/** The name as Calico's API has it, whatever its case. */
export function canonicalProtocol(name: string): string | undefined {
  return NAMES.find((each) => each.toLowerCase() === name.toLowerCase());
}

/** Whether Felix takes ports with it: TCP, UDP and SCTP, in any case, or their numbers. */
export function hasPorts(value: number | string): boolean {
  return WITH_PORTS.includes(numberOf(value) ?? String(value).toLowerCase());
}

/** ICMP or ICMPv6 as a rule's icmp wants it: by its exact name or number. */
export function icmpVersion(value: number | string): 4 | 6 | undefined {
  if (value === 'ICMP' || value === 1) return 4;
  return value === 'ICMPv6' || value === 58 ? 6 : undefined;
}

/** Go's strconv.ParseUint of 8 bits; a text that is one is a number to Calico. */
function numberOf(value: number | string): number | undefined {
  if (typeof value === 'string' && !/^0*[0-9]{1,3}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 && number <= LARGEST ? number : undefined;
}
