import { readString } from '../../../policy/json.ts';
import { CALICO_PATH, type KopsClusterInput } from '../../../targets/kops-cluster.ts';

/** Settings of Calico that v1alpha3 does not have, so kOps drops them there. */
export const ONLY_IN_V1ALPHA2: readonly string[] = ['crossSubnet', 'majorVersion'];

/** The path of a Calico setting, in both versions. */
export function inCalico(name: string): (string | number)[] {
  return [...CALICO_PATH, name];
}

/** A word in the settings of Calico; for kOps an empty word is unset. */
export function wordOf({ calico }: KopsClusterInput, name: string): string | undefined {
  return readString(calico, name) || undefined;
}
