import { describe, expect, it } from 'vitest';
import { formatIp } from '../../src/formats/ip.ts';
import { parsePeerAddress } from '../../src/formats/peer-address.ts';

describe('parsePeerAddress', () => {
  it.each([
    { text: '192.0.2.1', wanted: '192.0.2.1' },
    { text: '192.0.2.1:1', wanted: '192.0.2.1 1' },
    { text: '192.0.2.1:00179', wanted: '192.0.2.1 179' },
    { text: '192.0.2.1:65535', wanted: '192.0.2.1 65535' },
    { text: '2001:db8::1', wanted: '2001:db8::1' },
    { text: '2001:db8::1:179', wanted: '2001:db8::1:179' },
    { text: '[2001:db8::1]:179', wanted: '2001:db8::1 179' },
    { text: '[192.0.2.1]:179', wanted: '192.0.2.1 179' },
    { text: '[::ffff:192.0.2.1]:179', wanted: '::ffff:c000:201 179' },
    ...[
      '',
      '192.0.2.1:0',
      '192.0.2.1:65536',
      '192.0.2.1:',
      '192.0.2.1:179:179',
      '[2001:db8::1]',
      '[2001:db8::1]:',
      '2001:db8::1]:179',
      '[]:179',
      '192.0.2.01:179',
      '192.0.2:179',
      'router:179',
      'fe80::1%eth0',
      ' 192.0.2.1',
      '192.0.2.1\n',
    ].map((text) => ({ text, wanted: undefined })),
  ])('$text: $wanted', ({ text, wanted }) => {
    const address = parsePeerAddress(text);
    const { ip, port } = address ?? {};
    const read = ip === undefined ? undefined : [formatIp(ip.family, ip.value), port].join(' ').trim();
    expect(read).toBe(wanted);
  });
});
