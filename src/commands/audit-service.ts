import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../cluster/api.ts';
import { type AuditReport, auditCluster } from '../cluster/audit.ts';
import { connect } from '../cluster/connect.ts';
import type { KubeconfigSource } from '../cluster/kubeconfig.ts';
import { type Kept, keepReports, toReports } from '../cluster/reports.ts';
import { loadServeSettings, type PolicyFlags } from '../config.ts';
import { toError, UserError } from '../errors.ts';
import { parseDuration } from '../formats/duration.ts';
import { type AuditMetrics, createAuditMetrics } from '../observe/audit-metrics.ts';
import { createLog, escapeForLog, type Log } from '../observe/log.ts';
import { openStdout } from '../observe/stdout.ts';
import { quote } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import { createPageFinder } from '../policy/rule-page.ts';
import type { PolicySettings } from '../policy/settings.ts';
import { loadRegistry } from '../registry.ts';
import type { ServeSettingFlags } from '../serve-settings.ts';
import { createHealthServer } from '../server/health.ts';
import { listenOn } from '../server/listen.ts';
import { createReadiness } from '../server/readiness.ts';
import type { Io } from './command.ts';
import { listCluster } from './list-cluster.ts';
import { untilStopped } from './until-stopped.ts';

/** Maximum wait after a failed audit: the API server may be back. */
const RETRY_MS = 60_000;
/** With a shorter interval, audits would be most of the load of the API server. */
const SHORTEST_MS = 1000;
/** The longest time of a timer of Node.js. */
const LONGEST_MS = 24 * 24 * 3600 * 1000;
/** The time for an audit to end. The next audit writes what this one has not. */
const DRAIN_MS = 5000;
/** Limit of the objects of one audit that the log names. */
const MAX_NAMED = 100;
/** The time for a slow reader of the log to read the last lines, in milliseconds. */
const LAST_LINES_MS = 1000;

export interface ServiceOptions {
  /** Milliseconds from the start of one audit to the start of the next. */
  readonly everyMs: number;
  readonly source: KubeconfigSource;
  readonly namespace: string | undefined;
  readonly write: boolean;
  readonly flags: PolicyFlags & Pick<ServeSettingFlags, 'host' | 'health-port' | 'log-level'>;
}

/** @throws UserError for a text that is no duration, or a duration that is too short or too long */
export function parseEvery(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds >= SHORTEST_MS && milliseconds <= LONGEST_MS)
    return milliseconds;
  throw new UserError(`--every must be a duration from 1s to 576h, such as 6h or 30m (got ${quote(text)})`);
}

/**
 * Audits again and again.
 * @returns the exit code, after a signal
 */
export async function runService(options: ServiceOptions, io: Io): Promise<number> {
  const { host, healthPort, logLevel, policy } = loadServeSettings({
    flags: pickFlags(options.flags),
    env: io.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  const stdout = openStdout();
  try {
    const log = createLog(logLevel, stdout);
    const metrics = createAuditMetrics(options.everyMs / 1000);
    const state: State = { problem: 'no audit has been done yet' };
    const readiness = createReadiness(() => state.problem);
    const health = createHealthServer(readiness, metrics);
    const stop = new AbortController();
    let running: Promise<void> = Promise.resolve();
    const drain = async (): Promise<void> => {
      readiness.startDraining();
      stop.abort();
      await Promise.race([running, sleep(DRAIN_MS)]);
      await health.close();
    };
    const stopped = untilStopped({ readiness, log, metrics, drain }, false);
    const { hostPort } = await listenOn(health, host, healthPort, '--health-port');
    const api = stoppable(await connect(options.source), stop.signal);
    const registry = loadRegistry();
    // The supervisor waits for this line, so it is written at any log level.
    const onFirst = () => {
      log.child({}, { level: 'info' }).info({ healthUrl: `http://${hostPort}` }, 'ready');
      stdout.flush();
    };
    const { signal } = stop;
    running = repeat({ ...options, api, registry, policy, log, metrics, signal, onFirst }, state);
    return await stopped;
  } finally {
    await stdout.end(LAST_LINES_MS);
  }
}

/** The flags that `serve` has as well. */
function pickFlags(flags: ServiceOptions['flags']): ServiceOptions['flags'] {
  const { config, host, 'health-port': healthPort, 'log-level': logLevel } = flags;
  return { config, host, 'health-port': healthPort, 'log-level': logLevel };
}

interface State {
  /** Why the service is not ready. Undefined after an audit that read and wrote everything. */
  problem: string | undefined;
}

interface Auditor extends ServiceOptions {
  readonly api: ApiClient;
  readonly registry: Registry;
  readonly policy: PolicySettings;
  readonly log: Log;
  readonly metrics: AuditMetrics;
  /** Aborted when the service is to end. */
  readonly signal: AbortSignal;
  /** Called after the first audit. */
  onFirst(): void;
}

/** Runs until `signal` is aborted. Never throws: an error is logged, and the audit is tried again. */
async function repeat(auditor: Auditor, state: State): Promise<void> {
  const { signal } = auditor;
  let isFirst = true;
  while (!signal.aborted) {
    const start = performance.now();
    let wait = auditor.everyMs;
    try {
      state.problem = await auditOnce(auditor);
      if (isFirst) auditor.onFirst();
      isFirst = false;
    } catch (error) {
      if (signal.aborted) return;
      state.problem = tellFault(auditor, 'read', error);
    }
    if (state.problem !== undefined) wait = Math.min(wait, RETRY_MS);
    const left = Math.max(0, start + wait - performance.now());
    await sleep(left, undefined, { signal }).catch(() => {});
  }
}

/**
 * @returns why its reports could not be written; undefined where they were written
 * @throws the error that kept it from reading the cluster
 */
async function auditOnce(auditor: Auditor): Promise<string | undefined> {
  const { api, registry, policy, log, metrics, namespace } = auditor;
  const start = performance.now();
  const report = await auditCluster({
    registry,
    settings: policy,
    list: (collection) => listCluster(api, { ...collection, namespace }),
  });
  for (const { resource, message } of report.unread) {
    metrics.countAuditFault('read');
    log.warn({ resource, reason: message }, 'not read');
  }
  const { kept, problem } = await writeReports(auditor, report);
  const seconds = (performance.now() - start) / 1000;
  const { counts, evaluated } = report;
  metrics.setRun({ counts, evaluated, seconds, endedAt: Date.now() / 1000, reports: kept?.written });
  logReport(log, report, seconds, kept);
  return problem;
}

async function writeReports(
  auditor: Auditor,
  { findings, unread }: AuditReport,
): Promise<{ readonly kept?: Kept; readonly problem?: string }> {
  const { api, registry, policy, namespace, write, log, metrics } = auditor;
  if (!write) return {};
  const reports = toReports(findings, createPageFinder(policy.docsUrl, registry));
  try {
    const kept = await keepReports(api, reports, { namespace, isWhole: unread.length === 0, sleep });
    for (const each of kept.failed) {
      metrics.countAuditFault('write');
      log.warn({ reason: escapeForLog(each) }, 'report not written');
    }
    return { kept };
  } catch (error) {
    if (auditor.signal.aborted) throw error;
    return { problem: tellFault(auditor, 'write', error) };
  }
}

function tellFault({ log, metrics }: Auditor, part: 'read' | 'write', error: unknown): string {
  const reason = escapeForLog(toError(error).message);
  metrics.countAuditFault(part);
  log.error({ reason }, part === 'read' ? 'audit failed' : 'reports cannot be written');
  return `the last audit failed: ${reason}`;
}

/** One line for each object that would be denied, and one line for the audit. */
function logReport(
  log: Log,
  { findings, evaluated }: AuditReport,
  seconds: number,
  kept: Kept | undefined,
): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const denied = new Map<
    string,
    { readonly kind: string; readonly object: string; readonly rules: string[] }
  >();
  for (const { kind, namespace, name, rule } of errors) {
    const object = `${namespace}/${name}`;
    const known = denied.get(`${kind} ${object}`) ?? { kind, object, rules: [] };
    if (!known.rules.includes(rule)) known.rules.push(rule);
    denied.set(`${kind} ${object}`, known);
  }
  for (const { kind, object, rules } of [...denied.values()].slice(0, MAX_NAMED)) {
    log.info({ kind: escapeForLog(kind), object: escapeForLog(object), rules }, 'would be denied');
  }
  log.info(
    {
      objects: Object.values(evaluated).reduce((total, each) => total + each, 0),
      denied: denied.size,
      warnings: findings.length - errors.length,
      seconds: Math.round(seconds * 1000) / 1000,
      ...(kept && { written: kept.written, removed: kept.removed }),
    },
    'audited',
  );
}

/** API calls that end when `signal` is aborted. */
function stoppable(api: ApiClient, signal: AbortSignal): ApiClient {
  return {
    server: () => api.server(),
    time: () => api.time(),
    namespace: () => api.namespace(),
    request: (request) => api.request({ ...request, signal }),
    untilChange: (path) => api.untilChange(path, signal),
  };
}
