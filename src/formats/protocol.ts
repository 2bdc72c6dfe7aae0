const NAMES = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'] as const;
/** Protocols with ports, by name in lower case and by number. */
const WITH_PORTS: readonly (string | number)[] = ['tcp', 'udp', 'sctp', 6, 17, 132];
const LARGEST = 255;

/** Protocol names that a policy rule may have. It may also have any protocol number. */
export const protocolNames: readonly string[] = NAMES;

export type ProtocolProblem =
  /** Not a number of 8 bits: Go cannot decode it. */
  | 'undecodable'
  /** Neither the name nor the number of a protocol. */
  | 'unknown'
  /** A name with another case than in Calico's API. Felix accepts it. */
  | 'case';

/**
 * A protocol as Calico's numorstring.Protocol decodes it and its validator accepts it. Undefined when it is valid.
 */
export function protocolProblem(value: number | string): ProtocolProblem | undefined {
  const number = numberOf(value);
  if (number === 0) return 'unknown';
  if (number !== undefined) return undefined;
  if (typeof value === 'number') return 'undecodable';
  if (protocolNames.includes(value)) return undefined;
  return canonicalProtocol(value) === undefined ? 'unknown' : 'case';
}

/** The name in the case of Calico's API. */
export function canonicalProtocol(name: string): string | undefined {
  return NAMES.find((each) => each.toLowerCase() === name.toLowerCase());
}

/** Whether Felix accepts ports with the protocol: TCP, UDP and SCTP, in any case, or their numbers. */
export function hasPorts(value: number | string): boolean {
  return WITH_PORTS.includes(numberOf(value) ?? String(value).toLowerCase());
}

/** ICMP or ICMPv6, as the `icmp` field of a rule requires it: by its exact name or number. */
export function icmpVersion(value: number | string): 4 | 6 | undefined {
  if (value === 'ICMP' || value === 1) return 4;
  return value === 'ICMPv6' || value === 58 ? 6 : undefined;
}

/** Go's strconv.ParseUint of 8 bits. Calico reads such a text as a number. */
function numberOf(value: number | string): number | undefined {
  if (typeof value === 'string' && !/^0*[0-9]{1,3}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 && number <= LARGEST ? number : undefined;
}
