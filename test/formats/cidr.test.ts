import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatCidr,
  overlaps,
  parseCidr,
  parseNet,
  strictCidrProblem,
  strictIpProblem,
} from '../../src/formats/cidr.ts';

const addresses = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV6().map((ip) => ip.toUpperCase()),
);
const cidrs = fc.tuple(addresses, fc.nat(32)).map(([ip, prefix]) => `${ip}/${prefix}`);

function cidr(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not a CIDR: ${text}`);
  return parsed;
}

describe('parseCidr', () => {
  it.each([
    { text: '10.1.2.3/8', family: 'IPv4', address: 0x0a000000n, prefix: 8 },
    { text: '10.0.0.0/08', family: 'IPv4', address: 0x0a000000n, prefix: 8 },
    { text: '0.0.0.0/0', family: 'IPv4', address: 0n, prefix: 0 },
    { text: '2001:DB8::1/32', family: 'IPv6', address: 0x20010db8n << 96n, prefix: 32 },
    { text: '::ffff:10.0.0.0/104', family: 'IPv4', address: 0x0a000000n, prefix: 8 },
  ])('reads $text', ({ text, ...wanted }) => {
    expect(parseCidr(text)).toEqual(wanted);
  });

  it.each(['', '/', '10.0.0.0', '10.0.0.0/', '10.0.0.0/+8', '010.0.0.0/8', 'fe80::%eth0/10', '10.0.0.0/33'])(
    'rejects %j',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  it('finds the same network in what it prints', () => {
    fc.assert(
      fc.property(cidrs, (text) => {
        expect(parseCidr(formatCidr(cidr(text)))).toEqual(cidr(text));
      }),
    );
  });
});

describe('overlaps', () => {
  it.each([
    { a: '10.0.0.0/8', b: '10.96.0.0/11', wanted: true },
    { a: '10.0.0.0/9', b: '10.128.0.0/9', wanted: false },
    { a: '0.0.0.0/0', b: '192.168.1.1/32', wanted: true },
    { a: '0.0.0.0/0', b: '::/0', wanted: false },
    { a: '2001:db8::/32', b: '2001:db8:ffff::/48', wanted: true },
    { a: '2001:db8::/32', b: '2001:db9::/32', wanted: false },
    { a: '100.64.0.0/10', b: '100.96.0.0/11', wanted: true },
    { a: '::ffff:10.0.0.0/104', b: '10.1.0.0/16', wanted: true },
  ])('$a and $b: $wanted', ({ a, b, wanted }) => {
    expect(overlaps(cidr(a), cidr(b))).toBe(wanted);
    expect(overlaps(cidr(b), cidr(a))).toBe(wanted);
  });

  it('is true of a network and itself', () => {
    fc.assert(fc.property(cidrs, (text) => overlaps(cidr(text), cidr(text))));
  });
});

describe('strictCidrProblem', () => {
  it.each([
    { text: '10.0.0.0/8', problem: undefined },
    { text: '2001:db8::/32', problem: undefined },
    { text: 'usePodCidr', problem: { kind: 'unparsable' } },
    { text: '10.0.0.0/8,10.1.0.0/16', problem: { kind: 'unparsable' } },
    { text: '010.0.0.0/8', problem: { kind: 'leading-zeros' } },
    { text: '10.0.0.0/08', problem: { kind: 'leading-zeros', canonical: '10.0.0.0/8' } },
    { text: '2001:00db8::/32', problem: { kind: 'leading-zeros', canonical: '2001:db8::/32' } },
    { text: '::ffff:10.0.0.0/104', problem: { kind: 'ipv4-mapped', canonical: '10.0.0.0/8' } },
    { text: '192.168.178.1/24', problem: { kind: 'host-bits', canonical: '192.168.178.0/24' } },
    { text: '2001:DB8::1/64', problem: { kind: 'host-bits', canonical: '2001:db8::/64' } },
    { text: '2001:DB8::/32', problem: { kind: 'not-canonical', canonical: '2001:db8::/32' } },
    { text: '2001:db8:0:0::/64', problem: { kind: 'not-canonical', canonical: '2001:db8::/64' } },
  ])('$text', ({ text, problem }) => {
    expect(strictCidrProblem(text)).toEqual(problem);
  });

  it('accepts what it suggests', () => {
    fc.assert(
      fc.property(cidrs, (text) => {
        const canonical = strictCidrProblem(text)?.canonical;
        expect(canonical === undefined ? undefined : strictCidrProblem(canonical)).toBeUndefined();
      }),
    );
  });
});

describe('strictIpProblem', () => {
  it.each([
    { text: '8.8.8.8', problem: undefined },
    { text: '2001:db8::68', problem: undefined },
    { text: '290.8.8.8', problem: { kind: 'unparsable' } },
    { text: '010.1.1.1', problem: { kind: 'leading-zeros' } },
    { text: '::ffff:1.2.3.4', problem: { kind: 'ipv4-mapped', canonical: '1.2.3.4' } },
    { text: '2001:DB8::68', problem: { kind: 'not-canonical', canonical: '2001:db8::68' } },
    { text: '2001:0:0:1:0:0:0:1', problem: { kind: 'not-canonical', canonical: '2001:0:0:1::1' } },
  ])('$text', ({ text, problem }) => {
    expect(strictIpProblem(text)).toEqual(problem);
  });

  it('accepts what it suggests', () => {
    fc.assert(
      fc.property(addresses, (text) => {
        const canonical = strictIpProblem(text)?.canonical;
        expect(canonical === undefined ? undefined : strictIpProblem(canonical)).toBeUndefined();
      }),
    );
  });
});

describe('parseNet, as libcalico-go reads ranges and addresses', () => {
  it.each([
    { text: '10.0.0.0/8', wanted: 'IPv4 8 range masked' },
    { text: '10.0.0.1/8', wanted: 'IPv4 8 range' },
    { text: '10.0.0.1/08', wanted: 'IPv4 8 range' },
    { text: '10.0.0.1', wanted: 'IPv4 32 address masked' },
    { text: 'fd00::/8', wanted: 'IPv6 8 range masked' },
    { text: 'fd00::1', wanted: 'IPv6 128 address masked' },
    { text: '::ffff:10.0.0.0/104', wanted: 'IPv4 8 range masked' },
    { text: '::ffff:10.0.0.1/104', wanted: 'IPv4 8 range' },
    { text: '::ffff:10.0.0.1', wanted: 'IPv4 32 address masked' },
    ...['', 'x', '10.0.0.0/33', '10.0.0.01', '010.0.0.0/8', '10.0.0.0/', 'fe80::1%eth0', '10.0.0.1 '].map(
      (text) => ({
        text,
        wanted: undefined,
      }),
    ),
  ])('$text: $wanted', ({ text, wanted }) => {
    const net = parseNet(text);
    const read = net && [
      net.family,
      net.prefix,
      net.hasLength ? 'range' : 'address',
      net.isMasked ? 'masked' : '',
    ];
    expect(read?.join(' ').trim()).toBe(wanted);
  });
});
