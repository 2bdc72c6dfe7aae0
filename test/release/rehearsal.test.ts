import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAssets } from '../e2e/assets/assets.ts';
import { findOperatorRenderer } from '../e2e/assets/gardener.ts';
import { type Cluster, startCluster } from '../e2e/cluster/cluster.ts';
import { startReaper } from '../e2e/cluster/reaper.ts';
import { serveInstalled } from '../e2e/kubernetes/installed.ts';
import { badShoot, shootsPath } from '../e2e/kubernetes/objects.ts';
import { createNamespace, installKinds, waitForAnswer } from '../e2e/kubernetes/registration.ts';
import { type Finished, ROOT, type RunOptions, run } from '../e2e/process.ts';
import { buildImage } from '../image/buildah.ts';
import { parseDockerfile } from '../image/dockerfile.ts';
import { deployment, type Manifest, parseManifests } from '../manifests/render.ts';
import { findTool } from '../manifests/tools.ts';
import { type LocalRegistry, startImageRegistry, startPackageRegistry } from './registries.ts';

// A release, but for its addresses: one tag, from it the package, the executable, the image and the charts, pushed to
// registries on loopback, and from there installed as users do. Each install is asked README.md's first question.

const VERSION = '0.99.0-rehearsal.1';
const QUESTION = 'shoot/kube-proxy-off-needs-ebpf';
const work = mkdtempSync(join(tmpdir(), 'calico-admission-release-'));
const source = join(work, 'source');
const packages = join(work, 'packages');
const reaper = startReaper();
let npm: LocalRegistry;
let images: LocalRegistry;
/** Where npm looks for its settings: nothing of the user's own may reach a registry on loopback. */
const npmrc = join(work, 'npmrc');

async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const finished = await run(command, args, { cwd: source, ...options });
  if (finished.code !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${finished.code}: ${finished.stdout}${finished.stderr}`,
    );
  }
  return finished;
}

const git = (...args: readonly string[]) =>
  must('git', ['-c', 'user.name=release', '-c', 'user.email=release@example.org', ...args]);

/** A program of the release on the Shoot of README.md's first question. */
function expectAnswered({ code, stdout, stderr }: Finished): void {
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toContain(`[${QUESTION}]`);
}

function createFolder(name: string): string {
  const folder = join(work, name);
  mkdirSync(folder);
  const { request } = JSON.parse(readFileSync(join(ROOT, 'test/samples/01-kube-proxy-off.json'), 'utf8'));
  writeFileSync(join(folder, 'shoot.yaml'), JSON.stringify(request.object, null, 2));
  return folder;
}

beforeAll(async () => {
  await run('git', ['clone', '--quiet', ROOT, source]);
  // What `npm ci` there would install once more.
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  [npm, images] = await Promise.all([startPackageRegistry(join(work, 'npm')), startImageRegistry()]);
  for (const { child } of [npm, images]) reaper.watch(child);
  writeFileSync(npmrc, `registry=http://${npm.host}/\n//${npm.host}/:_authToken=rehearsal\n`);
});
afterAll(async () => {
  await reaper.reap();
  rmSync(work, { recursive: true, force: true });
});

describe('one tag', () => {
  it('is made by npm version, which sets the version everywhere', async () => {
    const env = Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'release'],
        [`GIT_${who}_EMAIL`, 'release@example.org'],
      ]),
    );
    await must('npm', ['version', VERSION], { env });
    expect((await git('describe', '--tags', '--exact-match')).stdout.trim()).toBe(`v${VERSION}`);
    expect((await git('status', '--porcelain', '--untracked-files=no')).stdout).toBe('');
  });
});

describe('what is made from it', () => {
  it('is a package, in a registry', async () => {
    const env = { npm_config_userconfig: npmrc };
    await must('npm', ['publish', '--tag', 'rehearsal'], { env });
    const { stdout } = await must('npm', ['view', `calico-admission@${VERSION}`, 'version'], { env });
    expect(stdout.trim()).toBe(VERSION);
  });

  it('is an executable, which needs no Node.js', async () => {
    await must('npm', ['run', '--silent', 'build:executable']);
    const program = join(source, 'build/calico-admission');
    expect((await must(program, ['--version'])).stdout).toContain(`calico-admission ${VERSION} `);
    expectAnswered(await run(program, ['check', '.'], { cwd: createFolder('executable') }));
  });

  it('is an image, in a registry', async () => {
    const dockerfile = parseDockerfile(readFileSync(join(source, 'Dockerfile'), 'utf8'));
    const [builder = '', runtime = ''] = dockerfile.map(({ base }) => base);
    const directory = join(work, 'image');
    mkdirSync(directory);
    const image = await buildImage(directory, [builder, runtime], source);
    await image.push(`${images.host}/calico-admission:${VERSION}`);
    expect((await must(findTool('crane'), ['ls', `${images.host}/calico-admission`])).stdout).toBe(
      `${VERSION}\n`,
    );
  });

  it('are three charts, in a registry', async () => {
    const helm = findTool('helm');
    for (const [chart, parent] of [
      ['.', ''],
      ['charts/runtime', '/calico-admission'],
      ['charts/application', '/calico-admission'],
    ] as const) {
      const { stdout } = await must(helm, ['package', join('manifests/chart', chart), '-d', packages]);
      const [, file = ''] = /saved it to: (.*)/.exec(stdout) ?? [];
      expect(file).toContain(`-${VERSION}.tgz`);
      await must(helm, ['push', '--plain-http', file, `oci://${images.host}/charts${parent}`]);
    }
  });
});

describe('what is installed from the registries', () => {
  it('by npx, in an empty folder', async () => {
    const env = { npm_config_userconfig: npmrc, npm_config_cache: join(work, 'npm-cache') };
    const args = ['--yes', `calico-admission@${VERSION}`, 'check', '.'];
    expectAnswered(await run('npx', args, { cwd: createFolder('npx'), env }));
  });

  it('by Helm, on a real API server', async () => {
    const cluster = await startCluster({ assets: findAssets() });
    try {
      await installKinds(cluster);
      await createNamespace(cluster, 'garden-release');
      const { stdout } = await must(
        findTool('helm'),
        [
          ...['install', 'calico-admission', `oci://${images.host}/charts/calico-admission`],
          ...['--version', VERSION, '--plain-http', '--namespace', 'calico-admission', '--create-namespace'],
          ...['--set', `runtime.image.repository=${images.host}/calico-admission`],
          ...['--values', join(source, 'manifests/chart/examples/plain.yaml'), '--output', 'json'],
        ],
        { env: { KUBECONFIG: cluster.kubeconfig, HOME: work } },
      );
      const release: { manifest: string } = JSON.parse(stdout);
      await expectShootRefused(cluster, parseManifests(release.manifest));
    } finally {
      await cluster.stop();
    }
  });

  it('by the references of the Extension, as gardener-operator does', async () => {
    await must('npm', ['run', '--silent', 'release:registry', '--', images.host]);
    const extension = join(source, 'manifests/gardener/extension.yaml');
    const { stdout } = await must(findOperatorRenderer(), [extension]);
    const rendered: Readonly<Record<'runtime' | 'virtual' | 'seed', readonly Manifest[]>> =
      JSON.parse(stdout);
    expect(rendered.virtual.map(({ kind }) => kind)).toContain('ConfigMap');
    for (const objects of [rendered.runtime, rendered.seed]) await expectImageAnswers(imageOf(objects));
  });
});

function imageOf(objects: readonly Manifest[]): string {
  return deployment(objects).spec?.template.spec?.containers[0]?.image ?? '';
}

/** The files of the image that the Deployment names, as the registry has it. @returns the main file */
async function pull(image: string): Promise<string> {
  expect(image).toBe(`${images.host}/calico-admission:${VERSION}`);
  const root = mkdtempSync(join(work, 'root-'));
  const archive = join(root, 'image.tar');
  await must(findTool('crane'), ['export', image, archive]);
  await must('tar', ['-x', '--no-same-owner', '-f', archive, '-C', root]);
  return join(root, 'app/main.js');
}

async function expectImageAnswers(image: string): Promise<void> {
  const main = await pull(image);
  expect((await must(process.execPath, [main, '--version'])).stdout).toContain(` ${VERSION} `);
  const sample = join(ROOT, 'test/samples/01-kube-proxy-off.json');
  expect((await run(process.execPath, [main, 'review', sample])).stdout).toContain(QUESTION);
}

/** The server from the image in the place of the Pods, which nobody runs here. */
async function expectShootRefused(cluster: Cluster, objects: readonly Manifest[]): Promise<void> {
  const main = await pull(imageOf(objects));
  const { served, end } = await serveInstalled(cluster, objects, { main });
  try {
    const ask = () =>
      cluster.api('POST', `${shootsPath('garden-release')}?dryRun=All`, {
        body: badShoot('garden-release', 'bad'),
      });
    await waitForAnswer('a Shoot is refused', ask, ({ status }) => status === 422);
    expect(JSON.stringify((await ask()).body)).toContain(QUESTION);
    expect(served.stderr()).toBe('');
  } finally {
    await end();
  }
}
