import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { cli, curl, isAlive, ROOT, type Served, serveBuilt, startServing } from './process.ts';

const SAMPLE = join(ROOT, 'test/samples/11-good-shoot.json');
const started: Served[] = [];
const directories: string[] = [];

async function serve(...args: Parameters<typeof serveBuilt>): Promise<Served> {
  const served = await serveBuilt(...args);
  started.push(served);
  return served;
}

function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  directories.push(dir);
  return dir;
}

afterEach(() => {
  for (const served of started.splice(0)) served.cleanUp();
  for (const dir of directories.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function status(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent: false }, (response) => resolve(response.resume().statusCode ?? 0))
      .on('error', reject);
  });
}

const post = ['-H', 'Content-Type: application/json', '--data', `@${SAMPLE}`];

describe('serve', () => {
  it('says once, in JSON, that it is ready, and serves health and metrics', async () => {
    const served = await serve();
    const lines = served
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter((line) => line.msg === 'ready')).toEqual([
      expect.objectContaining({
        url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
        healthUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      }),
    ]);
    expect(await status(`${served.healthUrl}/healthz`)).toBe(200);
    expect(await status(`${served.healthUrl}/readyz`)).toBe(200);
    const metrics = await (await fetch(`${served.healthUrl}/metrics`)).text();
    expect(metrics).toMatch(/calico_admission_certificate_expiry_timestamp_seconds\{kind="leaf"\} \d+/);
    expect(metrics).toMatch(/calico_admission_certificate_expiry_timestamp_seconds\{kind="ca"\} \d+/);
  });

  it('reuses its certificate at the next start', async () => {
    const certDir = directory();
    const first = await serve([], { certDir });
    const before = readFileSync(join(certDir, 'tls.crt'), 'utf8');
    first.child.kill('SIGINT');
    await first.ended;
    await serve([], { certDir });
    expect(readFileSync(join(certDir, 'tls.crt'), 'utf8')).toBe(before);
  });

  it('serves a replaced certificate without a restart', async () => {
    const certDir = directory();
    const served = await serve([], { certDir });
    const serial = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const request = https.get(
          `${served.url}/healthz`,
          { agent: false, rejectUnauthorized: false },
          (response) => {
            const socket = response.socket as import('node:tls').TLSSocket;
            resolve(socket.getPeerCertificate().serialNumber);
            response.resume();
          },
        );
        request.on('error', reject);
      });
    const before = await serial();
    rmSync(join(certDir, 'tls.crt'));
    const made = await cli(['certs', '--cert-dir', certDir]);
    expect(made).toMatchObject({ code: 0 });
    for (let tries = 0; tries < 100 && (await serial()) === before; tries += 1) await sleep(100);
    expect(await serial()).not.toBe(before);
    expect((await curl(served, '/validate', post)).status).toBe(200);
  });

  it('drains at SIGTERM: not ready, real answers, then gone with 0', async () => {
    const served = await serve(['--drain-seconds', '1']);
    const exit = served.ended;
    served.child.kill('SIGTERM');
    await sleep(200);
    expect(await status(`${served.healthUrl}/readyz`)).toBe(503);
    const answer = await curl(served, '/validate', ['-i', ...post]);
    expect(answer.status).toBe(200);
    expect(answer.text.toLowerCase()).toContain('connection: close');
    expect(await exit).toEqual({ code: 0, signal: null });
  });

  it('ends at once at SIGINT, and at a second SIGTERM', async () => {
    for (const signals of [['SIGINT'], ['SIGTERM', 'SIGTERM']] as const) {
      const served = await serve(['--drain-seconds', '60']);
      const start = performance.now();
      for (const signal of signals) {
        served.child.kill(signal);
        await sleep(50);
      }
      const { code } = await served.ended;
      expect(code).toBe(signals[0] === 'SIGINT' ? 130 : 0);
      expect(performance.now() - start).toBeLessThan(5_000);
    }
  });

  it('continues while its log is not read', async () => {
    const served = await serve();
    served.child.stdout?.destroy();
    for (let count = 0; count < 3; count += 1)
      expect((await curl(served, '/validate', post)).status).toBe(200);
  });

  it('takes its settings from flag, environment and file, in this order', async () => {
    const file = join(directory(), 'config.yaml');
    writeFileSync(file, 'rules: {shoot/kube-proxy-off-needs-ebpf: warn}\nlogLevel: error\nport: 1\n');
    const served = await serve(['--config', file, '--port', '0'], { env: { CALICO_ADMISSION_PORT: '2' } });
    const off = join(ROOT, 'test/samples/01-kube-proxy-off.json');
    const answer = await curl(served, '/validate', [
      '-H',
      'Content-Type: application/json',
      '--data',
      `@${off}`,
    ]);
    expect(JSON.parse(answer.text).response).toMatchObject({
      allowed: true,
      warnings: [expect.stringContaining('[shoot/kube-proxy-off-needs-ebpf]')],
    });
    // logLevel error: nothing but the ready line.
    expect(served.stdout().trim().split('\n')).toHaveLength(1);
  });
});

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('leaves no orphan at %s', async (signal) => {
    const npm = await startServing('npm', ['start', '--', '--drain-seconds', '0']);
    started.push(npm);
    const metrics = await (await fetch(`${npm.healthUrl}/metrics`)).text();
    expect(metrics).toContain('calico_admission_build_info');
    npm.child.kill(signal);
    await npm.ended;
    let code: number | undefined = 0;
    for (let tries = 0; tries < 50 && code !== undefined; tries += 1) {
      await sleep(100);
      code = await status(`${npm.healthUrl}/healthz`).catch(() => undefined);
    }
    expect(code).toBeUndefined();
    expect(isAlive(npm.child.pid ?? 0)).toBe(false);
  });
});

describe('an error of the user ends with 2 and advice', () => {
  it.each([
    {
      name: 'an unknown flag',
      args: ['serve', '--prot', '1'],
      error: /unknown flag "--prot"; did you mean --port\?/,
    },
    {
      name: 'an unknown command',
      args: ['sevre'],
      error: /no such command \(got "sevre"\); did you mean serve\?/,
    },
    { name: 'a word too many', args: ['serve', 'now'], error: /unexpected argument "now"/ },
    { name: 'a flag without value', args: ['serve', '--port'], error: /--port/ },
    { name: 'a port that is none', args: ['serve', '--port', '80x'], error: /--port must be a whole number/ },
    { name: 'a port too high', args: ['serve', '--port', '65536'], error: /--port must be a whole number/ },
    {
      name: 'a wrong variable',
      args: ['serve'],
      env: { CALICO_ADMISSION_PORT: 'x' },
      error: /CALICO_ADMISSION_PORT must be/,
    },
    { name: 'a log level', args: ['serve', '--log-level', 'loud'], error: /--log-level must be fatal/ },
    {
      name: 'a host that is none',
      args: ['serve', '--port', '0', '--health-port', '0', '--host', '203.0.113.7'],
      error: /cannot listen on 203\.0\.113\.7/,
    },
    {
      name: 'a missing configuration file',
      args: ['serve', '--config', '/nowhere.yaml'],
      error: /cannot read the configuration file \/nowhere\.yaml \(ENOENT\)/,
    },
    {
      name: 'a directory that cannot be written',
      args: ['serve', '--port', '0', '--cert-dir', '/proc/certs'],
      error: /--cert-dir/,
    },
    {
      name: 'a file as directory',
      args: ['serve', '--port', '0', '--cert-dir', 'package.json'],
      error: /--cert-dir/,
    },
    {
      name: 'a cluster without a Secret',
      args: ['serve', '--port', '0', '--cert-dir', '/nowhere'],
      env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      error: /Secret/,
    },
    { name: 'a review that is none', args: ['review', '-'], input: '{}', error: /request is missing/ },
    {
      name: 'a review that is not there',
      args: ['review', '/nowhere.json'],
      error: /cannot read \/nowhere\.json \(ENOENT\)/,
    },
    {
      name: 'a path that is none',
      args: ['review', '--path', '/frob'],
      input: '{}',
      error: /no such path \(got "\/frob"\)/,
    },
    {
      name: 'a rule that is none',
      args: ['rules', 'shoot/kube-proxy-of-needs-ebpf'],
      error: /did you mean shoot\/kube-proxy-off-needs-ebpf\?/,
    },
    {
      name: 'manifests without certificates',
      args: ['manifests', '--cert-dir', '/nowhere'],
      error: /no ca\.crt|\/nowhere/,
    },
    {
      name: 'a URL that is none',
      args: ['manifests', '--cert-dir', '$CERTS', '--url', 'http://x'],
      error: /--url must be like https/,
    },
  ])('$name', async ({ args, env, input, error }) => {
    let filled = args;
    if (args.includes('$CERTS')) {
      const dir = directory();
      await cli(['certs', '--cert-dir', dir]);
      filled = args.map((arg) => (arg === '$CERTS' ? dir : arg));
    }
    const certs: Record<string, string> = args.includes('--cert-dir')
      ? {}
      : { CALICO_ADMISSION_CERT_DIR: directory() };
    const finished = await cli(filled, { env: { ...certs, ...env }, ...(input !== undefined && { input }) });
    expect(finished.stderr).toMatch(error);
    expect(finished.stderr).not.toMatch(/\n {4}at /);
    expect(finished.code).toBe(2);
    expect(finished.stdout).not.toContain('ready');
  });

  it('a port in use', async () => {
    const served = await serve();
    const port = new URL(served.url).port;
    const finished = await cli(['serve', '--port', port, '--health-port', '0', '--cert-dir', directory()]);
    expect(finished.stderr).toMatch(new RegExp(`port ${port} is in use`));
    expect(finished.code).toBe(2);
  });

  it('a configuration file with several mistakes names them all', async () => {
    const file = join(directory(), 'config.yaml');
    writeFileSync(
      file,
      'prot: 1\nport: "8443"\nrules: {shoot/bakend: deny, shoot/wrong-type: Deny}\nexempt: [{namespace: Foo}]\n',
    );
    const finished = await cli(['serve', '--config', file]);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toMatch(/prot: unknown field .* did you mean port\?/);
    expect(finished.stderr).toMatch(/port: must be a whole number/);
    expect(finished.stderr).toMatch(/rules\.shoot\/bakend: unknown field/);
    expect(finished.stderr).toMatch(
      /rules\.shoot\/wrong-type: not a known value \(got "Deny"\); did you mean deny\?/,
    );
    expect(finished.stderr).toMatch(/exempt\[0\]\.rules: the field is missing/);
  });
});

describe('the other commands', () => {
  it('list and explain the rules', async () => {
    const list = await cli(['rules']);
    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/^shoot\/kube-proxy-off-needs-ebpf +deny +/m);
    expect(list.stdout).toMatch(/^azure-backend +mutation +/m);
    const page = await cli(['rules', 'shoot/vpa-mode-needs-vpa']);
    expect(page.stdout).toBe(readFileSync(join(ROOT, 'docs/rules/shoot/vpa-mode-needs-vpa.md'), 'utf8'));
  });

  it('say their version and their usage', async () => {
    expect((await cli(['--version'])).stdout).toMatch(
      /^calico-admission \d+\.\d+\.\d+ \(networking-calico v\d/,
    );
    for (const args of [['--help'], [], ['serve', '--help'], ['help', 'review']]) {
      const finished = await cli(args);
      expect(finished).toMatchObject({ code: 0, stderr: '' });
      expect(finished.stdout).toContain('calico-admission');
    }
  });

  it('print a Secret, and webhook configurations that carry the authority', async () => {
    const secret = await cli(['certs', '--secret', 'calico-admission-tls', '--namespace', 'garden']);
    expect(secret.stdout).toMatch(/kind: Secret/);
    expect(secret.stdout).toMatch(/namespace: garden/);
    const dir = directory();
    await cli(['certs', '--cert-dir', dir]);
    const ca = readFileSync(join(dir, 'ca.crt')).toString('base64');
    const garden = await cli(['manifests', '--cert-dir', dir, '--url', 'https://10.0.0.7:8443']);
    expect(garden.stdout).toContain(ca);
    expect(garden.stdout).toContain('https://10.0.0.7:8443/validate');
    expect(garden.stdout).toContain('https://10.0.0.7:8443/mutate\n');
    const seed = await cli(['manifests', '--cert-dir', dir, '--cluster', 'seed']);
    expect(seed.stdout).toContain('path: /mutate/azure');
    expect(seed.stdout).toContain('networks');
  });
});
