import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Manifest, parseManifests } from '../../manifests/render.ts';
import { findTool } from '../../manifests/tools.ts';
import { findAssets, findControllers } from '../assets/assets.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { startReaper } from '../cluster/reaper.ts';
import { type Finished, ROOT, run } from '../process.ts';
import { listAll, serveInstalled } from './installed.ts';
import { badShoot, goodShoot, shootsPath } from './objects.ts';
import { createNamespace, installKinds, waitForAnswer, waitUntil } from './registration.ts';

// Installed, upgraded and removed, by the chart and by an overlay, on a real API server of its own with the real
// namespace controller and garbage collector. docs/uninstall.md has the commands, and they are run as they stand there.

const SHOOTS = 'garden-uninstall';
const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
const page = readFileSync(join(ROOT, 'docs/uninstall.md'), 'utf8');
const reaper = startReaper();
let cluster: Cluster;

/** The first block of commands below a heading of docs/uninstall.md. */
function commandsOf(heading: string): string {
  const [, commands] =
    new RegExp(`\\n## ${heading}\\n[\\s\\S]*?\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  if (commands === undefined) throw new Error(`docs/uninstall.md has no commands below ${heading}`);
  return commands;
}

/** As copied and pasted into a shell, in a copy of the checkout's manifests. */
function paste(commands: string): Promise<Finished> {
  const env = {
    KUBECONFIG: cluster.kubeconfig,
    HOME: work,
    PATH: `${join(work, 'bin')}:${process.env['PATH']}`,
  };
  return run('bash', ['-e', '-o', 'pipefail', '-c', commands], { env, cwd: work });
}

async function pasteOk(commands: string): Promise<string> {
  const { code, stdout, stderr } = await paste(commands);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const ask = (shoot: object) => cluster.api('POST', `${shootsPath(SHOOTS)}?dryRun=All`, { body: shoot });
const isRejected = async (): Promise<boolean> => {
  const { status, body } = await ask(badShoot(SHOOTS, 'bad'));
  return status === 422 && JSON.stringify(body).includes('shoot/kube-proxy-off-needs-ebpf');
};

/** What the API server trusts by each of our webhook configurations. */
async function readBundles(): Promise<string[]> {
  const path = '/apis/admissionregistration.k8s.io/v1';
  const kinds = ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'];
  const found = await Promise.all(
    kinds.map((each) => cluster.api('GET', `${path}/${each}/calico-admission`)),
  );
  return found.map(({ body }) => body.webhooks[0].clientConfig.caBundle ?? '');
}

beforeAll(async () => {
  const bin = join(work, 'bin');
  mkdirSync(bin);
  symlinkSync(findTool('helm'), join(bin, 'helm'));
  cluster = await startCluster({ assets: findAssets() });
  symlinkSync(cluster.kubectlPath, join(bin, 'kubectl'));
  reaper.watch(spawn(findControllers(), [cluster.kubeconfig], { stdio: 'ignore' }));
  cpSync(join(ROOT, 'manifests'), join(work, 'manifests'), {
    recursive: true,
    filter: (path) => !/\.(crt|key)$/.test(path),
  });
  await installKinds(cluster);
  await createNamespace(cluster, SHOOTS);
  expect((await cluster.api('POST', shootsPath(SHOOTS), { body: goodShoot(SHOOTS, 'before') })).status).toBe(
    201,
  );
}, 900_000);
afterAll(async () => {
  await reaper.reap();
  await cluster?.stop();
  rmSync(work, { recursive: true, force: true });
});

const CHART = 'manifests/chart';
const INSTALL = `helm upgrade --install calico-admission ${CHART} -n calico-admission --create-namespace \\
  -f ${CHART}/examples/plain.yaml -o json`;
const APPLY = 'kubectl kustomize manifests/example | kubectl apply -f -';
/** As Argo CD and Flux do. */
const APPLY_ON_SERVER = APPLY.replace('-f -', '--server-side --force-conflicts --field-manager=gitops -f -');

/** The configuration of manifests/example/, changed: one rule more that only warns. */
function changeOverlay(): void {
  const file = join(work, 'manifests/overlays/plain/config.yaml');
  const rules = '\nrules:\n  shoot/unusual-mtu: audit\n';
  writeFileSync(file, readFileSync(file, 'utf8') + rules);
}

function chooseOverlay(): void {
  const file = join(work, 'manifests/example/kustomization.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/overlays\/\w+/, 'overlays/plain'));
}

async function installed(commands: string): Promise<Manifest[]> {
  const printed = await pasteOk(commands);
  if (commands.startsWith('kubectl'))
    return parseManifests(await pasteOk('kubectl kustomize manifests/example'));
  const release: { manifest: string } = JSON.parse(printed);
  return parseManifests(release.manifest);
}

describe.each([
  {
    name: 'the chart',
    heading: 'Helm',
    install: INSTALL,
    upgrades: [`${INSTALL} --set runtime.replicas=3,application.timeoutSeconds=7`],
    prepare: () => {},
    change: () => {},
  },
  {
    name: 'the overlay plain',
    heading: 'kustomize',
    install: APPLY,
    upgrades: [APPLY, APPLY_ON_SERVER],
    prepare: chooseOverlay,
    change: changeOverlay,
  },
])('$name', ({ heading, install, upgrades, prepare, change }) => {
  it('is installed, upgraded and removed without a trace', async () => {
    const before = await listAll(cluster);
    prepare();
    const objects = await installed(install);
    const { served, end } = await serveInstalled(cluster, objects);
    try {
      await waitUntil('a Shoot is refused', isRejected, 60_000);
      const [bundle] = await readBundles();
      expect(bundle).toMatch(/^LS0tLS1CRUdJTi/);

      change();
      for (const upgrade of upgrades) {
        await installed(upgrade);
        // What the server has written stays: no client has to wait for a caBundle, and no certificate is made anew.
        expect(await readBundles()).toEqual([bundle, bundle]);
        expect(await isRejected()).toBe(true);
      }
      expect(served.stdout()).not.toContain('restored');
    } finally {
      // In the order of the page: the server goes with everything else, after the webhook configurations.
      const [webhooks = '', ...rest] = commandsOf(heading).trim().split('\n');
      await pasteOk(webhooks);
      await end();
      await waitForAnswer(
        'everything can be written',
        () => ask(badShoot(SHOOTS, 'bad')),
        ({ status }) => status === 201,
      );
      await pasteOk(rest.join('\n'));
    }
    await waitUntil('the namespace is gone', async () => {
      const { status } = await cluster.api('GET', '/api/v1/namespaces/calico-admission');
      return status === 404;
    });
    expect(await listAll(cluster)).toEqual(before);
    // grep finds nothing.
    const left = await paste(commandsOf('Check that nothing is left'));
    expect(left).toMatchObject({ code: 1, stdout: '', stderr: '' });
  }, 300_000);
});

it('the selector of the page keeps the kinds of the demo, and with them all Shoots', async () => {
  const deletion = (selector: string): Promise<string> =>
    pasteOk(
      `kubectl kustomize manifests/overlays/demo | kubectl delete --dry-run=server --ignore-not-found ${selector} -f -`,
    );
  const [, , selector] = /(delete --ignore-not-found) (-l \S+) -f -/.exec(commandsOf('kustomize')) ?? [];
  expect(await deletion(selector ?? '')).not.toContain('customresourcedefinition');
  expect(await deletion('')).toContain('customresourcedefinition');
});
