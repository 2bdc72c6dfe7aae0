// This rule checks the ranges of numbers of FelixConfiguration. Some ranges are checked only by the newest CRDs, some
// only by Calico's own client, and some by neither: there the kernel rejects an impossible number after the API
// accepted it. That is a warning.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkNumber, type NumberRange } from '../shared/number-range.ts';

interface Range extends Pick<NumberRange, 'min' | 'max' | 'what'> {
  /** No API and no client rejects a number outside the range. */
  readonly isStored?: boolean;
}

const PORT_OR_OFF: Range = { min: 0, max: 65_535, what: 'port' };
const STORED_PORT: Range = { ...PORT_OR_OFF, isStored: true };
const PORT: Range = { min: 1, max: 65_535, what: 'port' };
const MTU: Range = { min: 0, max: 65_535, what: 'MTU', isStored: true };
const MARK: Range = { min: 0, max: 4_294_967_295, what: '32-bit mark' };
const ROUTE_PRIORITY: Range = { min: 1, max: 2_147_483_646, what: 'route priority' };
const MAGLEV: Range = { min: 1, max: 3000, what: 'Maglev table size' };
const GO_SETTING: Range = { min: -1, max: Number.POSITIVE_INFINITY, what: 'Go runtime setting' };

const RANGES: Readonly<Record<string, Range>> = {
  bpfExtToServiceConnmark: MARK,
  bpfKubeProxyHealthzPort: PORT_OR_OFF,
  bpfMaglevMaxEndpointsPerService: MAGLEV,
  bpfMaglevMaxServices: MAGLEV,
  bpfMapSizeConntrackCleanupQueue: { min: 1, max: Number.POSITIVE_INFINITY, what: 'map size' },
  debugPort: PORT_OR_OFF,
  deviceRouteProtocol: { min: 0, max: 255, what: 'route protocol', isStored: true },
  goGCThreshold: GO_SETTING,
  goMaxProcs: GO_SETTING,
  goMemoryLimitMB: GO_SETTING,
  healthPort: STORED_PORT,
  ipipMTU: MTU,
  istioDSCPMark: { min: 0, max: 63, what: 'DSCP value' },
  iptablesMarkMask: MARK,
  ipv4ElevatedRoutePriority: ROUTE_PRIORITY,
  ipv4NormalRoutePriority: ROUTE_PRIORITY,
  ipv6ElevatedRoutePriority: ROUTE_PRIORITY,
  ipv6NormalRoutePriority: ROUTE_PRIORITY,
  logActionRateLimitBurst: { min: 0, max: 9999, what: 'log burst' },
  metadataPort: STORED_PORT,
  nftablesMarkMask: MARK,
  prometheusMetricsPort: STORED_PORT,
  vxlanMTU: MTU,
  vxlanMTUV6: MTU,
  vxlanPort: STORED_PORT,
  vxlanVNI: { min: 0, max: 16_777_215, what: 'VXLAN network identifier', isStored: true },
  wireguardListeningPort: PORT,
  wireguardListeningPortV6: PORT,
  wireguardMTU: MTU,
  wireguardMTUV6: MTU,
  wireguardRoutingRulePriority: { min: 1, max: 32_765, what: 'routing rule priority' },
};

export const felixNumber: Rule<ObjectInput> = {
  id: 'calico/felix-number',
  title: 'numbers in a FelixConfiguration must be in their ranges',
  action: 'deny',
  docs: {
    why: 'The API server or `calicoctl` rejects a number outside its range. MTUs and some ports are stored with any value; then Felix logs the number and uses its default, or the kernel rejects the tunnel. That is a warning.',
    fix: 'Write a number in the range from the message, or remove the field.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  wireguardListeningPort: 51820
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  wireguardListeningPort: 0
`,
    source: 'Calico, FelixConfiguration CRD and libcalico-go validator; of MTUs and VXLAN, the kernel',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [field, { isStored, ...range }] of Object.entries(RANGES)) {
      for (const finding of checkNumber({ path: ['spec', field], value: read(spec, field), ...range })) {
        yield isStored ? { ...finding, atMost: 'warn' } : finding;
      }
    }
  },
};
