import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { issueAuthority, issueServing } from '../../../src/tls/issue.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { type ApiAnswer, openCluster } from '../cluster/access.ts';
import { type Served, serveBuilt } from '../process.ts';
import { azureShoot, badShoot, goodShoot, shootsPath } from './objects.ts';
import {
  apply,
  createNamespace,
  installKinds,
  printManifests,
  unregister,
  waitForAnswer,
  waitUntil,
} from './registration.ts';

// What happens to people's Shoots when we, or our certificates, are not as they should be.

const cluster = openCluster(inject('cluster'));
const NAMESPACE = 'failures';
const now = (): Date => new Date();
const started: Served[] = [];
const directories: string[] = [];

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  directories.push(directory);
  return directory;
}

async function serve(...args: Parameters<typeof serveBuilt>): Promise<Served> {
  const served = await serveBuilt(...args);
  started.push(served);
  return served;
}

function create(name: string, query = ''): Promise<ApiAnswer> {
  return cluster.api('POST', `${shootsPath(NAMESPACE)}${query}`, { body: goodShoot(NAMESPACE, name) });
}

/** Registers, and waits until the API server has taken notice: `isSeen` of a bad Shoot's dry run. */
async function register(
  from: Pick<Served, 'url' | 'certDir'>,
  args: readonly string[],
  isSeen: (answer: ApiAnswer) => boolean,
): Promise<void> {
  await apply(cluster, await printManifests(from, args));
  await waitForAnswer('the registration is seen', dryRun, isSeen);
}

function dryRun(): Promise<ApiAnswer> {
  const body = badShoot(NAMESPACE, 'probe');
  return cluster.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body });
}

const isRejected = (answer: ApiAnswer): boolean => answer.status === 422;

beforeAll(async () => {
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
});
afterEach(async () => {
  await unregister(cluster);
  await waitForAnswer('nobody is asked any more', dryRun, ({ status }) => status === 201);
  for (const served of started.splice(0)) served.cleanUp();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});
afterAll(() => cluster.api('DELETE', shootsPath(NAMESPACE)));

describe('the server is away', () => {
  it('and failurePolicy is Fail: writes are rejected with the reason; all else continues', async () => {
    await create('before');
    const served = await serve();
    await register(served, [], isRejected);
    served.child.kill('SIGKILL');
    await served.ended;
    const { status, body } = await create('away');
    const { host } = new URL(served.url);
    expect(status).toBe(500);
    expect(body).toMatchObject({
      reason: 'InternalError',
      message:
        'Internal error occurred: failed calling webhook "mutate.calico-admission.gardener.cloud": ' +
        `failed to call webhook: Post "https://${host}/mutate?timeout=5s": dial tcp ${host}: connect: connection refused`,
    });
    const path = `${shootsPath(NAMESPACE)}/before`;
    const contentType = 'application/merge-patch+json';
    expect((await cluster.api('PATCH', `${path}/status`, { body: { status: {} }, contentType })).status).toBe(
      200,
    );
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'any-' } };
    const others = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
    expect((await cluster.api('POST', others, { body: configMap })).status).toBe(201);
    expect((await cluster.api('DELETE', path)).status).toBe(200);
  });

  it('and failurePolicy is Ignore: writes are allowed, and the audit log shows that', async () => {
    const served = await serve();
    await register(served, ['--failure-policy', 'Ignore'], isRejected);
    served.child.kill('SIGKILL');
    await served.ended;
    expect(await create('unasked')).toMatchObject({ status: 201, warnings: [] });
    const event = cluster
      .audit()
      .find(({ objectRef, verb }) => objectRef?.name === 'unasked' && verb === 'create');
    expect(event?.annotations).toMatchObject({
      'failed-open.mutation.webhook.admission.k8s.io/round_0_index_0':
        'mutate.calico-admission.gardener.cloud',
      'failed-open.validating.webhook.admission.k8s.io/round_0_index_0':
        'validate.calico-admission.gardener.cloud',
    });
  });
});

describe('the certificate', () => {
  it('of another authority than the caBundle: rejected as unknown', async () => {
    const served = await serve();
    const { ca } = await makeCertificates();
    const certDir = temporary();
    writeFileSync(join(certDir, 'ca.crt'), ca);
    await register({ url: served.url, certDir }, [], (answer) => answer.status === 500);
    const { status, body } = await create('unknown-authority');
    expect(status).toBe(500);
    expect(body.message).toContain('x509: certificate signed by unknown authority');
    // No server that is not trusted has received the Shoot.
    const metrics = await (await fetch(`${served.healthUrl}/metrics`)).text();
    expect(metrics).not.toContain('calico_admission_review_duration_seconds_count');
    expect(metrics).toMatch(
      /^calico_admission_connection_faults_total\{reason="certificate-refused"\} [1-9]/m,
    );
  });

  it('that has expired: rejected as expired, and the server is not ready', async () => {
    const certDir = temporary();
    const authority = await issueAuthority({ now });
    const seconds = 4;
    const pair = await issueServing({ authority, sans: ['127.0.0.1'], now, days: seconds / 86_400 });
    // Without ca.key it belongs to a user, and we do not change it.
    writeFileSync(join(certDir, 'ca.crt'), authority.cert);
    writeFileSync(join(certDir, 'tls.crt'), pair.cert);
    writeFileSync(join(certDir, 'tls.key'), pair.key);
    const served = await serve([], { certDir });
    await apply(cluster, await printManifests(served));
    await waitUntil('it has run out', async () => (await fetch(`${served.healthUrl}/readyz`)).status === 503);
    await waitForAnswer('the connection from before is given up', dryRun, ({ status, body }) => {
      return status === 500 && body.message.includes('x509: certificate has expired or is not yet valid');
    });
  });

  it('for another name: rejected, and the error has its names', async () => {
    const certDir = temporary();
    const authority = await issueAuthority({ now });
    const pair = await issueServing({ authority, sans: ['webhook.example.org'], now });
    writeFileSync(join(certDir, 'ca.crt'), authority.cert);
    writeFileSync(join(certDir, 'tls.crt'), pair.cert);
    writeFileSync(join(certDir, 'tls.key'), pair.key);
    const served = await serve([], { certDir });
    await register(served, [], (answer) => answer.status === 500);
    expect((await create('other-name')).body.message).toContain(
      "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    );
  });
});

describe('the protocol', () => {
  it('is HTTP/1.1, whatever the client supports', async () => {
    const served = await serve();
    await register(served, [], isRejected);
    const socket = tls.connect({
      port: Number(new URL(served.url).port),
      ca: readFileSync(join(served.certDir, 'ca.crt')),
      host: '127.0.0.1',
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  it('accepts a large Shoot during many stalled uploads', async () => {
    const served = await serve();
    await register(served, [], isRejected);
    const agent = new https.Agent({ ca: readFileSync(join(served.certDir, 'ca.crt')) });
    const length = 1024 * 1024;
    let rejected = 0;
    const uploads = Array.from({ length: 80 }, () => {
      const headers = { 'content-type': 'application/json', 'content-length': String(length) };
      const upload = https.request(`${served.url}/validate`, { agent, method: 'POST', headers });
      upload.on('error', () => {});
      upload.on('response', (response) => {
        if (response.resume().statusCode === 429) rejected += 1;
      });
      upload.write(Buffer.alloc(length - 1, ' '));
      return upload;
    });
    await waitUntil('no more are taken', async () => rejected > 0);
    const shoot = azureShoot(NAMESPACE, 'large');
    const large = { ...shoot, spec: { ...shoot.spec, purpose: 'x'.repeat(1_100_000) } };
    expect(await cluster.api('POST', shootsPath(NAMESPACE), { body: large })).toMatchObject({
      status: 201,
      warnings: [expect.stringContaining('[azure-backend]')],
    });
    for (const upload of uploads) upload.destroy();
  });
});
