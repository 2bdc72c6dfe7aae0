import { describe, expect, it } from 'vitest';
import { type Environment, loadServeSettings, type ServeFlags } from '../src/config.ts';
import { UserError } from '../src/errors.ts';

function load(given: { flags?: ServeFlags; env?: Environment; file?: string }) {
  const flags = given.file === undefined ? given.flags : { config: 'config.yaml', ...given.flags };
  return loadServeSettings({ flags: flags ?? {}, env: given.env ?? {}, readFile: () => given.file ?? '' });
}

describe('settings', () => {
  it('have defaults', () => {
    expect(load({})).toEqual({
      host: '127.0.0.1',
      port: 8443,
      healthPort: 8081,
      certDir: 'certs',
      sans: [],
      logLevel: 'info',
      drainSeconds: 10,
      policy: { rules: {}, mutations: {}, exempt: [], options: { openstackOverlayDefault: true } },
    });
  });

  it.each([
    {
      name: 'the flag wins',
      flags: { port: '1' },
      env: { CALICO_ADMISSION_PORT: '2' },
      file: 'port: 3',
      port: 1,
    },
    { name: 'then the variable', env: { CALICO_ADMISSION_PORT: '2' }, file: 'port: 3', port: 2 },
    { name: 'then the file', file: 'port: 3', port: 3 },
    { name: 'zero is a value', flags: { port: '0' }, file: 'port: 3', port: 0 },
    {
      name: 'what a kubelet injects for a Service is no setting',
      env: { CALICO_ADMISSION_PORT: 'tcp://10.0.0.1:443' },
      file: 'port: 3',
      port: 3,
    },
    { name: 'an empty variable is none', env: { CALICO_ADMISSION_PORT: '' }, port: 8443 },
  ])('$name', ({ port, ...given }) => {
    expect(load(given).port).toBe(port);
  });

  it('take every setting from each source', () => {
    const expected = {
      host: '0.0.0.0',
      port: 1,
      healthPort: 2,
      certDir: '/tls',
      sans: ['a', 'b'],
      logLevel: 'warn',
      drainSeconds: 3,
    };
    expect(
      load({
        flags: {
          host: '0.0.0.0',
          port: '1',
          'health-port': '2',
          'cert-dir': '/tls',
          san: ['a', 'b'],
          'log-level': 'warn',
          'drain-seconds': '3',
        },
      }),
    ).toMatchObject(expected);
    const env = {
      CALICO_ADMISSION_HOST: '0.0.0.0',
      CALICO_ADMISSION_PORT: '1',
      CALICO_ADMISSION_HEALTH_PORT: '2',
      CALICO_ADMISSION_CERT_DIR: '/tls',
      CALICO_ADMISSION_SAN: 'a, b',
      CALICO_ADMISSION_LOG_LEVEL: 'warn',
      CALICO_ADMISSION_DRAIN_SECONDS: '3',
    };
    expect(load({ env })).toMatchObject(expected);
    const file =
      'host: 0.0.0.0\nport: 1\nhealthPort: 2\ncertDir: /tls\nsan: [a, b]\nlogLevel: warn\ndrainSeconds: 3\n';
    expect(load({ file })).toMatchObject(expected);
    // JSON is YAML.
    expect(load({ file: '{"host":"0.0.0.0","port":1}' })).toMatchObject({ host: '0.0.0.0', port: 1 });
  });

  it('take rules, mutations, exemptions and the switch of OpenStack from the file', () => {
    const file = `
rules: {shoot/unknown-field: warn, shoot/wrong-type: off}
mutations: {mtu-string: off}
exempt: [{namespace: garden-dev, rules: [shoot/wrong-kind]}]
openstack: {enableOverlayAsDefaultForCalico: false}
`;
    expect(load({ file }).policy).toEqual({
      rules: { 'shoot/unknown-field': 'warn', 'shoot/wrong-type': 'off' },
      mutations: { 'mtu-string': 'off' },
      exempt: [{ namespace: 'garden-dev', rules: ['shoot/wrong-kind'] }],
      options: { openstackOverlayDefault: false },
    });
  });

  it.each(['', '# nothing\n', 'null', '---\n'])('take an empty file for none: %j', (file) => {
    expect(load({ file }).port).toBe(8443);
  });

  it.each([
    { name: 'a list', file: '[]', error: /\(file\): must be a map/ },
    { name: 'a number', file: '5', error: /\(file\): must be a map/ },
    { name: 'an unknown key', file: 'prot: 1', error: /prot: unknown field .*did you mean port\?/ },
    {
      name: 'an unknown rule',
      file: 'rules: {shoot/bakend: deny}',
      error: /rules\.shoot\/bakend: unknown field/,
    },
    { name: 'an unknown action', file: 'rules: {shoot/wrong-type: Deny}', error: /did you mean deny\?/ },
    { name: 'an unknown mutation', file: 'mutations: {mtu: off}', error: /mutations\.mtu: unknown field/ },
    { name: 'a wrong type', file: 'port: "8443"', error: /port: must be a whole number/ },
    { name: 'a port too high', file: 'port: 65536', error: /port: must be <= 65535/ },
    { name: 'null', file: 'port: null', error: /port: must be a whole number \(got null\)/ },
    {
      name: 'an exemption without rules',
      file: 'exempt: [{namespace: a}]',
      error: /exempt\[0\]\.rules: the field is missing/,
    },
    {
      name: 'an exemption of an unknown rule',
      file: 'exempt: [{namespace: a, rules: [x]}]',
      error: /exempt\[0\]\.rules\[0\]/,
    },
    { name: 'no YAML', file: 'a: [', error: /neither YAML nor JSON/ },
    {
      name: 'a key twice',
      file: 'port: 1\nport: 2',
      error: /neither YAML nor JSON: Map keys must be unique/,
    },
    { name: 'several documents', file: 'port: 1\n---\nport: 2', error: /neither YAML nor JSON/ },
    {
      name: 'an aliases bomb',
      file: `a: &a [x,x]\n${'bcdefghi'
        .split('')
        .map((key, index) => `${key}: &${key} [${`*${'abcdefgh'[index]},`.repeat(9)}]`)
        .join('\n')}`,
      error: /config\.yaml/,
    },
  ])('refuse $name', ({ file, error }) => {
    expect(() => load({ file })).toThrow(error);
    expect(() => load({ file })).toThrow(UserError);
  });

  it.each(['-1', '1.5', '0x10', '1e3', ' 1', '65536', '99999999999', 'http'])(
    'refuse the port %j',
    (port) => {
      expect(() => load({ flags: { port } })).toThrow(/--port must be a whole number from 0 to 65535/);
      expect(() => load({ env: { CALICO_ADMISSION_PORT: port } })).toThrow(/CALICO_ADMISSION_PORT must be/);
    },
  );

  it('refuse an empty host', () => {
    expect(() => load({ flags: { host: '' } })).toThrow(/--host must not be empty/);
  });
});
