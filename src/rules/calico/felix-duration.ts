// Durations of FelixConfiguration: a number and ms, s, m or h, once or several times. The CRD's pattern has a backslash
// too many before the dot, so that fractions are rejected although Felix could read them: 1.5s has to be 1500ms. A few
// fields have no such pattern, and those of bpfConntrackTimeouts and one other have the right one.
//
// What the patterns take and Go does not, an empty text and more than 292 years, is stored; then the list of all
// FelixConfigurations cannot be decoded, and Felix never comes in sync.
import { parseDuration } from '../../formats/duration.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { tooLong } from '../shared/too-long.ts';
import { adviseDuration } from './shared/duration-advice.ts';

/** Without fractions. */
const WHOLE = /^(?:[0-9]+(?:ms|s|m|h))+$/;
const DECIMAL = /^(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h))+$/;
/** What `(([0-9]*(\.[0-9]*)?(ms|s|h|m|us)+)+|Auto)` takes, written so that matching it takes no time. */
const TIMEOUT = /^(?:Auto|(?:[0-9]*(?:\.[0-9]*)?(?:us|[smh]))+)$/;

/** Matching a text of a megabyte would take a second. */
const MAX_LENGTH = 256;

const WHOLE_FIELDS: readonly string[] = [
  'bpfIPFragTimeout',
  'bpfKubeProxyMinSyncPeriod',
  'debugSimulateCalcGraphHangAfter',
  'debugSimulateDataplaneApplyDelay',
  'debugSimulateDataplaneHangAfter',
  'endpointReportingDelay',
  'flowLogsFlushInterval',
  'interfaceRefreshInterval',
  'ipsetsRefreshInterval',
  'iptablesLockProbeInterval',
  'iptablesLockTimeout',
  'iptablesPostWriteCheckInterval',
  'iptablesRefreshInterval',
  'netlinkTimeout',
  'reportingInterval',
  'reportingTTL',
  'routeRefreshInterval',
  'usageReportingInitialDelay',
  'usageReportingInterval',
  'wireguardKeepAlive',
  'xdpRefreshInterval',
];
/** Of the durations that the environment gives as bare numbers, the one that is not in seconds. */
const IN_MILLISECONDS = 'iptablesLockProbeInterval';
const PLAIN_NUMBER = /^(?:0|[1-9][0-9]*)$/;
const FREE_FIELDS: readonly string[] = [
  'dataplaneWatchdogTimeout',
  'localSubnetL2ReachabilityRefreshInterval',
  'nftablesRefreshInterval',
];
const TIMERS: readonly string[] = [
  'creationGracePeriod',
  'genericTimeout',
  'icmpTimeout',
  'tcpEstablished',
  'tcpFinsSeen',
  'tcpResetSeen',
  'tcpSynSent',
  'udpTimeout',
];

export const felixDuration: Rule<ObjectInput> = {
  id: 'calico/felix-duration',
  title: 'durations of Felix are written as the CRD takes them',
  action: 'deny',
  docs: {
    why: 'The API server rejects a duration that does not fit the pattern of the CRD. By a slip in most of these patterns fractions do not fit, although Felix could read them. An empty one, and one of more than 292 years, fit and cannot be decoded: with a single such object listing all FelixConfigurations fails, and no Felix learns of any change or starts any more.',
    fix: 'Write whole numbers with `ms`, `s`, `m` or `h`: `90s`, `1m30s`, and `1500ms` in place of `1.5s`.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  netlinkTimeout: 1500ms
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  netlinkTimeout: 1.5s
`,
    source:
      'Calico, FelixConfiguration CRD: patterns of durations; felix/config/config_params.go: units of bare numbers; decoding of a FelixConfigurationList with one such object, run with libcalico-go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of WHOLE_FIELDS) yield* checkWith(WHOLE, ['spec', field], read(spec, field));
    yield* checkWith(
      DECIMAL,
      ['spec', 'liveMigrationRouteConvergenceTime'],
      read(spec, 'liveMigrationRouteConvergenceTime'),
    );
    for (const field of FREE_FIELDS) yield* checkFree(['spec', field], read(spec, field));
    for (const timer of TIMERS) {
      const path = ['spec', 'bpfConntrackTimeouts', timer];
      yield* checkWith(TIMEOUT, path, read(spec, 'bpfConntrackTimeouts', timer), ', or Auto');
    }
    for (const [index, override] of readList(spec, 'healthTimeoutOverrides').entries()) {
      const path = ['spec', 'healthTimeoutOverrides', index, 'timeout'];
      const timeout = read(override, 'timeout');
      yield* checkFree(path, timeout);
      const length = typeof timeout === 'string' ? parseDuration(timeout) : undefined;
      if (length === undefined || length >= 0) continue;
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem: 'a timeout cannot be negative',
        got: timeout,
        advice: 'write 0s or more',
      };
    }
  },
};

function* checkWith(pattern: RegExp, path: FieldPath, value: unknown, also = ''): Generator<Finding> {
  if (typeof value !== 'string') return;
  if (value.length > MAX_LENGTH) yield tooLong(path, MAX_LENGTH);
  if (value.length > MAX_LENGTH) return;
  if (pattern.test(value)) {
    if (value !== 'Auto' && parseDuration(value) === undefined)
      yield undecodable(path, value, pattern === TIMEOUT);
    return;
  }
  const milliseconds = value.includes('.') ? parseDuration(value) : undefined;
  const isFraction = milliseconds !== undefined && milliseconds >= 0 && Number.isInteger(milliseconds);
  if (!isFraction) {
    yield invalid(path, value, also);
    return;
  }
  const whole = `${milliseconds}ms`;
  yield {
    path,
    reason: 'FieldValueInvalid',
    problem: pattern === WHOLE ? 'the CRD takes no fractions of a duration' : 'not spelt as the CRD takes it',
    got: value,
    advice: `write ${whole}`,
    fix: { kind: 'replace', value: whole },
  };
}

/** Nothing but Go reads these. */
function* checkFree(path: FieldPath, value: unknown): Generator<Finding> {
  if (typeof value === 'string' && parseDuration(value) === undefined) yield invalid(path, value, '');
}

/** The timers are a map of texts, of which Felix passes over what it cannot read. */
function undecodable(path: FieldPath, value: string, isPassedOver: boolean): Finding {
  const said = adviseDuration(value, '90s');
  if (!isPassedOver) return { path, reason: 'FieldValueInvalid', ...said, got: value };
  const problem = `${said.problem}; Felix keeps its default`;
  return { path, reason: 'FieldValueInvalid', ...said, problem, got: value, atMost: 'warn' };
}

function invalid(path: FieldPath, value: string, also: string): Finding {
  const said = adviseDuration(value, `90s${also}`);
  const meant = withUnit(String(path.at(-1)), value);
  if (meant === undefined) return { path, reason: 'FieldValueInvalid', ...said, got: value };
  return {
    path,
    reason: 'FieldValueInvalid',
    ...said,
    got: value,
    advice: `write ${meant}`,
    fix: { kind: 'replace', value: meant },
  };
}

/** A bare number in the unit in which Felix takes it from the environment; undefined where there is none. */
function withUnit(field: string, value: string): string | undefined {
  if (!PLAIN_NUMBER.test(value) || field === 'timeout') return undefined;
  const meant = `${value}${field === IN_MILLISECONDS ? 'ms' : 's'}`;
  return parseDuration(meant) === undefined ? undefined : meant;
}
