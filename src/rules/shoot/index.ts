import type { BundleRule, Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { autodetectionMethod } from './autodetection-method.ts';
import { autoscaling } from './autoscaling.ts';
import { awsRouteController } from './aws-route-controller.ts';
import { azureBackend } from './azure-backend.ts';
import { backend } from './backend.ts';
import { cidrs } from './cidrs.ts';
import { deprecatedField } from './deprecated-field.ts';
import { duplicateField } from './duplicate-field.ts';
import { ebpfAzureAcceleratedNetworking } from './ebpf-azure-accelerated-networking.ts';
import { ebpfKubeProxyMode } from './ebpf-kube-proxy-mode.ts';
import { ebpfWithKubeProxy } from './ebpf-with-kube-proxy.ts';
import { ebpfWithOverlay } from './ebpf-with-overlay.ts';
import { emptyMeansOff } from './empty-means-off.ts';
import { failsLater } from './fails-later.ts';
import { ipFamilies } from './ip-families.ts';
import { ipam } from './ipam.ts';
import { kubeProxyOffNeedsEbpf } from './kube-proxy-off-needs-ebpf.ts';
import { misspeltField } from './misspelt-field.ts';
import { networkType } from './network-type.ts';
import { nodeBlocks } from './node-blocks.ts';
import { nodeLocalDnsWithoutOverlay } from './node-local-dns-without-overlay.ts';
import { nodesMissing } from './nodes-missing.ts';
import { overlappingRanges } from './overlapping-ranges.ts';
import { overlappingRoutedPods } from './overlapping-routed-pods.ts';
import { overlaySwitch } from './overlay-switch.ts';
import { pools } from './pools.ts';
import { providerIpFamilies } from './provider-ip-families.ts';
import { providerOverlay } from './provider-overlay.ts';
import { providerReservedRanges } from './provider-reserved-ranges.ts';
import { serviceLoopPrevention } from './service-loop-prevention.ts';
import { settingWithoutEffect } from './setting-without-effect.ts';
import { typhaOffAtScale } from './typha-off-at-scale.ts';
import { unknownField } from './unknown-field.ts';
import { unusualMtu } from './unusual-mtu.ts';
import { vethMtu } from './veth-mtu.ts';
import { vpaModeNeedsVpa } from './vpa-mode-needs-vpa.ts';
import { wrongKind } from './wrong-kind.ts';
import { wrongType } from './wrong-type.ts';

/** Findings come in this order. */
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
  nodesMissing,
  overlappingRanges,
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
  nodeBlocks,
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

/** Across documents. */
export const shootBundleRules: readonly BundleRule[] = [overlappingRoutedPods];
