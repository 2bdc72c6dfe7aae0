import bgpConfiguration from '../../schemas/bgp-configuration.json' with { type: 'json' };
import calicoNode from '../../schemas/calico-node.json' with { type: 'json' };
import calicoTypha from '../../schemas/calico-typha.json' with { type: 'json' };
import clusterConfiguration from '../../schemas/cluster-configuration.json' with { type: 'json' };
import config from '../../schemas/config.json' with { type: 'json' };
import configMap from '../../schemas/config-map.json' with { type: 'json' };
import felixConfiguration from '../../schemas/felix-configuration.json' with { type: 'json' };
import initConfiguration from '../../schemas/init-configuration.json' with { type: 'json' };
import installation from '../../schemas/installation.json' with { type: 'json' };
import ippool from '../../schemas/ippool.json' with { type: 'json' };
import joinConfiguration from '../../schemas/join-configuration.json' with { type: 'json' };
import kopsCalico from '../../schemas/kops-calico.json' with { type: 'json' };
import kopsCluster from '../../schemas/kops-cluster.json' with { type: 'json' };
import kubeControllersConfiguration from '../../schemas/kube-controllers-configuration.json' with {
  type: 'json',
};
import kubeProxyConfiguration from '../../schemas/kube-proxy-configuration.json' with { type: 'json' };
import network from '../../schemas/network.json' with { type: 'json' };
import networkConfig from '../../schemas/network-config.json' with { type: 'json' };
import shoot from '../../schemas/shoot.json' with { type: 'json' };

/** A JSON Schema as far as we read it ourselves. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Schemas of the product, by file name without its ending; imported, so that a bundle carries them. */
const SCHEMAS = {
  'bgp-configuration': bgpConfiguration,
  'calico-node': calicoNode,
  'calico-typha': calicoTypha,
  'cluster-configuration': clusterConfiguration,
  config,
  'config-map': configMap,
  'felix-configuration': felixConfiguration,
  'init-configuration': initConfiguration,
  installation,
  ippool,
  'join-configuration': joinConfiguration,
  'kops-calico': kopsCalico,
  'kops-cluster': kopsCluster,
  'kube-controllers-configuration': kubeControllersConfiguration,
  'kube-proxy-configuration': kubeProxyConfiguration,
  network,
  'network-config': networkConfig,
  shoot,
} as const;

export type SchemaName = keyof typeof SCHEMAS;

export function loadSchema(name: SchemaName): JsonSchema {
  return SCHEMAS[name];
}
