import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FakeApi } from '../../support/fake-api.ts';
import { openCluster } from '../cluster/access.ts';
import { waitUntil } from '../kubernetes/registration.ts';
import { ROOT, type Served, serveBuilt } from '../process.ts';
import { makeShoot, SHOOTS, type Shoot, type ShootOptions } from './objects.ts';
import { removeOurs, timesAsked } from './webhook.ts';

// The overlay for a virtual garden as its README has it, against the API server that it is meant for.

const garden = inject('garden');
const cluster = openCluster(garden.cluster);
const DRY_RUN = `${SHOOTS}?dryRun=All`;
const BAD = { providerConfig: { backend: 'Bird' } };

/** Kustomize's output for the two files that the README adds beside the overlays. */
async function renderMine(served: Served): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'calico-admission-manifests-'));
  try {
    const manifests = join(directory, 'manifests');
    cpSync(`${ROOT}manifests`, manifests, { recursive: true });
    mkdirSync(join(manifests, 'mine/ca'), { recursive: true });
    const readme = readFileSync(join(manifests, 'README.md'), 'utf8');
    for (const file of ['mine/kustomization.yaml', 'mine/ca/kustomization.yaml']) {
      const block = readme.split('```').find((each) => each.startsWith(`yaml\n# ${file}\n`));
      if (block === undefined) throw new Error(`the README has no ${file}`);
      writeFileSync(join(manifests, file), block.slice('yaml\n'.length));
    }
    cpSync(join(served.certDir, 'ca.crt'), join(manifests, 'mine/ca/ca.crt'));
    return await cluster.kubectlOk(['kustomize', join(manifests, 'mine')]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

let served: Served | undefined;
beforeAll(async () => {
  served = await serveBuilt(['--config', `${ROOT}manifests/overlays/virtual-garden/runtime/config.yaml`]);
  const rendered = await renderMine(served);
  // There is no runtime cluster here whose Service this could be.
  const input = rendered.replaceAll('https://calico-admission-webhook.garden', served.url);
  expect(input).toContain(`url: ${served.url}/validate`);
  await cluster.kubectlOk(['apply', '-f', '-'], { input });
  const body = makeShoot('probe', { providerConfig: { backend: 'Bird', vethMTU: 1440 } });
  await waitUntil('the webhooks of the overlay are asked', async () => {
    const { status, warnings } = await cluster.api('POST', DRY_RUN, { body });
    return status === 422 && warnings.length === 1;
  });
});
afterAll(() => removeOurs(cluster, served));

function dryRun(name: string, options: ShootOptions) {
  return cluster.api('POST', DRY_RUN, { body: makeShoot(`vg-${name}`, options) });
}

describe('with the overlay for a virtual garden', () => {
  it('what is rejected and what is corrected', async () => {
    const rejected = await dryRun('bad', BAD);
    expect([rejected.status, rejected.body.details.causes[0].field]).toEqual([
      422,
      'spec.networking.providerConfig.backend',
    ]);
    const azure = await dryRun('azure', { provider: 'azure', providerConfig: { backend: 'bird' } });
    expect([azure.body.message, azure.body.spec?.networking.providerConfig]).toEqual([
      undefined,
      { backend: 'none' },
    ]);
  });

  it("the overlay is left to Gardener's provider extensions", async () => {
    const { status, body } = await dryRun('aws', {});
    expect([status, body.spec.networking.providerConfig]).toEqual([201, undefined]);
  });

  it.each<{ name: string; options: ShootOptions; times: number }>([
    { name: 'Calico', options: {}, times: 2 },
    { name: 'Cilium', options: { networking: { type: 'cilium' } }, times: 0 },
    {
      name: 'no network at all',
      options: {
        spec: {
          credentialsBindingName: undefined,
          provider: { type: 'aws', workers: [] },
          networking: undefined,
        },
      },
      times: 0,
    },
  ])('a Shoot with $name is asked about $times times', async ({ options, times }) => {
    const before = await timesAsked(garden);
    expect((await dryRun('counted', options)).status).toBe(201);
    expect((await timesAsked(garden)) - before).toBe(times);
  });

  it.each([
    ['left out', {}],
    ['set to something else', { 'networking.extensions.gardener.cloud/calico': 'false' }],
    ["another network's", { 'networking.extensions.gardener.cloud/cilium': 'true' }],
  ])('the label does not bypass the webhook: %s', async (_name, labels) => {
    const bad = makeShoot('vg-labelled', BAD);
    const body: Shoot = { ...bad, metadata: { ...bad.metadata, labels } };
    expect((await cluster.api('POST', DRY_RUN, { body })).status).toBe(422);
  });

  it('nor by taking it away later', async () => {
    expect((await cluster.api('POST', SHOOTS, { body: makeShoot('vg-relabelled') })).status).toBe(201);
    const answer = await cluster.api('PATCH', `${SHOOTS}/vg-relabelled`, {
      body: {
        metadata: { labels: { 'networking.extensions.gardener.cloud/calico': null } },
        spec: { networking: BAD },
      },
      contentType: 'application/merge-patch+json',
    });
    expect(answer.status).toBe(422);
  });

  // The last ones: the server is gone after it, and then there is another one.
  it('with the server gone, Shoots with Calico have to wait, but not those that are being deleted', async () => {
    const contentType = 'application/merge-patch+json';
    const path = `${SHOOTS}/vg-deleted`;
    const deleted = makeShoot('vg-deleted', { provider: 'local' });
    const annotations = { 'confirmation.gardener.cloud/deletion': 'true' };
    const body = { ...deleted, metadata: { ...deleted.metadata, annotations } };
    expect((await cluster.api('POST', SHOOTS, { body })).status).toBe(201);
    const finalizers = { metadata: { finalizers: ['gardener'] } };
    expect((await cluster.api('PATCH', path, { body: finalizers, contentType })).status).toBe(200);

    served?.cleanUp();
    const calico = await dryRun('waiting', {});
    expect([calico.status, calico.body.message]).toEqual([
      500,
      expect.stringContaining('failed calling webhook "mutate.calico-admission.gardener.cloud"'),
    ]);
    expect((await dryRun('cilium', { networking: { type: 'cilium' } })).status).toBe(201);

    expect((await cluster.api('DELETE', path)).status).toBe(200);
    // Taking the finalizer off is an update.
    const freed = await cluster.api('PATCH', path, { body: { metadata: { finalizers: null } }, contentType });
    expect([freed.status, freed.body.message]).toEqual([200, undefined]);
    expect((await cluster.api('GET', path)).status).toBe(404);
  });

  it('a server whose Secret is in another cluster is called as soon as it has written the caBundle here', async () => {
    const runtime = new FakeApi();
    await runtime.start();
    const directory = mkdtempSync(join(tmpdir(), 'calico-admission-runtime-'));
    const { hostname, port } = new URL(served?.url ?? '');
    const own = runtime.writeKubeconfig(join(directory, 'kubeconfig'), 'garden');
    const secret = ['--cert-secret', 'calico-admission-tls', '--kubeconfig', own, '--san', hostname];
    const another = await serveBuilt([...secret, '--target-kubeconfig', cluster.kubeconfig, '--port', port]);
    try {
      expect(runtime.get('/api/v1/namespaces/garden/secrets', 'calico-admission-tls')).toBeDefined();
      // The API server gets it a moment later.
      await waitUntil(
        'Shoots are evaluated again',
        async () => (await dryRun('evaluated', BAD)).status === 422,
      );
      expect((await dryRun('evaluated', {})).status).toBe(201);
    } finally {
      another.cleanUp();
      await runtime.kill();
      rmSync(directory, { recursive: true });
    }
  });
});
