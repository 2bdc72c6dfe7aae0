import type { BundleRule, Rule } from '../../policy/types.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { advertiseAddress } from './advertise-address.ts';
import { autodetectionMethod } from './autodetection-method.ts';
import { backend } from './backend.ts';
import { bindPort } from './bind-port.ts';
import { birdProbes } from './bird-probes.ts';
import { blockSize } from './block-size.ts';
import { cniConfig } from './cni-config.ts';
import { cniMtu } from './cni-mtu.ts';
import { controlPlaneEndpoint } from './control-plane-endpoint.ts';
import { dnsDomain } from './dns-domain.ts';
import { ebpfWithKubeProxy } from './ebpf-with-kube-proxy.ts';
import { enabledControllers } from './enabled-controllers.ts';
import { existingPool } from './existing-pool.ts';
import { extraArgs } from './extra-args.ts';
import { featureGates } from './feature-gates.ts';
import { felixHealthPort } from './felix-health-port.ts';
import { felixVariable } from './felix-variable.ts';
import { healthProbes } from './health-probes.ts';
import { interfacePattern } from './interface-pattern.ts';
import { ipFamilies } from './ip-families.ts';
import { ipipMayNeedBird } from './ipip-may-need-bird.ts';
import { ipipNeedsBird } from './ipip-needs-bird.ts';
import { ippoolOutsidePodSubnet } from './ippool-outside-pod-subnet.ts';
import { kindDefaultCni } from './kind-default-cni.ts';
import { kubeProxyMode } from './kube-proxy-mode.ts';
import { kubeProxyOffNeedsEbpf } from './kube-proxy-off-needs-ebpf.ts';
import { kubeProxyRange } from './kube-proxy-range.ts';
import { kubeProxySetting } from './kube-proxy-setting.ts';
import { livingCluster } from './living-cluster.ts';
import { mtuWithoutRoom } from './mtu-without-room.ts';
import { nodeAddress } from './node-address.ts';
import { nodeAddressInRange } from './node-address-in-range.ts';
import { nodeSelector } from './node-selector.ts';
import { operatorNeedsPodSubnet } from './operator-needs-pod-subnet.ts';
import { operatorOwned } from './operator-owned.ts';
import { overlappingSubnets } from './overlapping-subnets.ts';
import { podSubnetUnset } from './pod-subnet-unset.ts';
import { poolCidr } from './pool-cidr.ts';
import { poolHostBits } from './pool-host-bits.ts';
import { poolInDefaultServices } from './pool-in-default-services.ts';
import { poolInServiceSubnet } from './pool-in-service-subnet.ts';
import { poolModes } from './pool-modes.ts';
import { poolOutsidePodSubnet } from './pool-outside-pod-subnet.ts';
import { servicesEndpoint } from './services-endpoint.ts';
import { servicesEndpointMissing } from './services-endpoint-missing.ts';
import { servicesEndpointPlace } from './services-endpoint-place.ts';
import { subnetSize } from './subnet-size.ts';
import { subnets } from './subnets.ts';
import { typha } from './typha.ts';
import { unknownField } from './unknown-field.ts';
import { unusualMtu } from './unusual-mtu.ts';
import { usePodCidr } from './use-pod-cidr.ts';
import { vethMtu } from './veth-mtu.ts';
import { vxlanNeedsCalicoIpam } from './vxlan-needs-calico-ipam.ts';
import { wrongType } from './wrong-type.ts';

/** Findings come in this order. */
export const clusterConfigurationRules: readonly Rule<ObjectInput>[] = [
  wrongType,
  unknownField,
  subnets,
  subnetSize,
  dnsDomain,
  controlPlaneEndpoint,
  extraArgs,
  featureGates,
  livingCluster,
];

export const kindClusterRules: readonly Rule<ObjectInput>[] = [wrongType, subnets];

/** Also of a JoinConfiguration. */
export const initConfigurationRules: readonly Rule<ObjectInput>[] = [
  wrongType,
  unknownField,
  advertiseAddress,
  bindPort,
  extraArgs,
];

export const kubeProxyRules: readonly Rule<ObjectInput>[] = [wrongType, unknownField, kubeProxySetting];

export const configMapRules: readonly Rule<ObjectInput>[] = [
  wrongType,
  backend,
  vethMtu,
  cniConfig,
  cniMtu,
  servicesEndpoint,
  unusualMtu,
];

export const calicoNodeRules: readonly Rule<CalicoNodeInput>[] = [
  wrongType,
  backend,
  poolModes,
  poolCidr,
  blockSize,
  nodeSelector,
  autodetectionMethod,
  interfacePattern,
  nodeAddress,
  felixVariable,
  healthProbes,
  poolHostBits,
  unusualMtu,
  existingPool,
  operatorOwned,
];

/** Of Typha and of Calico's controllers. */
export const deploymentRules: readonly Rule<ObjectInput>[] = [
  wrongType,
  felixVariable,
  healthProbes,
  enabledControllers,
  operatorOwned,
];

/** Across documents. */
export const kubeadmBundleRules: readonly BundleRule[] = [
  overlappingSubnets,
  nodeAddressInRange,
  poolOutsidePodSubnet,
  poolInServiceSubnet,
  operatorNeedsPodSubnet,
  ebpfWithKubeProxy,
  ipipNeedsBird,
  birdProbes,
  typha,
  ippoolOutsidePodSubnet,
  podSubnetUnset,
  ipipMayNeedBird,
  kubeProxyRange,
  kubeProxyMode,
  kubeProxyOffNeedsEbpf,
  poolInDefaultServices,
  ipFamilies,
  usePodCidr,
  vxlanNeedsCalicoIpam,
  mtuWithoutRoom,
  kindDefaultCni,
  servicesEndpointPlace,
  servicesEndpointMissing,
  felixHealthPort,
];
