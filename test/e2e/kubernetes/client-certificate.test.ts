import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makeCertificates } from '../../support/certificates.ts';
import { makeClientAuthority } from '../../support/client-certificates.ts';
import { findAssets } from '../assets/assets.ts';
import { type ApiAnswer, type ClusterClient, openCluster } from '../cluster/access.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { type Served, serveBuilt } from '../process.ts';
import { countReviews, countVerdicts } from './metrics.ts';
import { badShoot, goodShoot, shootsPath } from './objects.ts';
import {
  apply,
  createNamespace,
  installKinds,
  parseConfigurations,
  printManifests,
  unregister,
  waitUntil,
} from './registration.ts';
import { answerTo, startWebhook, type Webhook } from './webhook.ts';

// kube-apiserver shows a client certificate only where its own start says so (--admission-control-config-file), so
// that this file has a cluster of its own.

const NAMESPACE = 'client-certificate';
const CLIENT = 'the-api-server';
let cluster: Cluster;
let stranger: Webhook;
let served: Served;
let client: { readonly cert: string; readonly key: string };
const requiring: Served[] = [];
const directories: string[] = [];

/** An admission configuration by which kube-apiserver shows that certificate to every webhook. */
function writeAdmissionConfiguration(directory: string, pair: { cert: string; key: string }): string {
  const file = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content, { mode: 0o600 });
    return join(directory, name);
  };
  const user = {
    'client-certificate': file('client.crt', pair.cert),
    'client-key': file('client.key', pair.key),
  };
  const kubeConfigFile = file(
    'webhooks.kubeconfig',
    JSON.stringify({ apiVersion: 'v1', kind: 'Config', users: [{ name: '*', user }] }),
  );
  const plugins = ['ValidatingAdmissionWebhook', 'MutatingAdmissionWebhook'].map((name) => ({
    name,
    configuration: {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'WebhookAdmissionConfiguration',
      kubeConfigFile,
    },
  }));
  const configuration = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration', plugins };
  return file('admission.json', JSON.stringify(configuration));
}

beforeAll(async () => {
  // Self-signed, and its own authority.
  const made = await generate([{ name: 'commonName', value: CLIENT }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
  });
  client = { cert: made.cert, key: made.private };
  cluster = await startCluster({
    assets: findAssets(),
    args: (directory) => [
      `--admission-control-config-file=${writeAdmissionConfiguration(directory, client)}`,
    ],
  });
  served = await serveBuilt();
  const certificates = await makeCertificates();
  stranger = await startWebhook(certificates, (call) => ({ body: answerTo(call, {}) }), {
    clientCa: client.cert,
  });
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
  const ours = parseConfigurations(await printManifests(served));
  const theirs = structuredClone(ours[0]);
  const webhook = theirs?.webhooks?.[0];
  if (theirs?.metadata === undefined || webhook === undefined)
    throw new Error('manifests printed something else');
  theirs.metadata.name = 'stranger';
  webhook.clientConfig = {
    url: `${stranger.url}/`,
    caBundle: Buffer.from(certificates.ca).toString('base64'),
  };
  await apply(cluster, [...ours, theirs]);
  await waitUntil('both are asked', async () => {
    const body = badShoot(NAMESPACE, 'probe');
    const answer = await cluster.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body });
    return answer.status === 422 && stranger.calls.length > 0;
  });
}, 120_000);
afterAll(async () => {
  for (const each of [served, ...requiring]) each.cleanUp();
  for (const each of directories) rmSync(each, { recursive: true });
  stranger.close();
  await cluster.stop();
});

describe('an API server with a client certificate', () => {
  it('shows it to a webhook that asks for one', async () => {
    expect(
      (await cluster.api('POST', shootsPath(NAMESPACE), { body: goodShoot(NAMESPACE, 'good') })).status,
    ).toBe(201);
    const call = stranger.calls.find(({ review }) => review.request.name === 'good');
    expect(call?.clientName).toBe(CLIENT);
  });

  it('is served by us, who do not ask for it', async () => {
    const { status, body } = await cluster.api('POST', shootsPath(NAMESPACE), {
      body: badShoot(NAMESPACE, 'bad'),
    });
    expect(status).toBe(422);
    expect(body.details.causes).toHaveLength(1);
  });

  it('is required by the server, if so configured, and answered', async () => {
    const required = await serveRequired(['--client-name', CLIENT]);
    await apply(cluster, await printManifests(required));
    await waitUntil('the one that requires it is asked', async () => {
      const { status } = await dryRun(cluster);
      return status === 422 && (await countReviews(required)) > 0;
    });
    const body = goodShoot(NAMESPACE, 'required');
    const answer = await cluster.api('POST', shootsPath(NAMESPACE), { body });
    expect([answer.status, answer.body.message]).toEqual([201, undefined]);
    const verdicts = await countVerdicts(required);
    expect(verdicts['denied']).toBeGreaterThan(0);
    expect(verdicts['allowed']).toBeGreaterThan(0);
    expect(verdicts['forbidden']).toBeUndefined();
  });

  it.each([
    {
      name: 'with another name',
      args: ['--client-name', 'somebody-else'],
      ca: () => client.cert,
      reason: 'the client certificate has no allowed name',
    },
    {
      name: 'of another authority',
      args: [],
      ca: async () => (await makeClientAuthority()).ca,
      reason: 'the client certificate is not accepted',
    },
  ])('is rejected by the server where it is one $name', async ({ args, ca, reason }) => {
    const required = await serveRequired(args, await ca());
    await expectRejection(cluster, required, reason);
  });
});

describe('an API server without a client certificate', () => {
  const other = openCluster(inject('cluster'));
  afterAll(() => unregister(other));

  it('is rejected by a server that requires one', async () => {
    await installKinds(other);
    await createNamespace(other, NAMESPACE);
    await expectRejection(other, await serveRequired(), 'a client certificate is required (got none)');
  });
});

/** Nothing of the Shoot is read; the reason is in our log, since kube-apiserver does not show the body of a 403. */
async function expectRejection(where: ClusterClient, required: Served, reason: string): Promise<void> {
  await apply(where, await printManifests(required));
  await waitUntil('it is asked', async () => {
    await dryRun(where);
    return (await countReviews(required)) > 0;
  });
  const { status, body } = await dryRun(where);
  expect(status).toBe(500);
  expect(body.message).toContain(
    'failed calling webhook "mutate.calico-admission.gardener.cloud": failed to call webhook',
  );
  expect(Object.keys(await countVerdicts(required))).toEqual(['forbidden']);
  await waitUntil(`our log says: ${reason}`, async () => required.stdout().includes(reason));
}

async function serveRequired(args: readonly string[] = [], ca = client.cert): Promise<Served> {
  const directory = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  directories.push(directory);
  const file = join(directory, 'clients.crt');
  writeFileSync(file, ca);
  const started = await serveBuilt(['--client-auth', 'required', '--client-ca', file, ...args]);
  requiring.push(started);
  return started;
}

function dryRun(where: ClusterClient): Promise<ApiAnswer> {
  const body = badShoot(NAMESPACE, 'probe');
  return where.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body });
}
