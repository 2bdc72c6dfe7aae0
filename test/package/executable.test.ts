import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addLibraries } from '../image/lay-out.ts';
import { type Container, furnish, ownAsMounted, runInside, whyNot } from '../image/sandbox.ts';
import { post, startImage } from '../image/started.ts';
import { expectSample, type Sample } from '../samples/sample.ts';

// The command for machines without Node.js: in a root that holds it, the libraries of C that it is linked with, and
// nothing else.
const ROOT = new URL('../../', import.meta.url).pathname;
const BUILT = join(ROOT, 'build/calico-admission');
const PROGRAM = '/calico-admission';
const SHOOT = `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata: {name: dev, namespace: garden-dev}
spec: {networking: {type: calico, providerConfig: {backend: Bird}}}
`;

const temporary = mkdtempSync(join(tmpdir(), 'calico-admission-executable-'));
let container: Container;

beforeAll(() => {
  const obstacle = whyNot('chroot');
  if (obstacle !== undefined) throw new Error(obstacle);
  execFileSync('npm', ['run', '--silent', 'build:executable'], { cwd: ROOT, stdio: 'pipe' });
  const certs = join(temporary, 'certs');
  execFileSync(BUILT, ['certs', '--cert-dir', certs]);
  rmSync(join(certs, 'ca.key'));
  ownAsMounted(certs);
  const root = join(temporary, 'root');
  mkdirSync(root);
  chmodSync(root, 0o755);
  copyFileSync(BUILT, join(root, PROGRAM));
  addLibraries(BUILT, root);
  furnish(root, certs, 'chroot');
  container = {
    root,
    certs,
    walls: 'chroot',
    env: {
      CALICO_ADMISSION_PORT: '0',
      CALICO_ADMISSION_HEALTH_PORT: '0',
      CALICO_ADMISSION_DRAIN_SECONDS: '0',
      CALICO_ADMISSION_CERT_DIR: '/certs',
      // As in a pod, where a certificate is never made on the spot.
      KUBERNETES_SERVICE_HOST: '192.0.2.1',
    },
  };
  // Downloads Node.js where it has not been used before.
}, 300_000);
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

it('runs without Node.js, and prints its release', async () => {
  expect(existsSync(join(container.root, process.execPath))).toBe(false);
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const printed = await runInside(container, [PROGRAM, '--version']);
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  expect(printed.stdout).toContain(`calico-admission ${version} `);
});

it('finds a mistake', async () => {
  const found = await runInside(container, [PROGRAM, 'check', '-'], SHOOT);
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout).toContain('[shoot/backend]');
});

it('answers with every command', async () => {
  const help = await runInside(container, [PROGRAM, '--help']);
  const names = [...help.stdout.matchAll(/^ {2}(\w+) {2,}/gm)].map((match) => match[1] ?? '');
  expect(names).toEqual(expect.arrayContaining(['serve', 'check', 'audit']));
  for (const name of names) {
    expect(await runInside(container, [PROGRAM, name, '--help']), name).toMatchObject({
      code: 0,
      stderr: '',
    });
  }
});

it('serves reviews, and ends at SIGTERM', async () => {
  const server = await startImage(container, [PROGRAM, 'serve']);
  const samples: readonly Sample[] = JSON.parse(readFileSync(join(ROOT, 'test/samples/index.json'), 'utf8'));
  for (const sample of samples) {
    const body = readFileSync(join(ROOT, 'test/samples', sample.file));
    const answer = await post(`${server.url}${sample.path}`, body, container.certs);
    expectSample(sample, answer.status, answer.text);
  }
  process.kill(server.pid, 'SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.stderr()).toBe('');
});

it('comes with the licences of what it contains', () => {
  const text = readFileSync(join(ROOT, 'build/THIRD-PARTY-LICENSES.txt'), 'utf8');
  expect(text).toMatch(/^fastify \d/m);
  expect(text).toMatch(/It contains Node\.js v26\./);
});
