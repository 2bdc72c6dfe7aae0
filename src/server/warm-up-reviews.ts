import type { JsonObject } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import type { TargetInfo } from '../policy/types.ts';

/** A review that the server sends to itself. */
export interface WarmUpReview {
  readonly path: string;
  readonly body: string;
}

/** Managed fields of several managers are a third of an object. */
const MANAGERS = ['kubectl', 'gardener-apiserver', 'gardenlet', 'gardener-controller-manager'];

/**
 * Reviews of every kind that has samples: to both webhooks, for new objects and updates, with an unchanged and a
 * changed spec. A kind without samples is left out: its schema is compiled when its first object arrives.
 */
export function createWarmUpReviews(registry: Registry): readonly WarmUpReview[] {
  return registry.policies.flatMap(({ target }) => reviewsOf(target));
}

function reviewsOf(target: TargetInfo): WarmUpReview[] {
  const samples = target.samples?.() ?? [];
  return samples.flatMap((sample, index) => {
    const before = samples[(index + 1) % samples.length] ?? sample;
    const create = write(target, { operation: 'CREATE', object: sample });
    const change = write(target, {
      operation: 'UPDATE',
      object: addManagedFields(sample),
      oldObject: addManagedFields(before),
    });
    const touch = write(target, {
      operation: 'UPDATE',
      object: addManagedFields(sample),
      oldObject: addManagedFields({ ...sample, status: {} }),
    });
    return [create, change, touch].flatMap((body, turn) =>
      pathsOf(target, index + turn).map((path) => ({ path, body })),
    );
  });
}

/** With each provider in the path, which matters for objects that do not name theirs. */
function pathsOf({ config, providers = [] }: TargetInfo, turn: number): string[] {
  if (config === undefined) return ['/validate'];
  const provider = providers[turn % providers.length];
  return ['/validate', provider === undefined ? '/mutate' : `/mutate/${provider}`];
}

function write({ apis: [{ group, versions }], kind, resource }: TargetInfo, what: object): string {
  const [version] = versions;
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '00000000-0000-0000-0000-000000000000',
      kind: { group, version, kind },
      resource: { group, version, resource },
      userInfo: { username: 'warm-up', groups: ['system:authenticated'] },
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
      dryRun: true,
      ...what,
    },
  });
}

/** The object with managed fields, as an API server stores it. */
function addManagedFields(object: JsonObject): JsonObject {
  const fieldsV1 = Object.fromEntries(
    Object.keys(object).map((key) => [
      `f:${key}`,
      { '.': {}, 'f:name': {}, 'k:{"name":"worker"}': { '.': {} } },
    ]),
  );
  const managedFields = MANAGERS.map((manager) => ({
    manager,
    operation: 'Update',
    apiVersion: object['apiVersion'],
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
  }));
  return { ...object, metadata: { ...(object['metadata'] as JsonObject), managedFields } };
}
