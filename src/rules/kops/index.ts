import type { BundleRule, Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { autodetectionMethod } from './autodetection-method.ts';
import { awsSrcDstCheck } from './aws-src-dst-check.ts';
import { cidrs } from './cidrs.ts';
import { cloudProvider } from './cloud-provider.ts';
import { clusterAddresses } from './cluster-addresses.ts';
import { crossSubnetOnAws } from './cross-subnet-on-aws.ts';
import { dataplaneSetting } from './dataplane-setting.ts';
import { deprecatedField } from './deprecated-field.ts';
import { directServerReturn } from './direct-server-return.ts';
import { ebpfKubernetesVersion } from './ebpf-kubernetes-version.ts';
import { ebpfNeedsKubeProxyOff } from './ebpf-needs-kube-proxy-off.ts';
import { ebpfSwitch } from './ebpf-switch.ts';
import { ebpfWithIpip } from './ebpf-with-ipip.ts';
import { encapsulationMode } from './encapsulation-mode.ts';
import { existingPool } from './existing-pool.ts';
import { failsLater } from './fails-later.ts';
import { kubeProxyOffNeedsEbpf } from './kube-proxy-off-needs-ebpf.ts';
import { kubernetesVersion } from './kubernetes-version.ts';
import { meshAtScale } from './mesh-at-scale.ts';
import { mtu } from './mtu.ts';
import { nftablesMode } from './nftables-mode.ts';
import { poolMode } from './pool-mode.ts';
import { serviceRange } from './service-range.ts';
import { settingWithoutEffect } from './setting-without-effect.ts';
import { singleCni } from './single-cni.ts';
import { subnets } from './subnets.ts';
import { typhaAtScale } from './typha-at-scale.ts';
import { typhaReplicas } from './typha-replicas.ts';
import { unknownField } from './unknown-field.ts';
import { unusualMtu } from './unusual-mtu.ts';
import { vxlanPorts } from './vxlan-ports.ts';
import { wireguardImage } from './wireguard-image.ts';
import { wireguardIpv6 } from './wireguard-ipv6.ts';
import { wrongType } from './wrong-type.ts';

/** Findings come in this order. */
export const kopsRules: readonly Rule<KopsClusterInput>[] = [
  unknownField,
  wrongType,
  cloudProvider,
  kubernetesVersion,
  singleCni,
  cidrs,
  clusterAddresses,
  subnets,
  ebpfNeedsKubeProxyOff,
  encapsulationMode,
  poolMode,
  awsSrcDstCheck,
  dataplaneSetting,
  nftablesMode,
  autodetectionMethod,
  mtu,
  typhaReplicas,
  wireguardIpv6,
  crossSubnetOnAws,
  vxlanPorts,
  unusualMtu,
  ebpfWithIpip,
  ebpfKubernetesVersion,
  directServerReturn,
  kubeProxyOffNeedsEbpf,
  serviceRange,
  ebpfSwitch,
  existingPool,
  settingWithoutEffect,
  failsLater,
  deprecatedField,
];

/** Across documents. */
export const kopsBundleRules: readonly BundleRule[] = [typhaAtScale, meshAtScale, wireguardImage];
