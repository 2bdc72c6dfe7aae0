import { readFileSync } from 'node:fs';
import { formatGithub } from '../check/outputs/github.ts';
import { formatGitlab } from '../check/outputs/gitlab.ts';
import { formatJson } from '../check/outputs/json.ts';
import { formatJunit } from '../check/outputs/junit.ts';
import { formatSarif } from '../check/outputs/sarif.ts';
import { formatText } from '../check/outputs/text.ts';
import { count, READING_RULES, type Report } from '../check/report.ts';
import { createWorkspace } from '../check/workspace.ts';
import { loadPolicySettings } from '../config.ts';
import { UserError } from '../errors.ts';
import { createExclusions } from '../files/exclusions.ts';
import { relativeTo } from '../files/paths.ts';
import { listSources, UnreadablePathError } from '../files/sources.ts';
import { nearest } from '../formats/nearest.ts';
import { escapePath, listAlternatives, quote } from '../policy/message.ts';
import { listEntries, type Registry } from '../policy/registry.ts';
import { createPageFinder } from '../policy/rule-page.ts';
import type { PolicySettings } from '../policy/settings.ts';
import { loadRegistry } from '../registry.ts';
import { loadVersion } from '../version.ts';
import { readCluster, readOld } from './before.ts';
import { type Command, FILES_OPTIONS, type Io, POLICY_OPTIONS, parseFlags } from './command.ts';
import { createFixer, withoutParts } from './fixer.ts';
import { createLeftOut } from './left-out.ts';
import { clearing, createProgress } from './progress.ts';

const OPTIONS = {
  each: { type: 'boolean' },
  old: { type: 'string' },
  since: { type: 'string' },
  kubeconfig: { type: 'string' },
  strict: { type: 'boolean' },
  notes: { type: 'boolean' },
  fix: { type: 'boolean' },
  diff: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  ...FILES_OPTIONS,
  ...POLICY_OPTIONS,
} as const;

type Flags = ReturnType<typeof parseFlags<typeof OPTIONS>>['values'];

const OUTPUTS = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const;
type Output = (typeof OUTPUTS)[number];

export const check: Command = {
  name: 'check',
  summary: 'find Calico mistakes in manifests, before they are applied',
  usage: `calico-admission check [--each] [--old PATH|--since REF|--kubeconfig FILE] [--strict] [--notes] [--fix|--diff]
                       [--exclude PATTERN]... [--no-ignore] [--no-inline-config]
                       [--output text|json|sarif|github|gitlab|junit] [--config FILE]
                       [--networking-calico VERSION] [--calico-version VERSION] [--kops-version VERSION] PATH...|-

Evaluates Shoots, kOps Clusters, kubeadm configurations and Calico's own resources in YAML or JSON files as a cluster
would, and prints where each mistake is and how to fix it. All files are one bundle, because some rules compare
documents: for example, a pod range and an IPPool must agree. Files that are not about Calico are skipped.
Objects inside other objects are evaluated as well: Helm values of the Tigera operator, also in a HelmRelease, an Argo
CD Application or a HelmChartConfig, and the kubeadm configurations of Cluster API and kind.

  PATH           a file, or a directory with all *.yaml, *.yml and *.json below it, without hidden files; - is
                 standard input
  --each         evaluate each file alone: the files belong to different clusters
  --old PATH     the files before the change, a file or a directory; objects are paired by kind, namespace and name,
                 and evaluated as updates: an error that was there before is a warning
  --kubeconfig FILE
                 evaluate the files together with the objects of that cluster; an object that the cluster has already is
                 evaluated as an update. It only reads, as audit does
  --since REF    the files before the change, from git: the same files at this commit, branch or tag; for pull
                 requests in existing repositories
  --strict       warnings count as errors
  --notes        print notes as well: values and files that were not evaluated, because they are filled in later
                 (\${VAR}, {{ }}, {% %}), and findings for the audit; otherwise one line on standard error counts them
  --fix          write all corrections that are certain (misspelt names, case, quotes, the backend on Azure) and keep
                 comments and layout; then evaluate the result. Values that /mutate writes only into a new object, such
                 as the overlay, are left out: the object of a file usually exists already. Each correction is printed;
                 a correction whose result the rules would reject is not made
  --diff         print these corrections as a diff, and write nothing
  --output, -o   text (default), json, sarif (for code scanning), github (annotations of a workflow run), gitlab (Code
                 Quality) or junit (Jenkins, Azure DevOps)
  --exclude PATTERN
                 skip files and directories by a pattern as in .gitignore, relative to the working directory; may be
                 repeated. A file .calico-admission-ignore has such patterns for its directory and those below it
  --no-ignore    check the files that .calico-admission-ignore excludes as well
  --no-inline-config
                 ignore no findings because of comments. By default "# calico-admission-ignore RULE: REASON", above a
                 line or at its end, ignores the findings of that rule in the line
  --config FILE  actions, mutations, exemptions and versions, as for serve
  --networking-calico VERSION, --calico-version VERSION, --kops-version VERSION
                 the release that the files are for, such as 1.59 or v3.32.1, where releases differ (default: the
                 newest known release)

Examples:
  calico-admission check shoot.yaml
  calico-admission check --each manifests/
  helm template . | calico-admission check -
  kubectl kustomize overlays/prod | calico-admission check -
  kubectl get shoot dev -o yaml > old.yaml; calico-admission check --old old.yaml shoot.yaml
  calico-admission check --since origin/main manifests/
  calico-admission check --diff shoot.yaml | git apply
  calico-admission check --output sarif . > calico.sarif

Exit code 0 when there is no error (warnings are allowed), 1 when there is one; a file about Calico that is not YAML is an error.
2 when a path cannot be read or the command line is wrong. A file in a directory that cannot be read is reported on
standard error and does not change the exit code. calico-admission rules ID explains a rule.`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, check);
    const output = parseOutput(values.output);
    rejectContradictions(values, positionals, output);
    const settings = loadPolicySettings({
      flags: values,
      env: io.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    const registry = io.registry ?? loadRegistry();
    const mode = values.diff === true ? 'diff' : values.fix === true ? 'fix' : 'none';
    const progress = createProgress(io, () => performance.now());
    try {
      const left = createLeftOut();
      const exclusions = createExclusions({
        cwd: process.cwd(),
        patterns: values.exclude ?? [],
        withFiles: values['no-ignore'] !== true,
      });
      const readStdin = (limit: number) => io.readStdin(limit);
      const sources = await listSources(positionals, readStdin, { exclusions, tell: left.add });
      io.stderr(left.describe());
      const cluster =
        values.kubeconfig === undefined
          ? undefined
          : await readCluster(values.kubeconfig, sources, { registry, settings, io, progress });
      const old = cluster?.old ?? (await readOld(values, positionals, registry, io));
      const noInlineConfig = values['no-inline-config'] === true;
      const fixer = createFixer({
        mode,
        registry,
        settings,
        noInlineConfig,
        old,
        io: clearing(io, progress),
      });
      if (mode !== 'none') for (const source of withoutParts(sources)) await fixer.correct(source);
      const workspace = createWorkspace({
        registry,
        settings,
        each: values.each === true,
        strict: values.strict === true,
        notes: values.notes === true,
        noInlineConfig,
        withFixes: output === 'sarif',
        old,
        cluster,
      });
      for (const [index, source] of sources.entries()) {
        workspace.put(source);
        progress.show(`${index + 1} of ${sources.length} files evaluated`);
      }
      const evaluated = workspace.report();
      progress.clear();
      const report = mode === 'fix' ? { ...evaluated, corrections: fixer.corrections } : evaluated;
      if (mode !== 'diff') io.stdout(await format(report, output, { registry, settings, io }));
      io.stderr(describeRest(report, positionals, values.notes === true));
      if (fixer.hasFailed()) return 2;
      return report.summary.errors > 0 ? 1 : 0;
    } catch (error) {
      progress.clear();
      if (error instanceof UnreadablePathError) throw new UserError(error.message);
      throw error;
    }
  },
};

/** @throws UserError where flags and paths do not fit together */
function rejectContradictions(flags: Flags, paths: readonly string[], output: Output): void {
  if (paths.length === 0) {
    throw new UserError('no path to check; name files or directories, or - for standard input');
  }
  if (flags.diff === true && output !== 'text') {
    throw new UserError(`--diff prints a diff and no ${output}; leave one of them out`);
  }
  if (flags.diff === true && flags.fix === true) {
    throw new UserError('--diff writes nothing and --fix does; leave one of them out');
  }
  if (flags.fix === true && paths.includes('-')) {
    throw new UserError('--fix cannot write standard input; use --diff, or name a file');
  }
  if (flags.old === '-' && paths.includes('-')) {
    throw new UserError(
      'standard input cannot be both the old and the new files; name a file for one of them',
    );
  }
  if (flags.since !== undefined && flags.old !== undefined) {
    throw new UserError('--old and --since both name the old files; leave one of them out');
  }
  if (flags.kubeconfig !== undefined && (flags.since ?? flags.old) !== undefined) {
    throw new UserError(
      'with --kubeconfig the old objects come from the cluster; leave --old and --since out',
    );
  }
  if (flags.since !== undefined && paths.includes('-')) {
    throw new UserError('git has no old version of standard input; name files, or use --old');
  }
}

/** What the report of findings does not show. */
function describeRest({ findings, summary }: Report, paths: readonly string[], hasNotes: boolean): string {
  const { documents, notes } = summary;
  const isEmpty = documents === 0 && findings.length === 0;
  return [
    ...(isEmpty ? [`calico-admission: nothing to check ${describePlaces(paths)}\n`] : []),
    ...(notes === 0 || hasNotes
      ? []
      : [
          `calico-admission: ${count(notes, 'note')} about values and files that were not evaluated, or for the audit; list with --notes\n`,
        ]),
  ].join('');
}

/** A mistyped path, or a pipe whose first command failed, must not look like a clean result. */
function describePlaces(paths: readonly string[]): string {
  if (paths.every((path) => path === '-')) return 'on standard input; it is empty';
  return `in ${paths.map(escapePath).join(', ')}; there is no document in any .yaml, .yml or .json file`;
}

function parseOutput(output = 'text'): Output {
  const known = OUTPUTS.find((each) => each === output);
  if (known !== undefined) return known;
  const meant = nearest(output, OUTPUTS);
  const hint = meant === undefined ? 'use' : `did you mean ${meant}? Use`;
  throw new UserError(`no such output (got ${quote(output)}); ${hint} ${listAlternatives(OUTPUTS)}`);
}

interface FormatWiring {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  readonly io: Io;
}

async function format(
  report: Report,
  output: Output,
  { registry, settings, io }: FormatWiring,
): Promise<string> {
  const { docsUrl } = settings;
  const pageOf = createPageFinder(docsUrl, registry);
  const pathOf = (file: string) => relativeTo(process.cwd(), file);
  switch (output) {
    case 'json':
      return formatJson(report);
    case 'github':
      return formatGithub(report, pathOf);
    case 'gitlab':
      return formatGitlab(report, { pathOf, hash: await loadHash() });
    case 'junit':
      return formatJunit(report, pathOf);
    case 'sarif': {
      const rules = listEntries(registry).map(({ id, title, docs }) => ({
        ...{ id, title, why: docs.why, fix: docs.fix },
        url: pageOf(id),
      }));
      const all = [...rules, ...Object.values(READING_RULES)];
      return formatSarif(report, {
        version: loadVersion().version,
        rules: all,
        pathOf,
        hash: await loadHash(),
      });
    }
    default: {
      const isColourful = io.isStdoutTerminal === true && (io.env['NO_COLOR'] ?? '') === '';
      const docs = docsUrl === undefined ? undefined : { home: docsUrl, pageOf };
      return formatText(report, { colour: isColourful, docs });
    }
  }
}

/**
 * Loaded only when needed: most reports have no fingerprints, and loading OpenSSL takes longer than evaluating a
 * file.
 */
async function loadHash(): Promise<(text: string) => string> {
  return (await import('../files/fingerprint.ts')).fingerprint;
}
