import { testRule } from '../../support/rule-tester.ts';
import { at, calicoNode, clusterConfiguration, DOCUMENTS, subnets } from './documents.ts';

// What an update of a living cluster does not reach.

const CIDR = { CALICO_IPV4POOL_CIDR: '10.244.0.0/16' };
const OTHER = { CALICO_IPV4POOL_CIDR: '10.245.0.0/16' };
const UNKNOWN = { CALICO_IPV4POOL_CIDR: { configMapKeyRef: { name: 'a', key: 'b' } } };

/** calico-node with these variables, which had those. */
function change(after: Record<string, unknown>, before: Record<string, unknown>) {
  return { documents: [calicoNode(after)], old: { documents: [calicoNode(before)] } };
}

testRule('kubeadm/existing-pool', 'warn', DOCUMENTS, {
  valid: [
    { name: 'a new cluster', documents: [calicoNode(CIDR)] },
    { name: 'the same', ...change({ ...CIDR, FELIX_LOGSEVERITYSCREEN: 'Info' }, CIDR) },
    { name: 'another place in the list', ...change({ A: 'b', ...CIDR }, CIDR) },
    { name: 'taken away', ...change({ A: 'b' }, CIDR) },
    { name: 'from somewhere else now', ...change({ ...UNKNOWN, A: 'b' }, CIDR) },
    { name: 'from somewhere else before', ...change(CIDR, UNKNOWN) },
    { name: 'what is read at each start', ...change({ IP: 'none' }, { IP: 'autodetect' }) },
    {
      name: 'no such container before',
      documents: [calicoNode(CIDR)],
      old: { documents: [{ ...Object(calicoNode({})), spec: {} }] },
    },
  ],
  invalid: [
    { name: 'another range', ...change(OTHER, CIDR), found: [{ path: at(0), got: '10.245.0.0/16' }] },
    { name: 'a range that was not written', ...change(CIDR, { A: 'b' }), found: [at(0)] },
    ...['IPIP', 'VXLAN', 'BLOCK_SIZE', 'NAT_OUTGOING', 'NODE_SELECTOR', 'DISABLE_BGP_EXPORT'].map((name) => ({
      name: `CALICO_IPV4POOL_${name}`,
      ...change({ [`CALICO_IPV4POOL_${name}`]: '26' }, { [`CALICO_IPV4POOL_${name}`]: '25' }),
      found: [{ path: at(0), says: 'read only while there is no pool' }],
    })),
    {
      name: 'both families',
      ...change(
        { ...OTHER, CALICO_IPV6POOL_CIDR: 'fd00::/64' },
        { ...CIDR, CALICO_IPV6POOL_CIDR: 'fd01::/64' },
      ),
      found: [at(0), at(1)],
    },
  ],
});

/** A ClusterConfiguration with these ranges, which had those. */
function move(after: object, before: object) {
  return { documents: [after], old: { documents: [before] } };
}

testRule('kubeadm/living-cluster', 'warn', DOCUMENTS, {
  valid: [
    { name: 'a new cluster', documents: [subnets('10.244.0.0/16')] },
    {
      name: 'another field',
      ...move(
        clusterConfiguration({ networking: { podSubnet: '10.244.0.0/16' }, kubernetesVersion: 'v1.34.0' }),
        clusterConfiguration({ networking: { podSubnet: '10.244.0.0/16' }, kubernetesVersion: 'v1.33.0' }),
      ),
    },
    { name: 'a range that was not written', ...move(subnets('10.244.0.0/16'), clusterConfiguration()) },
    { name: 'none was text before', ...move(subnets('10.244.0.0/16'), subnets(7)) },
  ],
  invalid: [
    {
      name: 'pods',
      ...move(subnets('10.245.0.0/16'), subnets('10.244.0.0/16')),
      found: [{ path: 'networking.podSubnet', got: '10.245.0.0/16', advice: 'keep "10.244.0.0/16"' }],
    },
    {
      name: 'Services',
      ...move(subnets('10.244.0.0/16', '10.97.0.0/16'), subnets('10.244.0.0/16', '10.96.0.0/16')),
      found: [{ path: 'networking.serviceSubnet', says: 'Services keep their addresses' }],
    },
    {
      name: 'taken away',
      ...move(clusterConfiguration(), subnets('10.244.0.0/16')),
      found: [{ path: 'networking.podSubnet', says: 'removed: ' }],
    },
    {
      name: 'a second family',
      ...move(subnets('10.244.0.0/16,fd00::/56'), subnets('10.244.0.0/16')),
      found: ['networking.podSubnet'],
    },
  ],
});
