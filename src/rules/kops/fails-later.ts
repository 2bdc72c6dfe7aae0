// Values that kOps accepts and Calico does not: calico-node stops if a method has more than its name, Felix drops an
// unknown log level, and the API server rejects a port above 65535 when kOps installs Calico.
import { read } from '../../policy/json.ts';
import type { MessageParts } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { adviseWord } from '../shared/allowed-value.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

const METHODS = ['ipv4AutoDetectionMethod', 'ipv6AutoDetectionMethod'];
const LEVELS = ['debug', 'info', 'warning', 'error', 'fatal'];
/** Felix also accepts these. */
const OTHER_LEVELS = ['none', 'trace'];
const PORTS = ['prometheusMetricsPort', 'typhaPrometheusMetricsPort'];
const INT32 = 2 ** 31;

export const failsLater: Rule<KopsClusterInput> = {
  id: 'kops/fails-later',
  title: 'a value that kOps accepts should also work on the nodes',
  action: 'warn',
  docs: {
    why: 'kOps accepts the value without validation. On the nodes it is dropped, or calico-node does not start.',
    fix: 'Write only `first-found`, a log level of Felix (debug, info, warning, error, fatal), and ports up to 65535.',
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
      logSeverityScreen: warning
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
      logSeverityScreen: verbose
`,
    source: 'Calico, calico-node startup (autodetection) and Felix configuration',
    since: '0.1.0',
  },
  *check(input) {
    for (const name of METHODS) {
      const value = wordOf(input, name);
      if (value?.startsWith('first-found=') !== true || value.split('=', 3).length > 2) continue;
      const problem = 'calico-node does not start with this value';
      yield late(name, { problem, got: value, advice: 'write only first-found' });
    }
    yield* checkLevel(input);
    for (const name of PORTS) {
      const value = read(input.calico, name);
      if (typeof value !== 'number' || (value >= 0 && value <= 65_535) || value >= INT32) continue;
      yield late(name, {
        problem: 'invalid port',
        got: value,
        advice: 'use a value from 1 to 65535, or remove it',
      });
    }
  },
};

function late(name: string, parts: MessageParts): Finding {
  return { path: inCalico(name), reason: 'FieldValueInvalid', ...parts };
}

function* checkLevel(input: KopsClusterInput): Generator<Finding> {
  const value = wordOf(input, 'logSeverityScreen');
  if (value === undefined || [...LEVELS, ...OTHER_LEVELS].includes(value.toLowerCase())) return;
  const problem = 'Felix has no such log level, and drops it';
  yield late('logSeverityScreen', { problem, got: value, advice: adviseWord(value, LEVELS) });
}
