import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bundle,
  MUTATING,
  putSecret,
  register,
  SECRETS,
  stored,
  subjects,
  VALIDATING,
  wipe,
} from '../cluster/fleet.ts';
import { SERVER_NAME } from '../reliability/client.ts';
import { FakeApi } from '../support/fake-api.ts';
import { cli, MAIN, ROOT, type Served, serveBuilt } from './process.ts';

let api: FakeApi;
let dir: string;
let kubeconfig: string;
const started: Served[] = [];

beforeEach(async () => {
  api = new FakeApi();
  await api.start();
  dir = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  kubeconfig = api.writeKubeconfig(join(dir, 'kubeconfig'));
});

afterEach(async () => {
  for (const served of started.splice(0)) served.cleanUp();
  await api.kill();
  rmSync(dir, { recursive: true, force: true });
});

async function serve(...args: readonly string[]): Promise<Served> {
  const served = await serveBuilt([
    '--cert-secret',
    'calico-admission-tls',
    '--kubeconfig',
    kubeconfig,
    ...args,
  ]);
  started.push(served);
  return served;
}

/** A handshake as kube-apiserver's. @returns the serial number of the serving certificate. @throws what a client would see */
function shakeHands(served: Served, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      port: Number(new URL(served.url).port),
      host: '127.0.0.1',
      servername: SERVER_NAME,
      ca,
    });
    socket.on('error', reject);
    socket.on('secureConnect', () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
  });
}

async function readyz(served: Served): Promise<number> {
  return (await fetch(`${served.healthUrl}/readyz`)).status;
}

describe('replicas with a Secret', () => {
  it('start at once, five of them amid conflicts, with one authority, and continue without the API server', async () => {
    register(api);
    let calls = 0;
    // Every third write conflicts.
    api.fault = ({ method }) => (method !== 'GET' && calls++ % 3 === 0 ? 409 : undefined);
    const replicas = await Promise.all(Array.from({ length: 5 }, () => serve()));
    const ca = bundle(api, VALIDATING);
    expect(subjects(ca)).toHaveLength(1);
    expect(bundle(api, MUTATING)).toBe(ca);
    const leaves = await Promise.all(replicas.map((served) => shakeHands(served, ca)));
    expect(new Set(leaves).size).toBe(1);

    await api.kill();
    await sleep(500);
    expect(await Promise.all(replicas.map((served) => shakeHands(served, ca)))).toEqual(leaves);
    expect(await Promise.all(replicas.map(readyz))).toEqual([200, 200, 200, 200, 200]);
  });

  it('change leaf and authority, and no handshake fails by what either configuration held', async () => {
    register(api);
    const config = join(dir, 'config.yaml');
    const rotation = { authoritySeconds: 90, servingSeconds: 24, propagationSeconds: 2, pollSeconds: 1 };
    writeFileSync(config, JSON.stringify({ rotation }));
    const replicas = await Promise.all([serve('--config', config), serve('--config', config)]);
    const [before, withoutKey] = [stored(api), stored(api)];
    delete withoutKey['ca.key'];
    // As the runbook says to have the authority replaced.
    putSecret(api, withoutKey);

    const failures: string[] = [];
    const leaves = new Set<string>();
    const seen: { readonly at: number; readonly bundles: readonly string[] }[] = [];
    // API servers learn of a caBundle late.
    const lagMs = 500;
    const isDone = () => leaves.size >= 3 && stored(api)['previous-ca.crt'] === before['ca.crt'];
    for (const end = performance.now() + 45_000; performance.now() < end && !isDone(); ) {
      seen.push({ at: performance.now(), bundles: [bundle(api, VALIDATING), bundle(api, MUTATING)] });
      const late = seen.findLast(({ at }) => at <= performance.now() - lagMs) ?? seen[0];
      for (const served of replicas) {
        for (const ca of late?.bundles ?? []) {
          await shakeHands(served, ca).then(
            (serial) => leaves.add(serial),
            (error: Error) => failures.push(error.message),
          );
        }
      }
      await sleep(50);
    }
    expect(failures).toEqual([]);
    expect(isDone()).toBe(true);
    const metrics = await Promise.all(
      replicas.map(async ({ healthUrl }) => (await fetch(`${healthUrl}/metrics`)).text()),
    );
    expect(metrics.join()).toMatch(/certificate_changes_total\{change="switch"\} 1/);
    expect(metrics.join()).toMatch(/certificate_expiry_timestamp_seconds\{kind="previous-ca"\} \d+/);
    expect(metrics.join()).not.toMatch(/change="(found-again|switch-at-once)"/);
  });

  it('are not ready before their certificate can be verified, and say why', async () => {
    register(api);
    api.fault = ({ method }) => (method === 'PATCH' ? 403 : undefined);
    const config = join(dir, 'config.yaml');
    writeFileSync(config, 'healthPort: 0\n');
    let ready = false;
    const starting = serve('--config', config).then((served) => {
      ready = true;
      return served;
    });
    await sleep(3000);
    expect(ready).toBe(false);
    api.fault = () => undefined;
    const served = await starting;
    expect(served.stdout()).toContain(
      'a webhook configuration does not have the certificate authority (CA) of the certificate',
    );
    expect(await readyz(served)).toBe(200);
    wipe(api, VALIDATING);
    // Every replica stays ready during the repair.
    expect(await readyz(served)).toBe(200);
  });

  it('wait for an API server that is late', async () => {
    await api.kill();
    const late = serve();
    await sleep(1500);
    await api.start();
    expect(await readyz(await late)).toBe(200);
  });

  it('end at a signal while they wait for one', async () => {
    await api.kill();
    const args = ['--port', '0', '--health-port', '0', '--cert-secret', 'x', '--kubeconfig', kubeconfig];
    const child = spawn(process.execPath, [MAIN, 'serve', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
    let stdout = '';
    for await (const chunk of child.stdout) {
      stdout += chunk;
      if (!stdout.includes('Secret cannot be read or written')) continue;
      child.kill('SIGTERM');
      break;
    }
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it('keep keys out of logs, answers and metrics', async () => {
    register(api);
    const served = await serve('--log-level', 'trace');
    const keys = [stored(api)['ca.key'], stored(api)['tls.key']].map((pem) => pem?.split('\n')[1] ?? '');
    expect(keys.every((key) => key.length > 40)).toBe(true);
    const output = served.stdout() + (await (await fetch(`${served.healthUrl}/metrics`)).text());
    for (const key of keys) expect(output).not.toContain(key);
    expect(api.get(SECRETS, 'calico-admission-tls')).toBeDefined();
  });
});

describe('what a user can correct', () => {
  it.each([
    {
      name: 'no kubeconfig',
      args: ['--kubeconfig', '/nowhere'],
      error: /the kubeconfig cannot be read .*ENOENT/,
    },
    {
      name: 'an empty one',
      content: '{}',
      error: /the kubeconfig has no current context.*check --kubeconfig/,
    },
    { name: 'one that is no YAML', content: 'a: [', error: /the kubeconfig cannot be read/ },
    { name: 'two sources', args: ['--cert-dir', 'x'], error: /both name the source of the certificates/ },
    { name: 'no authority for clients', args: ['--client-auth', 'required'], error: /with --client-ca/ },
    {
      name: 'authorities that are not there',
      args: ['--client-auth', 'required', '--client-ca', '/nowhere'],
      error: /cannot read the client certificate authorities in \/nowhere \(ENOENT\)/,
    },
  ])('ends with 2: $name', async ({ args, content, error }) => {
    const file = join(dir, 'bad');
    writeFileSync(file, content ?? readFileSync(kubeconfig));
    const given = args ?? ['--kubeconfig', file];
    const needed = given.includes('--kubeconfig') ? [] : ['--kubeconfig', kubeconfig];
    const finished = await cli([
      'serve',
      '--port',
      '0',
      '--health-port',
      '0',
      '--cert-secret',
      'x',
      ...needed,
      ...given,
    ]);
    expect(finished.stderr).toMatch(error);
    expect(finished.stderr).not.toMatch(/\n {4}at /);
    expect(finished.code).toBe(2);
  });
});

describe('the Kubernetes client', () => {
  it('is in a chunk of its own, which nothing loads before a cluster is asked', () => {
    const chunks = readdirSync(join(ROOT, 'dist/chunks')).filter((name) => name.endsWith('.js'));
    const text = (name: string) => readFileSync(join(ROOT, 'dist/chunks', name), 'utf8');
    const [client, ...others] = chunks.filter((name) => text(name).includes('KubeConfig = class'));
    expect(others).toEqual([]);
    if (client === undefined) throw new Error('there is no chunk with the Kubernetes client');
    const name = client.replaceAll('.', '\\.');
    const importers = [
      join(ROOT, 'dist/main.js'),
      ...chunks.map((each) => join(ROOT, 'dist/chunks', each)),
    ].filter((file) => !file.endsWith(client) && readFileSync(file, 'utf8').includes(client));
    // What audit and serve share: how an API server is connected to.
    expect(importers.map((file) => basename(file).split('-', 1)[0])).toEqual(['chunk']);
    for (const file of importers) {
      const importer = readFileSync(file, 'utf8');
      expect(importer).toMatch(new RegExp(`import\\(["'][^"']*${name}["']\\)`));
      expect(importer).not.toMatch(new RegExp(`from ?["'][^"']*${name}["']`));
    }
  });
});
