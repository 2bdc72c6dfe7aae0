/** An IP address as Go parses it. An IPv4-mapped IPv6 address is IPv6 here, with `mapped` set. */
export interface Ip {
  readonly family: IpFamily;
  readonly value: bigint;
  /** `::ffff:0:0/96`, which Go prints as IPv4. */
  readonly mapped: boolean;
  /** Written with leading zeros, which netip.ParseAddr rejects. */
  readonly leadingZeros: boolean;
  /**
   * The leading zeros are in an IPv4 octet. Other programs read it as octal, so that the intended address is unknown.
   */
  readonly octal: boolean;
}

export type IpFamily = 'IPv4' | 'IPv6';

/** The number of bits of an address of the family. */
export function familyBits(family: IpFamily): number {
  return family === 'IPv4' ? 32 : 128;
}

/**
 * Parses what netutils.ParseIPSloppy parses: as netip.ParseAddr without zones, but leading zeros are allowed. The
 * result says whether there were any, so that a strict caller can reject them.
 */
export function parseIp(text: string): Ip | undefined {
  if (!text.includes(':')) {
    const octets = parseOctets(text);
    return octets && { family: 'IPv4', value: octets.value, mapped: false, ...zeros(octets.zeros) };
  }
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const left = parseGroups(halves[0] ?? '', halves.length === 1);
  const right = parseGroups(halves[1] ?? '', true);
  if (left === undefined || right === undefined) return undefined;
  const count = left.count + right.count;
  // "::" stands for at least one group of zeros.
  if (halves.length === 2 ? count > 7 : count !== 8) return undefined;
  const value = (left.value << BigInt(16 * (8 - left.count))) | right.value;
  const octal = left.octal || right.octal;
  return {
    family: 'IPv6',
    value,
    mapped: value >> 32n === 0xffffn,
    leadingZeros: octal || left.zeros || right.zeros,
    octal,
  };
}

/** netip.Addr.String without zones: IPv4 with dots, and IPv6 as in RFC 5952. */
export function formatIp(family: IpFamily, value: bigint): string {
  if (family === 'IPv4') {
    const number = Number(value);
    return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
  }
  const groups = splitGroups(value).map((group) => group.toString(16));
  const run = longestZeroRun(groups);
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

function zeros(found: boolean): { leadingZeros: boolean; octal: boolean } {
  return { leadingZeros: found, octal: found };
}

const DOT = 0x2e;
const ZERO = 0x30;

/** Digit by digit: this runs several times for every Shoot, and regular expressions took most of its time. */
function parseOctets(text: string): { value: bigint; zeros: boolean } | undefined {
  let value = 0;
  let zeros = false;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at === text.length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || octet > 255 || dots > 3) return undefined;
      value = value * 256 + octet;
      dots += 1;
      octet = 0;
      digits = 0;
    } else {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9) return undefined;
      zeros ||= digits > 0 && octet === 0;
      digits += 1;
      octet = octet * 10 + digit;
    }
  }
  return dots === 4 ? { value: BigInt(value), zeros } : undefined;
}

interface Groups {
  readonly count: number;
  readonly value: bigint;
  readonly zeros: boolean;
  readonly octal: boolean;
}

/** The groups on one side of "::". Only the end of an address may be IPv4. */
function parseGroups(text: string, atEnd: boolean): Groups | undefined {
  if (text === '') return { count: 0, value: 0n, zeros: false, octal: false };
  let value = 0n;
  let count = 0;
  let zeros = false;
  let octal = false;
  const parts = text.split(':', 9);
  if (parts.length > 8) return undefined;
  for (const [index, part] of parts.entries()) {
    if (atEnd && index === parts.length - 1 && part.includes('.')) {
      const octets = parseOctets(part);
      if (octets === undefined) return undefined;
      value = (value << 32n) | octets.value;
      count += 2;
      octal = octets.zeros;
    } else {
      if (!/^0*[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      value = (value << 16n) | BigInt(Number.parseInt(part, 16));
      count += 1;
      zeros ||= part.length > 4;
    }
  }
  return { count, value, zeros, octal };
}

function splitGroups(value: bigint): bigint[] {
  return Array.from({ length: 8 }, (_, index) => BigInt.asUintN(16, value >> BigInt(16 * (7 - index))));
}

function longestZeroRun(groups: string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
