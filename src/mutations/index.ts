import type { Mutation } from '../policy/types.ts';
import type { NetworkInput } from '../targets/network.ts';
import type { ShootInput } from '../targets/shoot.ts';
import { azureBackend } from './azure-backend.ts';
import { mtuString } from './mtu-string.ts';
import { overlayDefault } from './overlay-default.ts';
import { overlayKept } from './overlay-kept.ts';

/** Every mutation, by the kind that it corrects. */
export const shootMutations: readonly Mutation<ShootInput>[] = [
  azureBackend,
  overlayDefault,
  overlayKept,
  mtuString,
];
export const networkMutations: readonly Mutation<NetworkInput>[] = [azureBackend, mtuString];
