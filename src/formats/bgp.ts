const LARGEST_16 = 65_535;
const LARGEST_32 = 4_294_967_295;

/** Why a BGP community is rejected: it is none, or one of its numbers has too many bits. */
export type CommunityProblem = 'format' | 'too-large';

/** A community as libcalico-go accepts it: `aa:nn` with 16 bits each, or `aa:nn:mm` with 32 bits each. */
export function communityProblem(text: string): CommunityProblem | undefined {
  const match = /^([0-9]+):([0-9]+)(?::([0-9]+))?$/.exec(text);
  if (match === null) return 'format';
  const largest = match[3] === undefined ? LARGEST_16 : LARGEST_32;
  return match.slice(1).every((part) => part === undefined || Number(part) <= largest)
    ? undefined
    : 'too-large';
}

/** Whether it is a community without leading zeros, as the CRD of BGPFilter requires. */
export function isPlainCommunity(text: string): boolean {
  return communityProblem(text) === undefined && !/(?:^|:)0[0-9]/.test(text);
}

/**
 * An AS number as Calico's API decodes it: a number of 32 bits, also as text, or two numbers of 16 bits with a dot.
 */
export function isAsNumber(value: number | string): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= LARGEST_32;
  const match = /^([0-9]+)(?:\.([0-9]+))?$/.exec(value);
  if (match === null) return false;
  if (match[2] === undefined) return Number(match[1]) <= LARGEST_32;
  return Number(match[1]) <= LARGEST_16 && Number(match[2]) <= LARGEST_16;
}
