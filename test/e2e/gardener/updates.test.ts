import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApiAnswer } from '../cluster/access.ts';
import { openCluster } from '../cluster/access.ts';
import type { Served } from '../process.ts';
import { makeShoot, OTHER_SEED, SHOOTS, type ShootOptions } from './objects.ts';
import { registerOurs, removeOurs, timesAsked } from './webhook.ts';

// Shoots that were there before us, and what may still be done with them.

const garden = inject('garden');
const cluster = openCluster(garden.cluster);

const CONFIG = 'spec.networking.providerConfig';
const BAD: ShootOptions = {
  kubernetes: { kubeProxy: { enabled: false }, verticalPodAutoscaler: { enabled: false } },
  providerConfig: { overlay: { enabled: false }, autoScaling: { mode: 'vpa' }, nope: 1 },
};
const BAD_RULES = ['shoot/kube-proxy-off-needs-ebpf', 'shoot/vpa-mode-needs-vpa', 'shoot/unknown-field'];

const OLD: Readonly<Record<string, ShootOptions>> = {
  bad: BAD,
  'bad-deleted': BAD,
  'bad-bound': BAD,
  'bad-moving': { ...BAD, spec: { seedName: 'aws' } },
  'bad-applied': BAD,
  azure: { provider: 'azure', providerConfig: { backend: 'bird', vethMTU: 1440 } },
  'azure-label': { provider: 'azure', providerConfig: { backend: 'bird', vethMTU: 1440 } },
  vpa: { providerConfig: { overlay: { enabled: false }, autoScaling: { mode: 'vpa' } } },
  overlay: { providerConfig: { overlay: { enabled: true } } },
  unset: {},
  'on-seed': { spec: { seedName: 'aws' } },
};

let served: Served | undefined;
beforeAll(async () => {
  for (const [name, options] of Object.entries(OLD)) {
    const { status, body } = await cluster.api('POST', SHOOTS, { body: makeShoot(name, options) });
    expect(status, JSON.stringify(body)).toBe(201);
  }
  served = await registerOurs(cluster);
});
afterAll(() => removeOurs(cluster, served));

function patch(name: string, body: object, subresource = ''): Promise<ApiAnswer> {
  const contentType = 'application/merge-patch+json';
  return cluster.api('PATCH', `${SHOOTS}/${name}${subresource}`, { body, contentType });
}

const inProviderConfig = (providerConfig: unknown) => ({ spec: { networking: { providerConfig } } });
const ids = (texts: readonly string[]) => texts.map((text) => /\[([^\]]+)\]$/.exec(text)?.[1]);
const causes = ({ body }: ApiAnswer): [string, string | undefined][] =>
  body.details.causes.map((cause: { field: string; message: string }) => [
    cause.field,
    ids([cause.message])[0],
  ]);

describe('a Shoot that was bad before we came', () => {
  it('may be labelled, without a word from us', async () => {
    const answer = await patch('bad', { metadata: { labels: { a: 'b' } } });
    expect([answer.status, answer.warnings]).toEqual([200, []]);
  });

  it('may be changed elsewhere, and is reminded', async () => {
    const answer = await patch('bad', { spec: { purpose: 'testing' } });
    expect([answer.status, ids(answer.warnings)]).toEqual([200, BAD_RULES]);
  });

  it('may not get worse', async () => {
    const answer = await patch('bad', inProviderConfig({ backend: 'Bird' }));
    expect([answer.status, causes(answer), ids(answer.warnings)]).toEqual([
      422,
      [[`${CONFIG}.backend`, 'shoot/backend']],
      BAD_RULES,
    ]);
  });

  it('may be mended piece by piece', async () => {
    const answer = await patch('bad', inProviderConfig({ nope: null }));
    expect([answer.status, ids(answer.warnings)]).toEqual([200, BAD_RULES.slice(0, 2)]);
  });

  it('may be applied again from the side of the server', async () => {
    const input = JSON.stringify(makeShoot('bad-applied', { ...BAD, spec: { purpose: 'testing' } }));
    const applied = await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], {
      input,
    });
    expect(applied.code).toBe(0);
    expect(ids(applied.stderr.trim().split('\n'))).toEqual(BAD_RULES);
  });

  it('may be deleted: confirmed, marked, and its finalizer taken off', async () => {
    const unconfirmed = await cluster.api('DELETE', `${SHOOTS}/bad-deleted`);
    expect([unconfirmed.status, unconfirmed.body.message]).toEqual([
      403,
      expect.stringContaining('must have a "confirmation.gardener.cloud/deletion" annotation to delete'),
    ]);
    const annotations = { 'confirmation.gardener.cloud/deletion': 'true' };
    expect((await patch('bad-deleted', { metadata: { annotations, finalizers: ['gardener'] } })).status).toBe(
      200,
    );
    expect((await cluster.api('DELETE', `${SHOOTS}/bad-deleted`)).status).toBe(200);
    const marked = await cluster.api('GET', `${SHOOTS}/bad-deleted`);
    expect(marked.body.metadata.deletionTimestamp).toEqual(expect.any(String));

    // Gardener compares the bytes of providerConfig: anything that we changed now would block the deletion for ever.
    const changed = await patch('bad-deleted', { spec: { purpose: 'testing' } });
    expect([changed.status, changed.body.message]).toEqual([
      422,
      expect.stringContaining('cannot update shoot spec if deletion timestamp is set'),
    ]);
    const freed = await patch('bad-deleted', { metadata: { finalizers: null } });
    expect([freed.status, freed.warnings]).toEqual([200, []]);
    expect((await cluster.api('GET', `${SHOOTS}/bad-deleted`)).status).toBe(404);
  });

  it('may be bound to a seed and get a status, of which we are not even asked', async () => {
    const before = await timesAsked(garden);
    const { body } = await cluster.api('GET', `${SHOOTS}/bad-bound`);
    const bound = { ...body, spec: { ...body.spec, seedName: 'aws' } };
    const answer = await cluster.api('PUT', `${SHOOTS}/bad-bound/binding`, { body: bound });
    expect([answer.status, answer.warnings]).toEqual([200, []]);
    expect((await patch('bad-bound', { status: { seedName: 'aws' } }, '/status')).status).toBe(200);
    expect(await timesAsked(garden)).toBe(before);
    const after = await cluster.api('GET', `${SHOOTS}/bad-bound`);
    expect([after.body.spec.seedName, after.body.status.seedName]).toEqual(['aws', 'aws']);
  });

  it('may move to another seed; until it is there Gardener itself keeps its spec as it is', async () => {
    const lastOperation = {
      type: 'Reconcile',
      state: 'Succeeded',
      progress: 100,
      description: 'done',
      lastUpdateTime: '2026-01-01T00:00:00Z',
    };
    const status = { seedName: 'aws', lastOperation };
    const ready = await patch('bad-moving', { status }, '/status');
    expect(ready.status, JSON.stringify(ready.body)).toBe(200);
    const { body } = await cluster.api('GET', `${SHOOTS}/bad-moving`);
    const moving = { ...body, spec: { ...body.spec, seedName: OTHER_SEED } };
    const bound = await cluster.api('PUT', `${SHOOTS}/bad-moving/binding`, { body: moving });
    expect(bound.status, JSON.stringify(bound.body)).toBe(200);

    const labelled = await patch('bad-moving', { metadata: { labels: { a: 'b' } } });
    expect([labelled.status, labelled.warnings]).toEqual([200, []]);
    const changed = await patch('bad-moving', { spec: { purpose: 'testing' } });
    expect([changed.status, changed.body.message, changed.warnings]).toEqual([
      403,
      expect.stringContaining(
        'shoot spec cannot be changed because shoot has been rescheduled to a new seed',
      ),
      [],
    ]);
  });
});

describe('updates that are always rejected', () => {
  async function put(name: string, changes: { readonly metadata?: object; readonly status?: object }) {
    const { body } = await cluster.api('GET', `${SHOOTS}/${name}`);
    const networking = { ...body.spec.networking, providerConfig: { backend: 'Bird' } };
    const metadata = { ...body.metadata, ...changes.metadata };
    const forged = { ...body, ...changes, metadata, spec: { ...body.spec, networking } };
    return cluster.api('PUT', `${SHOOTS}/${name}`, { body: forged });
  }

  it('a deletionTimestamp of their own', async () => {
    const answer = await put('unset', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect([answer.status, answer.body.message]).toEqual([
      422,
      expect.stringContaining('metadata.deletionTimestamp: Invalid value'),
    ]);
  });

  it.each([
    { seedName: 'aws', lastOperation: { type: 'Migrate', state: 'Processing' } },
    { seedName: 'elsewhere', lastOperation: { type: 'Reconcile', state: 'Succeeded' } },
  ])('a status of their own: $lastOperation.type', async ({ lastOperation, ...rest }) => {
    const more = { progress: 1, description: 'forged', lastUpdateTime: '2026-01-01T00:00:00Z' };
    const answer = await put('on-seed', {
      status: { ...rest, lastOperation: { ...lastOperation, ...more } },
    });
    expect([answer.status, causes(answer)]).toEqual([422, [[`${CONFIG}.backend`, 'shoot/backend']]]);
  });
});

describe('what an update corrects', () => {
  it('nothing in a Shoot of which only the metadata changes', async () => {
    const answer = await patch('azure-label', { metadata: { labels: { a: 'b' } } });
    expect([answer.status, answer.warnings]).toEqual([200, []]);
    expect(answer.body.spec.networking.providerConfig).toEqual({ backend: 'bird', vethMTU: 1440 });
    expect(answer.body.metadata.generation).toBe(1);
  });

  it('the backend on Azure and the MTU, with a warning, as soon as the spec changes', async () => {
    const answer = await patch('azure', { spec: { purpose: 'testing' } });
    expect([answer.status, ids(answer.warnings)]).toEqual([200, ['azure-backend', 'mtu-string']]);
    expect(answer.body.spec.networking.providerConfig).toEqual({ backend: 'none', vethMTU: '1440' });
  });

  it('an overlay that the new manifest leaves out is carried over', async () => {
    const answer = await patch('overlay', {
      spec: { purpose: 'testing', networking: { providerConfig: null } },
    });
    expect([answer.status, answer.warnings]).toEqual([200, []]);
    expect(answer.body.spec.networking.providerConfig).toMatchObject({ overlay: { enabled: true } });
  });

  it('an overlay that was never set stays unset', async () => {
    const answer = await patch('unset', { spec: { purpose: 'testing' } });
    expect([answer.status, answer.warnings]).toEqual([200, []]);
    expect(answer.body.spec.networking).not.toHaveProperty('providerConfig');
  });
});

describe('VPA that is taken away', () => {
  it.each([
    ['turned off', { enabled: false }],
    ['removed, which Gardener does not fill in again', null],
  ])('%s', async (_name, verticalPodAutoscaler) => {
    const answer = await patch('vpa', { spec: { kubernetes: { verticalPodAutoscaler } } });
    expect([answer.status, causes(answer)]).toEqual([
      422,
      [[`${CONFIG}.autoScaling.mode`, 'shoot/vpa-mode-needs-vpa']],
    ]);
  });
});
