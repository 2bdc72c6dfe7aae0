/** The minimum MTU of IPv6 (RFC 8200). */
export const LEAST_MTU = 1280;
/** The largest MTU of usual switches. */
export const LARGEST_MTU = 9216;
/** Inside a VPC of AWS. */
export const AWS_MTU = 9001;

/** The MTU of networks where nothing else is configured. */
const USUAL_MTU = 1500;

/**
 * The MTU of the network in which pods with this MTU fit, but not with an outer header of so many bytes. Undefined
 * where there is room, or where the network must be another. Default of the network's MTU: 1500.
 */
export function findTightNetwork(mtu: number, bytes: number, network = USUAL_MTU): number | undefined {
  return mtu > network - bytes && mtu <= network ? network : undefined;
}

const INT64_MAX = 2n ** 63n - 1n;

/** Go's strconv.Atoi on a 64-bit machine: a sign and decimal digits, within int64. */
export function parseAtoi(text: string): bigint | undefined {
  const match = /^([+-]?)0*([0-9]{1,19})$/.exec(text);
  if (match === null) return undefined;
  const digits = match[2] ?? '';
  // Conversion from a number takes a fraction of the time.
  const magnitude = BigInt(digits.length < 16 ? Number(digits) : digits);
  const number = match[1] === '-' ? -magnitude : magnitude;
  return number <= INT64_MAX && number >= -INT64_MAX - 1n ? number : undefined;
}

/** An MTU as a JSON number that becomes a string without loss. */
export function isSafeMtuNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
