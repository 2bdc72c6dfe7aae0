import { familyBits, formatIp, type Ip, type IpFamily, parseIp } from './ip.ts';

/** A network. An IPv4-mapped IPv6 network is IPv4 here, because Go's net.IPNet compares and prints it that way. */
export interface Cidr {
  readonly family: IpFamily;
  /** The first address of the network: the bits after the prefix are zero. */
  readonly address: bigint;
  readonly prefix: number;
}

export type SpellingKind = 'unparsable' | 'leading-zeros' | 'ipv4-mapped' | 'host-bits' | 'not-canonical';

/** Why a strict CIDR or IP is rejected. */
export interface SpellingProblem {
  readonly kind: SpellingKind;
  /** The accepted spelling of the same value, where that is certain. */
  readonly canonical?: string;
}

interface Sloppy {
  readonly ip: Ip;
  readonly prefix: number;
  readonly prefixZeros: boolean;
}

/** Go's net.ParseCIDR: host bits and leading zeros of the prefix are allowed, leading zeros of an octet are not. */
export function parseCidr(text: string): Cidr | undefined {
  const sloppy = parseLikeGo(text);
  return sloppy && network(sloppy);
}

/** Whether net.ParseCIDR accepts it. This is faster than parseCidr. */
export function isCidr(text: string): boolean {
  return parseLikeGo(text) !== undefined;
}

function parseLikeGo(text: string): Sloppy | undefined {
  const sloppy = parseSloppy(text);
  return sloppy === undefined || sloppy.ip.leadingZeros ? undefined : sloppy;
}

/** A range or an address, as in rules and sets of Calico. */
export interface Net {
  readonly family: IpFamily;
  readonly prefix: number;
  /** Whether it is written as a range. A single address is a range of one address. */
  readonly hasLength: boolean;
  /** Whether no bits after the prefix are set. */
  readonly isMasked: boolean;
}

/** libcalico-go's net.ParseCIDROrIP. */
export function parseNet(text: string): Net | undefined {
  const hasLength = text.includes('/');
  const ip = hasLength ? undefined : parseIp(text);
  const read =
    ip === undefined ? parseLikeGo(text) : { ip, prefix: familyBits(ip.family), prefixZeros: false };
  if (read === undefined || read.ip.leadingZeros) return undefined;
  const { family, prefix, address } = network(read);
  const value = family === read.ip.family ? read.ip.value : read.ip.value & 0xffffffffn;
  return { family, prefix, hasLength, isMasked: value === address };
}

/** net.IPNet.String. */
export function formatCidr(cidr: Cidr): string {
  return `${formatIp(cidr.family, cidr.address)}/${cidr.prefix}`;
}

/** Whether two networks share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  if (a.family !== b.family) return false;
  const ignored = BigInt(familyBits(a.family) - Math.min(a.prefix, b.prefix));
  return a.address >> ignored === b.address >> ignored;
}

/**
 * Compares by address; the larger range first, so that a range comes after those that contain it. 0 for equal ranges.
 */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family < b.family ? -1 : 1;
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  return a.prefix - b.prefix;
}

/** apimachinery's validation.IsValidCIDR. Undefined when it accepts the text. */
export function strictCidrProblem(text: string): SpellingProblem | undefined {
  const sloppy = parseSloppy(text);
  if (sloppy === undefined) return { kind: 'unparsable' };
  const { ip } = sloppy;
  const masked = network(sloppy);
  const canonical = formatCidr(masked);
  if (ip.octal) return { kind: 'leading-zeros' };
  if (ip.leadingZeros || sloppy.prefixZeros) return { kind: 'leading-zeros', canonical };
  if (ip.mapped) return { kind: 'ipv4-mapped', canonical };
  if (ip.value !== masked.address) return { kind: 'host-bits', canonical };
  return text === canonical ? undefined : { kind: 'not-canonical', canonical };
}

/** apimachinery's validation.IsValidIP. Undefined when it accepts the text. */
export function strictIpProblem(text: string): SpellingProblem | undefined {
  const ip = parseIp(text);
  if (ip === undefined) return { kind: 'unparsable' };
  const canonical = ip.mapped ? formatIp('IPv4', ip.value & 0xffffffffn) : formatIp(ip.family, ip.value);
  if (ip.octal) return { kind: 'leading-zeros' };
  if (ip.leadingZeros) return { kind: 'leading-zeros', canonical };
  if (ip.mapped) return { kind: 'ipv4-mapped', canonical };
  return text === canonical ? undefined : { kind: 'not-canonical', canonical };
}

/** netutils.ParseCIDRSloppy. */
function parseSloppy(text: string): Sloppy | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const ip = parseIp(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (ip === undefined || !/^0*[0-9]{1,3}$/.test(digits)) return undefined;
  const prefix = Number(digits);
  if (prefix > familyBits(ip.family)) return undefined;
  return { ip, prefix, prefixZeros: digits.length > 1 && digits.startsWith('0') };
}

function network({ ip, prefix }: Sloppy): Cidr {
  const hostBits = BigInt(familyBits(ip.family) - prefix);
  const address = (ip.value >> hostBits) << hostBits;
  return ip.mapped && prefix >= 96
    ? { family: 'IPv4', address: address & 0xffffffffn, prefix: prefix - 96 }
    : { family: ip.family, address, prefix };
}

/** Whether the first network contains the second. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.prefix >= outer.prefix && overlaps(outer, inner);
}
