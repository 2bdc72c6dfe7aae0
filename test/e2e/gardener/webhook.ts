import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificates } from '../../support/certificates.ts';
import { type ClusterClient, openCluster } from '../cluster/access.ts';
import { apply, printManifests, unregister, waitUntil } from '../kubernetes/registration.ts';
import { type RunOptions, type Served, serveBuilt } from '../process.ts';
import type { GardenAccess } from './garden.ts';
import { makeShoot, SHOOTS } from './objects.ts';

/** What Gardener's API server asks for on behalf of a Shoot. */
export interface Asked {
  /** `/mutate` or `/validate`, with the query. */
  readonly path: string;
  readonly httpVersion: string;
  readonly userAgent: string | undefined;
  /** The bytes of the AdmissionReview. */
  readonly raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: what Gardener sends is what the tests are about
  readonly request: any;
}

export interface Recorder {
  /** Everything since the last time. */
  take(): Asked[];
  remove(): Promise<void>;
}

/** Our server as it is built, registered by its own `manifests`; resolves when Gardener's API server asks it. */
export async function registerOurs(cluster: ClusterClient, options?: RunOptions): Promise<Served> {
  const served = await serveBuilt([], options);
  try {
    await apply(cluster, await printManifests(served));
    // Of one that needs both: one corrects the number, and the other rejects the backend.
    const body = makeShoot('probe', { providerConfig: { backend: 'Bird', vethMTU: 1440 } });
    await waitUntil('our webhooks are asked', async () => {
      const { status, warnings } = await cluster.api('POST', `${SHOOTS}?dryRun=All`, { body });
      return status === 422 && warnings.length === 1;
    });
    return served;
  } catch (error) {
    await removeOurs(cluster, served);
    throw error;
  }
}

/** How often Gardener's API server has asked us about anything. */
export async function timesAsked({ cluster, gardener }: GardenAccess): Promise<number> {
  const { url, caFile } = gardener;
  const { body } = await openCluster({ ...cluster, url, caFile }).api('GET', '/metrics');
  const counts = String(body).matchAll(
    /^apiserver_admission_webhook_request_total\{[^}]*calico-admission[^}]*\} (\d+)$/gm,
  );
  return [...counts].reduce((sum, [, value]) => sum + Number(value), 0);
}

export async function removeOurs(cluster: ClusterClient, served: Served | undefined): Promise<void> {
  await unregister(cluster);
  served?.cleanUp();
}

/**
 * A webhook that allows everything, and is asked about all that happens to Shoots and below them. By its name it is
 * asked after ours.
 * @param patch what it does to objects as a mutating webhook (JSON patch)
 */
export async function startRecorder(cluster: ClusterClient, patch?: readonly object[]): Promise<Recorder> {
  const { ca, cert, key } = await makeCertificates();
  let all: Asked[] = [];
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const { apiVersion, kind, request } = JSON.parse(raw);
      const { url: path = '', httpVersion, headers } = incoming;
      all.push({ path, httpVersion, userAgent: headers['user-agent'], raw, request });
      const response = {
        uid: request.uid,
        allowed: true,
        ...(patch !== undefined &&
          path.startsWith('/mutate') && {
            patchType: 'JSONPatch',
            patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
          }),
      };
      outgoing.setHeader('content-type', 'application/json');
      outgoing.end(JSON.stringify({ apiVersion, kind, response }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await apply(
    cluster,
    ['Mutating', 'Validating'].map((kind) => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: `${kind}WebhookConfiguration`,
      metadata: { name: 'recorder' },
      webhooks: [
        {
          name: 'recorder.example.org',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          clientConfig: {
            url: `https://127.0.0.1:${port}/${kind === 'Mutating' ? 'mutate' : 'validate'}`,
            caBundle: Buffer.from(ca).toString('base64'),
          },
          rules: [
            {
              apiGroups: ['core.gardener.cloud'],
              apiVersions: ['*'],
              resources: ['shoots', 'shoots/*'],
              operations: ['CREATE', 'UPDATE', 'DELETE'],
            },
          ],
        },
      ],
    })),
  );
  await waitUntil('the recorder is asked', async () => {
    await cluster.api('POST', `${SHOOTS}?dryRun=All`, { body: makeShoot('probe') });
    return new Set(all.map(({ path }) => path.split('?')[0])).size === 2;
  });
  all = [];
  return {
    take: () => all.splice(0),
    async remove() {
      for (const kind of ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']) {
        await cluster.api('DELETE', `/apis/admissionregistration.k8s.io/v1/${kind}/recorder`);
      }
      await waitUntil('the recorder is asked no more', async () => {
        all = [];
        await cluster.api('POST', `${SHOOTS}?dryRun=All`, { body: makeShoot('probe') });
        return all.length === 0;
      });
      server.close();
      server.closeAllConnections();
    },
  };
}
