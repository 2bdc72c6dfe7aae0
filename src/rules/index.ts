import type { Rule } from '../policy/types.ts';
import type { NetworkInput } from '../targets/network.ts';
import type { ShootInput } from '../targets/shoot.ts';
import { duplicateField } from './shoot/duplicate-field.ts';
import { kubeProxyOffNeedsEbpf } from './shoot/kube-proxy-off-needs-ebpf.ts';
import { networkType } from './shoot/network-type.ts';
import { unknownField } from './shoot/unknown-field.ts';
import { vpaModeNeedsVpa } from './shoot/vpa-mode-needs-vpa.ts';
import { wrongKind } from './shoot/wrong-kind.ts';
import { wrongType } from './shoot/wrong-type.ts';

/** Every rule, by the kind that it judges; findings come in this order. */
export const shootRules: readonly Rule<ShootInput>[] = [
  kubeProxyOffNeedsEbpf,
  vpaModeNeedsVpa,
  networkType,
  wrongKind,
  unknownField,
  wrongType,
  duplicateField,
];

export const networkRules: readonly Rule<NetworkInput>[] = [];
