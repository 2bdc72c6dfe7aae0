// This rule checks how calico-node chooses the address of its node. kOps supports less than Calico: first-found,
// can-reach= with an address of the field's family (no name), interface= and skip-interface= with a list of RE2
// patterns. It rejects cidr= and kubernetes-internal-ip, allows no second "=", and crashes at a method without its "=".
import { parseIp } from '../../formats/ip.ts';
import { nearest } from '../../formats/nearest.ts';
import { isPlain, isTooLong, MAX_PATTERN_LENGTH, re2Problem } from '../../formats/re2.ts';
import { type Explanation, truncate } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { tooLong } from '../shared/too-long.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

type Family = 'IPv4' | 'IPv6';

const FIELDS: readonly { readonly name: string; readonly family: Family }[] = [
  { name: 'ipv4AutoDetectionMethod', family: 'IPv4' },
  { name: 'ipv6AutoDetectionMethod', family: 'IPv6' },
];
const METHODS = ['first-found', 'can-reach', 'interface', 'skip-interface'];
/** Go's `\s*,\s*`: its space is narrower than that of JavaScript. */
const BETWEEN_PATTERNS = /[\t\n\f\r ]*,[\t\n\f\r ]*/;
const NO_FIRST_PATTERN = /^(?:[\t\n\f\r ]*,|$)/;
const ADDRESSES = { IPv4: '8.8.8.8', IPv6: '2001:4860:4860::8888' };

export const autodetectionMethod: Rule<KopsClusterInput> = {
  id: 'kops/autodetection-method',
  title: 'an autodetection method must be one that kOps supports',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster, also for methods that Calico itself supports; a method without its `=` even crashes kOps. A pattern of more than 800 characters is not checked; that is a warning.',
    fix: 'Write `first-found`, `can-reach=<address>`, `interface=<RE2>,…` or `skip-interface=<RE2>,…`.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      ipv4AutoDetectionMethod: interface=en.*,eth0
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      ipv4AutoDetectionMethod: cidr=10.0.0.0/8
`,
    source: 'kOps, validateCalicoAutoDetectionMethod',
    since: '0.1.0',
  },
  *check(input) {
    for (const { name, family } of FIELDS) {
      const value = wordOf(input, name);
      const problem = value === undefined ? undefined : findProblem(value, family);
      if (problem === 'too long') yield tooLong(inCalico(name), MAX_PATTERN_LENGTH);
      else if (problem !== undefined) {
        yield { path: inCalico(name), reason: 'FieldValueInvalid', ...problem, got: value };
      }
    }
  },
};

function findProblem(value: string, family: Family): Explanation | 'too long' | undefined {
  const [method = '', parameter, ...others] = value.split('=', 3);
  if (others.length > 0) {
    return { problem: 'only one = is allowed', advice: 'write a method with one =, such as interface=eth.*' };
  }
  switch (method) {
    case 'first-found':
      return undefined;
    case 'can-reach':
      return checkAddress(parameter, family);
    case 'interface':
    case 'skip-interface':
      return checkPatterns(method, parameter);
    default:
      return adviseMethod(method);
  }
}

function adviseMethod(method: string): Explanation {
  const suggestion = nearest(method.trim(), METHODS);
  const hint = suggestion === undefined ? '' : `did you mean ${suggestion}? `;
  const use = suggestion === undefined ? 'use' : 'Use';
  const list = 'first-found, can-reach=, interface= or skip-interface=';
  return { problem: 'kOps does not support this method', advice: `${hint}${use} ${list}` };
}

/** IsValidIPv4Address and IsValidIPv6Address of apimachinery, which accept leading zeros and IPv4 in IPv6 notation. */
function checkAddress(parameter: string | undefined, family: Family): Explanation | undefined {
  const ip = parseIp(parameter ?? '');
  if (ip !== undefined && (ip.family === 'IPv4' || ip.mapped) === (family === 'IPv4')) return undefined;
  const advice = `write an address, such as can-reach=${ADDRESSES[family]}`;
  if (!parameter) return { problem: 'the address is missing', advice };
  if (ip === undefined) return { problem: 'must be an IP address, because kOps accepts no names', advice };
  return { problem: `must be an ${family} address`, advice };
}

function checkPatterns(method: string, parameter = ''): Explanation | 'too long' | undefined {
  if (NO_FIRST_PATTERN.test(parameter)) {
    return { problem: 'the interfaces are missing', advice: `append interfaces, such as ${method}=eth.*` };
  }
  if (isPlain(parameter)) return undefined;
  if (isTooLong(parameter)) return 'too long';
  for (const pattern of parameter.split(BETWEEN_PATTERNS)) {
    const detail = re2Problem(pattern);
    if (detail === undefined) continue;
    const problem = `invalid list of RE2 patterns: ${truncate(detail, 45)}`;
    return { problem, advice: 'correct the pattern (a comma separates patterns)' };
  }
  return undefined;
}
