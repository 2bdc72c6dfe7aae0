import { chmodSync, copyFileSync, cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, run } from '../e2e/process.ts';
import { addLibraries, addNode } from './lay-out.ts';

/** What an image says of how it is to be run. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface BuiltImage {
  readonly config: ImageConfig;
  /** The root file system. */
  readonly root: string;
  /** That of the base of its last stage. */
  readonly base: string;
  /** @param reference in a registry without TLS */
  push(reference: string): Promise<void>;
}

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const LIMIT_SECONDS = '900';
const BUILDER_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * Builds the Dockerfile with buildah, which needs no daemon, and without a registry: the bases have the names of the
 * real ones and hold what the Dockerfile needs of them, from this machine. Needs root.
 * @param directory for everything that it makes
 * @param bases the names after FROM, of the stage that builds and of the last one
 * @param context the checkout
 * @throws with what buildah says
 */
export async function buildImage(
  directory: string,
  bases: readonly [string, string],
  context = ROOT,
): Promise<BuiltImage> {
  const storage = ['--root', join(directory, 'storage'), '--runroot', join(directory, 'run')];
  const buildah = async (...args: readonly string[]): Promise<string> => {
    // With its children, whatever becomes of the test: it gets SIGTERM when that ends, and passes it on.
    const all = ['--pdeathsig', 'TERM', 'timeout', LIMIT_SECONDS, 'nice', '-n', '5', 'buildah'];
    const { code, stdout, stderr } = await run('setpriv', [
      ...[...all, ...storage, '--storage-driver', 'vfs'],
      ...args,
    ]);
    if (code !== 0) throw new Error(`buildah ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout.trim();
  };
  const mount = async (image: string): Promise<string> =>
    buildah('mount', await buildah('from', '--pull=never', image));
  const [builder, runtime] = bases;
  await commitBase(buildah, builder, await layOutBuilder(join(directory, 'builder')), [
    ...['--env', `PATH=${BUILDER_PATH}`],
  ]);
  const node = join(directory, 'runtime');
  mkdirSync(node);
  addNode(node);
  await commitBase(buildah, runtime, node, ['--user', '65532']);
  const cache = (await run('npm', ['config', 'get', 'cache'])).stdout.trim();
  await buildah(
    ...['build', '--isolation', 'chroot', '--pull=never', '--tag', 'calico-admission'],
    // What npm has fetched for the tests need not be fetched again.
    ...['--volume', `${cache}:/root/.npm`, context],
  );
  const inspected: { Docker: { config: ImageConfig } } = JSON.parse(
    await buildah('inspect', '--type', 'image', 'calico-admission'),
  );
  return {
    config: inspected.Docker.config,
    root: await mount('calico-admission'),
    base: await mount(runtime),
    push: async (reference) => {
      await buildah('push', '--tls-verify=false', 'calico-admission', `docker://${reference}`);
    },
  };
}

async function commitBase(
  buildah: (...args: readonly string[]) => Promise<string>,
  name: string,
  folder: string,
  config: readonly string[],
): Promise<void> {
  const container = await buildah('from', 'scratch');
  await buildah('copy', container, folder, '/');
  await buildah('config', ...config, container);
  await buildah('commit', container, name);
  await buildah('rm', container);
}

/** A shell, Node.js and npm as they are on this machine, and npm's way to the registry. */
async function layOutBuilder(root: string): Promise<string> {
  for (const folder of [
    'bin',
    'tmp',
    'root',
    'usr/local/bin',
    'usr/local/etc',
    'usr/local/lib/node_modules',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  copyFileSync(realpathSync('/bin/sh'), join(root, 'bin/sh'));
  addLibraries('/bin/sh', root);
  copyFileSync(realpathSync(process.execPath), join(root, 'usr/local/bin/node'));
  addLibraries(process.execPath, root);
  // As the first on PATH, which may be the one of `npx --package node@24`, has no npm beside it.
  const found = (await run('sh', ['-c', 'readlink -f "$(command -v npm)"'])).stdout.trim();
  cpSync(dirname(dirname(found)), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  const npm = join(root, 'usr/local/bin/npm');
  writeFileSync(npm, '#!/bin/sh\nexec node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n');
  chmodSync(npm, 0o755);
  const registry = (await run('npm', ['config', 'get', 'registry'])).stdout.trim();
  mkdirSync(join(root, dirname(CERTIFICATES)), { recursive: true });
  copyFileSync(CERTIFICATES, join(root, CERTIFICATES));
  writeFileSync(join(root, 'usr/local/etc/npmrc'), `registry=${registry}\ncafile=${CERTIFICATES}\n`);
  return root;
}
