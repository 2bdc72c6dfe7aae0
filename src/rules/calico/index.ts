import type { BundleRule, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { calicoApiVersion } from './api-version.ts';
import { calicoAsNumber } from './as-number.ts';
import { calicoAsNumberForm } from './as-number-form.ts';
import { azureIpip } from './azure-ipip.ts';
import { azureIpipCrossSubnet } from './azure-ipip-cross-subnet.ts';
import { bgpAdvertisement } from './bgp-advertisement.ts';
import { bgpCommunity } from './bgp-community.ts';
import { bgpDisruptiveChange } from './bgp-disruptive-change.ts';
import { bgpFilterInterface } from './bgp-filter-interface.ts';
import { bgpFilterMatch } from './bgp-filter-match.ts';
import { bgpFilterOperation } from './bgp-filter-operation.ts';
import { bgpFilterRange } from './bgp-filter-range.ts';
import { bgpFilterWord } from './bgp-filter-word.ts';
import { bgpMesh } from './bgp-mesh.ts';
import { bgpMeshWithoutPeer } from './bgp-mesh-without-peer.ts';
import { bgpPeerAddress } from './bgp-peer-address.ts';
import { bgpPeerAsNumber } from './bgp-peer-as-number.ts';
import { bgpPeerConflict } from './bgp-peer-conflict.ts';
import { bgpPeerFilter } from './bgp-peer-filter.ts';
import { bgpPeerName } from './bgp-peer-name.ts';
import { bgpPeerPasswordRole } from './bgp-peer-password-role.ts';
import { bgpPeerPort } from './bgp-peer-port.ts';
import { bgpPeerSelector } from './bgp-peer-selector.ts';
import { bgpPeerTime } from './bgp-peer-time.ts';
import { bgpPeerWithoutEffect } from './bgp-peer-without-effect.ts';
import { bgpPeerWithoutTarget } from './bgp-peer-without-target.ts';
import { bgpRange } from './bgp-range.ts';
import { bgpRangeWithoutPrefix } from './bgp-range-without-prefix.ts';
import { bgpSetting } from './bgp-setting.ts';
import { clusterRoutes } from './cluster-routes.ts';
import { clusterRoutesVersion } from './cluster-routes-version.ts';
import { configurationName } from './configuration-name.ts';
import { ebpfAzureInterfaces } from './ebpf-azure-interfaces.ts';
import { felixAddress } from './felix-address.ts';
import { felixDeprecatedField } from './felix-deprecated-field.ts';
import { felixDisruptiveChange } from './felix-disruptive-change.ts';
import { felixDuration } from './felix-duration.ts';
import { felixEbpfForwarding } from './felix-ebpf-forwarding.ts';
import { felixEbpfHostServices } from './felix-ebpf-host-services.ts';
import { felixEbpfInterfaces } from './felix-ebpf-interfaces.ts';
import { felixEbpfOff } from './felix-ebpf-off.ts';
import { felixGlob } from './felix-glob.ts';
import { felixNatAddress } from './felix-nat-address.ts';
import { felixNodeSelector } from './felix-node-selector.ts';
import { felixNumber } from './felix-number.ts';
import { felixPattern } from './felix-pattern.ts';
import { felixPort } from './felix-port.ts';
import { felixRouteTables } from './felix-route-tables.ts';
import { felixText } from './felix-text.ts';
import { felixTunnelOff } from './felix-tunnel-off.ts';
import { felixUnusualMtu } from './felix-unusual-mtu.ts';
import { felixWindowsVxlan } from './felix-windows-vxlan.ts';
import { felixWireguardIpv6 } from './felix-wireguard-ipv6.ts';
import { felixWithoutEffect } from './felix-without-effect.ts';
import { felixWord } from './felix-word.ts';
import { felixWordCase } from './felix-word-case.ts';
import { hostEndpointForm } from './host-endpoint-form.ts';
import { hostEndpointPlace } from './host-endpoint-place.ts';
import { hostEndpointPort } from './host-endpoint-port.ts';
import { ipReservationAddress } from './ip-reservation-address.ts';
import { ipReservationRange } from './ip-reservation-range.ts';
import { ipamBlocks } from './ipam-blocks.ts';
import { ipamName } from './ipam-name.ts';
import { ipamRequired } from './ipam-required.ts';
import { ipamWindows } from './ipam-windows.ts';
import { ippoolAllowedUses } from './ippool-allowed-uses.ts';
import { ippoolBlockSize } from './ippool-block-size.ts';
import { ippoolCidr } from './ippool-cidr.ts';
import { ippoolDeprecatedField } from './ippool-deprecated-field.ts';
import { ippoolEncapsulation } from './ippool-encapsulation.ts';
import { ippoolEncapsulationChange } from './ippool-encapsulation-change.ts';
import { ippoolImmutable } from './ippool-immutable.ts';
import { ippoolLinkLocal } from './ippool-link-local.ts';
import { ippoolLoadBalancer } from './ippool-load-balancer.ts';
import { ippoolMode } from './ippool-mode.ts';
import { ippoolNatOutgoing } from './ippool-nat-outgoing.ts';
import { ippoolOverlap } from './ippool-overlap.ts';
import { ippoolSelector } from './ippool-selector.ts';
import { kubeControllersSetting } from './kube-controllers-setting.ts';
import { kubeControllersTemplate } from './kube-controllers-template.ts';
import { calicoLimit } from './limit.ts';
import { loadBalancerController } from './load-balancer-controller.ts';
import { calicoMetadata } from './metadata.ts';
import { calicoMissingField } from './missing-field.ts';
import { calicoMisspeltField } from './misspelt-field.ts';
import { networkSetEverything } from './network-set-everything.ts';
import { networkSetLabel } from './network-set-label.ts';
import { networkSetRange } from './network-set-range.ts';
import { calicoNextRelease } from './next-release.ts';
import { calicoNumber } from './number.ts';
import { policyAction } from './policy-action.ts';
import { policyGlobalSelector } from './policy-global-selector.ts';
import { policyHostEndpoint } from './policy-host-endpoint.ts';
import { policyHttp } from './policy-http.ts';
import { policyHttpForm } from './policy-http-form.ts';
import { policyIcmp } from './policy-icmp.ts';
import { policyIcmpForm } from './policy-icmp-form.ts';
import { policyName } from './policy-name.ts';
import { policyNet } from './policy-net.ts';
import { policyNetForm } from './policy-net-form.ts';
import { policyPort } from './policy-port.ts';
import { policyPortsNeedProtocol } from './policy-ports-need-protocol.ts';
import { policyProtocol } from './policy-protocol.ts';
import { policyProtocolCase } from './policy-protocol-case.ts';
import { policySelector } from './policy-selector.ts';
import { policySelectsHosts } from './policy-selects-hosts.ts';
import { policyService } from './policy-service.ts';
import { policyServiceAccount } from './policy-service-account.ts';
import { policyServiceForm } from './policy-service-form.ts';
import { policyTier } from './policy-tier.ts';
import { policyTypes } from './policy-types.ts';
import { policyUnreachableRule } from './policy-unreachable-rule.ts';
import { policyWithoutEffect } from './policy-without-effect.ts';
import { specMissing } from './spec-missing.ts';
import { stagedDelete } from './staged-delete.ts';
import { storageGroup } from './storage-group.ts';
import { tierBuiltIn } from './tier-built-in.ts';
import { tierName } from './tier-name.ts';
import { calicoUnknownField } from './unknown-field.ts';
import { wireguardIpv6Pool } from './wireguard-ipv6-pool.ts';
import { calicoWord } from './word.ts';
import { calicoWrongType } from './wrong-type.ts';

/** What holds for every resource of Calico. */
const calicoRules: readonly Rule<ObjectInput>[] = [
  calicoApiVersion,
  calicoMetadata,
  calicoWrongType,
  calicoMisspeltField,
  calicoUnknownField,
  storageGroup,
];

/** Of kinds of which only a part of the values is in the schema. */
const partlyValueRules: readonly Rule<ObjectInput>[] = [
  calicoLimit,
  calicoNextRelease,
  specMissing,
  ...calicoRules,
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
  ...partlyValueRules,
];

export const felixRules: readonly Rule<ObjectInput>[] = [
  felixWord,
  felixWordCase,
  felixNumber,
  felixPattern,
  felixGlob,
  felixDuration,
  felixAddress,
  felixText,
  felixPort,
  felixRouteTables,
  felixNodeSelector,
  felixEbpfForwarding,
  felixEbpfHostServices,
  felixWireguardIpv6,
  felixWithoutEffect,
  felixUnusualMtu,
  felixDeprecatedField,
  felixDisruptiveChange,
  felixEbpfInterfaces,
  configurationName,
  ...partlyValueRules,
];

export const bgpRules: readonly Rule<ObjectInput>[] = [
  bgpMesh,
  bgpCommunity,
  bgpAdvertisement,
  bgpRange,
  bgpRangeWithoutPrefix,
  bgpSetting,
  calicoAsNumberForm,
  bgpDisruptiveChange,
  configurationName,
  ...partlyValueRules,
];

export const kubeControllersRules: readonly Rule<ObjectInput>[] = [
  kubeControllersSetting,
  kubeControllersTemplate,
  configurationName,
  ...partlyValueRules,
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
  policyUnreachableRule,
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

/** Across documents. */
export const calicoBundleRules: readonly BundleRule[] = [
  ippoolOverlap,
  policyTier,
  policySelectsHosts,
  bgpPeerFilter,
  bgpMeshWithoutPeer,
  loadBalancerController,
  felixTunnelOff,
  felixNatAddress,
  wireguardIpv6Pool,
  felixWindowsVxlan,
  ipamWindows,
  felixEbpfOff,
  clusterRoutes,
  clusterRoutesVersion,
  ebpfAzureInterfaces,
  azureIpip,
  azureIpipCrossSubnet,
];
