import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../cluster/api.ts';
import { type AuditReport, auditCluster } from '../cluster/audit.ts';
import { renderAuditJson, renderAuditText } from '../cluster/audit-report.ts';
import { connect } from '../cluster/connect.ts';
import { keepReports, NoReportsError, renderReports, toReports } from '../cluster/reports.ts';
import { loadPolicySettings } from '../config.ts';
import { UserError } from '../errors.ts';
import { escapeInvisible, listAlternatives, quote } from '../policy/message.ts';
import { createPageFinder, type PageFinder } from '../policy/rule-page.ts';
import { loadRegistry } from '../registry.ts';
import { describeSettings, serveOptions } from '../serve-settings.ts';
import { parseEvery, runService } from './audit-service.ts';
import { type Command, expectAtMost, type Io, parseFlags } from './command.ts';
import { listCluster } from './list-cluster.ts';
import { createProgress } from './progress.ts';

const { host, 'health-port': healthPort, 'log-level': logLevel } = serveOptions();
const OPTIONS = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o' },
  strict: { type: 'boolean' },
  config: { type: 'string' },
  write: { type: 'boolean' },
  every: { type: 'string' },
  host,
  'health-port': healthPort,
  'log-level': logLevel,
} as const;

const OUTPUTS = ['text', 'json', 'openreports'] as const;
/** Flags that only `--every` has, and flags that it does not have. */
const OF_SERVICE = ['host', 'health-port', 'log-level'] as const;
const NOT_OF_SERVICE = ['output', 'strict'] as const;

export const audit: Command = {
  name: 'audit',
  summary: 'evaluate the objects of a cluster: which of them would be denied',
  usage: `calico-admission audit [--kubeconfig FILE] [--context NAME] [--namespace NS] [--output text|json|openreports]
                        [--strict] [--config FILE] [--write]
       calico-admission audit --every DURATION [--write] [--kubeconfig FILE] [--context NAME] [--namespace NS]
                        [--config FILE] [--host ADDRESS] [--health-port PORT] [--log-level LEVEL]

Lists the objects of all kinds that have rules (Shoots, Networks, kOps Clusters, IPPools, FelixConfigurations,
Installations and so on, as far as the cluster has them), page by page, and evaluates each as if it were created now.
Without --write it only reads; manifests/base/audit has a role for it.

  --kubeconfig FILE  the cluster (default: as kubectl: KUBECONFIG, ~/.kube/config, or the Pod's own account)
  --context NAME     a context of the kubeconfig other than the current one
  --namespace, -n NS only the objects in this namespace
  --output, -o       text (default), json, or openreports: the reports that --write stores
  --strict           warnings count as errors
  --config FILE      actions, mutations, exemptions and versions, as for serve
  --write            store a Report (openreports.io/v1alpha1) in the cluster for each object with findings, or a
                     ClusterReport for an object without a namespace; remove those that are no longer true

Exit code 0 when no object would be denied, 1 when one would be, 2 when some objects or reports could not be read or
written.

  --every DURATION   repeat the audit, such as 6h or 30m, until SIGTERM or SIGINT; the findings are in the metrics, and
                     each object that would be denied is in the log

${describeSettings(['host', 'healthPort', 'logLevel'])}`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, audit);
    expectAtMost(positionals, 0, audit);
    const { every, kubeconfig, context, namespace, write = false } = values;
    const source = { file: kubeconfig, context, inCluster: false };
    if (every !== undefined) {
      const unused = NOT_OF_SERVICE.find((flag) => values[flag] !== undefined);
      if (unused !== undefined) {
        throw new UserError(`--${unused} has no effect with --every, which prints no report; leave it out`);
      }
      return runService({ everyMs: parseEvery(every), source, namespace, write, flags: values }, io);
    }
    const unused = OF_SERVICE.find((flag) => values[flag] !== undefined);
    if (unused !== undefined)
      throw new UserError(`--${unused} needs --every; add it, or leave --${unused} out`);
    const output = parseOutput(values.output);
    const settings = loadPolicySettings({
      flags: values,
      env: io.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    const api = await connect(source);
    const progress = createProgress(io, () => performance.now());
    const registry = loadRegistry();
    const pageOf = createPageFinder(settings.docsUrl, registry);
    const report = await auditCluster({
      registry,
      settings,
      list: (collection) => listCluster(api, { ...collection, namespace }),
      onProgress: (objects) => progress.show(`${objects} objects read`),
    }).finally(progress.clear);
    io.stdout(render(report, output, pageOf));
    const isWritten = !write || (await writeReports(api, report, { namespace, pageOf, io }));
    if (report.unread.length > 0 || !isWritten) return 2;
    const counted = report.findings.filter(({ severity }) => values.strict === true || severity === 'error');
    return counted.length > 0 ? 1 : 0;
  },
};

function render(report: AuditReport, output: (typeof OUTPUTS)[number], pageOf: PageFinder): string {
  if (output === 'openreports') return renderReports(toReports(report.findings, pageOf));
  return output === 'json' ? renderAuditJson(report) : renderAuditText(report);
}

/** @returns whether all reports were written */
async function writeReports(
  api: ApiClient,
  { findings, unread }: AuditReport,
  {
    namespace,
    pageOf,
    io,
  }: { readonly namespace?: string | undefined; readonly pageOf: PageFinder; readonly io: Io },
): Promise<boolean> {
  const reports = toReports(findings, pageOf);
  const options = { namespace, isWhole: unread.length === 0, sleep };
  try {
    const { written, removed, failed } = await keepReports(api, reports, options);
    io.stderr(`calico-admission: ${written} reports written, ${removed} removed\n`);
    for (const each of failed)
      io.stderr(`calico-admission: not written: ${escapeInvisible(each, MAX_FAILURE)}\n`);
    return failed.length === 0;
  } catch (error) {
    if (error instanceof NoReportsError) throw new UserError(error.message);
    throw error;
  }
}

/** Limit of the length of a line about a report, in characters. */
const MAX_FAILURE = 400;

function parseOutput(output = 'text'): (typeof OUTPUTS)[number] {
  const known = OUTPUTS.find((each) => each === output);
  if (known !== undefined) return known;
  throw new UserError(`--output must be ${listAlternatives(OUTPUTS)} (got ${quote(output)})`);
}
