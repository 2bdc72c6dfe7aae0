import type { BundleRule, Rule } from '../../policy/types.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { advertiseAddress } from './advertise-address.ts';
import { autodetectionMethod } from './autodetection-method.ts';
import { backend } from './backend.ts';
import { blockSize } from './block-size.ts';
import { dnsDomain } from './dns-domain.ts';
import { ebpfWithKubeProxy } from './ebpf-with-kube-proxy.ts';
import { ipipMayNeedBird } from './ipip-may-need-bird.ts';
import { ipipNeedsBird } from './ipip-needs-bird.ts';
import { ippoolOutsidePodSubnet } from './ippool-outside-pod-subnet.ts';
import { kubeProxyMode } from './kube-proxy-mode.ts';
import { kubeProxyRange } from './kube-proxy-range.ts';
import { nodeAddressInRange } from './node-address-in-range.ts';
import { nodeSelector } from './node-selector.ts';
import { operatorNeedsPodSubnet } from './operator-needs-pod-subnet.ts';
import { overlappingSubnets } from './overlapping-subnets.ts';
import { podSubnetUnset } from './pod-subnet-unset.ts';
import { poolCidr } from './pool-cidr.ts';
import { poolHostBits } from './pool-host-bits.ts';
import { poolInServiceSubnet } from './pool-in-service-subnet.ts';
import { poolModes } from './pool-modes.ts';
import { poolOutsidePodSubnet } from './pool-outside-pod-subnet.ts';
import { subnetSize } from './subnet-size.ts';
import { subnets } from './subnets.ts';
import { typha } from './typha.ts';
import { unknownField } from './unknown-field.ts';
import { unusualMtu } from './unusual-mtu.ts';
import { vethMtu } from './veth-mtu.ts';
import { wrongType } from './wrong-type.ts';

/** Findings come in this order. */
export const clusterConfigurationRules: readonly Rule<ObjectInput>[] = [
  wrongType,
  unknownField,
  subnets,
  subnetSize,
  dnsDomain,
];

/** Also of a JoinConfiguration. */
export const initConfigurationRules: readonly Rule<ObjectInput>[] = [wrongType, advertiseAddress];

export const kubeProxyRules: readonly Rule<ObjectInput>[] = [wrongType];

export const configMapRules: readonly Rule<ObjectInput>[] = [wrongType, backend, vethMtu, unusualMtu];

export const calicoNodeRules: readonly Rule<CalicoNodeInput>[] = [
  wrongType,
  backend,
  poolModes,
  poolCidr,
  blockSize,
  nodeSelector,
  autodetectionMethod,
  poolHostBits,
];

export const typhaDeploymentRules: readonly Rule<ObjectInput>[] = [wrongType];

/** Across documents. */
export const kubeadmBundleRules: readonly BundleRule[] = [
  overlappingSubnets,
  nodeAddressInRange,
  poolOutsidePodSubnet,
  poolInServiceSubnet,
  operatorNeedsPodSubnet,
  ebpfWithKubeProxy,
  ipipNeedsBird,
  typha,
  ippoolOutsidePodSubnet,
  podSubnetUnset,
  ipipMayNeedBird,
  kubeProxyRange,
  kubeProxyMode,
];
