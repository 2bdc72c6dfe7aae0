import bgpConfiguration from '../../schemas/bgp-configuration.json' with { type: 'json' };
import bgpFilter from '../../schemas/bgp-filter.json' with { type: 'json' };
import bgpFilterRule from '../../schemas/bgp-filter-rule.json' with { type: 'json' };
import bgpPeer from '../../schemas/bgp-peer.json' with { type: 'json' };
import calicoNode from '../../schemas/calico-node.json' with { type: 'json' };
import calicoTypha from '../../schemas/calico-typha.json' with { type: 'json' };
import clusterConfiguration from '../../schemas/cluster-configuration.json' with { type: 'json' };
import config from '../../schemas/config.json' with { type: 'json' };
import configMap from '../../schemas/config-map.json' with { type: 'json' };
import entityRule from '../../schemas/entity-rule.json' with { type: 'json' };
import felixConfiguration from '../../schemas/felix-configuration.json' with { type: 'json' };
import globalNetworkPolicy from '../../schemas/global-network-policy.json' with { type: 'json' };
import globalNetworkSet from '../../schemas/global-network-set.json' with { type: 'json' };
import hostEndpoint from '../../schemas/host-endpoint.json' with { type: 'json' };
import initConfiguration from '../../schemas/init-configuration.json' with { type: 'json' };
import installation from '../../schemas/installation.json' with { type: 'json' };
import ipReservation from '../../schemas/ip-reservation.json' with { type: 'json' };
import ipamConfiguration from '../../schemas/ipam-configuration.json' with { type: 'json' };
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
import networkPolicy from '../../schemas/network-policy.json' with { type: 'json' };
import networkSet from '../../schemas/network-set.json' with { type: 'json' };
import policyRule from '../../schemas/policy-rule.json' with { type: 'json' };
import shoot from '../../schemas/shoot.json' with { type: 'json' };
import stagedGlobalNetworkPolicy from '../../schemas/staged-global-network-policy.json' with { type: 'json' };
import stagedNetworkPolicy from '../../schemas/staged-network-policy.json' with { type: 'json' };
import tier from '../../schemas/tier.json' with { type: 'json' };

/** A JSON Schema as far as we read it ourselves. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Schemas of the product, by file name without its ending; imported, so that a bundle carries them. */
const SCHEMAS = {
  'bgp-filter': bgpFilter,
  'bgp-filter-rule': bgpFilterRule,
  'bgp-peer': bgpPeer,
  'entity-rule': entityRule,
  'global-network-policy': globalNetworkPolicy,
  'global-network-set': globalNetworkSet,
  'host-endpoint': hostEndpoint,
  'ip-reservation': ipReservation,
  'ipam-configuration': ipamConfiguration,
  'network-policy': networkPolicy,
  'network-set': networkSet,
  'policy-rule': policyRule,
  'staged-global-network-policy': stagedGlobalNetworkPolicy,
  'staged-network-policy': stagedNetworkPolicy,
  tier,
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
