import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, ROOT, run } from '../e2e/process.ts';
import { type BuiltImage, buildImage } from './buildah.ts';
import { parseDockerfile } from './dockerfile.ts';
import { type Container, furnish, ownAsMounted, USER, type Walls, whyNot } from './sandbox.ts';
import { post, type Started, startImage } from './started.ts';

// The image as a builder makes it, and started from its root file system as the image says.

const temporary = mkdtempSync(join(tmpdir(), 'calico-admission-builder-'));
const certs = join(temporary, 'certs');
const sample = readFileSync(join(ROOT, 'test/samples/01-kube-proxy-off.json'));
const DRAIN_MS = 3000;
let image: BuiltImage;
let container: Container;
let server: Started | undefined;

beforeAll(async () => {
  const obstacle = whyNot('chroot');
  if (obstacle !== undefined) throw new Error(obstacle);
  const [build, last] = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
  if (build === undefined || last === undefined) throw new Error('not two stages');
  image = await buildImage(temporary, [build.base, last.base]);

  const made = await run(process.execPath, [MAIN, 'certs', '--cert-dir', certs]);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  rmSync(join(certs, 'ca.key'));
  ownAsMounted(certs);
}, 1_200_000);
afterAll(async () => {
  server?.kill();
  await server?.ended;
  rmSync(temporary, { recursive: true, force: true });
}, 300_000);

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}

describe('the image that buildah builds', () => {
  it('has its command, user and ports', () => {
    expect(image.config).toMatchObject({
      User: `${USER}:${USER}`,
      Entrypoint: ['/nodejs/bin/node', '/app/main.js'],
      Cmd: ['serve', '--host', '0.0.0.0'],
    });
    expect(Object.keys(image.config.ExposedPorts).sort()).toEqual(['8081/tcp', '8443/tcp']);
    expect(image.config.Env).toEqual(
      expect.arrayContaining(['NODE_ENV=production', 'CALICO_ADMISSION_CERT_DIR=/certs']),
    );
    expect(image.config.Labels['org.opencontainers.image.title']).toBe('calico-admission');
  });

  it('adds to its base what npm run build makes, and the licence, and nothing else', () => {
    const base = new Set(filesOf(image.base));
    const added = filesOf(image.root).filter((file) => !base.has(file));
    expect(added).toContain('/app/main.js');
    expect(added).toContain('/app/LICENSE');
    expect(added.filter((file) => !file.startsWith('/app/'))).toEqual([]);
    expect(added.filter((file) => /\.(key|crt)$|node_modules/.test(file))).toEqual([]);
  });
});

describe('started from its root file system', () => {
  const running = (): Started => {
    if (server === undefined) throw new Error('not started');
    return server;
  };
  beforeAll(async () => {
    const walls: Walls = whyNot('namespaces') === undefined ? 'namespaces' : 'chroot';
    furnish(image.root, certs, walls);
    const env = Object.fromEntries(image.config.Env.map((each) => each.split(/=(.*)/s, 2)));
    container = {
      root: image.root,
      certs,
      walls,
      env: {
        ...env,
        KUBERNETES_SERVICE_HOST: '192.0.2.1',
        CALICO_ADMISSION_PORT: '0',
        CALICO_ADMISSION_HEALTH_PORT: '0',
        CALICO_ADMISSION_DRAIN_SECONDS: `${DRAIN_MS / 1000}`,
      },
    };
    server = await startImage(container, [...image.config.Entrypoint, ...image.config.Cmd]);
  });

  it(`answers a review over HTTPS as user ${USER}`, async () => {
    const status = readFileSync(`/proc/${running().pid}/status`, 'utf8');
    expect(/^Uid:\s+(.*)$/m.exec(status)?.[1]).toBe([USER, USER, USER, USER].join('\t'));
    const { status: code, text } = await post(`${running().url}/validate`, sample, certs);
    expect(code).toBe(200);
    expect(JSON.parse(text).response).toMatchObject({ allowed: false, status: { code: 422 } });
  });

  it('continues answering after SIGTERM, ends with 0, and has written nothing to stderr', async () => {
    process.kill(running().pid, 'SIGTERM');
    const ready = async () => (await fetch(`${running().healthUrl}/readyz`)).status;
    await expect.poll(ready, { timeout: DRAIN_MS }).toBe(503);
    const { status, text, connection } = await post(`${running().url}/validate`, sample, certs);
    expect(status).toBe(200);
    expect(JSON.parse(text).response.allowed).toBe(false);
    expect(connection).toBe('close');
    expect(await running().ended).toBe(0);
    expect(running().stderr()).toBe('');
  });
});
