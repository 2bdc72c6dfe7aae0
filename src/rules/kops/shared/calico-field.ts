import { readString } from '../../../policy/json.ts';
import { CALICO_PATH, type KopsClusterInput } from '../../../targets/kops-cluster.ts';

/** Calico's settings that v1alpha3 does not have, so that kOps drops them there. */
export const ONLY_IN_V1ALPHA2: readonly string[] = ['crossSubnet', 'majorVersion'];

/** Where a Calico setting stands, in both versions. */
export function inCalico(name: string): (string | number)[] {
  return [...CALICO_PATH, name];
}

/** A word among Calico's settings; empty means unset to kOps. */
export function wordOf({ calico }: KopsClusterInput, name: string): string | undefined {
  return readString(calico, name) || undefined;
}
