import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { issueAuthority, issueServing } from '../../../src/tls/issue.ts';
import { defaultSans } from '../../../src/tls/names.ts';
import { openCluster } from '../cluster/access.ts';
import { cli, type Served, serveBuilt } from '../process.ts';
import { countReviews } from './metrics.ts';
import { azureShoot, shootsPath } from './objects.ts';
import {
  apply,
  createNamespace,
  installKinds,
  printManifests,
  unregister,
  waitUntil,
} from './registration.ts';
import { renderService, slicePath } from './service.ts';
import { startWrites, type Writes } from './writes.ts';

// Two replicas behind a Service, as in a cluster; this file does the work of the kubelet and the controllers. No write may
// fail when replicas start and end and certificates change.

const cluster = openCluster(inject('cluster'));
const NAMESPACE = 'writers';
const SERVICE = { name: 'calico-admission-webhook', namespace: 'calico-admission' };
// As long as endpoints take to be known, in a cluster some seconds.
const PROPAGATION_MS = 500;
const certDir = mkdtempSync(join(tmpdir(), 'calico-admission-'));
const started: Served[] = [];

function portOf(served: Served): number {
  return Number(new URL(served.url).port);
}

/** A Pod that has become ready. */
async function startReplica(): Promise<Served> {
  const served = await serveBuilt(['--host', '0.0.0.0', '--drain-seconds', '3'], { certDir });
  started.push(served);
  await apply(cluster, renderService(cluster, SERVICE, [portOf(served)]));
  return served;
}

async function removeEndpoint(served: Served): Promise<void> {
  await cluster.api('DELETE', slicePath(SERVICE, portOf(served)));
}

async function written(writes: Writes, more: number): Promise<void> {
  const goal = writes.count() + more;
  await waitUntil(`${more} more writes`, async () => writes.count() >= goal);
}

beforeAll(async () => {
  expect(await cli(['certs', '--cert-dir', certDir])).toMatchObject({ code: 0 });
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
  await createNamespace(cluster, SERVICE.namespace);
  // As printed: the server is behind the Service that it is behind by default.
  await apply(cluster, await printManifests({ url: '', certDir }, ['--service', SERVICE.name]));
});
beforeEach(async () => {
  for (const served of started.splice(0)) {
    await removeEndpoint(served);
    served.cleanUp();
  }
  await startReplica();
  await startReplica();
  // Until the dead ones of the test before are forgotten.
  await waitUntil('both answer', async () => {
    const body = azureShoot(NAMESPACE, 'probe');
    const probes = Array.from({ length: 8 }, () =>
      cluster.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body }),
    );
    return (await Promise.all(probes)).every(
      ({ status, warnings }) => status === 201 && warnings.length === 1,
    );
  });
});
afterAll(async () => {
  await unregister(cluster);
  for (const served of started) served.cleanUp();
  await cluster.api('DELETE', `/api/v1/namespaces/${SERVICE.namespace}/services/${SERVICE.name}`);
  for (const served of started) await removeEndpoint(served);
  rmSync(certDir, { recursive: true, force: true });
});

describe('under a stream of writes', () => {
  it('a rolling restart fails none', async () => {
    const old = [...started];
    const writes = startWrites(cluster, NAMESPACE);
    await written(writes, 50);
    for (const served of old) {
      await startReplica();
      served.child.kill('SIGTERM');
      await sleep(PROPAGATION_MS);
      await removeEndpoint(served);
      await written(writes, 100);
    }
    await written(writes, 100);
    await writes.stop();
    expect(writes.failures()).toEqual([]);
    expect(writes.count()).toBeGreaterThan(350);
    const asked = await Promise.all(started.slice(old.length).map(countReviews));
    expect(Math.max(...asked), 'the new ones are asked').toBeGreaterThan(0);
  });

  it('one of two killed fails those that it was asked, and no more once its endpoint is gone', async () => {
    const [victim, survivor] = started;
    if (!victim || !survivor) throw new Error('there are two');
    const writes = startWrites(cluster, NAMESPACE);
    await written(writes, 50);
    victim.child.kill('SIGKILL');
    await removeEndpoint(victim);
    await written(writes, 50);
    const failedBefore = writes.failures().length;
    const asked = await countReviews(survivor);
    await written(writes, 200);
    await writes.stop();
    expect(writes.failures()).toHaveLength(failedBefore);
    for (const failure of writes.failures())
      expect(failure).toMatch(/connection refused|connection reset|broken pipe|EOF/);
    expect(await countReviews(survivor)).toBeGreaterThan(asked + 200);
  });

  it('a new certificate authority fails none, when it is in the caBundle before it is served', async () => {
    const now = (): Date => new Date();
    const oldCa = readFileSync(join(certDir, 'ca.crt'), 'utf8');
    const authority = await issueAuthority({ now });
    const pair = await issueServing({ authority, sans: defaultSans(), now });
    const bundles = mkdtempSync(join(tmpdir(), 'calico-admission-'));
    const registerAuthorities = async (ca: string): Promise<void> => {
      writeFileSync(join(bundles, 'ca.crt'), ca);
      await apply(cluster, await printManifests({ url: '', certDir: bundles }, ['--service', SERVICE.name]));
    };
    const writes = startWrites(cluster, NAMESPACE);
    await written(writes, 50);

    await registerAuthorities(`${oldCa}${authority.cert}`);
    await sleep(PROPAGATION_MS);
    await written(writes, 100);

    replaceFiles(certDir, {
      'ca.key': authority.key,
      'ca.crt': authority.cert,
      'tls.key': pair.key,
      'tls.crt': pair.cert,
    });
    for (const served of started) {
      await waitUntil('the new certificate is served', () => isServedBy(served, authority.cert), 30_000);
    }
    await written(writes, 100);

    await registerAuthorities(authority.cert);
    await sleep(PROPAGATION_MS);
    await written(writes, 100);
    await writes.stop();
    rmSync(bundles, { recursive: true });
    expect(writes.failures()).toEqual([]);
    expect(writes.count()).toBeGreaterThan(350);
  });

  it('is noticed: an authority that is served before it is in the caBundle fails them', async () => {
    const now = (): Date => new Date();
    const authority = await issueAuthority({ now });
    const pair = await issueServing({ authority, sans: defaultSans(), now });
    const writes = startWrites(cluster, NAMESPACE);
    await written(writes, 50);
    expect(writes.failures()).toEqual([]);
    replaceFiles(certDir, {
      'ca.key': authority.key,
      'ca.crt': authority.cert,
      'tls.key': pair.key,
      'tls.crt': pair.cert,
    });
    for (const served of started) {
      await waitUntil('the new certificate is served', () => isServedBy(served, authority.cert), 30_000);
    }
    // Connections from before go on; it is the new ones that fail.
    const replica = await startReplica();
    for (const served of started.filter((each) => each !== replica)) {
      served.child.kill('SIGTERM');
      await removeEndpoint(served);
    }
    await waitUntil('writes fail', async () => writes.failures().length > 0);
    await writes.stop();
    expect(writes.failures()[0]).toContain('x509: certificate signed by unknown authority');
  });
});

/** Each in one step, as a mounted Secret; the key before the certificate, so that no two ever fit by half. */
function replaceFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, `.${name}`), content, { mode: 0o600 });
    renameSync(join(directory, `.${name}`), join(directory, name));
  }
}

/** Whether a new connection gets a certificate of that authority. */
function isServedBy(served: Served, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port: portOf(served), ca }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
