import { describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import type { FakeApi, StoredObject } from '../support/fake-api.ts';
import { bundle, MUTATING, startApi, startReplica, stored, VALIDATING, webhooks } from './fleet.ts';

// The server makes its webhook configurations from a ConfigMap, where others would take the caBundle out of them.

vi.setConfig({ testTimeout: 90_000 });
const eventually = (assertion: () => void | Promise<void>) =>
  vi.waitFor(assertion, { timeout: 30_000, interval: 40 });

const OWNER = 'extension-calico-admission';
const NAMESPACES = '/api/v1/namespaces';
const CONFIG_MAPS = `${NAMESPACES}/${OWNER}/configmaps`;
const registration = { namespace: OWNER, name: 'calico-admission-registration' };

function configuration(kind: string, verb: string, change: object = {}): Record<string, unknown> {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'calico-admission', labels: { mine: 'yes' } },
    webhooks: [
      {
        name: `${verb}.calico-admission.gardener.cloud`,
        clientConfig: { url: `https://calico-admission-webhook.garden/${verb}` },
        failurePolicy: 'Fail',
        ...change,
      },
    ],
  };
}

function publish(api: FakeApi, ...configurations: readonly object[]): void {
  const data = Object.fromEntries(configurations.map((each, index) => [`${index}.yaml`, stringify(each)]));
  api.put(CONFIG_MAPS, { metadata: { name: registration.name, namespace: OWNER }, data });
}

const validating = (change?: object) => configuration('ValidatingWebhookConfiguration', 'validate', change);
const mutating = (change?: object) => configuration('MutatingWebhookConfiguration', 'mutate', change);

async function startGarden(change: Record<string, unknown> = {}): Promise<FakeApi> {
  const api = await startApi();
  api.put(NAMESPACES, { metadata: { name: OWNER, ...change } });
  return api;
}

const read = (api: FakeApi, list: string): StoredObject | undefined => api.get(list, 'calico-admission');

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', name: OWNER, uid: `${NAMESPACES}/${OWNER}` };

/** As a server has made it, from a ConfigMap of that namespace. */
function made(change: object = {}): StoredObject {
  const object = mutating() as StoredObject;
  const annotations = { 'calico-admission.gardener.cloud/registration': '0123456789abcdef' };
  return {
    ...object,
    metadata: { ...object.metadata, annotations, ownerReferences: [NAMESPACE], ...change },
  };
}

const looksAt = (api: FakeApi, list: string): number =>
  api.calls.filter(({ method, path, watch }) => method === 'GET' && path === list && !watch).length;

/** It is looked at some times more, and stays. */
async function expectLeftAlone(api: FakeApi, list: string): Promise<void> {
  const looks = looksAt(api, list);
  await eventually(() => expect(looksAt(api, list)).toBeGreaterThan(looks + 3));
  expect(read(api, list)).toBeDefined();
}

describe('the webhook configurations that a ConfigMap describes', () => {
  it('are made with their caBundle at once, and belong to the namespace', async () => {
    const api = await startGarden();
    publish(api, validating(), mutating());
    const written: StoredObject[] = [];
    api.onWrite = (object) => {
      if (object.kind?.endsWith('WebhookConfiguration')) written.push(object);
    };
    const replica = await startReplica(api, { registration });
    await eventually(() => expect(written).toHaveLength(2));
    // Never without it: the API server would reject requests that it cannot send to the webhook.
    for (const { webhooks: entries } of written) {
      expect((entries as [{ clientConfig: { caBundle?: string } }])[0].clientConfig.caBundle).toMatch(
        /^LS0t/,
      );
    }
    const { ca } = replica.source.served();
    expect([bundle(api, VALIDATING), bundle(api, MUTATING)]).toEqual([ca, ca]);
    expect(read(api, VALIDATING)?.metadata).toMatchObject({
      labels: { mine: 'yes' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: OWNER, uid: `${NAMESPACES}/${OWNER}` }],
    });
    await eventually(() => expect(replica.source.problem()).toBeUndefined());
    expect(replica.warnings).toEqual([]);
  });

  it('follow it, and keep their caBundle', async () => {
    const api = await startGarden();
    publish(api, validating(), mutating());
    const replicas = await Promise.all(
      ['a', 'b'].map((replica) => startReplica(api, { replica, registration })),
    );
    await eventually(() => {
      for (const list of [VALIDATING, MUTATING]) expect(bundle(api, list)).not.toBe('');
    });
    const before = bundle(api, VALIDATING);
    publish(api, validating({ failurePolicy: 'Ignore' }), mutating());
    await eventually(() => expect(webhooks(api, VALIDATING)[0]).toMatchObject({ failurePolicy: 'Ignore' }));
    expect(bundle(api, VALIDATING)).toBe(before);
    expect(webhooks(api, MUTATING)[0]).toMatchObject({ failurePolicy: 'Fail' });
    for (const { warnings } of replicas) expect(warnings).toEqual([]);
  });

  it('are written once, however many replicas there are', async () => {
    const api = await startGarden();
    publish(api, validating(), mutating());
    const replicas = await Promise.all(
      ['a', 'b', 'c'].map((replica) => startReplica(api, { replica, registration })),
    );
    await eventually(() => {
      expect(bundle(api, MUTATING)).not.toBe('');
      for (const { source } of replicas) expect(source.problem()).toBeUndefined();
    });
    const made = replicas.flatMap(({ changes }) => changes.filter((change) => change === 'register'));
    expect(made).toHaveLength(2);
  });

  it('are created again after a user deletes them, with the authority that is in use', async () => {
    const api = await startGarden();
    publish(api, validating());
    await startReplica(api, { registration });
    await eventually(() => expect(bundle(api, VALIDATING)).not.toBe(''));
    api.delete(VALIDATING, 'calico-admission');
    await eventually(() => expect(bundle(api, VALIDATING)).toContain('BEGIN CERTIFICATE'));
    expect(bundle(api, VALIDATING)).toBe(stored(api)['ca.crt']);
    expect(read(api, MUTATING)).toBeUndefined();
  });

  it('go when it does not describe them any more', async () => {
    const api = await startGarden();
    publish(api, validating(), mutating());
    const replicas = await Promise.all(
      ['a', 'b'].map((replica) => startReplica(api, { replica, registration })),
    );
    await eventually(() => {
      for (const list of [VALIDATING, MUTATING]) expect(bundle(api, list)).not.toBe('');
    });
    publish(api, validating());
    await eventually(() => expect(read(api, MUTATING)).toBeUndefined());
    const looks = looksAt(api, MUTATING);
    await eventually(() => expect(looksAt(api, MUTATING)).toBeGreaterThan(looks + 3));
    expect(read(api, MUTATING)).toBeUndefined();
    expect(bundle(api, VALIDATING)).toContain('BEGIN CERTIFICATE');
    for (const { warnings } of replicas) expect(warnings).toEqual([]);
    expect(replicas.flatMap(({ changes }) => changes)).toContain('unregister');
    // Who is not asked needs no trust.
    await eventually(() => expect(replicas[0]?.source.problem()).toBeUndefined());
  });

  it('are also deleted if no replica was running at the time', async () => {
    const api = await startGarden();
    publish(api, validating());
    api.put(MUTATING, made());
    await startReplica(api, { registration });
    await eventually(() => expect(read(api, MUTATING)).toBeUndefined());
  });

  it('come again with it', async () => {
    const api = await startGarden();
    publish(api, validating());
    api.put(MUTATING, made());
    await startReplica(api, { registration });
    await eventually(() => expect(read(api, MUTATING)).toBeUndefined());
    publish(api, validating(), mutating());
    await eventually(() => expect(bundle(api, MUTATING)).toContain('BEGIN CERTIFICATE'));
  });

  it.each([
    ['made by another program', made({ annotations: {} })],
    ['of another namespace', made({ ownerReferences: [{ kind: 'Namespace', name: 'other', uid: 'other' }] })],
    ['of a namespace that was there before', made({ ownerReferences: [{ ...NAMESPACE, uid: 'old' }] })],
    ['without an owner', made({ ownerReferences: undefined })],
  ])('stay where they are %s', async (_name, object) => {
    const api = await startGarden();
    publish(api, validating());
    api.put(MUTATING, object);
    await startReplica(api, { registration });
    await eventually(() => expect(bundle(api, VALIDATING)).not.toBe(''));
    await expectLeftAlone(api, MUTATING);
  });

  it('stay where another owner has taken them over meanwhile', async () => {
    const api = await startGarden();
    publish(api, validating());
    api.put(MUTATING, made());
    let deletions = 0;
    api.fault = ({ method }) => {
      if (method !== 'DELETE') return undefined;
      deletions += 1;
      api.put(MUTATING, made({ annotations: {} }));
      return undefined;
    };
    const replica = await startReplica(api, { registration });
    await eventually(() => expect(deletions).toBe(1));
    await expectLeftAlone(api, MUTATING);
    expect(replica.warnings).toEqual([]);
  });

  it('stay where the ConfigMap is missing or unreadable', async () => {
    const api = await startGarden();
    publish(api, validating(), mutating());
    const replica = await startReplica(api, { registration });
    await eventually(() => {
      for (const list of [VALIDATING, MUTATING]) expect(bundle(api, list)).not.toBe('');
    });
    api.delete(CONFIG_MAPS, registration.name);
    await expectLeftAlone(api, MUTATING);
    publish(api, { text: 'none' });
    await eventually(() => expect(replica.faults).toContain('registration'));
    await expectLeftAlone(api, MUTATING);
  });

  it.each([
    { name: 'is being deleted', change: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
    { name: 'is not there', change: undefined },
  ])('are not made where the namespace $name', async ({ change }) => {
    const api = change === undefined ? await startApi() : await startGarden(change);
    publish(api, validating());
    const replica = await startReplica(api, { registration });
    await eventually(() => {
      const looks = api.calls.filter(({ path }) => path === `${NAMESPACES}/${OWNER}`);
      expect(looks.length).toBeGreaterThan(2);
    });
    expect(read(api, VALIDATING)).toBeUndefined();
    // Who is not asked needs no trust.
    expect(replica.source.problem()).toBeUndefined();
  });

  it.each([
    ['of another name', { ...validating(), metadata: { name: 'others' } }],
    ['of another kind', { ...validating(), kind: 'ValidatingAdmissionPolicy' }],
    ['of another API', { ...validating(), apiVersion: 'v1' }],
    ['with a webhook of others', validating({ name: 'all.example.org' })],
    ['that is none', { text: 'none' }],
    ['that is a list', [1]],
  ])('are ours alone: nothing is made of one %s', async (_name, content) => {
    const api = await startGarden();
    publish(api, content);
    const replica = await startReplica(api, { registration });
    await eventually(() => expect(replica.faults).toContain('registration'));
    expect(replica.warnings.join()).toContain('is not a webhook configuration of calico-admission');
    expect([read(api, VALIDATING), read(api, MUTATING), api.get(VALIDATING, 'others')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of a server without a ConfigMap are left as they are', async () => {
    const api = await startGarden();
    api.put(VALIDATING, validating() as StoredObject);
    await startReplica(api);
    await eventually(() => expect(bundle(api, VALIDATING)).not.toBe(''));
    expect(read(api, VALIDATING)?.metadata).not.toHaveProperty('ownerReferences');
  });
});
