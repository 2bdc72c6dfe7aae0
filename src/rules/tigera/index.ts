import type { BundleRule, Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { installationApiVersion } from './installation-api-version.ts';
import { installationAutodetection } from './installation-autodetection.ts';
import { installationAzure } from './installation-azure.ts';
import { installationAzureIpip } from './installation-azure-ipip.ts';
import { installationAzureIpipCrossSubnet } from './installation-azure-ipip-cross-subnet.ts';
import { installationBgp } from './installation-bgp.ts';
import { installationBlockSize } from './installation-block-size.ts';
import { installationBpfBootstrap } from './installation-bpf-bootstrap.ts';
import { installationCalicoCniOnly } from './installation-calico-cni-only.ts';
import { installationCni } from './installation-cni.ts';
import { installationControlPlane } from './installation-control-plane.ts';
import { installationDeprecatedField } from './installation-deprecated-field.ts';
import { installationDisruptiveChange } from './installation-disruptive-change.ts';
import { installationEbpfWithKubeProxy } from './installation-ebpf-with-kube-proxy.ts';
import { installationEncapsulation } from './installation-encapsulation.ts';
import { installationInterfacePattern } from './installation-interface-pattern.ts';
import { installationIpipWithoutBgp } from './installation-ipip-without-bgp.ts';
import { installationLabels } from './installation-labels.ts';
import { installationLoadBalancerPools } from './installation-load-balancer-pools.ts';
import { installationLogging } from './installation-logging.ts';
import { installationMissingField } from './installation-missing-field.ts';
import { installationMtu } from './installation-mtu.ts';
import { installationName } from './installation-name.ts';
import { installationNoPool } from './installation-no-pool.ts';
import { installationNumber } from './installation-number.ts';
import { installationOverlappingPools } from './installation-overlapping-pools.ts';
import { installationPaths } from './installation-paths.ts';
import { installationPolicySetupTimeout } from './installation-policy-setup-timeout.ts';
import { installationPoolAdvice } from './installation-pool-advice.ts';
import { installationPoolName } from './installation-pool-name.ts';
import { installationPoolRanges } from './installation-pool-ranges.ts';
import { installationQuantity } from './installation-quantity.ts';
import { installationRemovedSetting } from './installation-removed-setting.ts';
import { installationResources } from './installation-resources.ts';
import { installationSelector } from './installation-selector.ts';
import { installationServiceCidrs } from './installation-service-cidrs.ts';
import { installationServicesEndpoint } from './installation-services-endpoint.ts';
import { installationToleration } from './installation-toleration.ts';
import { installationTyphaStrategy } from './installation-typha-strategy.ts';
import { installationUnknownField } from './installation-unknown-field.ts';
import { installationUnusualMtu } from './installation-unusual-mtu.ts';
import { installationValues } from './installation-values.ts';
import { installationVpp } from './installation-vpp.ts';
import { installationWindows } from './installation-windows.ts';
import { installationWrongType } from './installation-wrong-type.ts';
/** Findings come in this order. */
export const installationRules: readonly Rule<InstallationInput>[] = [
  installationApiVersion,
  installationName,
  installationUnknownField,
  installationWrongType,
  installationMissingField,
  installationValues,
  installationNumber,
  installationCni,
  installationCalicoCniOnly,
  installationPoolRanges,
  installationPoolName,
  installationBlockSize,
  installationEncapsulation,
  installationSelector,
  installationLoadBalancerPools,
  installationServiceCidrs,
  installationBgp,
  installationAutodetection,
  installationInterfacePattern,
  installationVpp,
  installationWindows,
  installationBpfBootstrap,
  installationPolicySetupTimeout,
  installationMtu,
  installationLogging,
  installationPaths,
  installationControlPlane,
  installationTyphaStrategy,
  installationLabels,
  installationToleration,
  installationQuantity,
  installationResources,
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

/** Across documents. */
export const tigeraBundleRules: readonly BundleRule[] = [
  installationServicesEndpoint,
  installationNoPool,
  installationEbpfWithKubeProxy,
];
