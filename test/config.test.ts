import { describe, expect, it } from 'vitest';
import { loadPolicySettings, loadServeSettings, type ServeFlags } from '../src/config.ts';
import { UserError } from '../src/errors.ts';
import { read } from '../src/policy/json.ts';
import { DEFAULT_SETTINGS } from '../src/policy/settings.ts';
import { formatRelease, NEWEST_VERSIONS } from '../src/policy/versions.ts';
import type { Environment } from '../src/serve-settings.ts';
import { DEFAULT_LIFETIMES } from '../src/tls/lifetimes.ts';
import { loadSchema } from './support/schemas.ts';

function load(given: { flags?: ServeFlags; env?: Environment; file?: string }) {
  const flags = given.file === undefined ? given.flags : { config: 'config.yaml', ...given.flags };
  return loadServeSettings({ flags: flags ?? {}, env: given.env ?? {}, readFile: () => given.file ?? '' });
}

function userError(message: RegExp) {
  return expect.toSatisfy((error) => error instanceof UserError && message.test(error.message));
}

describe('settings', () => {
  it('have defaults', () => {
    expect(load({})).toEqual({
      host: '127.0.0.1',
      port: 8443,
      healthPort: 8081,
      certificates: { from: 'directory', dir: 'certs' },
      sans: [],
      kubeconfig: undefined,
      targetKubeconfig: undefined,
      lifetimes: DEFAULT_LIFETIMES,
      pollMs: 15_000,
      clients: undefined,
      logLevel: 'info',
      drainSeconds: 10,
      policy: DEFAULT_SETTINGS,
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
      certificates: { from: 'directory', dir: '/tls' },
      sans: ['a', 'b'],
      kubeconfig: '/k',
      targetKubeconfig: '/t',
      clients: { required: true, caFile: '/c', names: ['x', 'y'] },
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
          kubeconfig: '/k',
          'target-kubeconfig': '/t',
          'client-auth': 'required',
          'client-ca': '/c',
          'client-name': ['x', 'y'],
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
      CALICO_ADMISSION_KUBECONFIG: '/k',
      CALICO_ADMISSION_TARGET_KUBECONFIG: '/t',
      CALICO_ADMISSION_CLIENT_AUTH: 'required',
      CALICO_ADMISSION_CLIENT_CA: '/c',
      CALICO_ADMISSION_CLIENT_NAME: 'x, y',
      CALICO_ADMISSION_LOG_LEVEL: 'warn',
      CALICO_ADMISSION_DRAIN_SECONDS: '3',
    };
    expect(load({ env })).toMatchObject(expected);
    const file =
      'host: 0.0.0.0\nport: 1\nhealthPort: 2\ncertDir: /tls\nsan: [a, b]\nkubeconfig: /k\ntargetKubeconfig: /t\nclientAuth: required\nclientCa: /c\nclientName: [x, y]\nlogLevel: warn\ndrainSeconds: 3\n';
    expect(load({ file })).toMatchObject(expected);
    // JSON is YAML.
    expect(load({ file: '{"host":"0.0.0.0","port":1}' })).toMatchObject({ host: '0.0.0.0', port: 1 });
  });

  const dir = (name: string) => ({ from: 'directory', dir: name }) as const;
  const secret = (name: string, namespace?: string) => ({ from: 'secret', namespace, name }) as const;
  it.each([
    { name: 'a directory', flags: { 'cert-dir': 'd' }, certificates: dir('d') },
    { name: 'a Secret', flags: { 'cert-secret': 's' }, certificates: secret('s') },
    { name: 'one of a namespace', flags: { 'cert-secret': 'n/s.t' }, certificates: secret('s.t', 'n') },
    {
      name: 'the one of the first place',
      flags: { 'cert-dir': 'd' },
      env: { CALICO_ADMISSION_CERT_SECRET: 's' },
      certificates: dir('d'),
    },
    {
      name: 'the Secret, over the directory that the image sets',
      flags: { 'cert-secret': 's' },
      env: { CALICO_ADMISSION_CERT_DIR: '/certs' },
      file: 'certDir: x',
      certificates: secret('s'),
    },
    {
      name: 'the Secret, where one place has both',
      env: { CALICO_ADMISSION_CERT_DIR: '/certs', CALICO_ADMISSION_CERT_SECRET: 's' },
      certificates: secret('s'),
    },
    { name: 'the file', file: 'certSecret: n/s', certificates: secret('s', 'n') },
  ])('take certificates from $name', ({ certificates, ...given }) => {
    expect(load(given).certificates).toEqual(certificates);
  });

  it('accept the ConfigMap for webhook configurations, where an authority is stored', () => {
    const registration = { namespace: 'garden', name: 'calico-admission-registration' };
    const text = 'garden/calico-admission-registration';
    expect(load({ flags: { 'cert-secret': 's', registration: text } })).toMatchObject({ registration });
    const env = { CALICO_ADMISSION_CERT_SECRET: 's', CALICO_ADMISSION_REGISTRATION: text };
    expect(load({ env })).toMatchObject({ registration });
    expect(load({ file: `certSecret: s\nregistration: ${text}` })).toMatchObject({ registration });
    expect(load({ flags: { 'cert-secret': 's' } }).registration).toBeUndefined();
  });

  it.each(['name', 'a/b/c', '/name', 'garden/', 'Garden/name', 'garden/x_y'])(
    'reject the ConfigMap %s',
    (registration) => {
      expect(() => load({ flags: { 'cert-secret': 's', registration } })).toThrow(
        new UserError(
          `--registration must be like garden/calico-admission-registration (got "${registration}"); name a ConfigMap with its namespace`,
        ),
      );
    },
  );

  it('reject webhook configurations without a stored certificate authority', () => {
    const flags = { 'cert-dir': 'd', registration: 'garden/registration' };
    expect(() => load({ flags })).toThrow(/--registration needs a certificate authority .*--cert-secret/);
  });

  it('accept shorter lifetimes for tests, and keep them in proportion', () => {
    const rotation =
      'rotation: {authoritySeconds: 90, servingSeconds: 14, propagationSeconds: 2, pollSeconds: 1}';
    expect(load({ file: rotation })).toMatchObject({
      lifetimes: { authority: 90_000, serving: 14_000, margin: 1000, propagation: 2000, overlap: 86_400_000 },
      pollMs: 1000,
    });
  });

  it.each([
    {
      name: 'two sources',
      flags: { 'cert-dir': 'd', 'cert-secret': 's' },
      error: /both name the source of the certificates/,
    },
    { name: 'a Secret that is none', flags: { 'cert-secret': 'a/b/c' }, error: /--cert-secret must be like/ },
    {
      name: 'one with capitals',
      env: { CALICO_ADMISSION_CERT_SECRET: 'A' },
      error: /CERT_SECRET must be like/,
    },
    {
      name: 'a mode that is none',
      flags: { 'client-auth': 'on' },
      error: /must be off, optional or required/,
    },
    { name: 'no authority for clients', flags: { 'client-auth': 'required' }, error: /with --client-ca/ },
    { name: 'one for nothing', flags: { 'client-ca': 'f' }, error: /no effect while --client-auth is off/ },
    { name: 'names for nothing', file: 'clientName: [a]', error: /no effect while --client-auth is off/ },
    {
      name: 'a leaf that outlives its authority',
      file: 'rotation: {authoritySeconds: 30, servingSeconds: 11}',
      error: /at most a third/,
    },
  ])('reject $name', ({ error, ...given }) => {
    expect(() => load(given)).toThrow(userError(error));
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
      versions: NEWEST_VERSIONS,
    });
  });

  it.each(['', '# nothing\n', 'null', '---\n'])('treat an empty file as none: %j', (file) => {
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
  ])('reject $name', ({ file, error }) => {
    expect(() => load({ file })).toThrow(userError(error));
  });

  it.each(['-1', '1.5', '0x10', '1e3', ' 1', '65536', '99999999999', 'http'])(
    'reject the port %j',
    (port) => {
      expect(() => load({ flags: { port } })).toThrow(/--port must be a whole number from 0 to 65535/);
      expect(() => load({ env: { CALICO_ADMISSION_PORT: port } })).toThrow(/CALICO_ADMISSION_PORT must be/);
    },
  );

  it('reject an empty host', () => {
    expect(() => load({ flags: { host: '' } })).toThrow(/--host must not be empty/);
  });
});

describe('versions', () => {
  const set = (major: number, minor: number) => ({ major, minor, isAssumed: false });
  const versionsOf = (given: Parameters<typeof load>[0]) => load(given).policy.versions;

  it('are the newest known where none is set', () => {
    expect(versionsOf({})).toEqual(NEWEST_VERSIONS);
    expect(Object.values(NEWEST_VERSIONS).every(({ isAssumed }) => isAssumed)).toBe(true);
  });

  it('are those of the schema for editors', () => {
    const defaults = read(loadSchema('config'), 'properties', 'versions', 'properties');
    expect(read(defaults, 'networkingCalico', 'default')).toBe(
      formatRelease(NEWEST_VERSIONS.networkingCalico),
    );
    expect(read(defaults, 'calico', 'default')).toBe(formatRelease(NEWEST_VERSIONS.calico));
    expect(read(defaults, 'kops', 'default')).toBe(formatRelease(NEWEST_VERSIONS.kops));
  });

  const file = 'versions: {networkingCalico: "1.57", calico: v3.30.1, kops: v1.33.0}';
  const env = {
    CALICO_ADMISSION_NETWORKING_CALICO: 'v1.58.0',
    CALICO_ADMISSION_CALICO_VERSION: '3.31',
    CALICO_ADMISSION_KOPS_VERSION: '1.34',
  };
  const flags = { 'networking-calico': '1.60', 'calico-version': 'v3.33.0-0.dev', 'kops-version': '1.35' };
  it.each([
    { name: 'the file', given: { file }, networkingCalico: set(1, 57), calico: set(3, 30), kops: set(1, 33) },
    {
      name: 'the variable first',
      given: { file, env },
      networkingCalico: set(1, 58),
      calico: set(3, 31),
      kops: set(1, 34),
    },
    {
      name: 'the flag before all',
      given: { file, env, flags },
      networkingCalico: set(1, 60),
      calico: set(3, 33),
      kops: set(1, 35),
    },
    {
      name: 'each by itself',
      given: { env: { CALICO_ADMISSION_CALICO_VERSION: '3.31' } },
      networkingCalico: NEWEST_VERSIONS.networkingCalico,
      calico: set(3, 31),
      kops: NEWEST_VERSIONS.kops,
    },
  ])('come from $name', ({ name: _name, given, ...expected }) => {
    expect(versionsOf(given)).toEqual(expected);
    // Commands that do not serve take them from the same places.
    const sources = { flags: {}, env: {}, readFile: () => file, ...given };
    const config = 'file' in given ? { config: 'config.yaml' } : {};
    expect(loadPolicySettings({ ...sources, flags: { ...sources.flags, ...config } }).versions).toEqual(
      expected,
    );
  });

  it.each([
    { name: 'a number', file: 'versions: {networkingCalico: 1.60}', error: /put it in quotes/ },
    { name: 'a whole number', file: 'versions: {calico: 3}', error: /put it in quotes/ },
    {
      name: 'an unknown one',
      file: 'versions: {kubeadm: "1.34"}',
      error: /versions\.kubeadm: unknown field/,
    },
    { name: 'no map', file: 'versions: 1.59', error: /versions: must be a map/ },
    {
      name: 'a word',
      file: 'versions: {calico: latest}',
      error: /versions\.calico must be a version such as/,
    },
    {
      name: 'a flag that is none',
      flags: { 'networking-calico': '1' },
      error: /^--networking-calico must be/,
    },
    { name: 'an empty flag', flags: { 'calico-version': '' }, error: /^--calico-version must be/ },
    {
      name: 'a variable that is none',
      env: { CALICO_ADMISSION_NETWORKING_CALICO: 'main' },
      error: /^CALICO_ADMISSION_NETWORKING_CALICO must be/,
    },
  ])('cannot be $name', ({ error, name: _name, ...given }) => {
    expect(() => load(given)).toThrow(userError(error));
  });
});
