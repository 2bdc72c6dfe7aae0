// What the clouds do with Calico's overlay, for the mutations that write it. Gardener's provider extensions do the same
// (pkg/admission/mutator of provider-aws, -gcp, -alicloud and -openstack).
import { isBelow, parseVersion } from '../../formats/version.ts';
import { isMap, isUnset, type JsonObject, read, readString } from '../../policy/json.ts';
import type { Effect } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

/** What a provider wants of the overlay. */
export interface ProviderOverlay {
  /** Whether a new Shoot has the overlay; on OpenStack a switch of the landscape decides. */
  readonly overlay: 'off' | 'switchable';
  /** Below this version of Kubernetes the cloud cannot do without overlay, and nothing is written. */
  readonly since?: readonly [major: number, minor: number];
  /** Without overlay BIRD has to write the routes to the pods. */
  readonly podRoutes?: true;
  /** Without overlay the cloud's DNS servers answer pods directly, so that their addresses are kept. */
  readonly noDnsSnat?: true;
  /** The cloud supports IPv6 only without overlay. */
  readonly noOverlayWithIpv6?: true;
}

/** Azure and clouds that are not listed write nothing. */
const PROVIDERS: ReadonlyMap<string, ProviderOverlay> = new Map<string, ProviderOverlay>([
  ['alicloud', { overlay: 'off', noDnsSnat: true }],
  ['aws', { overlay: 'off', since: [1, 22], noOverlayWithIpv6: true }],
  ['gcp', { overlay: 'off', noDnsSnat: true, noOverlayWithIpv6: true }],
  ['openstack', { overlay: 'switchable', podRoutes: true }],
]);

/** Undefined where nothing is to be written: the cloud wants nothing, or the Shoot cannot be completed. */
export function findProviderOverlay(input: ShootInput): ProviderOverlay | undefined {
  if (!input.isTyped || !(isUnset(input.configValue) || isMap(input.configValue))) return undefined;
  const wanted = PROVIDERS.get(input.provider ?? '');
  return wanted === undefined || isTooOld(input, wanted) ? undefined : wanted;
}

function isTooOld({ spec }: ShootInput, { since }: ProviderOverlay): boolean {
  const version = parseVersion(readString(spec, 'kubernetes', 'version') ?? '');
  return since !== undefined && version !== undefined && isBelow(version, ...since);
}

/**
 * Writes a missing block, and the other fields that a cluster without overlay needs.
 * @param fillIn the value of the block that is missing; undefined where it stays unset
 */
export function* writeOverlay(
  input: ShootInput,
  wanted: ProviderOverlay,
  fillIn: () => JsonObject | undefined,
): Generator<Effect> {
  const written = read(input.config, 'overlay');
  const overlay = isUnset(written) ? fillIn() : written;
  if (!isMap(overlay)) return;
  if (isUnset(written)) yield { kind: 'set', path: ['overlay'], value: overlay };
  const enabled = read(overlay, 'enabled');
  if (isUnset(enabled) || enabled === false) yield* completeOff(input, wanted, overlay);
}

export function withPodRoutes(overlay: JsonObject, { podRoutes }: ProviderOverlay): JsonObject {
  return podRoutes === true ? { ...overlay, createPodRoutes: true } : overlay;
}

function* completeOff(input: ShootInput, wanted: ProviderOverlay, overlay: JsonObject): Generator<Effect> {
  if (wanted.podRoutes === true && isUnset(read(overlay, 'createPodRoutes'))) {
    yield { kind: 'set', path: ['overlay', 'createPodRoutes'], value: true };
  }
  if (wanted.noDnsSnat === true && isUnset(read(input.config, 'snatToUpstreamDNS'))) {
    yield { kind: 'set', path: ['snatToUpstreamDNS'], value: { enabled: false } };
  }
}
