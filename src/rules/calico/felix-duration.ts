// Durations of FelixConfiguration are a number and ms, s, m or h, once or several times. The pattern of the CRD has one
// backslash too many before the dot, so it rejects fractions although Felix could parse them: write 1500ms, not 1.5s. A
// few fields have no such pattern, and those of bpfConntrackTimeouts and one other have the right one.
//
// The patterns accept an empty text and more than 292 years, which Go cannot parse: such a value is stored, and then
// the list of all FelixConfigurations cannot be decoded, and Felix never comes in sync.
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
/** The texts that `(([0-9]*(\.[0-9]*)?(ms|s|h|m|us)+)+|Auto)` matches, in a form that is fast to match. */
const TIMEOUT = /^(?:Auto|(?:[0-9]*(?:\.[0-9]*)?(?:us|[smh]))+)$/;

/** Matching a text of one megabyte would take a second. */
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
/** The only duration that is in milliseconds, not seconds, when the environment gives it without a unit. */
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
  title: 'durations in a FelixConfiguration must have the form that the CRD accepts',
  action: 'deny',
  docs: {
    why: 'The API server rejects a duration that does not match the pattern of the CRD. Because of a mistake in most of these patterns, fractions do not match, although Felix could parse them. An empty duration, and one of more than 292 years, match but cannot be decoded: with a single such object, listing all FelixConfigurations fails, and Felix gets no changes and does not start.',
    fix: 'Write whole numbers with `ms`, `s`, `m` or `h`: `90s`, `1m30s`, and `1500ms` instead of `1.5s`.',
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
        problem: 'the timeout is negative',
        got: timeout,
        advice: 'use a value of 0s or more',
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
    problem:
      pattern === WHOLE
        ? 'the CRD does not accept fractions of a duration'
        : 'the CRD does not accept this form',
    got: value,
    advice: `write ${whole}`,
    fix: { kind: 'replace', value: whole },
  };
}

/** Only Go validates these. */
function* checkFree(path: FieldPath, value: unknown): Generator<Finding> {
  if (typeof value === 'string' && parseDuration(value) === undefined) yield invalid(path, value, '');
}

/** The timers are a map of strings. Felix ignores those that it cannot decode. */
function undecodable(path: FieldPath, value: string, isPassedOver: boolean): Finding {
  const parts = adviseDuration(value, '90s');
  if (!isPassedOver) return { path, reason: 'FieldValueInvalid', ...parts, got: value };
  const problem = `${parts.problem}; Felix keeps its default`;
  return { path, reason: 'FieldValueInvalid', ...parts, problem, got: value, atMost: 'warn' };
}

function invalid(path: FieldPath, value: string, also: string): Finding {
  const parts = adviseDuration(value, `90s${also}`);
  const meant = withUnit(String(path.at(-1)), value);
  if (meant === undefined) return { path, reason: 'FieldValueInvalid', ...parts, got: value };
  return {
    path,
    reason: 'FieldValueInvalid',
    ...parts,
    got: value,
    advice: `write ${meant}`,
    fix: { kind: 'replace', value: meant },
  };
}

/** A number without a unit, in the unit that Felix uses for its environment variable; undefined if there is none. */
function withUnit(field: string, value: string): string | undefined {
  if (!PLAIN_NUMBER.test(value) || field === 'timeout') return undefined;
  const meant = `${value}${field === IN_MILLISECONDS ? 'ms' : 's'}`;
  return parseDuration(meant) === undefined ? undefined : meant;
}
