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
  initConfigurationRules,
  kubeProxyRules,
  typhaDeploymentRules,
} from './rules/kubeadm/index.ts';
import { networkRules } from './rules/network/index.ts';
import { shootRules } from './rules/shoot/index.ts';
import { installationRules } from './rules/tigera/index.ts';
import { installationEbpfWithKubeProxy } from './rules/tigera/installation-ebpf-with-kube-proxy.ts';
import { loadSchema, type SchemaName } from './schema/load.ts';
import { createShape, type Shape } from './schema/shape.ts';
import { compileValues } from './schema/values.ts';
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
  createTyphaAutoscalerTarget,
  createTyphaDeploymentTarget,
  createTyphaServiceTarget,
} from './targets/calico-typha.ts';
import { createInstallationTarget } from './targets/installation.ts';
import { createKopsClusterTarget } from './targets/kops-cluster.ts';
import { createKopsInstanceGroupTarget } from './targets/kops-instance-group.ts';
import {
  createClusterConfigurationTarget,
  createInitConfigurationTarget,
  createJoinConfigurationTarget,
  createKubeProxyTarget,
} from './targets/kubeadm.ts';
import { createNetworkTarget } from './targets/network.ts';
import { createOpenshiftNetworkTarget } from './targets/openshift-network.ts';
import { createShootTarget } from './targets/shoot.ts';

/** All that this build knows, checked; the one place where kinds, rules and mutations meet. */
export function loadRegistry(): Registry {
  const shoot = createShootTarget(shapeOf('shoot', ['network-config']));
  const network = createNetworkTarget(shapeOf('network', ['network-config']));
  const kops = createKopsClusterTarget(shapeOf('kops-cluster', ['kops-calico']));
  return createRegistry(
    [
      bind(shoot, shootRules, shootMutations),
      bind(network, networkRules, networkMutations),
      bind(kops, kopsRules, []),
      bind(createKopsInstanceGroupTarget(), [], []),
      bind(createIpPoolTarget(shapeOf('ippool')), ippoolRules, []),
      bind(createFelixTarget(shapeOf('felix-configuration')), felixRules, []),
      bind(createBgpTarget(shapeOf('bgp-configuration')), bgpRules, []),
      bind(createKubeControllersTarget(shapeOf('kube-controllers-configuration')), kubeControllersRules, []),
      bind(createCalicoTarget(BGP_PEER, calicoShapeOf('bgp-peer')), bgpPeerRules, []),
      bind(createCalicoTarget(BGP_FILTER, calicoShapeOf('bgp-filter')), bgpFilterRules, []),
      bind(
        createCalicoTarget(GLOBAL_NETWORK_POLICY, calicoShapeOf('global-network-policy')),
        globalPolicyRules,
        [],
      ),
      bind(createCalicoTarget(NETWORK_POLICY, calicoShapeOf('network-policy')), policyRules, []),
      bind(
        createCalicoTarget(STAGED_GLOBAL_NETWORK_POLICY, calicoShapeOf('staged-global-network-policy')),
        stagedGlobalPolicyRules,
        [],
      ),
      bind(
        createCalicoTarget(STAGED_NETWORK_POLICY, calicoShapeOf('staged-network-policy')),
        stagedPolicyRules,
        [],
      ),
      bind(createCalicoTarget(GLOBAL_NETWORK_SET, calicoShapeOf('global-network-set')), networkSetRules, []),
      bind(createCalicoTarget(NETWORK_SET, calicoShapeOf('network-set')), networkSetRules, []),
      bind(createCalicoTarget(HOST_ENDPOINT, calicoShapeOf('host-endpoint')), hostEndpointRules, []),
      bind(createCalicoTarget(TIER, calicoShapeOf('tier')), tierRules, []),
      bind(createCalicoTarget(IP_RESERVATION, calicoShapeOf('ip-reservation')), ipReservationRules, []),
      bind(createCalicoTarget(IPAM_CONFIGURATION, calicoShapeOf('ipam-configuration')), ipamRules, []),
      bind(createCalicoTarget(IPAM_CONFIG, calicoShapeOf('ipam-configuration')), ipamRules, []),
      bind(
        createInstallationTarget(calicoShapeOf('installation', [])),
        installationRules,
        [],
        [installationEbpfWithKubeProxy],
      ),
      bind(createOpenshiftNetworkTarget(), [], []),
      bind(createClusterConfigurationTarget(shapeOf('cluster-configuration')), clusterConfigurationRules, []),
      bind(createInitConfigurationTarget(shapeOf('init-configuration')), initConfigurationRules, []),
      bind(createJoinConfigurationTarget(shapeOf('join-configuration')), initConfigurationRules, []),
      bind(createKubeProxyTarget(shapeOf('kube-proxy-configuration')), kubeProxyRules, []),
      bind(createConfigMapTarget(shapeOf('config-map')), configMapRules, []),
      bind(createCalicoNodeTarget(shapeOf('calico-node')), calicoNodeRules, []),
      bind(createTyphaDeploymentTarget(shapeOf('calico-typha')), typhaDeploymentRules, []),
      bind(createTyphaServiceTarget(), [], []),
      bind(createTyphaAutoscalerTarget(), [], []),
    ],
    bundleRules,
  );
}

function shapeOf(name: SchemaName, references: readonly SchemaName[] = []): Shape {
  return createShape(loadSchema(name), references.map(loadSchema));
}

/** Parts that a schema of Calico may refer to. */
const PARTS: readonly SchemaName[] = ['bgp-filter-rule', 'policy-rule', 'entity-rule'];

/** Of kinds whose schemas say which values they take. */
function calicoShapeOf(name: SchemaName, referred = PARTS): Shape {
  return { ...shapeOf(name, referred), values: compileValues(loadSchema(name), referred.map(loadSchema)) };
}

/** Whatever kind it is: that its lists are evaluated to their end is for one rule of its family to say. */
function bind<Input extends { readonly shortened: readonly ShortenedList[] }>(
  target: Target<Input>,
  rules: readonly Rule<Input>[],
  mutations: readonly Mutation<Input>[],
  alone: readonly BundleRule[] = [],
): Policy {
  const bounds = tooManyItems.filter(({ id }) => id.startsWith(`${target.id}/`));
  return bindPolicy(target, rules.length === 0 ? rules : [...rules, ...bounds], mutations, alone);
}
