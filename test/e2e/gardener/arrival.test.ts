import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type ClusterClient, openCluster } from '../cluster/access.ts';
import { startReaper } from '../cluster/reaper.ts';
import { waitUntil } from '../kubernetes/registration.ts';
import { startGardenerApiserver } from './gardener-apiserver.ts';
import { makeShoot, NAMESPACE, SHOOTS, type Shoot } from './objects.ts';
import { type Asked, type Recorder, startRecorder } from './webhook.ts';

// What a webhook receives of a Shoot: after Gardener's defaults and plugins, before its validation.

const garden = inject('garden');
const cluster = openCluster(garden.cluster);
/** The same API, without kube-apiserver in between. */
const gardener = openCluster({ ...garden.cluster, url: garden.gardener.url, caFile: garden.gardener.caFile });

const DRY_RUN = `${SHOOTS}?dryRun=All`;

let recorder: Recorder;
beforeAll(async () => {
  recorder = await startRecorder(cluster);
});
beforeEach(() => {
  recorder.take();
});
afterAll(() => recorder?.remove());

/** What the mutating and the validating webhook were asked about one request that succeeded. */
async function send(
  body: Shoot | string,
  through: ClusterClient = cluster,
): Promise<[mutate: Asked, validate: Asked]> {
  const answer = await through.api('POST', DRY_RUN, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  const [mutate, validate, ...more] = recorder.take();
  if (mutate === undefined || validate === undefined) throw new Error('not asked');
  expect([mutate.path, validate.path, more]).toEqual(['/mutate?timeout=10s', '/validate?timeout=10s', []]);
  return [mutate, validate];
}

describe('who asks', () => {
  it("is Gardener's API server, over HTTP/1.1, and not kube-apiserver that passes the request on", async () => {
    const [mutate] = await send(makeShoot('one'));
    expect(mutate).toMatchObject({ httpVersion: '1.1', userAgent: 'kube-apiserver-admission' });
    expect(mutate.request).toMatchObject({
      operation: 'CREATE',
      dryRun: true,
      kind: { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' },
      resource: { group: 'core.gardener.cloud', version: 'v1beta1', resource: 'shoots' },
      userInfo: { username: 'admin', groups: expect.arrayContaining(['system:masters']) },
    });
    const asked = 'apiserver_admission_webhook_request_total{';
    expect((await gardener.api('GET', '/metrics')).body).toContain(
      `${asked}code="200",name="recorder.example.org"`,
    );
    expect((await cluster.api('GET', '/metrics')).body).not.toContain(asked);
  });
});

describe('fields that the user did not write', () => {
  it('defaults of the API and of the plugins that run first', async () => {
    const [{ request }] = await send(makeShoot('one'));
    const { metadata, spec } = request.object;
    expect(metadata.labels).toEqual({
      'networking.extensions.gardener.cloud/calico': 'true',
      'operatingsystemconfig.extensions.gardener.cloud/gardenlinux': 'true',
      'provider.extensions.gardener.cloud/aws': 'true',
    });
    expect(spec.networking).toEqual({
      type: 'calico',
      nodes: '10.250.0.0/16',
      pods: '10.96.0.0/11',
      services: '10.64.0.0/13',
      ipFamilies: ['IPv4'],
    });
    expect(spec.kubernetes.kubeProxy).toEqual({ mode: 'IPTables', enabled: true });
    expect(spec.kubernetes.verticalPodAutoscaler).toMatchObject({ enabled: true });
    expect(spec.kubernetes.kubeControllerManager.nodeCIDRMaskSize).toBe(24);
    expect(spec.systemComponents).toEqual({ coreDNS: { autoscaling: { mode: 'horizontal' } } });
  });

  it('kube-proxy that is off has a mode all the same', async () => {
    const [{ request }] = await send(makeShoot('one', { kubernetes: { kubeProxy: { enabled: false } } }));
    expect(request.object.spec.kubernetes.kubeProxy).toEqual({ mode: 'IPTables', enabled: false });
  });

  it.each([
    ['nothing', undefined, true],
    ['null', null, true],
    ['{}', {}, false],
    ['enabled: false', { enabled: false }, false],
    ['enabled: null', { enabled: null }, false],
  ])('a VPA block that is %s', async (_name, verticalPodAutoscaler, enabled) => {
    const [{ request }] = await send(makeShoot('one', { kubernetes: { verticalPodAutoscaler } }));
    expect(request.object.spec.kubernetes.verticalPodAutoscaler).toMatchObject({ enabled });
  });

  it('without the plugin ShootVPAEnabledByDefault no block comes', async () => {
    const reaper = startReaper(join(cluster.directory, 'no-vpa'));
    try {
      const { gardenerPath: path } = garden;
      const args = ['--disable-admission-plugins=ShootVPAEnabledByDefault'];
      const { url, caFile } = await startGardenerApiserver(cluster, reaper, { path, name: 'no-vpa', args });
      const other = openCluster({ ...garden.cluster, url, caFile });
      // Until it has read the webhook configurations and what Shoots refer to.
      await waitUntil('the second API server asks', async () => {
        await other.api('POST', DRY_RUN, { body: makeShoot('probe') });
        return recorder.take().length === 2;
      });
      const [{ request }] = await send(makeShoot('one'), other);
      expect(request.object.spec.kubernetes.verticalPodAutoscaler).toBeUndefined();
    } finally {
      await reaper.reap();
    }
  });

  it.each([
    ['', '1.34.1'],
    ['1', '1.34.1'],
    ['1.34', '1.34.1'],
    ['1.34.0', '1.34.0'],
  ])('a version of Kubernetes that is written as %j is whole', async (version, whole) => {
    const [{ request }] = await send(makeShoot('one', { kubernetes: { version } }));
    expect(request.object.spec.kubernetes.version).toBe(whole);
  });

  it("ranges of pods and Services come from the seed's defaults, and only with a seed", async () => {
    const networking = { pods: undefined, services: undefined };
    const [without] = await send(makeShoot('one', { networking }));
    expect(without.request.object.spec.networking).toEqual({
      type: 'calico',
      nodes: '10.250.0.0/16',
      ipFamilies: ['IPv4'],
    });
    const [on] = await send(makeShoot('one', { networking, spec: { seedName: 'aws' } }));
    expect(on.request.object.spec.networking).toMatchObject({
      pods: '100.96.0.0/11',
      services: '100.64.0.0/13',
    });
  });

  it('a workerless Shoot has lost its empty list of workers, and has no findings about its network', async () => {
    const [{ request }] = await send(
      makeShoot('one', {
        spec: {
          credentialsBindingName: undefined,
          provider: { type: 'aws', workers: [] },
          networking: undefined,
        },
      }),
    );
    const { metadata, spec } = request.object;
    expect(spec.provider).toEqual({ type: 'aws' });
    expect(spec.networking).toEqual({ ipFamilies: ['IPv4'] });
    expect([spec.kubernetes.kubeProxy, spec.kubernetes.verticalPodAutoscaler]).toEqual([
      undefined,
      undefined,
    ]);
    expect(metadata.labels).toEqual({ 'provider.extensions.gardener.cloud/aws': 'true' });
  });

  it('a status that a client sends reaches /mutate, but not /validate; a deletionTimestamp neither', async () => {
    const shoot = makeShoot('one', { spec: { seedName: 'aws' } });
    const status = {
      seedName: 'other',
      lastOperation: {
        type: 'Create',
        state: 'Succeeded',
        progress: 100,
        description: '',
        lastUpdateTime: '2026-01-01T00:00:00Z',
      },
    };
    const body = {
      ...shoot,
      metadata: { ...shoot.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
      status,
    };
    const [mutate, validate] = await send(body);
    expect(mutate.request.object.status).toMatchObject(status);
    expect(validate.request.object.status).not.toHaveProperty('seedName');
    for (const { request } of [mutate, validate]) {
      expect(request.object.metadata).not.toHaveProperty('deletionTimestamp');
    }
  });
});

describe('providerConfig', () => {
  const WRITTEN =
    '{"kind":"NetworkConfig","vethMTU":1440,"vethMTU":1.0e3,"backend":"bird","nope":{"a":1.0},"ipip":null}';
  const body = JSON.stringify(makeShoot('one', { providerConfig: '@' })).replace('"@"', WRITTEN);

  it('arrives byte by byte: duplicates, numbers, unknown fields, nulls and the order are kept', async () => {
    for (const asked of await send(body)) expect(asked.raw).toContain(`"providerConfig":${WRITTEN},`);
  });

  it.each(['Strict', 'Warn', 'Ignore'])(
    'is not looked into by fieldValidation=%s',
    async (fieldValidation) => {
      const answer = await cluster.api('POST', `${DRY_RUN}&fieldValidation=${fieldValidation}`, { body });
      expect([answer.status, answer.warnings]).toEqual([201, []]);
    },
  );

  it('has lost its duplicates where kubectl read the file, which does not report them', async () => {
    const yaml = JSON.stringify(makeShoot('one', { providerConfig: '@' })).replace(
      '"@"',
      '{backend: bird, backend: none}',
    );
    const made = await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], { input: yaml });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(recorder.take()[0]?.raw).toContain('"providerConfig":{"backend":"none"},');
  });

  it.each([['"text"'], ['[1]'], ['7'], ['{}']])('may be %s', async (text) => {
    const [{ raw }] = await send(
      JSON.stringify(makeShoot('one', { providerConfig: '@' })).replace('"@"', text),
    );
    expect(raw).toContain(`"providerConfig":${text},`);
  });

  it('null is as good as none', async () => {
    const [{ request }] = await send(makeShoot('one', { providerConfig: null }));
    expect(request.object.spec.networking).not.toHaveProperty('providerConfig');
  });
});

describe('what else is asked about', () => {
  it('a deletion is a DELETE, and taking the finalizer off is an UPDATE with a deletionTimestamp', async () => {
    const shoot = makeShoot('two');
    const annotations = { 'confirmation.gardener.cloud/deletion': 'true' };
    const made = await cluster.api('POST', SHOOTS, {
      body: { ...shoot, metadata: { ...shoot.metadata, annotations } },
    });
    expect(made.status).toBe(201);
    const path = `${SHOOTS}/two`;
    const patch = (finalizers: string[] | null) =>
      cluster.api('PATCH', path, {
        body: { metadata: { finalizers } },
        contentType: 'application/merge-patch+json',
      });
    expect((await patch(['gardener'])).status).toBe(200);
    expect((await cluster.api('DELETE', path)).status).toBe(200);
    expect((await patch(null)).status).toBe(200);
    expect((await cluster.api('GET', path)).status).toBe(404);
    const asked = recorder.take().filter(({ path: asked }) => asked.startsWith('/validate'));
    expect(asked.map(({ request }) => request.operation)).toEqual(['CREATE', 'UPDATE', 'DELETE', 'UPDATE']);
    const { object, oldObject } = asked[3]?.request ?? {};
    expect(object.metadata).toHaveProperty('deletionTimestamp');
    expect(object.spec).toEqual(oldObject.spec);
  });

  it('status and binding are subresources, which our manifests do not name', async () => {
    const made = await cluster.api('POST', SHOOTS, { body: makeShoot('three') });
    expect(made.status).toBe(201);
    recorder.take();
    const bound = { ...made.body, spec: { ...made.body.spec, seedName: 'aws' } };
    expect((await cluster.api('PUT', `${SHOOTS}/three/binding`, { body: bound })).status).toBe(200);
    const status = await cluster.kubectl([
      'patch',
      'shoot',
      'three',
      `--namespace=${NAMESPACE}`,
      '--subresource=status',
      '--type=merge',
      '--patch',
      '{"status":{"seedName":"aws"}}',
    ]);
    expect(status).toMatchObject({ code: 0 });
    expect(recorder.take().map(({ request }) => [request.operation, request.subResource])).toEqual([
      ['UPDATE', 'binding'],
      ['UPDATE', 'binding'],
      ['UPDATE', 'status'],
      ['UPDATE', 'status'],
    ]);
    const gone = await cluster.api('GET', `${SHOOTS}/three`);
    expect(gone.body.spec.seedName).toBe('aws');
  });
});
