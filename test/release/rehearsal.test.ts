import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAssets } from '../e2e/assets/assets.ts';
import { findOperatorRenderer } from '../e2e/assets/gardener.ts';
import type { ApiAnswer } from '../e2e/cluster/access.ts';
import { type Cluster, startCluster } from '../e2e/cluster/cluster.ts';
import { freePorts } from '../e2e/cluster/ports.ts';
import { startReaper } from '../e2e/cluster/reaper.ts';
import {
  ACCOUNT,
  type Rendered,
  renderExtension,
  URL_IN_GARDEN,
  writeInjected,
} from '../e2e/gardener/extension.ts';
import { type InstalledOptions, PRIORITY_CLASSES, serveInstalled } from '../e2e/kubernetes/installed.ts';
import { badShoot, shootsPath } from '../e2e/kubernetes/objects.ts';
import { apply, createNamespace, installKinds, waitForAnswer } from '../e2e/kubernetes/registration.ts';
import { type Finished, ROOT, type RunOptions, run } from '../e2e/process.ts';
import { buildImage } from '../image/buildah.ts';
import { parseDockerfile } from '../image/dockerfile.ts';
import { ownAsMounted } from '../image/sandbox.ts';
import { deployment, type Manifest, parseManifests } from '../manifests/render.ts';
import { findTool } from '../manifests/tools.ts';
import { listObstacles } from './obstacles.ts';
import { pullImage } from './pulled-image.ts';
import { type LocalRegistry, startImageRegistry, startPackageRegistry } from './registries.ts';
import { runStep } from './workflow-step.ts';

// A release, but for its addresses and signatures: one tag of the last commit in a clone; from it package, image and
// charts, pushed to registries on loopback; and from there installed as users do. Each install is asked README.md's
// first question. What the workflow does in shell alone is taken from the workflow.

const VERSION = '0.99.0-rehearsal.1';
const SAMPLE = join(ROOT, 'test/samples/01-kube-proxy-off.json');
const ANSWER = '[shoot/kube-proxy-off-needs-ebpf]';
const NAMESPACE = 'garden-release';
/** Until the API server has learned of a registration, on a busy machine. */
const REGISTERED_MS = 60_000;
const work = mkdtempSync(join(tmpdir(), 'calico-admission-release-'));
const source = join(work, 'source');
/** npm's settings: none of the user's own, so that nothing can reach another registry. */
const npmrc = join(work, 'npmrc');
const reaper = startReaper(work);
let npm: LocalRegistry;
let images: LocalRegistry;
let cluster: Cluster;
/** What GitHub Actions and the workflow set. */
let actions: Readonly<Record<string, string>>;

/** @throws Error with what it printed, if it did not succeed */
function expectDone(what: string, { code, stdout, stderr }: Finished): string {
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}

async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return expectDone(`${command} ${args.join(' ')}`, await run(command, args, { cwd: source, ...options }));
}

const git = (...args: readonly string[]): Promise<string> => must('git', args);

async function step(job: string, name: string): Promise<string> {
  return expectDone(`the step "${name}"`, await runStep(source, [job, name], actions));
}

/** For people who read along. */
function print(text: string): void {
  process.stdout.write(`${text.trim().replace(/^/gm, '    ')}\n`);
}

beforeAll(async () => {
  const obstacles = listObstacles();
  if (obstacles.length > 0) throw new Error(obstacles.join('\n'));
  // What takes minutes where it is not in the cache, before anything is started.
  const tools = [findTool('helm'), findTool('crane')].map((tool) => dirname(tool));
  findOperatorRenderer();
  findAssets();
  await run('git', ['clone', '--quiet', ROOT, source]).then((cloned) => expectDone('git clone', cloned));
  // What `npm ci` would install once more; no step that installs may run there.
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  [npm, images] = await Promise.all([
    startPackageRegistry(join(work, 'npm'), reaper),
    startImageRegistry(reaper),
  ]);
  writeFileSync(npmrc, `registry=http://${npm.host}/\n//${npm.host}/:_authToken=rehearsal\n`);
  actions = {
    PATH: [...tools, process.env['PATH']].join(delimiter),
    npm_config_userconfig: npmrc,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'rehearsal/calico-admission',
    GITHUB_REF_NAME: `v${VERSION}`,
    GITHUB_OUTPUT: join(work, 'output'),
    RUNNER_TEMP: work,
    OWNER: 'Rehearsal',
    REGISTRY: images.host,
    VERSION,
  };
});
afterAll(() => reaper.reap());

describe('one tag', () => {
  it('is made by npm version, which sets the version everywhere', async () => {
    const unreleased = join(source, 'CHANGELOG.md');
    expect(readFileSync(unreleased, 'utf8')).toContain('## [Unreleased]\n');
    const own = { user: 'rehearsal', email: 'rehearsal@example.org' };
    await must('npm', ['version', VERSION], {
      env: {
        ...{ GIT_AUTHOR_NAME: own.user, GIT_AUTHOR_EMAIL: own.email },
        ...{ GIT_COMMITTER_NAME: own.user, GIT_COMMITTER_EMAIL: own.email },
        // No signature is needed.
        GIT_CONFIG_GLOBAL: '/dev/null',
        npm_config_userconfig: npmrc,
      },
    });
    expect((await git('describe', '--tags', '--exact-match')).trim()).toBe(`v${VERSION}`);
    expect(await git('status', '--porcelain', '--untracked-files=no')).toBe('');
    print(await git('show', '--stat', '--format=%h %s%d'));
  });

  it('is what the workflow takes the version and the notes from', async () => {
    await step('version', 'Compare the tag with the version');
    expect(readFileSync(join(work, 'output'), 'utf8')).toBe(
      `version=${VERSION}\nregistry=ghcr.io/rehearsal\n`,
    );
    await step('release', 'Take the notes from the changelog');
    expect(readFileSync(join(work, 'notes.md'), 'utf8')).toContain('\n### Added\n');
    const other = await runStep(source, ['version', 'Compare the tag with the version'], {
      ...actions,
      GITHUB_REF_NAME: 'v0.99.1',
    });
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('the tag is v0.99.1') });
  });
});

describe('what is made from it', () => {
  it('is a package, in a registry', async () => {
    await step('package', 'Pack');
    await step('package', 'Publish');
    await git('checkout', '--quiet', '--', '.');
    const answer = await fetch(`http://${npm.host}/calico-admission`);
    const { 'dist-tags': tags, versions, readme } = Object(await answer.json());
    expect(tags.next).toBe(VERSION);
    expect(versions[VERSION].repository.url).toBe('git+https://github.com/rehearsal/calico-admission.git');
    expect(readme).not.toContain('OWNER/');
  });

  it('is an image, in a registry', async () => {
    const [builder, runtime] = parseDockerfile(readFileSync(join(source, 'Dockerfile'), 'utf8'));
    if (builder === undefined || runtime === undefined) throw new Error('not two stages');
    const image = await buildImage(join(work, 'image'), [builder.base, runtime.base], source);
    await image.push(`${images.host}/calico-admission:${VERSION}`);
    expect(await must(findTool('crane'), ['ls', `${images.host}/calico-admission`])).toBe(`${VERSION}\n`);
  });

  it('are three charts and the Extension, in a registry', async () => {
    await step('charts', 'Write the registry into the manifests');
    await step('charts', 'Package the charts');
    for (const [chart, parent] of [
      ['calico-admission', ''],
      ['runtime', '/calico-admission'],
      ['application', '/calico-admission'],
    ] as const) {
      const archive = `packages/${chart}-${VERSION}.tgz`;
      const repository = `${images.host}/charts${parent}`;
      await must(findTool('helm'), ['push', '--plain-http', archive, `oci://${repository}`]);
      expect(await must(findTool('crane'), ['ls', `${repository}/${chart}`])).toBe(`${VERSION}\n`);
    }
  });
});

describe('what is installed from the registries', () => {
  beforeAll(async () => {
    cluster = await startCluster({ assets: findAssets() });
    await installKinds(cluster);
    await createNamespace(cluster, NAMESPACE);
  });
  afterAll(() => cluster?.stop());

  it('by npx, in an empty folder', async () => {
    const folder = join(work, 'npx');
    mkdirSync(folder);
    copyFileSync(SAMPLE, join(folder, 'review.json'));
    const args = ['--yes', `calico-admission@${VERSION}`, 'check', '.'];
    const env = { npm_config_userconfig: npmrc, npm_config_cache: join(work, 'npm-cache') };
    const { code, stdout, stderr } = await run('npx', args, { cwd: folder, env });
    print(`$ npx ${args.join(' ')}\n${stdout}`);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(ANSWER);
  });

  it('by Helm, on a real API server', async () => {
    const helm = (...args: readonly string[]): Promise<string> =>
      must(findTool('helm'), [...args, '--namespace', 'calico-admission'], {
        env: { KUBECONFIG: cluster.kubeconfig, HOME: work },
      });
    const chart = `oci://${images.host}/charts/calico-admission`;
    const values = join(source, 'manifests/chart/examples/plain.yaml');
    const release: { manifest: string } = JSON.parse(
      await helm(
        ...['install', 'calico-admission', chart, '--version', VERSION, '--plain-http'],
        ...['--create-namespace', '--values', values, '--output', 'json'],
      ),
    );
    print(`$ helm install calico-admission ${chart} --version ${VERSION}`);
    await expectShootRejected(parseManifests(release.manifest));
    await helm('uninstall', 'calico-admission', '--wait=false');
    await waitForAnswer('everything can be written', askForShoot, ({ status }) => status === 201);
  });

  // One API server is runtime cluster and virtual garden; in test/e2e/gardener each is one of its own.
  it('by the references of the Extension, as gardener-operator does', async () => {
    const file = join(source, 'manifests/gardener/extension.yaml');
    const rendered = await renderExtension(file);
    print(
      `$ grep -n ref: extension.yaml\n${(await must('grep', ['-n', 'ref:', file])).replaceAll(/ +/g, ' ')}`,
    );
    expect(imageOf(rendered.seed)).toBe(imageOf(rendered.runtime));
    await expectShootRejectedByExtension(rendered);
  });
});

async function expectShootRejectedByExtension({ runtime, virtual }: Rendered): Promise<void> {
  const [port = 0] = await freePorts(1);
  await createNamespace(cluster, 'garden');
  await apply(cluster, [
    ...PRIORITY_CLASSES,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: ACCOUNT },
    ...virtual.filter(({ kind }) => kind === 'Namespace'),
  ]);
  // A virtual garden finds the Services of the runtime cluster by DNS; there is none here.
  const text = JSON.stringify(virtual).replaceAll(URL_IN_GARDEN, `https://127.0.0.1:${port}`);
  const objects: readonly Manifest[] = JSON.parse(text);
  await apply(cluster, [...objects, ...runtime]);
  await expectShootRejected(runtime, async (root) => {
    mkdirSync(join(root, 'injected'));
    const kubeconfig = await writeInjected(cluster, join(root, 'injected'), '/injected');
    ownAsMounted(join(root, 'injected'));
    return {
      variables: { GARDEN_KUBECONFIG: kubeconfig },
      args: ['--port', `${port}`, '--san', '127.0.0.1'],
    };
  });
}

function imageOf(objects: readonly Manifest[]): string {
  return deployment(objects).spec?.template.spec?.containers[0]?.image ?? '';
}

function askForShoot(): Promise<ApiAnswer> {
  const shoot = badShoot(NAMESPACE, 'bad');
  // Gardener's API server writes the label.
  const metadata = { ...shoot.metadata, labels: { 'networking.extensions.gardener.cloud/calico': 'true' } };
  return cluster.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body: { ...shoot, metadata } });
}

/**
 * The server in the place of the Pods, which no kubelet runs here, from the image that their Deployment names.
 * @param prepare makes what is mounted into its root, and says with what the server is started
 */
async function expectShootRejected(
  objects: readonly Manifest[],
  prepare: (root: string) => Promise<InstalledOptions> = async () => ({}),
): Promise<void> {
  const reference = imageOf(objects);
  expect(reference).toBe(`${images.host}/calico-admission:${VERSION}`);
  const image = await pullImage(reference, mkdtempSync(join(work, 'root-')));
  const { served, end } = await serveInstalled(cluster, objects, { ...(await prepare(image.root)), image });
  try {
    await waitForAnswer('a Shoot is rejected', askForShoot, ({ status }) => status === 422, REGISTERED_MS);
    const { body } = await askForShoot();
    print(`image ${reference}\n${body.message}`);
    expect(body.message).toContain(ANSWER);
    expect(served.stderr()).toBe('');
  } finally {
    await end();
  }
}
