import { networkMutations, shootMutations } from './mutations/index.ts';
import { bindPolicy, type Policy } from './policy/evaluate.ts';
import { createRegistry, type Registry } from './policy/registry.ts';
import type { BundleRule, Mutation, Rule, ShortenedList, Target } from './policy/types.ts';
import {
  bgpFilterRules,
  bgpPeerRules,
  bgpRules,
  felixRules,
  globalPolicyRules,
  hostEndpointRules,
  ipamRules,
  ippoolRules,
  ipReservationRules,
  kubeControllersRules,
  networkSetRules,
  policyRules,
  stagedGlobalPolicyRules,
  stagedPolicyRules,
  tierRules,
} from './rules/calico/index.ts';
import { bundleRules, tooManyItems } from './rules/index.ts';
import { kopsRules } from './rules/kops/index.ts';
import {
  calicoNodeRules,
  clusterConfigurationRules,
  configMapRules,
  deploymentRules,
  initConfigurationRules,
  kindClusterRules,
  kubeProxyRules,
} from './rules/kubeadm/index.ts';
import { networkRules } from './rules/network/index.ts';
import { shootRules } from './rules/shoot/index.ts';
import { installationRules } from './rules/tigera/index.ts';
import { installationEbpfWithKubeProxy } from './rules/tigera/installation-ebpf-with-kube-proxy.ts';
import {
  createBgpTarget,
  createFelixTarget,
  createIpPoolTarget,
  createKubeControllersTarget,
} from './targets/calico.ts';
import { createConfigMapTarget } from './targets/calico-config-map.ts';
import {
  BGP_FILTER,
  BGP_PEER,
  createCalicoTarget,
  GLOBAL_NETWORK_POLICY,
  GLOBAL_NETWORK_SET,
  HOST_ENDPOINT,
  IP_RESERVATION,
  IPAM_CONFIG,
  IPAM_CONFIGURATION,
  NETWORK_POLICY,
  NETWORK_SET,
  STAGED_GLOBAL_NETWORK_POLICY,
  STAGED_NETWORK_POLICY,
  TIER,
} from './targets/calico-kinds.ts';
import { createCalicoNodeTarget } from './targets/calico-node.ts';
import {
  createDeploymentTarget,
  createTyphaAutoscalerTarget,
  createTyphaServiceTarget,
} from './targets/calico-typha.ts';
import { createInstallationTarget } from './targets/installation.ts';
import { createKopsClusterTarget } from './targets/kops-cluster.ts';
import { createKopsInstanceGroupTarget } from './targets/kops-instance-group.ts';
import {
  createClusterConfigurationTarget,
  createInitConfigurationTarget,
  createJoinConfigurationTarget,
  createKindClusterTarget,
  createKubeProxyTarget,
} from './targets/kubeadm.ts';
import { createNetworkTarget } from './targets/network.ts';
import { createOpenshiftNetworkTarget } from './targets/openshift-network.ts';
import { createShootTarget } from './targets/shoot.ts';

/** All kinds, rules and mutations of this build, checked. Only here they come together. */
export function loadRegistry(): Registry {
  return createRegistry(
    [
      bind(createShootTarget(), shootRules, shootMutations),
      bind(createNetworkTarget(), networkRules, networkMutations),
      bind(createKopsClusterTarget(), kopsRules, []),
      bind(createKopsInstanceGroupTarget(), [], []),
      bind(createIpPoolTarget(), ippoolRules, []),
      bind(createFelixTarget(), felixRules, []),
      bind(createBgpTarget(), bgpRules, []),
      bind(createKubeControllersTarget(), kubeControllersRules, []),
      bind(createCalicoTarget(BGP_PEER), bgpPeerRules, []),
      bind(createCalicoTarget(BGP_FILTER), bgpFilterRules, []),
      bind(createCalicoTarget(GLOBAL_NETWORK_POLICY), globalPolicyRules, []),
      bind(createCalicoTarget(NETWORK_POLICY), policyRules, []),
      bind(createCalicoTarget(STAGED_GLOBAL_NETWORK_POLICY), stagedGlobalPolicyRules, []),
      bind(createCalicoTarget(STAGED_NETWORK_POLICY), stagedPolicyRules, []),
      bind(createCalicoTarget(GLOBAL_NETWORK_SET), networkSetRules, []),
      bind(createCalicoTarget(NETWORK_SET), networkSetRules, []),
      bind(createCalicoTarget(HOST_ENDPOINT), hostEndpointRules, []),
      bind(createCalicoTarget(TIER), tierRules, []),
      bind(createCalicoTarget(IP_RESERVATION), ipReservationRules, []),
      bind(createCalicoTarget(IPAM_CONFIGURATION), ipamRules, []),
      bind(createCalicoTarget(IPAM_CONFIG), ipamRules, []),
      bind(createInstallationTarget(), installationRules, [], [installationEbpfWithKubeProxy]),
      bind(createOpenshiftNetworkTarget(), [], []),
      bind(createClusterConfigurationTarget(), clusterConfigurationRules, []),
      bind(createInitConfigurationTarget(), initConfigurationRules, []),
      bind(createJoinConfigurationTarget(), initConfigurationRules, []),
      bind(createKindClusterTarget(), kindClusterRules, []),
      bind(createKubeProxyTarget(), kubeProxyRules, []),
      bind(createConfigMapTarget(), configMapRules, []),
      bind(createCalicoNodeTarget(), calicoNodeRules, []),
      bind(createDeploymentTarget(), deploymentRules, []),
      bind(createTyphaServiceTarget(), [], []),
      bind(createTyphaAutoscalerTarget(), [], []),
    ],
    bundleRules,
  );
}

/** For every kind, one rule of its family reports lists that are too long to be evaluated. */
function bind<Input extends { readonly shortened: readonly ShortenedList[] }>(
  target: Target<Input>,
  rules: readonly Rule<Input>[],
  mutations: readonly Mutation<Input>[],
  alone: readonly BundleRule[] = [],
): Policy {
  const bounds = tooManyItems.filter(({ id }) => id.startsWith(`${target.id}/`));
  return bindPolicy(target, rules.length === 0 ? rules : [...rules, ...bounds], mutations, alone);
}
