import fc from 'fast-check';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { type EvaluationCase, shoot } from './evaluate.ts';

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
  // As JSON: no undefined field, no -0, no NaN.
  const text = JSON.stringify(
    shoot(
      each.config,
      { kubernetes: { version: each.version }, provider: { type: each.cloud } },
      { type: each.type, ipFamilies: each.families },
    ),
  );
  return JSON.parse(text);
}

/** A new Shoot or an update of one: usually close to real Shoots, sometimes any value. */
export const SHOOT_CASE: fc.Arbitrary<EvaluationCase> = fc
  .record({
    before: SHOOT,
    after: SHOOT,
    isUpdate: fc.boolean(),
    // Most updates are of the same Shoot in the same cloud.
    isMoved: fc.boolean(),
    openstackOverlayDefault: fc.boolean(),
    pathProvider: fc.constantFrom(undefined, 'azure', 'aws', 'gcp', 'nowhere'),
  })
  .map(({ before, after, isUpdate, isMoved, openstackOverlayDefault, pathProvider }): EvaluationCase => {
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
