// An update without an overlay block does not ask for a change of the overlay: but without a value the overlay would
// be enabled in a cluster that runs without it. Gardener's provider extensions write the old value, and this mutation
// does the same for landscapes without these extensions.
import { isMap, isUnset, type JsonObject, read, readBoolean } from '../policy/json.ts';
import type { Mutation } from '../policy/types.ts';
import type { ShootInput } from '../targets/shoot.ts';
import {
  findProviderOverlay,
  type ProviderOverlay,
  withPodRoutes,
  writeOverlay,
} from './shared/provider-overlay.ts';

export const overlayKept: Mutation<ShootInput> = {
  id: 'overlay-kept',
  title: 'the overlay is kept by an update that does not set it',
  onlyOn: 'UPDATE',
  docs: {
    why: "Without a value Calico uses an overlay, so an update without the block would enable it in a cluster that runs without. On AWS, GCP, OpenStack and Alibaba Cloud such an update gets the old value of the Shoot, as from Gardener's provider extensions. If the Shoot had none, none is written.",
    fix: 'Write `overlay.enabled` explicitly: an existing value, also `overlay: {}`, is never changed.',
    old: `
kind: Shoot
spec:
  provider:
    type: aws
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: false
`,
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
  *mutate(input) {
    const wanted = findProviderOverlay(input);
    if (wanted !== undefined) yield* writeOverlay(input, wanted, () => keptOf(input, wanted));
  },
};

/** What the Shoot had before, as far as it can be read. */
function keptOf(input: ShootInput, wanted: ProviderOverlay): JsonObject | undefined {
  const before = input.old && read(input.old.config, 'overlay');
  if (!isMap(before)) return undefined;
  const enabled = read(before, 'enabled');
  if (!isUnset(enabled) && typeof enabled !== 'boolean') return undefined;
  if (enabled === true && isRejectedFromNowOn(input, wanted)) return undefined;
  const podRoutes = readBoolean(before, 'createPodRoutes');
  const kept = {
    enabled: enabled === true,
    ...(podRoutes !== undefined && { createPodRoutes: podRoutes }),
  };
  return kept.enabled || podRoutes !== undefined ? kept : withPodRoutes(kept, wanted);
}

/** Whether the cloud no longer accepts an overlay, because the update adds IPv6: the user then has to set it. */
function isRejectedFromNowOn({ old, ipFamilies, provider }: ShootInput, wanted: ProviderOverlay): boolean {
  if (wanted.noOverlayWithIpv6 !== true || !ipFamilies.includes('IPv6')) return false;
  return old?.provider !== provider || !old?.ipFamilies.includes('IPv6');
}
