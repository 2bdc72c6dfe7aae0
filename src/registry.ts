import { networkMutations, shootMutations } from './mutations/index.ts';
import { bindPolicy } from './policy/evaluate.ts';
import { createRegistry, type Registry } from './policy/registry.ts';
import {
  bgpRules,
  bundleRules,
  calicoNodeRules,
  clusterConfigurationRules,
  configMapRules,
  felixRules,
  initConfigurationRules,
  installationRules,
  ippoolRules,
  kopsRules,
  kubeControllersRules,
  kubeProxyRules,
  networkRules,
  shootRules,
  typhaDeploymentRules,
} from './rules/index.ts';
import { installationEbpfWithKubeProxy } from './rules/tigera/installation-ebpf-with-kube-proxy.ts';
import { loadSchema, type SchemaName } from './schema/load.ts';
import { compileShape, type ShapeCheck } from './schema/shape.ts';
import {
  createBgpTarget,
  createFelixTarget,
  createIpPoolTarget,
  createKubeControllersTarget,
} from './targets/calico.ts';
import { createConfigMapTarget } from './targets/calico-config-map.ts';
import { createCalicoNodeTarget } from './targets/calico-node.ts';
import { createTyphaDeploymentTarget, createTyphaServiceTarget } from './targets/calico-typha.ts';
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
      bindPolicy(
        createInstallationTarget(shapeOf('installation')),
        installationRules,
        [],
        [installationEbpfWithKubeProxy],
      ),
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
    ],
    bundleRules,
  );
}

function shapeOf(name: SchemaName): ShapeCheck {
  return compileShape(loadSchema(name));
}
