import { describe, expect, it } from 'vitest';
import { CertificateError } from '../../src/errors.ts';
import { checkedSans, defaultSans, SanError } from '../../src/tls/names.ts';

describe('defaultSans', () => {
  it('names this machine and every form of the Service', () => {
    expect(defaultSans()).toEqual([
      'localhost',
      '127.0.0.1',
      '::1',
      'calico-admission-webhook',
      'calico-admission-webhook.calico-admission',
      'calico-admission-webhook.calico-admission.svc',
      'calico-admission-webhook.calico-admission.svc.cluster.local',
    ]);
  });

  it('accepts another Service and namespace, each on its own', () => {
    expect(defaultSans({ service: 'hook', namespace: 'garden' })).toContain('hook.garden.svc');
    expect(defaultSans({ namespace: 'garden' })).toContain('calico-admission-webhook.garden.svc');
  });

  it('passes its own check', () => {
    expect(checkedSans(defaultSans())).toEqual(defaultSans());
  });
});

describe('checkedSans', () => {
  const good = [
    'localhost',
    'a',
    'webhook.example.org',
    '*.example.org',
    'xn--bcher-kva.example',
    'under_score.svc',
    '1.example',
    `${'a'.repeat(63)}.org`,
    `${'a.'.repeat(126)}a`,
    '10.0.0.7',
    '::1',
    '2001:db8::7',
    '::ffff:10.0.0.7',
  ];
  it.each(good)('accepts %s', (san) => {
    expect(checkedSans([san])).toEqual([san]);
  });

  const bad: [string, RegExp][] = [
    ['', /empty/],
    [' ', /space/],
    ['a b', /space/],
    ['a\nb', /space/],
    ['a,b', /comma/],
    ['bücher.example', /ASCII/],
    ['a\u0000b', /letters/],
    [`${'a.'.repeat(127)}a`, /253/],
    [`${'a'.repeat(64)}.org`, /63/],
    ['*', /asterisk|letters/],
    ['*.', /letters/],
    ['a.*.org', /asterisk/],
    ['*a.org', /asterisk/],
    ['*.*.org', /asterisk/],
    ['*.10.0.0.7', /asterisk/],
    ['-a.org', /hyphens/],
    ['a-.org', /hyphens/],
    ['a..org', /dots/],
    ['.org', /dots/],
    ['a.org.', /dots/],
    ['10.0.0.256', /looks like/],
    ['10.0.0', /looks like/],
    ['10.0.0.0/8', /scheme, a port or a path/],
    ['https://a.org', /scheme/],
    ['a.org:8443', /port/],
    ['[::1]', /scheme|letters/],
    ['fe80::1%eth0', /zone/],
  ];
  it.each(bad)('rejects %j', (san, why) => {
    expect(() => checkedSans(['localhost', san])).toThrow(SanError);
    expect(() => checkedSans(['localhost', san])).toThrow(why);
    expect(() => checkedSans(['localhost', san])).toThrow(/\(got ".*"\); give/);
  });

  it('rejects no names at all', () => {
    expect(() => checkedSans([])).toThrow(SanError);
  });

  it('gives each name once, in lower case', () => {
    expect(checkedSans(['LocalHost', 'localhost', 'b', '::1', '::1'])).toEqual(['localhost', 'b', '::1']);
  });

  it('quotes no more of a name than one can read, and no control characters', () => {
    const thrown = () => checkedSans([`${'x'.repeat(300)}\u001b[31m`]);
    expect(thrown).toThrow(/…"\)/);
    expect(() => checkedSans(['a\u001b[31m'])).toThrow(/\\u001b/);
  });

  it('is an error of the user', () => {
    expect(() => checkedSans(['a b'])).toThrow(CertificateError);
  });
});
