import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { formatPointer } from '../../src/policy/field-path.ts';
import { deepEqual, isMap, isUnset, read } from '../../src/policy/json.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { loadRegistry } from '../../src/registry.ts';
import { type Judged, mutate, shoot, validate } from '../support/judge.ts';

const registry = loadRegistry();
const RUNS = { numRuns: 2000 };
const TIMEOUT = 60_000;
const CONFIG = ['spec', 'networking', 'providerConfig'];

const ENABLED = fc.constantFrom<unknown>(true, false, null, undefined, 'true', 1);
const SWITCH = fc.oneof(
  { weight: 8, arbitrary: fc.record({ enabled: ENABLED }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
);
const OVERLAY = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      { enabled: ENABLED, createPodRoutes: ENABLED, foo: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
);
const KNOWN = fc.record(
  {
    backend: fc.constantFrom<unknown>('bird', 'None', 'none', 'vxlan', 'geneve', '', null, 7, {}),
    overlay: OVERLAY,
    snatToUpstreamDNS: SWITCH,
    vethMTU: fc.oneof(
      fc.constantFrom<unknown>('1440', '', null, -0, Number.MAX_SAFE_INTEGER),
      fc.integer(),
      fc.double(),
    ),
    typha: SWITCH,
    ebpfDataplane: SWITCH,
    foo: fc.jsonValue({ maxDepth: 1 }),
  },
  { requiredKeys: [] },
);
const PROVIDER_CONFIG = fc.oneof(
  { weight: 8, arbitrary: KNOWN },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, {}) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);
const SHOOT = fc.record({
  config: PROVIDER_CONFIG,
  cloud: fc.constantFrom<unknown>('alicloud', 'aws', 'azure', 'gcp', 'openstack', 'local', '', undefined),
  type: fc.constantFrom<unknown>('calico', 'calico', 'calico', undefined, 'cilium'),
  families: fc.constantFrom<unknown>(undefined, ['IPv4'], ['IPv6'], ['IPv4', 'IPv6'], ['x'], 'IPv6'),
  version: fc.constantFrom<unknown>('1.21.14', '1.22.0', '1.34.0', undefined, 'latest'),
});

function write(each: typeof SHOOT extends fc.Arbitrary<infer T> ? T : never): object {
  // What goes over the wire: no field that is undefined, no -0, no NaN.
  const text = JSON.stringify(
    shoot(
      each.config,
      { kubernetes: { version: each.version }, provider: { type: each.cloud } },
      { type: each.type, ipFamilies: each.families },
    ),
  );
  return JSON.parse(text);
}

const CASE = fc
  .record({
    before: SHOOT,
    after: SHOOT,
    isUpdate: fc.boolean(),
    // Most updates are of the same Shoot in the same cloud.
    isMoved: fc.boolean(),
    openstackOverlayDefault: fc.boolean(),
    pathProvider: fc.constantFrom(undefined, 'azure', 'aws', 'gcp', 'nowhere'),
  })
  .map(({ before, after, isUpdate, isMoved, openstackOverlayDefault, pathProvider }): Judged => {
    const old = isMoved
      ? before
      : { ...before, cloud: after.cloud, type: after.type, version: after.version };
    return {
      object: write(after),
      ...(isUpdate && { old: write(old) }),
      ...(pathProvider !== undefined && { pathProvider }),
      settings: { ...DEFAULT_SETTINGS, options: { openstackOverlayDefault } },
    };
  });

function apply(object: unknown, patch: readonly Operation[]): unknown {
  const copy = structuredClone(object);
  expect(applyPatch(copy, structuredClone([...patch]))).toEqual(patch.map(() => null));
  return copy;
}

/** Every value in it that somebody wrote: the scalars, and the maps and lists that hold none. */
function* explicitValues(
  value: unknown,
  path: readonly string[] = [],
): Generator<readonly [readonly string[], unknown]> {
  if (isMap(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) yield* explicitValues(inner, [...path, key]);
  } else if (!isUnset(value)) {
    yield [path, value];
  }
}

function isDocumentedReplacement(path: readonly string[], before: unknown, after: unknown): boolean {
  const at = path.join('.');
  if (at === 'backend') return (before === 'bird' || before === 'None') && after === 'none';
  if (at === 'vethMTU') return typeof before === 'number' && after === String(before);
  return false;
}

describe('whatever Shoot comes', () => {
  it(
    'the patch applies, and a second call patches nothing',
    () => {
      fc.assert(
        fc.property(CASE, (judged) => {
          const { patch } = mutate(registry, judged);
          const object = apply(judged.object, patch);
          expect(mutate(registry, { ...judged, object }).patch).toEqual([]);
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    'only the configuration is written, and never a null',
    () => {
      fc.assert(
        fc.property(CASE, (judged) => {
          const { patch } = mutate(registry, judged);
          for (const { path, value } of patch) {
            expect(`${path}/`).toMatch(/^\/spec\/networking\/providerConfig\//);
            expect(JSON.stringify(value)).not.toMatch(/null/);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    'an explicit value is never changed but for the documented ones',
    () => {
      fc.assert(
        fc.property(CASE, (judged) => {
          const { patch } = mutate(registry, judged);
          const object = apply(judged.object, patch);
          for (const [path, value] of explicitValues(read(judged.object, ...CONFIG))) {
            const after = read(object, ...CONFIG, ...path);
            // A map in which nothing stands may be filled, and is still that map.
            const isKept = deepEqual(after, value) || (isMap(value) && isMap(after));
            const isAllowed = isKept || isDocumentedReplacement(path, value, after);
            expect(isAllowed, `${path.join('.')}: ${String(value)} became ${String(after)}`).toBe(true);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    "an overlay that is there is never switched, and a live cluster's never at all",
    () => {
      fc.assert(
        fc.property(CASE, (judged) => {
          const object = apply(judged.object, mutate(registry, judged).patch);
          const overlay = [...CONFIG, 'overlay'];
          const [written, after] = [read(judged.object, ...overlay), read(object, ...overlay)];
          if (!isUnset(written)) expect(read(after, 'enabled')).toEqual(read(written, 'enabled'));
          else if (judged.old !== undefined && after !== written) {
            const before = read(judged.old, ...overlay);
            expect(isMap(before)).toBe(true);
            expect(read(after, 'enabled')).toBe(read(before, 'enabled') === true);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    'what the patch wrote is never refused',
    () => {
      fc.assert(
        fc.property(CASE, (judged) => {
          const { patch } = mutate(registry, judged);
          const object = apply(judged.object, patch);
          const { judgements } = validate(registry, { ...judged, object });
          const denied = judgements
            .filter((each) => each.action === 'deny')
            .map((each) => formatPointer(each.path));
          for (const operation of patch) {
            expect(denied.filter((path) => `${path}/`.startsWith(`${operation.path}/`))).toEqual([]);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );
});
