import type { Rule } from '../policy/types.ts';
import type { NetworkInput } from '../targets/network.ts';
import type { ShootInput } from '../targets/shoot.ts';
import { providerConfig } from './network/provider-config.ts';
import { autodetectionMethod } from './shoot/autodetection-method.ts';
import { autoscaling } from './shoot/autoscaling.ts';
import { awsRouteController } from './shoot/aws-route-controller.ts';
import { azureBackend } from './shoot/azure-backend.ts';
import { backend } from './shoot/backend.ts';
import { cidrs } from './shoot/cidrs.ts';
import { deprecatedField } from './shoot/deprecated-field.ts';
import { duplicateField } from './shoot/duplicate-field.ts';
import { ebpfAzureAcceleratedNetworking } from './shoot/ebpf-azure-accelerated-networking.ts';
import { ebpfKubeProxyMode } from './shoot/ebpf-kube-proxy-mode.ts';
import { ebpfWithKubeProxy } from './shoot/ebpf-with-kube-proxy.ts';
import { ebpfWithOverlay } from './shoot/ebpf-with-overlay.ts';
import { emptyMeansOff } from './shoot/empty-means-off.ts';
import { failsLater } from './shoot/fails-later.ts';
import { ipFamilies } from './shoot/ip-families.ts';
import { ipam } from './shoot/ipam.ts';
import { kubeProxyOffNeedsEbpf } from './shoot/kube-proxy-off-needs-ebpf.ts';
import { misspeltField } from './shoot/misspelt-field.ts';
import { networkType } from './shoot/network-type.ts';
import { nodeLocalDnsWithoutOverlay } from './shoot/node-local-dns-without-overlay.ts';
import { overlaySwitch } from './shoot/overlay-switch.ts';
import { pools } from './shoot/pools.ts';
import { providerIpFamilies } from './shoot/provider-ip-families.ts';
import { providerOverlay } from './shoot/provider-overlay.ts';
import { providerReservedRanges } from './shoot/provider-reserved-ranges.ts';
import { serviceLoopPrevention } from './shoot/service-loop-prevention.ts';
import { settingWithoutEffect } from './shoot/setting-without-effect.ts';
import { typhaOffAtScale } from './shoot/typha-off-at-scale.ts';
import { unknownField } from './shoot/unknown-field.ts';
import { unusualMtu } from './shoot/unusual-mtu.ts';
import { vethMtu } from './shoot/veth-mtu.ts';
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
  backend,
  ipam,
  pools,
  autodetectionMethod,
  vethMtu,
  autoscaling,
  serviceLoopPrevention,
  cidrs,
  ipFamilies,
  providerOverlay,
  providerIpFamilies,
  providerReservedRanges,
  azureBackend,
  failsLater,
  overlaySwitch,
  ebpfWithKubeProxy,
  ebpfWithOverlay,
  nodeLocalDnsWithoutOverlay,
  typhaOffAtScale,
  emptyMeansOff,
  settingWithoutEffect,
  misspeltField,
  unusualMtu,
  deprecatedField,
  ebpfAzureAcceleratedNetworking,
  ebpfKubeProxyMode,
  awsRouteController,
];

export const networkRules: readonly Rule<NetworkInput>[] = [providerConfig];
