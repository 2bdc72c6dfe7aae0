import type { BundleRule, Rule, ShortenedList } from '../policy/types.ts';
import type { CalicoNodeInput } from '../targets/calico-node.ts';
import type { InstallationInput } from '../targets/installation.ts';
import type { KopsClusterInput } from '../targets/kops-cluster.ts';
import type { NetworkInput } from '../targets/network.ts';
import type { ObjectInput } from '../targets/object.ts';
import type { ShootInput } from '../targets/shoot.ts';
import { calicoAsNumber } from './calico/as-number.ts';
import { calicoAsNumberForm } from './calico/as-number-form.ts';
import { azureIpip } from './calico/azure-ipip.ts';
import { azureIpipCrossSubnet } from './calico/azure-ipip-cross-subnet.ts';
import { bgpCommunity } from './calico/bgp-community.ts';
import { bgpFilterInterface } from './calico/bgp-filter-interface.ts';
import { bgpFilterMatch } from './calico/bgp-filter-match.ts';
import { bgpFilterOperation } from './calico/bgp-filter-operation.ts';
import { bgpFilterRange } from './calico/bgp-filter-range.ts';
import { bgpFilterWord } from './calico/bgp-filter-word.ts';
import { bgpMesh } from './calico/bgp-mesh.ts';
import { bgpMeshWithoutPeer } from './calico/bgp-mesh-without-peer.ts';
import { bgpPeerAddress } from './calico/bgp-peer-address.ts';
import { bgpPeerAsNumber } from './calico/bgp-peer-as-number.ts';
import { bgpPeerConflict } from './calico/bgp-peer-conflict.ts';
import { bgpPeerFilter } from './calico/bgp-peer-filter.ts';
import { bgpPeerName } from './calico/bgp-peer-name.ts';
import { bgpPeerPasswordRole } from './calico/bgp-peer-password-role.ts';
import { bgpPeerPort } from './calico/bgp-peer-port.ts';
import { bgpPeerSelector } from './calico/bgp-peer-selector.ts';
import { bgpPeerTime } from './calico/bgp-peer-time.ts';
import { bgpPeerWithoutEffect } from './calico/bgp-peer-without-effect.ts';
import { bgpPeerWithoutTarget } from './calico/bgp-peer-without-target.ts';
import { bgpRange } from './calico/bgp-range.ts';
import { bgpRangeWithoutPrefix } from './calico/bgp-range-without-prefix.ts';
import { bgpSetting } from './calico/bgp-setting.ts';
import { clusterRoutes } from './calico/cluster-routes.ts';
import { clusterRoutesVersion } from './calico/cluster-routes-version.ts';
import { configurationName } from './calico/configuration-name.ts';
import { ebpfAzureInterfaces } from './calico/ebpf-azure-interfaces.ts';
import { felixAddress } from './calico/felix-address.ts';
import { felixDisruptiveChange } from './calico/felix-disruptive-change.ts';
import { felixDuration } from './calico/felix-duration.ts';
import { felixEbpfForwarding } from './calico/felix-ebpf-forwarding.ts';
import { felixEbpfInterfaces } from './calico/felix-ebpf-interfaces.ts';
import { felixNodeSelector } from './calico/felix-node-selector.ts';
import { felixNumber } from './calico/felix-number.ts';
import { felixPattern } from './calico/felix-pattern.ts';
import { felixPort } from './calico/felix-port.ts';
import { felixRouteTables } from './calico/felix-route-tables.ts';
import { felixText } from './calico/felix-text.ts';
import { felixUnusualMtu } from './calico/felix-unusual-mtu.ts';
import { felixWireguardIpv6 } from './calico/felix-wireguard-ipv6.ts';
import { felixWithoutEffect } from './calico/felix-without-effect.ts';
import { felixWord } from './calico/felix-word.ts';
import { hostEndpointForm } from './calico/host-endpoint-form.ts';
import { hostEndpointPlace } from './calico/host-endpoint-place.ts';
import { hostEndpointPort } from './calico/host-endpoint-port.ts';
import { ipReservationAddress } from './calico/ip-reservation-address.ts';
import { ipReservationRange } from './calico/ip-reservation-range.ts';
import { ipamBlocks } from './calico/ipam-blocks.ts';
import { ipamName } from './calico/ipam-name.ts';
import { ipamRequired } from './calico/ipam-required.ts';
import { ippoolAllowedUses } from './calico/ippool-allowed-uses.ts';
import { ippoolBlockSize } from './calico/ippool-block-size.ts';
import { ippoolCidr } from './calico/ippool-cidr.ts';
import { ippoolDeprecatedField } from './calico/ippool-deprecated-field.ts';
import { ippoolEncapsulation } from './calico/ippool-encapsulation.ts';
import { ippoolEncapsulationChange } from './calico/ippool-encapsulation-change.ts';
import { ippoolImmutable } from './calico/ippool-immutable.ts';
import { ippoolLinkLocal } from './calico/ippool-link-local.ts';
import { ippoolLoadBalancer } from './calico/ippool-load-balancer.ts';
import { ippoolMode } from './calico/ippool-mode.ts';
import { ippoolNatOutgoing } from './calico/ippool-nat-outgoing.ts';
import { ippoolOverlap } from './calico/ippool-overlap.ts';
import { ippoolSelector } from './calico/ippool-selector.ts';
import { kubeControllersSetting } from './calico/kube-controllers-setting.ts';
import { calicoLimit } from './calico/limit.ts';
import { loadBalancerController } from './calico/load-balancer-controller.ts';
import { calicoMetadata } from './calico/metadata.ts';
import { calicoMissingField } from './calico/missing-field.ts';
import { calicoMisspeltField } from './calico/misspelt-field.ts';
import { networkSetEverything } from './calico/network-set-everything.ts';
import { networkSetLabel } from './calico/network-set-label.ts';
import { networkSetRange } from './calico/network-set-range.ts';
import { calicoNextRelease } from './calico/next-release.ts';
import { calicoNumber } from './calico/number.ts';
import { policyAction } from './calico/policy-action.ts';
import { policyGlobalSelector } from './calico/policy-global-selector.ts';
import { policyHostEndpoint } from './calico/policy-host-endpoint.ts';
import { policyHttp } from './calico/policy-http.ts';
import { policyHttpForm } from './calico/policy-http-form.ts';
import { policyIcmp } from './calico/policy-icmp.ts';
import { policyIcmpForm } from './calico/policy-icmp-form.ts';
import { policyName } from './calico/policy-name.ts';
import { policyNet } from './calico/policy-net.ts';
import { policyNetForm } from './calico/policy-net-form.ts';
import { policyPort } from './calico/policy-port.ts';
import { policyPortsNeedProtocol } from './calico/policy-ports-need-protocol.ts';
import { policyProtocol } from './calico/policy-protocol.ts';
import { policyProtocolCase } from './calico/policy-protocol-case.ts';
import { policySelector } from './calico/policy-selector.ts';
import { policySelectsHosts } from './calico/policy-selects-hosts.ts';
import { policyService } from './calico/policy-service.ts';
import { policyServiceAccount } from './calico/policy-service-account.ts';
import { policyServiceForm } from './calico/policy-service-form.ts';
import { policyTier } from './calico/policy-tier.ts';
import { policyTypes } from './calico/policy-types.ts';
import { policyWithoutEffect } from './calico/policy-without-effect.ts';
import { specMissing } from './calico/spec-missing.ts';
import { stagedDelete } from './calico/staged-delete.ts';
import { storageGroup } from './calico/storage-group.ts';
import { tierBuiltIn } from './calico/tier-built-in.ts';
import { tierName } from './calico/tier-name.ts';
import { calicoTooManyItems } from './calico/too-many-items.ts';
import { calicoUnknownField } from './calico/unknown-field.ts';
import { calicoWord } from './calico/word.ts';
import { calicoWrongType } from './calico/wrong-type.ts';
import { autodetectionMethod as kopsAutodetectionMethod } from './kops/autodetection-method.ts';
import { awsSrcDstCheck } from './kops/aws-src-dst-check.ts';
import { cidrs as kopsCidrs } from './kops/cidrs.ts';
import { cloudProvider as kopsCloudProvider } from './kops/cloud-provider.ts';
import { crossSubnetOnAws } from './kops/cross-subnet-on-aws.ts';
import { dataplaneSetting } from './kops/dataplane-setting.ts';
import { deprecatedField as kopsDeprecatedField } from './kops/deprecated-field.ts';
import { directServerReturn } from './kops/direct-server-return.ts';
import { ebpfKubernetesVersion } from './kops/ebpf-kubernetes-version.ts';
import { ebpfNeedsKubeProxyOff } from './kops/ebpf-needs-kube-proxy-off.ts';
import { ebpfSwitch } from './kops/ebpf-switch.ts';
import { ebpfWithIpip } from './kops/ebpf-with-ipip.ts';
import { encapsulationMode } from './kops/encapsulation-mode.ts';
import { existingPool } from './kops/existing-pool.ts';
import { failsLater as kopsFailsLater } from './kops/fails-later.ts';
import { kubeProxyOffNeedsEbpf as kopsKubeProxyOffNeedsEbpf } from './kops/kube-proxy-off-needs-ebpf.ts';
import { meshAtScale } from './kops/mesh-at-scale.ts';
import { mtu as kopsMtu } from './kops/mtu.ts';
import { nftablesMode } from './kops/nftables-mode.ts';
import { poolMode } from './kops/pool-mode.ts';
import { serviceRange } from './kops/service-range.ts';
import { settingWithoutEffect as kopsSettingWithoutEffect } from './kops/setting-without-effect.ts';
import { singleCni } from './kops/single-cni.ts';
import { kopsTooManyItems } from './kops/too-many-items.ts';
import { typhaAtScale } from './kops/typha-at-scale.ts';
import { typhaReplicas } from './kops/typha-replicas.ts';
import { unknownField as kopsUnknownField } from './kops/unknown-field.ts';
import { unusualMtu as kopsUnusualMtu } from './kops/unusual-mtu.ts';
import { vxlanPorts } from './kops/vxlan-ports.ts';
import { wireguardImage } from './kops/wireguard-image.ts';
import { wireguardIpv6 } from './kops/wireguard-ipv6.ts';
import { wrongType as kopsWrongType } from './kops/wrong-type.ts';
import { advertiseAddress as kubeadmAdvertiseAddress } from './kubeadm/advertise-address.ts';
import { autodetectionMethod as kubeadmAutodetectionMethod } from './kubeadm/autodetection-method.ts';
import { backend as kubeadmBackend } from './kubeadm/backend.ts';
import { blockSize as kubeadmBlockSize } from './kubeadm/block-size.ts';
import { ebpfWithKubeProxy as kubeadmEbpfWithKubeProxy } from './kubeadm/ebpf-with-kube-proxy.ts';
import { ipipMayNeedBird as kubeadmIpipMayNeedBird } from './kubeadm/ipip-may-need-bird.ts';
import { ipipNeedsBird as kubeadmIpipNeedsBird } from './kubeadm/ipip-needs-bird.ts';
import { ippoolOutsidePodSubnet as kubeadmIppoolOutsidePodSubnet } from './kubeadm/ippool-outside-pod-subnet.ts';
import { kubeProxyMode as kubeadmKubeProxyMode } from './kubeadm/kube-proxy-mode.ts';
import { kubeProxyRange as kubeadmKubeProxyRange } from './kubeadm/kube-proxy-range.ts';
import { nodeAddressInRange as kubeadmNodeAddressInRange } from './kubeadm/node-address-in-range.ts';
import { nodeSelector as kubeadmNodeSelector } from './kubeadm/node-selector.ts';
import { operatorNeedsPodSubnet as kubeadmOperatorNeedsPodSubnet } from './kubeadm/operator-needs-pod-subnet.ts';
import { overlappingSubnets as kubeadmOverlappingSubnets } from './kubeadm/overlapping-subnets.ts';
import { podSubnetUnset as kubeadmPodSubnetUnset } from './kubeadm/pod-subnet-unset.ts';
import { poolCidr as kubeadmPoolCidr } from './kubeadm/pool-cidr.ts';
import { poolHostBits as kubeadmPoolHostBits } from './kubeadm/pool-host-bits.ts';
import { poolInServiceSubnet as kubeadmPoolInServiceSubnet } from './kubeadm/pool-in-service-subnet.ts';
import { poolModes as kubeadmPoolModes } from './kubeadm/pool-modes.ts';
import { poolOutsidePodSubnet as kubeadmPoolOutsidePodSubnet } from './kubeadm/pool-outside-pod-subnet.ts';
import { subnets as kubeadmSubnets } from './kubeadm/subnets.ts';
import { kubeadmTooManyItems } from './kubeadm/too-many-items.ts';
import { typha as kubeadmTypha } from './kubeadm/typha.ts';
import { unknownField as kubeadmUnknownField } from './kubeadm/unknown-field.ts';
import { unusualMtu as kubeadmUnusualMtu } from './kubeadm/unusual-mtu.ts';
import { vethMtu as kubeadmVethMtu } from './kubeadm/veth-mtu.ts';
import { wrongType as kubeadmWrongType } from './kubeadm/wrong-type.ts';
import { providerConfig } from './network/provider-config.ts';
import { networkTooManyItems } from './network/too-many-items.ts';
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
import { overlappingRoutedPods } from './shoot/overlapping-routed-pods.ts';
import { overlaySwitch } from './shoot/overlay-switch.ts';
import { pools } from './shoot/pools.ts';
import { providerIpFamilies } from './shoot/provider-ip-families.ts';
import { providerOverlay } from './shoot/provider-overlay.ts';
import { providerReservedRanges } from './shoot/provider-reserved-ranges.ts';
import { serviceLoopPrevention } from './shoot/service-loop-prevention.ts';
import { settingWithoutEffect } from './shoot/setting-without-effect.ts';
import { shootTooManyItems } from './shoot/too-many-items.ts';
import { typhaOffAtScale } from './shoot/typha-off-at-scale.ts';
import { unknownField } from './shoot/unknown-field.ts';
import { unusualMtu } from './shoot/unusual-mtu.ts';
import { vethMtu } from './shoot/veth-mtu.ts';
import { vpaModeNeedsVpa } from './shoot/vpa-mode-needs-vpa.ts';
import { wrongKind } from './shoot/wrong-kind.ts';
import { wrongType } from './shoot/wrong-type.ts';
import { installationAutodetection } from './tigera/installation-autodetection.ts';
import { installationAzure } from './tigera/installation-azure.ts';
import { installationAzureIpip } from './tigera/installation-azure-ipip.ts';
import { installationAzureIpipCrossSubnet } from './tigera/installation-azure-ipip-cross-subnet.ts';
import { installationBgp } from './tigera/installation-bgp.ts';
import { installationBlockSize } from './tigera/installation-block-size.ts';
import { installationBpfBootstrap } from './tigera/installation-bpf-bootstrap.ts';
import { installationCalicoCniOnly } from './tigera/installation-calico-cni-only.ts';
import { installationCni } from './tigera/installation-cni.ts';
import { installationControlPlane } from './tigera/installation-control-plane.ts';
import { installationDeprecatedField } from './tigera/installation-deprecated-field.ts';
import { installationDisruptiveChange } from './tigera/installation-disruptive-change.ts';
import { installationEbpfWithKubeProxy } from './tigera/installation-ebpf-with-kube-proxy.ts';
import { installationEncapsulation } from './tigera/installation-encapsulation.ts';
import { installationIpipWithoutBgp } from './tigera/installation-ipip-without-bgp.ts';
import { installationLoadBalancerPools } from './tigera/installation-load-balancer-pools.ts';
import { installationLogging } from './tigera/installation-logging.ts';
import { installationMtu } from './tigera/installation-mtu.ts';
import { installationName } from './tigera/installation-name.ts';
import { installationOverlappingPools } from './tigera/installation-overlapping-pools.ts';
import { installationPaths } from './tigera/installation-paths.ts';
import { installationPolicySetupTimeout } from './tigera/installation-policy-setup-timeout.ts';
import { installationPoolAdvice } from './tigera/installation-pool-advice.ts';
import { installationPoolRanges } from './tigera/installation-pool-ranges.ts';
import { installationRemovedSetting } from './tigera/installation-removed-setting.ts';
import { installationSelector } from './tigera/installation-selector.ts';
import { installationServiceCidrs } from './tigera/installation-service-cidrs.ts';
import { installationServicesEndpoint } from './tigera/installation-services-endpoint.ts';
import { installationUnknownField } from './tigera/installation-unknown-field.ts';
import { installationUnusualMtu } from './tigera/installation-unusual-mtu.ts';
import { installationValues } from './tigera/installation-values.ts';
import { installationVpp } from './tigera/installation-vpp.ts';
import { installationWindows } from './tigera/installation-windows.ts';
import { installationWrongType } from './tigera/installation-wrong-type.ts';
import { tigeraTooManyItems } from './tigera/too-many-items.ts';

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

export const kopsRules: readonly Rule<KopsClusterInput>[] = [
  kopsUnknownField,
  kopsWrongType,
  kopsCloudProvider,
  singleCni,
  kopsCidrs,
  ebpfNeedsKubeProxyOff,
  encapsulationMode,
  poolMode,
  awsSrcDstCheck,
  dataplaneSetting,
  nftablesMode,
  kopsAutodetectionMethod,
  kopsMtu,
  typhaReplicas,
  wireguardIpv6,
  crossSubnetOnAws,
  vxlanPorts,
  kopsUnusualMtu,
  ebpfWithIpip,
  ebpfKubernetesVersion,
  directServerReturn,
  kopsKubeProxyOffNeedsEbpf,
  serviceRange,
  ebpfSwitch,
  existingPool,
  kopsSettingWithoutEffect,
  kopsFailsLater,
  kopsDeprecatedField,
];

/** What holds for every resource of Calico. */
const calicoRules: readonly Rule<ObjectInput>[] = [
  calicoMetadata,
  calicoWrongType,
  calicoMisspeltField,
  calicoUnknownField,
  storageGroup,
];

export const ippoolRules: readonly Rule<ObjectInput>[] = [
  ippoolCidr,
  ippoolLinkLocal,
  ippoolMode,
  ippoolEncapsulation,
  ippoolBlockSize,
  ippoolAllowedUses,
  ippoolLoadBalancer,
  ippoolSelector,
  ippoolImmutable,
  ippoolEncapsulationChange,
  ippoolNatOutgoing,
  ippoolDeprecatedField,
  ...calicoRules,
];

export const felixRules: readonly Rule<ObjectInput>[] = [
  felixWord,
  felixNumber,
  felixPattern,
  felixDuration,
  felixAddress,
  felixText,
  felixPort,
  felixRouteTables,
  felixNodeSelector,
  felixEbpfForwarding,
  felixWireguardIpv6,
  felixWithoutEffect,
  felixUnusualMtu,
  felixDisruptiveChange,
  felixEbpfInterfaces,
  configurationName,
  ...calicoRules,
];

export const bgpRules: readonly Rule<ObjectInput>[] = [
  bgpMesh,
  bgpCommunity,
  bgpRange,
  bgpRangeWithoutPrefix,
  bgpSetting,
  configurationName,
  ...calicoRules,
];

export const kubeControllersRules: readonly Rule<ObjectInput>[] = [
  kubeControllersSetting,
  configurationName,
  ...calicoRules,
];

/** Of kinds whose schemas say which values they take. */
const valueRules: readonly Rule<ObjectInput>[] = [
  calicoMissingField,
  calicoWord,
  calicoNumber,
  calicoLimit,
  calicoNextRelease,
  specMissing,
  ...calicoRules,
];

export const bgpPeerRules: readonly Rule<ObjectInput>[] = [
  bgpPeerAddress,
  bgpPeerAsNumber,
  calicoAsNumber,
  bgpPeerTime,
  bgpPeerConflict,
  bgpPeerSelector,
  bgpPeerName,
  bgpPeerWithoutTarget,
  bgpPeerWithoutEffect,
  bgpPeerPort,
  bgpPeerPasswordRole,
  calicoAsNumberForm,
  ...valueRules,
];

export const bgpFilterRules: readonly Rule<ObjectInput>[] = [
  bgpFilterWord,
  bgpFilterRange,
  bgpFilterMatch,
  bgpFilterOperation,
  calicoAsNumber,
  bgpFilterInterface,
  calicoAsNumberForm,
  ...valueRules,
];

export const policyRules: readonly Rule<ObjectInput>[] = [
  policyPort,
  policyPortsNeedProtocol,
  policyProtocol,
  policySelector,
  policyNet,
  policyServiceAccount,
  policyAction,
  policyTypes,
  policyIcmp,
  policyHttp,
  policyService,
  policyProtocolCase,
  policyNetForm,
  policyGlobalSelector,
  policyIcmpForm,
  policyHttpForm,
  policyServiceForm,
  policyWithoutEffect,
  policyName,
  ...valueRules,
];

export const globalPolicyRules: readonly Rule<ObjectInput>[] = [policyHostEndpoint, ...policyRules];
export const stagedPolicyRules: readonly Rule<ObjectInput>[] = [stagedDelete, ...policyRules];
export const stagedGlobalPolicyRules: readonly Rule<ObjectInput>[] = [stagedDelete, ...globalPolicyRules];

export const networkSetRules: readonly Rule<ObjectInput>[] = [
  networkSetRange,
  networkSetEverything,
  networkSetLabel,
  ...valueRules,
];

export const hostEndpointRules: readonly Rule<ObjectInput>[] = [
  hostEndpointPlace,
  hostEndpointPort,
  hostEndpointForm,
  ...valueRules,
];

export const tierRules: readonly Rule<ObjectInput>[] = [tierBuiltIn, tierName, ...valueRules];
export const ipReservationRules: readonly Rule<ObjectInput>[] = [
  ipReservationRange,
  ipReservationAddress,
  ...valueRules,
];
export const ipamRules: readonly Rule<ObjectInput>[] = [ipamRequired, ipamName, ipamBlocks, ...valueRules];

export const installationRules: readonly Rule<InstallationInput>[] = [
  installationName,
  installationUnknownField,
  installationWrongType,
  installationValues,
  installationCni,
  installationCalicoCniOnly,
  installationPoolRanges,
  installationBlockSize,
  installationEncapsulation,
  installationSelector,
  installationLoadBalancerPools,
  installationServiceCidrs,
  installationBgp,
  installationAutodetection,
  installationVpp,
  installationWindows,
  installationBpfBootstrap,
  installationPolicySetupTimeout,
  installationMtu,
  installationLogging,
  installationPaths,
  installationControlPlane,
  installationRemovedSetting,
  installationAzure,
  installationAzureIpip,
  installationAzureIpipCrossSubnet,
  installationIpipWithoutBgp,
  installationDisruptiveChange,
  installationOverlappingPools,
  installationPoolAdvice,
  installationUnusualMtu,
  installationDeprecatedField,
];

export const clusterConfigurationRules: readonly Rule<ObjectInput>[] = [
  kubeadmWrongType,
  kubeadmUnknownField,
  kubeadmSubnets,
];

/** Also of a JoinConfiguration. */
export const initConfigurationRules: readonly Rule<ObjectInput>[] = [
  kubeadmWrongType,
  kubeadmAdvertiseAddress,
];

export const kubeProxyRules: readonly Rule<ObjectInput>[] = [kubeadmWrongType];

export const configMapRules: readonly Rule<ObjectInput>[] = [
  kubeadmWrongType,
  kubeadmBackend,
  kubeadmVethMtu,
  kubeadmUnusualMtu,
];

export const calicoNodeRules: readonly Rule<CalicoNodeInput>[] = [
  kubeadmWrongType,
  kubeadmBackend,
  kubeadmPoolModes,
  kubeadmPoolCidr,
  kubeadmBlockSize,
  kubeadmNodeSelector,
  kubeadmAutodetectionMethod,
  kubeadmPoolHostBits,
];

export const typhaDeploymentRules: readonly Rule<ObjectInput>[] = [kubeadmWrongType];

/** Rules across documents, of all kinds. */
export const bundleRules: readonly BundleRule[] = [
  ippoolOverlap,
  policyTier,
  policySelectsHosts,
  bgpPeerFilter,
  bgpMeshWithoutPeer,
  loadBalancerController,
  clusterRoutes,
  clusterRoutesVersion,
  ebpfAzureInterfaces,
  azureIpip,
  azureIpipCrossSubnet,
  typhaAtScale,
  meshAtScale,
  wireguardImage,
  overlappingRoutedPods,
  installationServicesEndpoint,
  installationEbpfWithKubeProxy,
  kubeadmOverlappingSubnets,
  kubeadmNodeAddressInRange,
  kubeadmPoolOutsidePodSubnet,
  kubeadmPoolInServiceSubnet,
  kubeadmOperatorNeedsPodSubnet,
  kubeadmEbpfWithKubeProxy,
  kubeadmIpipNeedsBird,
  kubeadmTypha,
  kubeadmIppoolOutsidePodSubnet,
  kubeadmPodSubnetUnset,
  kubeadmIpipMayNeedBird,
  kubeadmKubeProxyRange,
  kubeadmKubeProxyMode,
];

/** Whatever kinds there are: each takes the one of its family, beside its own. */
export const tooManyItems: readonly Rule<{ readonly shortened: readonly ShortenedList[] }>[] = [
  shootTooManyItems,
  networkTooManyItems,
  kopsTooManyItems,
  calicoTooManyItems,
  tigeraTooManyItems,
  kubeadmTooManyItems,
];
