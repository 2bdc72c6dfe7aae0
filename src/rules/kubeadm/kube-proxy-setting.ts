// kube-proxy validates its configuration when it starts, and kubeadm does not: with one bad value kubeadm init
// succeeds, kube-proxy exits on every node, and no Service is reached. Durations are an exception: kubeadm decodes them.
import { parseCidr } from '../../formats/cidr.ts';
import { parseDuration } from '../../formats/duration.ts';
import { isPort, splitHostPort } from '../../formats/host-port.ts';
import { parseIp } from '../../formats/ip.ts';
import { splitSubnets } from '../../formats/subnets.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { adviseCidr } from '../shared/cidr-advice.ts';
import { checkNumber } from '../shared/number-range.ts';

const MAX_INT32 = 2 ** 31 - 1;
const MAX_ENTRIES = 1000;

const UNSUPPORTED = 'kube-proxy does not support this';

const MODES = ['iptables', 'ipvs', 'nftables', 'kernelspace'];
/** kube-proxy before Kubernetes 1.26. */
const OLD_MODE = 'userspace';
const LOCAL_MODES = ['ClusterCIDR', 'NodeCIDR', 'BridgeInterface', 'InterfaceNamePrefix'];
/** Modes that need a name of an interface. */
const INTERFACE_FIELDS: ReadonlyMap<unknown, string> = new Map([
  ['BridgeInterface', 'bridgeInterface'],
  ['InterfaceNamePrefix', 'interfaceNamePrefix'],
]);

interface NumberField {
  readonly path: FieldPath;
  readonly min: number;
  readonly max: number;
}

const NUMBERS: readonly NumberField[] = [
  { path: ['oomScoreAdj'], min: -1000, max: 1000 },
  { path: ['conntrack', 'maxPerCore'], min: 0, max: MAX_INT32 },
  { path: ['conntrack', 'min'], min: 0, max: MAX_INT32 },
  { path: ['clientConnection', 'burst'], min: 0, max: MAX_INT32 },
  { path: ['iptables', 'masqueradeBit'], min: 0, max: 31 },
  { path: ['nftables', 'masqueradeBit'], min: 0, max: 31 },
];

const DURATIONS: readonly FieldPath[] = [
  ['configSyncPeriod'],
  ['udpIdleTimeout'],
  ...['tcpEstablishedTimeout', 'tcpCloseWaitTimeout', 'udpTimeout', 'udpStreamTimeout'].map((field) => [
    'conntrack',
    field,
  ]),
  ...['iptables', 'ipvs', 'nftables'].flatMap((mode) => [
    [mode, 'syncPeriod'],
    [mode, 'minSyncPeriod'],
  ]),
  ...['tcpTimeout', 'tcpFinTimeout', 'udpTimeout'].map((field) => ['ipvs', field]),
];

export const kubeProxySetting: Rule<ObjectInput> = {
  id: 'kubeadm/kube-proxy-setting',
  title: 'a KubeProxyConfiguration must have values that kube-proxy accepts',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects a duration that it cannot decode. It does not check the other values: kube-proxy exits on every node if it rejects one, and Services cannot be reached. Those are warnings.',
    fix: 'Write `iptables`, `ipvs`, `nftables` or, on Windows, `kernelspace` as `mode`, ranges such as `10.244.0.0/16`, durations such as `30s`, and addresses such as `0.0.0.0:10249`.',
    good: `
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: 10.244.0.0/16
conntrack:
  tcpEstablishedTimeout: 1h
`,
    bad: `
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nft
detectLocalMode: ClusterCIDR
clusterCIDR: 10.244.0.0
conntrack:
  tcpEstablishedTimeout: 1d
`,
    source: 'Kubernetes 1.36, pkg/proxy/apis/config/validation: Validate',
    since: '0.1.0',
  },
  *check({ object }) {
    // kubeadm accepts these, and kube-proxy exits.
    for (const finding of checkValues(object)) yield { ...finding, atMost: 'warn' };
    for (const path of DURATIONS) yield* checkDuration(path, object);
  },
};

function* checkValues(object: unknown): Generator<Finding> {
  yield* checkMode(read(object, 'mode'));
  yield* checkLocalMode(object);
  yield* checkClusterCidr(object);
  yield* checkNodePorts(readList(object, 'nodePortAddresses'));
  if (read(object, 'mode') === 'ipvs') {
    for (const [index, value] of readList(object, 'ipvs', 'excludeCIDRs').slice(0, MAX_ENTRIES).entries()) {
      yield* checkRange(['ipvs', 'excludeCIDRs', index], value);
    }
  }
  yield* checkAddress(['bindAddress'], read(object, 'bindAddress'), isAddress, '0.0.0.0');
  for (const field of ['healthzBindAddress', 'metricsBindAddress']) {
    yield* checkAddress([field], read(object, field), isListenAddress, '0.0.0.0:10249');
  }
  for (const number of NUMBERS) {
    const value = isUsed(number.path, object) ? read(object, ...number.path) : undefined;
    yield* checkNumber({ ...number, value, what: 'number' });
  }
}

function* checkMode(value: unknown): Generator<Finding> {
  const path = ['mode'];
  if (value === '') return;
  if (value !== OLD_MODE) {
    yield* checkAllowedValue({ path, value, problem: UNSUPPORTED, allowed: MODES });
    return;
  }
  yield {
    path,
    reason: 'FieldValueNotSupported',
    problem: 'kube-proxy of Kubernetes 1.26 and later does not support this',
    got: value,
    advice: 'use iptables, ipvs or nftables',
  };
}

function* checkLocalMode(object: unknown): Generator<Finding> {
  const value = read(object, 'detectLocalMode');
  if (value === '') return;
  const path = ['detectLocalMode'];
  yield* checkAllowedValue({ path, value, problem: UNSUPPORTED, allowed: LOCAL_MODES });
  const field = INTERFACE_FIELDS.get(value);
  if (field === undefined || (read(object, 'detectLocal', field) ?? '') !== '') return;
  yield {
    path: ['detectLocal', field],
    reason: 'FieldValueRequired',
    problem: `the interface for ${value} is missing`,
    advice: 'add its name, such as cali',
  };
}

/** Only if ClusterCIDR is written kube-proxy validates the range. By default it leaves out what it cannot parse. */
function* checkClusterCidr(object: unknown): Generator<Finding> {
  const detects = readString(object, 'detectLocalMode') ?? '';
  const got = readString(object, 'clusterCIDR') ?? '';
  if (got === '') return;
  if (detects === 'ClusterCIDR') yield* checkRanges(got);
  if (detects !== '') return;
  for (const part of splitSubnets(got)) {
    if (part === '') continue;
    yield* checkRange(['clusterCIDR'], part, got);
  }
}

/** kube-proxy splits the text at commas, and spaces stay in its parts. */
function* checkRanges(got: string): Generator<Finding> {
  const path = ['clusterCIDR'];
  const parts = got.split(',', 3);
  for (const part of parts) yield* checkRange(path, part, got);
  const families = parts.map((part) => parseCidr(part)?.family);
  if (parts.length < 2 || families.includes(undefined)) return;
  if (parts.length === 2 && families[0] !== families[1]) return;
  yield {
    path,
    reason: 'FieldValueInvalid',
    problem: 'at most one range of each family is allowed',
    got,
    advice: 'write one range, or an IPv4 and an IPv6 range',
  };
}

function* checkNodePorts(values: readonly unknown[]): Generator<Finding> {
  for (const [index, value] of values.slice(0, MAX_ENTRIES).entries()) {
    const path = ['nodePortAddresses', index];
    if (value !== 'primary') {
      yield* checkRange(path, value);
    } else if (values.length > 1) {
      const problem = 'primary must be the only entry';
      yield { path, reason: 'FieldValueForbidden', problem, got: value, advice: 'remove it, or the ranges' };
    }
  }
}

/** Go reads null in a list of texts as an empty one. Leading zeros are accepted. */
function* checkRange(path: FieldPath, value: unknown, got = value): Generator<Finding> {
  const text = isUnset(value) ? '' : value;
  if (typeof text !== 'string' || parseCidr(text) !== undefined) return;
  yield { path, reason: 'FieldValueInvalid', ...adviseCidr(text, { kind: 'unparsable' }), got };
}

function* checkAddress(
  path: FieldPath,
  value: unknown,
  isGood: (text: string) => boolean,
  example: string,
): Generator<Finding> {
  if (typeof value !== 'string' || value === '' || isGood(value)) return;
  const withPort = example.includes(':') ? 'and port' : 'without port';
  yield {
    path,
    reason: 'FieldValueInvalid',
    problem: 'must be an IP address',
    got: value,
    advice: `write an address ${withPort}, such as ${example}`,
  };
}

function isAddress(text: string): boolean {
  return parseIp(text) !== undefined;
}

/** kube-proxy adds the port to an address without one. */
function isListenAddress(text: string): boolean {
  if (isAddress(text)) return true;
  const parts = splitHostPort(text);
  return parts !== undefined && isAddress(parts.host) && isPort(parts.port);
}

/** kube-proxy validates the settings of its mode, and in every mode the bit of iptables. */
function isUsed([section, field]: FieldPath, object: unknown): boolean {
  if (!MODES.includes(String(section)) || (section === 'iptables' && field === 'masqueradeBit')) return true;
  return section === (read(object, 'mode') || 'iptables');
}

/** kubeadm decodes all of them. */
function* checkDuration(path: FieldPath, object: unknown): Generator<Finding> {
  const value = read(object, ...path);
  if (typeof value !== 'string') return;
  const length = parseDuration(value);
  if (length !== undefined && (length >= 0 || !isUsed(path, object))) return;
  yield {
    path,
    reason: 'FieldValueInvalid',
    problem: length === undefined ? 'not a duration' : 'the duration is negative',
    got: value,
    advice: value === '' ? 'remove it, or write a duration such as 30s' : 'write one such as 30s or 1h',
    ...(length !== undefined && { atMost: 'warn' }),
  };
}
