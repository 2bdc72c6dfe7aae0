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

const OUTPUTS = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const;
type Output = (typeof OUTPUTS)[number];

export const check: Command = {
  name: 'check',
  summary: 'find Calico mistakes in manifests, before they are applied',
  usage: `calico-admission check [--each] [--old PATH|--since REF|--kubeconfig FILE] [--strict] [--notes] [--fix|--diff]
                       [--exclude PATTERN]... [--no-ignore] [--no-inline-config]
                       [--output text|json|sarif|github|gitlab|junit] [--config FILE]
                       [--networking-calico VERSION] [--calico-version VERSION] [--kops-version VERSION] PATH...|-

Judges Shoots, kOps Clusters, kubeadm configurations and Calico's own resources in YAML or JSON files as a cluster
would judge them, and says where each mistake is and how to fix it. All files are one bundle, because rules look
across documents: a pod range here and an IPPool there must agree. What is not about Calico is passed over.
What other objects hold is judged as well: Helm values of the Tigera operator, also in a HelmRelease, an Argo CD
Application or a HelmChartConfig, and the kubeadm configurations of Cluster API and kind.

  PATH           a file, or a directory with all *.yaml, *.yml and *.json below it, but for hidden files; - is standard
                 input
  --each         judge each file on its own: they belong to different clusters
  --old PATH     what was there before, a file or a directory; objects are paired by kind, namespace and name, and
                 judged as updates: what was wrong before is a warning
  --kubeconfig FILE
                 judge the files against what that cluster holds: its objects count as those that lie beside them, and
                 one that it has already is judged as an update. It only reads, as audit does
  --since REF    what was there before is read from git: the same files at this commit, branch or tag; for pull
                 requests in old repositories
  --strict       warnings count as errors
  --notes        list notes as well: values and files that are filled in later (\${VAR}, {{ }}, {% %}) and were not
                 evaluated, and what is only for the audit; else one line on standard error counts them
  --fix          write what can be corrected without asking, comments and layout untouched: misspelt names, case,
                 quotes, the backend on Azure; then judge the result. What /mutate writes into a new object only, such
                 as the overlay, is left out: the object of a file mostly lives already. Each correction is told; one whose
                 result the rules would refuse is not made
  --diff         print those corrections as a diff instead, and write nothing
  --output, -o   text (default), json, sarif (for code scanning), github (annotations of a workflow run), gitlab (Code
                 Quality) or junit (Jenkins, Azure DevOps)
  --exclude PATTERN
                 pass over files and directories, with a pattern as in .gitignore, relative to the working directory;
                 repeatable. A file .calico-admission-ignore holds such patterns for its directory and what is below it
  --no-ignore    read what .calico-admission-ignore excludes as well
  --no-inline-config
                 comments silence nothing. Else "# calico-admission-ignore RULE: REASON", above a line or at its end, silences
                 what that rule finds in the line
  --config FILE  actions, mutations, exemptions and versions, as for serve
  --networking-calico VERSION, --calico-version VERSION, --kops-version VERSION
                 the release that the files are for, such as 1.59 or v3.32.1, where releases differ (default: the
                 newest one known)

Examples:
  calico-admission check shoot.yaml
  calico-admission check --each manifests/
  helm template . | calico-admission check -
  kubectl kustomize overlays/prod | calico-admission check -
  kubectl get shoot dev -o yaml > old.yaml; calico-admission check --old old.yaml shoot.yaml
  calico-admission check --since origin/main manifests/
  calico-admission check --diff shoot.yaml | git apply
  calico-admission check --output sarif . > calico.sarif

Exit code 0 when there is no error (warnings are allowed), 1 when there is one; a file of ours that is not YAML is one.
2 when a path cannot be read or the command line is wrong; what was only found in a directory and cannot be read is
told on standard error and changes nothing. calico-admission rules ID explains a rule.`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, check);
    const output = parseOutput(values.output);
    if (positionals.length === 0) {
      throw new UserError('no path to check; name files or directories, or - for standard input');
    }
    if (values.diff === true && output !== 'text') {
      throw new UserError(`--diff prints a diff and no ${output}; leave one of them out`);
    }
    if (values.diff === true && values.fix === true) {
      throw new UserError('--diff writes nothing and --fix does; leave one of them out');
    }
    if (values.fix === true && positionals.includes('-')) {
      throw new UserError('--fix cannot write standard input; use --diff, or name a file');
    }
    if (values.old === '-' && positionals.includes('-')) {
      throw new UserError('standard input cannot be both what was and what is; name a file for one of them');
    }
    if (values.since !== undefined && values.old !== undefined) {
      throw new UserError('--old and --since both say what was before; leave one of them out');
    }
    if (values.kubeconfig !== undefined && (values.since ?? values.old) !== undefined) {
      throw new UserError(
        'what was before is what the cluster of --kubeconfig holds; leave --old and --since out',
      );
    }
    if (values.since !== undefined && positionals.includes('-')) {
      throw new UserError('git does not know what standard input was before; name files, or use --old');
    }
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
        progress.show(`${index + 1} of ${sources.length} files judged`);
      }
      const evaluated = workspace.report();
      progress.clear();
      const report = mode === 'fix' ? { ...evaluated, corrections: fixer.corrections } : evaluated;
      if (mode !== 'diff') io.stdout(await format(report, output, { registry, settings, io }));
      const { errors, notes, documents } = report.summary;
      if (documents === 0 && report.findings.length === 0)
        io.stderr(`calico-admission: nothing to check ${describePlaces(positionals)}\n`);
      if (notes > 0 && values.notes !== true) {
        io.stderr(
          `calico-admission: ${count(notes, 'note')} on what was not evaluated or is for the audit; list with --notes\n`,
        );
      }
      if (fixer.hasFailed()) return 2;
      return errors > 0 ? 1 : 0;
    } catch (error) {
      progress.clear();
      if (error instanceof UnreadablePathError) throw new UserError(error.message);
      throw error;
    }
  },
};

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
