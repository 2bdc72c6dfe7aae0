import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, run } from '../e2e/process.ts';
import { expectSample, type Sample } from '../samples/sample.ts';
import { type Instruction, isInContext, type Kind, parseDockerfile, type Stage } from './dockerfile.ts';
import { addNode, buildStage, copyStage } from './lay-out.ts';
import { type Container, furnish, ownAsMounted, runInside, USER, type Walls, whyNot } from './sandbox.ts';
import { post, type Started, startImage } from './started.ts';

// The image without a container engine: what the Dockerfile's last stage holds is laid out from a real build and
// started as a cluster would start it.
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
const SAMPLES: readonly Sample[] = JSON.parse(readFileSync(join(ROOT, 'test/samples/index.json'), 'utf8'));
const [buildingStage, lastStage] = stagesOf(DOCKERFILE);

const temporary = mkdtempSync(join(tmpdir(), 'calico-admission-image-'));
const built = join(temporary, 'built');
const certs = join(temporary, 'certs');

function stagesOf(text: string): [Stage, Stage] {
  const [first, last, ...others] = parseDockerfile(text);
  if (first === undefined || last === undefined || others.length > 0) throw new Error('not two stages');
  return [first, last];
}

function all<K extends Kind>(kind: K) {
  return lastStage.instructions.filter(
    (each): each is Extract<Instruction, { kind: K }> => each.kind === kind,
  );
}

const entrypoint = all('entrypoint')[0]?.words ?? [];
const command = all('cmd')[0]?.words ?? [];
const env: Record<string, string> = {
  ...Object.assign({}, ...all('env').map(({ values }) => values)),
  // As in a pod, where a certificate is never made on the spot; on free ports, and soon over.
  KUBERNETES_SERVICE_HOST: '192.0.2.1',
  CALICO_ADMISSION_PORT: '0',
  CALICO_ADMISSION_HEALTH_PORT: '0',
  CALICO_ADMISSION_DRAIN_SECONDS: '0',
};

beforeAll(async () => {
  mkdirSync(built);
  await buildStage(buildingStage, built);
  const main = join(built, 'build/dist/main.js');
  const made = await run(process.execPath, [main, 'certs', '--cert-dir', certs]);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  // A Secret for a server does not hold the authority's key.
  rmSync(join(certs, 'ca.key'));
  if (whyNot('chroot') === undefined) ownAsMounted(certs);
  // It installs all packages; a busy machine takes more than a minute for that.
}, 300_000);
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const start = (container: Container): Promise<Started> => startImage(container, [...entrypoint, ...command]);

function layOut(name: string, walls: Walls, stage = lastStage): Container {
  const root = join(temporary, name);
  mkdirSync(root);
  copyStage(stage, built, root);
  addNode(root);
  furnish(root, certs, walls);
  return { root, certs, walls, env };
}

describe('the Dockerfile', () => {
  it('has a last stage of a Node.js runtime without a shell, in which nothing is run', () => {
    expect(lastStage.base).toMatch(/^gcr\.io\/distroless\/nodejs24-debian\d+:nonroot$/);
    expect(all('run')).toEqual([]);
    expect(all('label')[0]?.values).toMatchObject({
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.base.name': lastStage.base,
    });
  });

  it('serves on all addresses as a user by number, from the folder that certificates are mounted in', () => {
    expect(all('user')).toEqual([{ kind: 'user', value: `${USER}:${USER}` }]);
    expect(all('expose')).toEqual([{ kind: 'expose', ports: ['8443', '8081'] }]);
    expect(entrypoint[0]).toBe('/nodejs/bin/node');
    expect(command).toEqual(['serve', '--host', '0.0.0.0']);
    expect(env).toMatchObject({ NODE_ENV: 'production', CALICO_ADMISSION_CERT_DIR: '/certs' });
  });

  it('builds for the version of Node.js that it runs on', () => {
    expect(buildingStage.base).toMatch(/^node:24-/);
  });

  it('gives the builder neither keys nor other local files', () => {
    const dockerignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8');
    for (const path of [
      'certs/tls.key',
      'node_modules/esbuild/package.json',
      'dist/main.js',
      '.git/config',
      '.npmrc',
      'src/site/package.json',
    ]) {
      expect(isInContext(dockerignore, path), path).toBe(false);
    }
  });
});

describe('dist/', () => {
  it('hands on the licences of the libraries in it', () => {
    const text = readFileSync(join(built, 'build/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['fastify', 'ajv', 'pino', 'prom-client', 'selfsigned', '@peculiar/x509']) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|Apache-2.0)\\)$`, 'm'));
    }
  });

  it('names no path of the machine that it was built on', () => {
    const dist = join(built, 'build/dist');
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(js|map)$/.test(file),
    );
    for (const file of files) expect(readFileSync(join(dist, file), 'utf8'), file).not.toContain(temporary);
  });
});

const WALLS: readonly (readonly [string, Walls])[] = [
  ['in namespaces of its own, its root mounted read-only', 'namespaces'],
  ['in a root of its own', 'chroot'],
];

describe.each(
  WALLS.map(([name, walls]) => {
    const obstacle = whyNot(walls);
    return [obstacle === undefined ? name : `${name} (${obstacle})`, walls, obstacle] as const;
  }),
)('the image, %s', (_name, walls, obstacle) => {
  // Where a machine forbids namespaces the other way is still real; where it forbids both there is no proof.
  const possible = walls === 'chroot' || obstacle === undefined;
  let container: Container;
  let server: Started | undefined;

  beforeAll(async () => {
    if (!possible) return;
    if (obstacle !== undefined) throw new Error(obstacle);
    container = layOut(walls, walls);
    server = await start(container);
  });
  afterAll(() => server?.kill());

  function running(): Started {
    if (server === undefined) throw new Error('not started');
    return server;
  }

  it.runIf(possible)(`runs as ${USER}, without capabilities, and can write nowhere`, () => {
    const status = readFileSync(`/proc/${running().pid}/status`, 'utf8');
    const value = (name: string): string | undefined =>
      new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1];
    expect(value('Uid')).toBe([USER, USER, USER, USER].join('\t'));
    expect(value('Gid')).toBe([USER, USER, USER, USER].join('\t'));
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(value(set), set).toMatch(/^0+$/);
    expect(value('NoNewPrivs')).toBe('1');
    if (walls === 'chroot') {
      expect(listWritable(container.root)).toEqual([]);
      return;
    }
    expect(value('NSpid')).toMatch(/\t1$/);
    const mounts = readFileSync(`/proc/${running().pid}/mountinfo`, 'utf8').trim().split('\n');
    const options = new Map(mounts.map((line) => [line.split(' ')[4], line.split(' ')[5] ?? '']));
    expect(options.get('/')).toMatch(/^ro,/);
    expect(options.get('/certs')).toMatch(/^ro,/);
  });

  it.runIf(possible).each(SAMPLES.map((sample) => [`${sample.file} to ${sample.path}`, sample] as const))(
    '%s',
    async (_file, sample) => {
      const body = readFileSync(join(ROOT, 'test/samples', sample.file));
      const answer = await post(`${running().url}${sample.path}`, body, certs);
      expectSample(sample, answer.status, answer.text);
    },
  );

  it.runIf(possible)('is ready and shows metrics of this release', async () => {
    expect((await fetch(`${running().healthUrl}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${running().healthUrl}/metrics`)).text();
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(metrics).toContain(`calico_admission_build_info{version="${version}"`);
    expect(metrics).toMatch(/calico_admission_review_duration_seconds_count\{[^}]*\} [1-9]/);
  });

  it.runIf(possible)('answers every other command, too', async () => {
    const inside = (args: readonly string[], input?: string) =>
      runInside(container, [...entrypoint, ...args], input);
    const tries: Readonly<Record<string, readonly string[]>> = {
      review: ['review', '-'],
      rules: ['rules'],
      certs: ['certs', '--secret', 'calico-admission-tls'],
      manifests: ['manifests', '--cert-dir', '/certs'],
    };
    const input = readFileSync(join(ROOT, 'test/samples/14-misspelt.json'), 'utf8');
    const help = await inside(['--help']);
    const names = [...help.stdout.matchAll(/^ {2}(\w+) {2,}/gm)].map((match) => match[1] ?? '');
    expect(names).toEqual(expect.arrayContaining(Object.keys(tries)));
    for (const name of names) {
      const args = tries[name] ?? [name, '--help'];
      const finished = await inside(args, input);
      expect(finished, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
      expect(finished.stdout, args.join(' ')).not.toBe('');
    }
  });

  it.runIf(possible)('ends with 0 at SIGTERM', async () => {
    const { pid, ended } = running();
    process.kill(pid, 'SIGTERM');
    expect(await ended).toBe(0);
  });
});

describe('an image that lacks a file', () => {
  const walls: Walls = 'chroot';
  const roots: string[] = [];
  afterEach(() => {
    for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
  });

  function without(name: string, change: (text: string) => string): Container {
    const obstacle = whyNot(walls);
    if (obstacle !== undefined) throw new Error(obstacle);
    const text = change(DOCKERFILE);
    expect(text).not.toBe(DOCKERFILE);
    const container = layOut(name, walls, stagesOf(text)[1]);
    roots.push(container.root);
    return container;
  }

  it('does not start when the stage copies the entry alone', async () => {
    const container = without('no-chunks', (text) =>
      text.replace('/build/dist /app/', '/build/dist/main.js /app/'),
    );
    await expect(start(container)).rejects.toThrow(/Cannot find module|SyntaxError|ERR_MODULE_NOT_FOUND/);
  });

  it('does not start when the stage copies a folder less', async () => {
    const container = without('no-entry', (text) =>
      text.replace('/build/dist /app/', '/build/dist/chunks /app/chunks/'),
    );
    await expect(start(container)).rejects.toThrow(/Cannot find module/);
  });

  it('does not start when the bundle needs a package that is not in it', async () => {
    const container = without('external', (text) =>
      text.replace('COPY LICENSE', 'COPY LICENSE package.json'),
    );
    const chunks = join(container.root, 'app/chunks');
    const [serve = ''] = readdirSync(chunks).filter((file) => /^serve-\w+\.js$/.test(file));
    writeFileSync(join(chunks, serve), `import 'fastify';\n${readFileSync(join(chunks, serve), 'utf8')}`);
    await expect(start(container)).rejects.toThrow(/Cannot find package 'fastify'/);
  });
});

function listWritable(root: string): string[] {
  return ['.', ...readdirSync(root, { recursive: true, encoding: 'utf8' })].filter((path) => {
    const { mode, uid, gid } = statSync(join(root, path));
    return uid === USER || (gid === USER && (mode & 0o020) !== 0) || (mode & 0o002) !== 0;
  });
}
