import type { Rule } from '../../policy/types.ts';
import type { NetworkInput } from '../../targets/network.ts';
import { providerConfig } from './provider-config.ts';

/** Findings come in this order. */
export const networkRules: readonly Rule<NetworkInput>[] = [providerConfig];
