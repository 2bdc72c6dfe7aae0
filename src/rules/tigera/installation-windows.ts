// windowsDataplane HNS with the Calico CNI plugin: the Service ranges are required, and Windows nodes use the first
// IPv4 pool, with VXLAN or None. The default of a pool is IPIP. windowsNodes is only for HNS. Otherwise the operator
// stops with a degraded TigeraStatus, for Linux nodes too.
import { isUnset, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';
import { getsIpipPool, WRITE_POOLS } from './shared/default-pool.ts';

const NOT_ON_WINDOWS: readonly unknown[] = ['IPIP', 'IPIPCrossSubnet', 'VXLANCrossSubnet'];

export const installationWindows: Rule<InstallationInput> = {
  id: 'tigera/installation-windows',
  title: 'the fields that Windows nodes need must be set',
  action: 'deny',
  docs: {
    why: 'Calico on Windows needs the Service ranges, and supports VXLAN and no encapsulation. Otherwise the operator reports a degraded TigeraStatus, and does not update Linux nodes either.',
    fix: 'Write `serviceCIDRs`, and `VXLAN` or `None` in the IPv4 pool. Remove `windowsNodes` if `windowsDataplane` is not HNS.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  serviceCIDRs: [10.96.0.0/12]
  calicoNetwork:
    windowsDataplane: HNS
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  serviceCIDRs: [10.96.0.0/12]
  calicoNetwork:
    windowsDataplane: HNS
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLANCrossSubnet
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec, view }) {
    const { cni, network, pools } = view;
    const dataplane = read(network, 'windowsDataplane');
    if (dataplane !== 'HNS') {
      if (isUnset(read(spec, 'windowsNodes'))) return;
      yield {
        path: ['spec', 'windowsNodes'],
        reason: 'FieldValueForbidden',
        problem: 'only allowed with windowsDataplane HNS',
        got: dataplane,
        advice: 'remove it, or set windowsDataplane: HNS',
      };
      return;
    }
    if (cni !== 'Calico') return;
    if (readList(spec, 'serviceCIDRs').length === 0) {
      const got = read(spec, 'serviceCIDRs');
      yield {
        path: ['spec', 'serviceCIDRs'],
        reason: 'FieldValueRequired',
        problem: 'Windows nodes need the Service ranges',
        got,
        advice: 'add the ranges, such as [10.96.0.0/12]',
      };
    }
    if (getsIpipPool(view)) {
      yield {
        path: [...NETWORK_PATH, 'ipPools'],
        reason: 'FieldValueRequired',
        problem: 'the default pool has IPIP, which does not work on Windows',
        advice: WRITE_POOLS,
      };
    }
    const pool = pools.find(({ cidr }) => cidr?.family === 'IPv4');
    if (pool === undefined || !NOT_ON_WINDOWS.includes(pool.encapsulation)) return;
    const got = read(pool.values, 'encapsulation');
    yield {
      path: [...pool.path, 'encapsulation'],
      reason: 'FieldValueNotSupported',
      problem: `${pool.encapsulation} does not work on Windows`,
      got,
      advice: 'write VXLAN or None',
    };
  },
};
