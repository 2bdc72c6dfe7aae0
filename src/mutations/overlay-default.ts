// Without overlay the routes of the cloud carry the traffic of pods, which is faster and easier to debug; Gardener's
// provider extensions make that the default of a new Shoot if the cloud supports it. This mutation does the same for
// landscapes without these extensions. It sets the missing value only when the Shoot is created, because switching the
// overlay of a running cluster interrupts the network.
import { type JsonObject, read } from '../policy/json.ts';
import type { Mutation, MutationOptions } from '../policy/types.ts';
import { isDeleting } from '../targets/deletion.ts';
import { isRescheduled, type ShootInput } from '../targets/shoot.ts';
import {
  findProviderOverlay,
  type ProviderOverlay,
  withPodRoutes,
  writeOverlay,
} from './shared/provider-overlay.ts';

export const overlayDefault: Mutation<ShootInput> = {
  id: 'overlay-default',
  title: 'the overlay of a new Shoot is set to the default of its provider',
  onlyOn: 'CREATE',
  docs: {
    why: "Without a value Calico uses an overlay. AWS, GCP and Alibaba Cloud route the traffic of pods themselves; there a new Shoot gets `overlay.enabled: false`, as from Gardener's provider extensions. On OpenStack it gets `true`, or `false` if the configuration file says so.",
    fix: 'Write `overlay.enabled` explicitly: an existing value, also `overlay: {}`, is never changed.',
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
    const wanted = findProviderOverlay(input);
    if (wanted === undefined || hasLived(input)) return;
    yield* writeOverlay(input, wanted, () => defaultOf(wanted, options));
  },
};

/**
 * Whether what is created says of itself that it has been a cluster before, such as one that is restored from a backup:
 * to switch its overlay would be an outage. Gardener's provider extensions leave it alone as well. Whoever forges that
 * only leaves unset what he could have written.
 */
function hasLived({ object }: ShootInput): boolean {
  return isDeleting(object) || isRescheduled(object, read(object, 'status'));
}

function defaultOf(wanted: ProviderOverlay, options: MutationOptions): JsonObject {
  if (wanted.overlay === 'switchable' && options.openstackOverlayDefault) return { enabled: true };
  return withPodRoutes({ enabled: false }, wanted);
}
