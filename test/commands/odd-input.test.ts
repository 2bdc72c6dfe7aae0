import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command, Io } from '../../src/commands/command.ts';
import { manifests } from '../../src/commands/manifests.ts';
import { review } from '../../src/commands/review.ts';
import { rules } from '../../src/commands/rules.ts';
import { loadServeSettings } from '../../src/config.ts';
import { UserError } from '../../src/errors.ts';
import { makeCertificates, type TestCertificates } from '../support/certificates.ts';

// What people type by mistake. `it.fails` marks a fault that exists today: remove the mark with the fix.

let certificates: TestCertificates;
let room: string;
beforeAll(async () => {
  certificates = await makeCertificates();
  room = mkdtempSync(join(tmpdir(), 'odd-input-'));
});
afterAll(() => rmSync(room, { recursive: true }));

async function run(
  command: Command,
  args: readonly string[],
  stdin: Buffer = Buffer.alloc(0),
): Promise<string> {
  let out = '';
  const io: Io = {
    env: {},
    stdout: (text) => {
      out += text;
    },
    stderr: () => {},
    isTerminal: false,
    readStdin: async () => stdin,
  };
  expect(await command.run(args, io)).toBe(0);
  return out;
}

function certDir(ca: string): string {
  const dir = mkdtempSync(join(room, 'certs-'));
  writeFileSync(join(dir, 'ca.crt'), ca);
  return dir;
}

describe('review', () => {
  it.each<{ name: string; args: string[]; stdin?: Buffer }>([
    { name: 'nothing on standard input', args: [] },
    { name: 'binary', args: ['-'], stdin: Buffer.from([0, 255, 254, 1, 2]) },
    { name: 'a directory as FILE', args: [tmpdir()] },
    { name: 'a FILE that is not there', args: ['/nowhere/review.json'] },
    { name: 'two FILEs', args: ['a', 'b'] },
    { name: 'an empty path', args: ['--path='] },
    { name: 'a path without provider', args: ['--path', '/mutate/'] },
    { name: 'a flag that is not there', args: ['--pth', '/mutate'] },
    { name: 'a configuration that is a directory', args: ['--config', tmpdir()] },
  ])('reports what is wrong with $name', async ({ args, stdin }) => {
    await expect(run(review, args, stdin)).rejects.toThrow(UserError);
  });
});

describe('rules', () => {
  it.each(['', '__proto__', 'a\nb\u001b[31m'])(
    'rejects the unknown rule %j, and repeats it escaped',
    async (id) => {
      await expect(run(rules, [id])).rejects.toThrow(/^no such rule \(got "[\x20-\x7e]*"\)/);
    },
  );
});

describe('a group of rules', () => {
  it('is listed, and nothing else', async () => {
    const lines = (await run(rules, ['shoot'])).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.filter((line) => !/^shoot\/[a-z0-9-]+ +(deny|warn|audit) /.test(line))).toEqual([]);
  });

  it.each([
    ['shoots', 'shoot'],
    ['calco', 'calico'],
    ['shoot/bakend', 'shoot/backend'],
    ['felix-wrd', 'calico/felix-word'],
    ['azure-bakend', 'azure-backend'],
  ])('%s is answered with %s', async (written, meant) => {
    await expect(run(rules, [written])).rejects.toThrow(`did you mean ${meant}?`);
  });
});

describe('manifests', () => {
  it.each(['http://x', 'https://x:99999', 'https://u@x', 'https://x/?a=b', 'https://x/#a', ''])(
    'rejects --url %j',
    async (url) => {
      await expect(run(manifests, ['--cert-dir', certDir(certificates.ca), '--url', url])).rejects.toThrow(
        UserError,
      );
    },
  );

  // An empty query and fragment are not seen in `search` and `hash`, but stay in `href`; a password has its own place.
  it.each(['https://x/?', 'https://x/#', 'https://:pw@x'])('rejects --url %j', async (url) => {
    await expect(run(manifests, ['--cert-dir', certDir(certificates.ca), '--url', url])).rejects.toThrow(
      UserError,
    );
  });

  // Whatever is in ca.crt goes into a manifest that people put in Git.
  it('never prints a private key', async () => {
    await expect(run(manifests, ['--cert-dir', certDir(certificates.key)])).rejects.toThrow(/ca\.crt/);
  });

  it.each(['', 'garbage'])('wants a certificate in ca.crt (%j)', async (ca) => {
    await expect(run(manifests, ['--cert-dir', certDir(ca)])).rejects.toThrow(/ca\.crt/);
  });

  it.each([
    {
      args: ['--cluster', 'calico', '--kinds', 'policy'],
      error: 'policies, bgp, ipam or controllers (got "policy")',
    },
    { args: ['--cluster', 'calico', '--kinds', 'bgp,'], error: '(got "")' },
    { args: ['--cluster', 'calico', '--kinds', '__proto__'], error: '(got "__proto__")' },
    { args: ['--kinds', 'policies'], error: '--cluster calico' },
  ])('rejects unknown kinds ($args)', async ({ args, error }) => {
    await expect(run(manifests, ['--cert-dir', certDir(certificates.ca), ...args])).rejects.toThrow(error);
  });

  it.each([
    ['--service', ''],
    ['--service', 'A B'],
    ['--namespace', 'A B'],
  ])('requires names that Kubernetes accepts (%s %j)', async (flag, name) => {
    await expect(run(manifests, ['--cert-dir', certDir(certificates.ca), flag, name])).rejects.toThrow(
      UserError,
    );
  });
});

describe('what manifests are chosen by', () => {
  it.each([
    { flag: '--cluster', value: 'calcio', known: 'garden, seed or calico' },
    { flag: '--cluster', value: '', known: 'garden, seed or calico' },
    { flag: '--failure-policy', value: 'ignore', known: 'Fail or Ignore' },
  ])('$flag is not $value', async ({ flag, value, known }) => {
    await expect(run(manifests, ['--cert-dir', certDir(certificates.ca), flag, value])).rejects.toThrow(
      `${flag} must be ${known} (got "${value}")`,
    );
  });
});

describe('the settings of serve', () => {
  const load = (file: string) => () =>
    loadServeSettings({ flags: { config: 'c.yaml' }, env: {}, readFile: () => file });
  const bomb = `a0: &a0 [x,x,x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join()}]\n`).join('')}`;

  it.each<{ name: string; file: string; message: RegExp }>([
    { name: 'a list', file: '- a', message: /must be a map \(got a list\)/ },
    { name: 'a number', file: '5', message: /must be a map \(got 5\)/ },
    { name: 'no rules', file: 'rules:', message: /rules: must be a map \(got null\)/ },
    { name: 'a key twice', file: 'port: 1\nport: 2', message: /Map keys must be unique/ },
    { name: 'a key twice in JSON', file: '{"port": 1, "port": 2}', message: /Map keys must be unique/ },
    { name: 'two documents', file: 'port: 1\n---\nport: 2', message: /multiple documents/ },
    { name: 'aliases of aliases', file: bomb, message: /alias/i },
    { name: 'deep nesting', file: '['.repeat(20_000), message: /neither YAML nor JSON: nested too deeply/ },
    { name: 'lists in lists', file: `port: 1\n---\n${'- '.repeat(20_000)}`, message: /nested too deeply/ },
    {
      name: 'keys of every object',
      file: '__proto__: {a: 1}\nconstructor: 1',
      message: /__proto__: unknown field/,
    },
    { name: 'an unknown rule', file: 'rules: {shoot/nope: warn}', message: /shoot\/nope/ },
  ])('reject a file with $name', ({ file, message }) => {
    expect(load(file)).toThrow(UserError);
    expect(load(file)).toThrow(message);
  });

  it.each(['', ' ', '-1', '0x10', '1e3', '70000', '0 ', '１'])('reject --port=%j', (port) => {
    expect(() => loadServeSettings({ flags: { port }, env: {}, readFile: () => '' })).toThrow(
      /--port must be a whole number from 0 to 65535/,
    );
  });

  it('ignore what the kubelet injects, and what is empty', () => {
    const env = { CALICO_ADMISSION_PORT: 'tcp://10.0.0.1:443', CALICO_ADMISSION_HEALTH_PORT: '' };
    expect(loadServeSettings({ flags: {}, env, readFile: () => '' })).toMatchObject({
      port: 8443,
      healthPort: 8081,
    });
  });
});
