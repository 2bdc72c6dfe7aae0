// Without overlay the cloud's own routes carry the pods' traffic, which is faster and easier to look into; Gardener's
// provider extensions make that the default of a new Shoot where the cloud can do it. This does the same for those who
// run without them. What nobody wrote is filled in once, when the Shoot is made; from then on the old value is carried
// over, because switching a live cluster's overlay is an outage.
import { isBelow, parseVersion } from '../formats/version.ts';
import { isMap, isUnset, type JsonObject, read, readBoolean, readString } from '../policy/json.ts';
import type { Effect, Mutation, MutationOptions } from '../policy/types.ts';
import { isDeleting } from '../targets/deletion.ts';
import { isRescheduled, type ShootInput } from '../targets/shoot.ts';

/** What a provider wants of the overlay. */
interface ProviderDefault {
  /** Whether a new Shoot has the overlay; on OpenStack a switch of the landscape decides. */
  readonly overlay: 'off' | 'switchable';
  /** Below this version of Kubernetes the cloud cannot do without overlay, and nothing is written. */
  readonly since?: readonly [major: number, minor: number];
  /** Without overlay BIRD has to write the routes to the pods. */
  readonly podRoutes?: true;
  /** Without overlay the cloud's DNS servers answer pods directly, so that their addresses are kept. */
  readonly noDnsSnat?: true;
  /** The cloud carries IPv6 only without overlay. */
  readonly noOverlayWithIpv6?: true;
}

/** Azure and clouds that are not listed have no default. */
const DEFAULTS: ReadonlyMap<string, ProviderDefault> = new Map<string, ProviderDefault>([
  ['alicloud', { overlay: 'off', noDnsSnat: true }],
  ['aws', { overlay: 'off', since: [1, 22], noOverlayWithIpv6: true }],
  ['gcp', { overlay: 'off', noDnsSnat: true, noOverlayWithIpv6: true }],
  ['openstack', { overlay: 'switchable', podRoutes: true }],
]);

export const overlayDefault: Mutation<ShootInput> = {
  id: 'overlay-default',
  title: "the overlay gets the provider's default",
  docs: {
    why: "Without a value Calico uses an overlay. AWS, GCP and Alibaba Cloud route the pods' traffic themselves; there a new Shoot gets `overlay.enabled: false`, as from Gardener's provider extensions. An update that leaves the block out keeps what the Shoot had.",
    fix: 'Write `overlay.enabled` explicitly: a value that is there, also `overlay: {}`, is never changed.',
    good: `
kind: Shoot
spec:
  provider:
    type: aws
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: true
`,
    bad: `
kind: Shoot
spec:
  provider:
    type: aws
  networking:
    type: calico
`,
    source: 'gardener-extension-provider-aws, -gcp, -alicloud and -openstack, pkg/admission/mutator',
    since: '0.1.0',
  },
  *mutate(input, options) {
    if (!input.isTyped || !(isUnset(input.configValue) || isMap(input.configValue))) return;
    if (hasLived(input)) return;
    const wanted = DEFAULTS.get(input.provider ?? '');
    if (wanted === undefined || isTooOld(input, wanted)) return;
    const written = read(input.config, 'overlay');
    const overlay = isUnset(written) ? fillIn(input, wanted, options) : written;
    if (!isMap(overlay)) return;
    if (isUnset(written)) yield { kind: 'set', path: ['overlay'], value: overlay };
    if (isOff(overlay)) yield* completeOff(input, wanted, overlay);
  },
};

/**
 * Whether what is created says of itself that it has been a cluster before, such as one that is restored from a backup:
 * to switch its overlay would be an outage. Gardener's provider extensions leave it alone as well. Whoever forges that
 * only leaves unset what he could have written.
 */
function hasLived({ operation, object }: ShootInput): boolean {
  return operation === 'CREATE' && (isDeleting(object) || isRescheduled(object, read(object, 'status')));
}

function isTooOld({ spec }: ShootInput, { since }: ProviderDefault): boolean {
  const version = parseVersion(readString(spec, 'kubernetes', 'version') ?? '');
  return since !== undefined && version !== undefined && isBelow(version, ...since);
}

function isOff(overlay: JsonObject): boolean {
  const enabled = read(overlay, 'enabled');
  return isUnset(enabled) || enabled === false;
}

/** The value of a block that nobody wrote, or undefined where it is to stay unset. */
function fillIn(
  input: ShootInput,
  wanted: ProviderDefault,
  options: MutationOptions,
): JsonObject | undefined {
  // The operation and not the old object tells: an update that came without it is of a live cluster as well.
  if (input.operation === 'UPDATE') return carryOver(input, wanted);
  if (wanted.overlay === 'switchable' && options.openstackOverlayDefault) return { enabled: true };
  return withPodRoutes({ enabled: false }, wanted);
}

/** What the Shoot had before, as far as it can be read. */
function carryOver(input: ShootInput, wanted: ProviderDefault): JsonObject | undefined {
  const before = input.old && read(input.old.config, 'overlay');
  if (!isMap(before)) return undefined;
  const enabled = read(before, 'enabled');
  if (!isUnset(enabled) && typeof enabled !== 'boolean') return undefined;
  if (enabled === true && isRefusedFromNowOn(input, wanted)) return undefined;
  const podRoutes = readBoolean(before, 'createPodRoutes');
  const carried = {
    enabled: enabled === true,
    ...(podRoutes !== undefined && { createPodRoutes: podRoutes }),
  };
  return carried.enabled || podRoutes !== undefined ? carried : withPodRoutes(carried, wanted);
}

/** Whether the cloud takes no overlay any more: then whoever asks for IPv6 has to say what becomes of it. */
function isRefusedFromNowOn({ old, ipFamilies, provider }: ShootInput, wanted: ProviderDefault): boolean {
  if (wanted.noOverlayWithIpv6 !== true || !ipFamilies.includes('IPv6')) return false;
  return old?.provider !== provider || !old?.ipFamilies.includes('IPv6');
}

function withPodRoutes(overlay: JsonObject, { podRoutes }: ProviderDefault): JsonObject {
  return podRoutes === true ? { ...overlay, createPodRoutes: true } : overlay;
}

/** What a cluster without overlay needs besides, where nobody said otherwise. */
function* completeOff(input: ShootInput, wanted: ProviderDefault, overlay: JsonObject): Generator<Effect> {
  if (wanted.podRoutes === true && isUnset(read(overlay, 'createPodRoutes'))) {
    yield { kind: 'set', path: ['overlay', 'createPodRoutes'], value: true };
  }
  if (wanted.noDnsSnat === true && isUnset(read(input.config, 'snatToUpstreamDNS'))) {
    yield { kind: 'set', path: ['snatToUpstreamDNS'], value: { enabled: false } };
  }
}
