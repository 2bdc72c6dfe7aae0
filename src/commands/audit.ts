import { readFileSync } from 'node:fs';
import { auditCluster } from '../cluster/audit.ts';
import { renderAuditJson, renderAuditText } from '../cluster/audit-report.ts';
import { connect } from '../cluster/connect.ts';
import { loadPolicySettings } from '../config.ts';
import { UserError } from '../errors.ts';
import { quote } from '../policy/message.ts';
import { loadRegistry } from '../registry.ts';
import { type Command, expectAtMost, parseFlags } from './command.ts';
import { listCluster } from './list-cluster.ts';
import { createProgress } from './progress.ts';

const OPTIONS = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o' },
  strict: { type: 'boolean' },
  config: { type: 'string' },
} as const;

export const audit: Command = {
  name: 'audit',
  summary: 'judge what a live cluster holds: who would be denied if it were enforced today',
  usage: `calico-admission audit [--kubeconfig FILE] [--context NAME] [--namespace NS] [--output text|json]
                        [--strict] [--config FILE]

Lists every object that the rules know (Shoots, Networks, kOps Clusters, IPPools, FelixConfigurations, Installations
and so on, as far as the cluster has them), page by page, and judges each as if it were created now. It only reads;
manifests/base/audit has a role for it.

  --kubeconfig FILE  the cluster (default: as kubectl: KUBECONFIG, ~/.kube/config, or the Pod's own account)
  --context NAME     a context of the kubeconfig other than the current one
  --namespace, -n NS only what is in this namespace
  --output, -o       text (default) or json
  --strict           warnings count as errors
  --config FILE      actions, mutations, exemptions and versions, as for serve

Exit code 0 when nothing would be denied, 1 when something would be, 2 when not everything could be read.`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, audit);
    expectAtMost(positionals, 0, audit);
    const output = parseOutput(values.output);
    const settings = loadPolicySettings({
      flags: values,
      env: io.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    const api = await connect({ file: values.kubeconfig, context: values.context, inCluster: false });
    const progress = createProgress(io, () => performance.now());
    const report = await auditCluster({
      registry: loadRegistry(),
      settings,
      list: (collection) => listCluster(api, { ...collection, namespace: values.namespace }),
      onProgress: (objects) => progress.show(`${objects} objects read`),
    }).finally(progress.clear);
    io.stdout(output === 'json' ? renderAuditJson(report) : renderAuditText(report));
    if (report.unread.length > 0) return 2;
    const counted = report.findings.filter(({ severity }) => values.strict === true || severity === 'error');
    return counted.length > 0 ? 1 : 0;
  },
};

function parseOutput(output = 'text'): 'text' | 'json' {
  if (output === 'text' || output === 'json') return output;
  throw new UserError(`--output must be text or json (got ${quote(output)})`);
}
