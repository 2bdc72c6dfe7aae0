import { networkMutations, shootMutations } from './mutations/index.ts';
import { bindPolicy } from './policy/evaluate.ts';
import { createRegistry, type Registry } from './policy/registry.ts';
import {
  bgpFilterRules,
  bgpPeerRules,
  bgpRules,
  bundleRules,
  calicoNodeRules,
  clusterConfigurationRules,
  configMapRules,
  felixRules,
  globalPolicyRules,
  hostEndpointRules,
  initConfigurationRules,
  installationRules,
  ipamRules,
  ippoolRules,
  ipReservationRules,
  kopsRules,
  kubeControllersRules,
  kubeProxyRules,
  networkRules,
  networkSetRules,
  policyRules,
  shootRules,
  stagedGlobalPolicyRules,
  stagedPolicyRules,
  tierRules,
  typhaDeploymentRules,
} from './rules/index.ts';
import { installationEbpfWithKubeProxy } from './rules/tigera/installation-ebpf-with-kube-proxy.ts';
import { loadSchema, type SchemaName } from './schema/load.ts';
import { compileShape, type ShapeCheck } from './schema/shape.ts';
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
  type SchemaChecks,
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
  const networkConfig = loadSchema('network-config');
  const shoot = createShootTarget(compileShape(loadSchema('shoot'), [networkConfig]));
  const network = createNetworkTarget(compileShape(loadSchema('network'), [networkConfig]));
  const kops = createKopsClusterTarget(compileShape(loadSchema('kops-cluster'), [loadSchema('kops-calico')]));
  return createRegistry(
    [
      bindPolicy(shoot, shootRules, shootMutations),
      bindPolicy(network, networkRules, networkMutations),
      bindPolicy(kops, kopsRules, []),
      bindPolicy(createKopsInstanceGroupTarget(), [], []),
      bindPolicy(createIpPoolTarget(compileShape(loadSchema('ippool'))), ippoolRules, []),
      bindPolicy(createFelixTarget(compileShape(loadSchema('felix-configuration'))), felixRules, []),
      bindPolicy(createBgpTarget(compileShape(loadSchema('bgp-configuration'))), bgpRules, []),
      bindPolicy(
        createKubeControllersTarget(compileShape(loadSchema('kube-controllers-configuration'))),
        kubeControllersRules,
        [],
      ),
      bindPolicy(createCalicoTarget(BGP_PEER, checksOf('bgp-peer')), bgpPeerRules, []),
      bindPolicy(createCalicoTarget(BGP_FILTER, checksOf('bgp-filter')), bgpFilterRules, []),
      bindPolicy(
        createCalicoTarget(GLOBAL_NETWORK_POLICY, checksOf('global-network-policy')),
        globalPolicyRules,
        [],
      ),
      bindPolicy(createCalicoTarget(NETWORK_POLICY, checksOf('network-policy')), policyRules, []),
      bindPolicy(
        createCalicoTarget(STAGED_GLOBAL_NETWORK_POLICY, checksOf('staged-global-network-policy')),
        stagedGlobalPolicyRules,
        [],
      ),
      bindPolicy(
        createCalicoTarget(STAGED_NETWORK_POLICY, checksOf('staged-network-policy')),
        stagedPolicyRules,
        [],
      ),
      bindPolicy(createCalicoTarget(GLOBAL_NETWORK_SET, checksOf('global-network-set')), networkSetRules, []),
      bindPolicy(createCalicoTarget(NETWORK_SET, checksOf('network-set')), networkSetRules, []),
      bindPolicy(createCalicoTarget(HOST_ENDPOINT, checksOf('host-endpoint')), hostEndpointRules, []),
      bindPolicy(createCalicoTarget(TIER, checksOf('tier')), tierRules, []),
      bindPolicy(createCalicoTarget(IP_RESERVATION, checksOf('ip-reservation')), ipReservationRules, []),
      bindPolicy(createCalicoTarget(IPAM_CONFIGURATION, checksOf('ipam-configuration')), ipamRules, []),
      bindPolicy(createCalicoTarget(IPAM_CONFIG, checksOf('ipam-configuration')), ipamRules, []),
      bindPolicy(
        createInstallationTarget(shapeOf('installation')),
        installationRules,
        [],
        [installationEbpfWithKubeProxy],
      ),
      bindPolicy(createOpenshiftNetworkTarget(), [], []),
      bindPolicy(
        createClusterConfigurationTarget(shapeOf('cluster-configuration')),
        clusterConfigurationRules,
        [],
      ),
      bindPolicy(createInitConfigurationTarget(shapeOf('init-configuration')), initConfigurationRules, []),
      bindPolicy(createJoinConfigurationTarget(shapeOf('join-configuration')), initConfigurationRules, []),
      bindPolicy(createKubeProxyTarget(shapeOf('kube-proxy-configuration')), kubeProxyRules, []),
      bindPolicy(createConfigMapTarget(shapeOf('config-map')), configMapRules, []),
      bindPolicy(createCalicoNodeTarget(shapeOf('calico-node')), calicoNodeRules, []),
      bindPolicy(createTyphaDeploymentTarget(shapeOf('calico-typha')), typhaDeploymentRules, []),
      bindPolicy(createTyphaServiceTarget(), [], []),
      bindPolicy(createTyphaAutoscalerTarget(), [], []),
    ],
    bundleRules,
  );
}

function shapeOf(name: SchemaName): ShapeCheck {
  return compileShape(loadSchema(name));
}

/** Parts that a schema of Calico may refer to. */
const PARTS: readonly SchemaName[] = ['bgp-filter-rule', 'policy-rule', 'entity-rule'];

function checksOf(name: SchemaName): SchemaChecks {
  const [schema, parts] = [loadSchema(name), PARTS.map(loadSchema)];
  return { checkShape: compileShape(schema, parts), checkValues: compileValues(schema, parts) };
}
