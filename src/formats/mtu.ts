/** The least MTU that IPv6 takes (RFC 8200). */
export const LEAST_MTU = 1280;
/** The largest that switches carry. */
export const LARGEST_MTU = 9216;
/** Inside a VPC of AWS. */
export const AWS_MTU = 9001;

/** What networks carry where nobody chose anything else. */
const USUAL_MTU = 1500;

/**
 * The MTU of a network that an MTU fits into, but not with an outer header of so many bytes; undefined where there is
 * room, or the network must be another. What the network carries may be known, and is 1500 otherwise.
 */
export function findTightNetwork(mtu: number, bytes: number, network = USUAL_MTU): number | undefined {
  return mtu > network - bytes && mtu <= network ? network : undefined;
}

const INT64_MAX = 2n ** 63n - 1n;

/** Go's strconv.Atoi on a 64-bit machine: a sign, decimal digits, nothing else, and within int64. */
export function parseAtoi(text: string): bigint | undefined {
  const match = /^([+-]?)0*([0-9]{1,19})$/.exec(text);
  if (match === null) return undefined;
  const digits = match[2] ?? '';
  // Made of a number it takes a fraction of the time.
  const magnitude = BigInt(digits.length < 16 ? Number(digits) : digits);
  const number = match[1] === '-' ? -magnitude : magnitude;
  return number <= INT64_MAX && number >= -INT64_MAX - 1n ? number : undefined;
}

/** An MTU written as a JSON number that can be turned into a string without guessing. */
export function isSafeMtuNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
