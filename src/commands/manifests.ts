import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { renderAdmissionPolicies } from '../cluster/admission-policies.ts';
import {
  type Endpoint,
  type FailurePolicy,
  renderWebhookConfigurations,
} from '../cluster/webhook-configurations.ts';
import { loadPolicySettings } from '../config.ts';
import { UserError } from '../errors.ts';
import { isDns1123Label } from '../formats/dns.ts';
import { wrapHelp } from '../help.ts';
import { listAlternatives, quote } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import { CLUSTERS, type Cluster, KIND_GROUPS, type KindGroup } from '../policy/types.ts';
import { loadRegistry } from '../registry.ts';
import { readDirectory } from '../tls/directory.ts';
import { readCertificates } from '../tls/inspect.ts';
import { DEFAULT_NAMESPACE, DEFAULT_SERVICE } from '../tls/names.ts';
import { type Command, expectAtMost, type Io, parseFlags } from './command.ts';

const OPTIONS = {
  'cert-dir': { type: 'string' },
  service: { type: 'string' },
  namespace: { type: 'string' },
  url: { type: 'string' },
  cluster: { type: 'string' },
  kinds: { type: 'string' },
  'failure-policy': { type: 'string' },
  policies: { type: 'boolean' },
  mutating: { type: 'boolean' },
  config: { type: 'string' },
} as const;

/** Flags for the address of the server. */
const FOR_WEBHOOKS = ['url', 'service', 'namespace', 'kinds', 'failure-policy', 'cert-dir'] as const;
const FOR_POLICIES = ['mutating', 'config'] as const;

/** The column of the descriptions in the help text. */
const HELP_INDENT = 24;

const FAILURE_POLICIES: readonly FailurePolicy[] = ['Fail', 'Ignore'];

export const manifests: Command = {
  name: 'manifests',
  summary: 'print the webhook configurations with the caBundle filled in, or policies in CEL',
  get usage() {
    return describeUsage(loadRegistry());
  },

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, manifests);
    expectAtMost(positionals, 0, manifests);
    if (values.policies === true) return printPolicies(values, io);
    const unused = FOR_POLICIES.find((flag) => values[flag] !== undefined);
    if (unused !== undefined)
      throw new UserError(`--${unused} needs --policies; add it, or leave --${unused} out`);
    const dir = values['cert-dir'] ?? 'certs';
    const caBundle = await readAuthorities(dir);
    const failurePolicy = choose('--failure-policy', values['failure-policy'], FAILURE_POLICIES);
    const cluster = choose('--cluster', values.cluster, CLUSTERS) ?? 'garden';
    const configurations = renderWebhookConfigurations(loadRegistry(), {
      endpoint: parseEndpoint(values),
      caBundle,
      cluster,
      groups: parseGroups(values.kinds, cluster),
      ...(failurePolicy !== undefined && { failurePolicy }),
    });
    io.stdout(configurations.map((each) => stringify(each, { lineWidth: 0 })).join('---\n'));
    return 0;
  },
};

interface PolicyValues extends Partial<Record<(typeof FOR_WEBHOOKS)[number] | 'cluster' | 'config', string>> {
  readonly mutating?: boolean;
}

/** @throws UserError for flags of webhooks, and where there is nothing to print */
function printPolicies(values: PolicyValues, io: Io): number {
  const unused = FOR_WEBHOOKS.find((flag) => values[flag] !== undefined);
  if (unused !== undefined) {
    throw new UserError(`--${unused} has no effect with --policies, which need no server; leave it out`);
  }
  const cluster = choose('--cluster', values.cluster, CLUSTERS) ?? 'garden';
  const mutating = values.mutating === true;
  const settings = loadPolicySettings({
    flags: { config: values.config },
    env: io.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  const policies = renderAdmissionPolicies(loadRegistry(), { cluster, mutating, settings });
  if (policies.length === 0) {
    const hint = cluster === 'seed' && !mutating ? '; add --mutating for the correction of Networks' : '';
    throw new UserError(`there is no policy for --cluster ${cluster}${hint}`);
  }
  io.stdout(
    policies.map((each) => `${neededVersion(each.kind)}${stringify(each, { lineWidth: 0 })}`).join('---\n'),
  );
  return 0;
}

function neededVersion(kind: string | undefined): string {
  if (kind === 'MutatingAdmissionPolicy') return '# Kubernetes 1.36 or later\n';
  return kind === 'ValidatingAdmissionPolicy' ? '# Kubernetes 1.30 or later\n' : '';
}

function describeUsage(registry: Registry): string {
  const kindsOf = (registration: Cluster | KindGroup) =>
    registry.policies
      .filter(({ target }) => target.registration === registration)
      .map(({ target }) => target.kind)
      .join(', ');
  const clusters = `garden: ${kindsOf('garden')} (default); seed: ${kindsOf('seed')}; calico: ${kindsOf('calico')}, in a cluster that uses Calico itself`;
  const groups = KIND_GROUPS.map((group) => `${group} (${kindsOf(group)})`).join(', ');
  return `calico-admission manifests [--url URL | --service NAME --namespace NS] [--cluster garden|seed|calico]
                            [--kinds GROUP,…] [--failure-policy Fail|Ignore] [--cert-dir DIR]
       calico-admission manifests --policies [--mutating] [--cluster garden|seed] [--config FILE]

Prints a ValidatingWebhookConfiguration and, where there are mutations, a MutatingWebhookConfiguration, for
kubectl apply -f -.

  --url URL             the address of the webhooks, for example https://192.168.1.10:8443
  --service NAME        the Service, if the webhooks run in the same cluster (default: calico-admission-webhook)
  --namespace NS        the Service's namespace (default: calico-admission)
  --cluster             ${wrapHelp(clusters, HELP_INDENT)}
  --kinds GROUP,…       ${wrapHelp(`with --cluster calico, more kinds to evaluate: ${groups}`, HELP_INDENT)}
  --failure-policy      what happens when the webhooks cannot be reached: Fail (default for garden and seed) or Ignore
                        (default for calico: without a pool no Pod has a network, not even the webhooks, so that
                        Fail would reject the first pool)
  --cert-dir DIR        the directory of ca.crt (default: certs)

With --policies it prints admission policies instead. The API server evaluates them by itself, also when no webhook
answers: ${describePolicies(registry)}.

  --policies            ValidatingAdmissionPolicies and their bindings, for Kubernetes 1.30 and later
  --mutating            and MutatingAdmissionPolicies, for Kubernetes 1.36 and later
  --config FILE         actions, mutations, exemptions and versions, as for serve`;
}

function describePolicies({ policies }: Registry): string {
  const rules = policies.flatMap((policy) => policy.rules.filter(({ contradiction }) => contradiction));
  const mutations = policies.flatMap((policy) => policy.mutations.filter(({ inCel }) => inCel));
  const ids = [...new Set([...rules, ...mutations].map(({ id }) => id))];
  return wrapHelp(ids.join(', '), 0);
}

/** Returns only certificates: the text goes into a manifest that people put in Git. */
async function readAuthorities(dir: string): Promise<string> {
  const { ca } = await readDirectory(dir);
  if (ca === undefined) {
    throw new UserError(
      `no ca.crt in ${dir}; run calico-admission certs, or name its directory with --cert-dir`,
    );
  }
  const certificates = readCertificates(ca) ?? [];
  if (certificates.length === 0) {
    throw new UserError(
      `ca.crt in ${dir} has no certificate; run calico-admission certs, or put the certificate of the CA there`,
    );
  }
  return certificates.map((certificate) => certificate.toString()).join('');
}

/** Checks the name of a Service or namespace (DNS-1123 label). */
function checkName(flag: string, name: string): string {
  if (isDns1123Label(name)) return name;
  throw new UserError(`${flag} must be a name such as calico-admission (got ${quote(name)})`);
}

function parseEndpoint(values: { url?: string; service?: string; namespace?: string }): Endpoint {
  if (values.url === undefined) {
    const name = checkName('--service', values.service ?? DEFAULT_SERVICE);
    return {
      kind: 'service',
      name,
      namespace: checkName('--namespace', values.namespace ?? DEFAULT_NAMESPACE),
    };
  }
  if (values.service !== undefined || values.namespace !== undefined) {
    throw new UserError('--url and --service both name the server; leave one of them out');
  }
  // A webhook configuration accepts only https URLs without user, query and fragment.
  const url = URL.canParse(values.url) ? new URL(values.url) : undefined;
  if (url?.protocol !== 'https:' || /[?#@]/.test(values.url)) {
    throw new UserError(`--url must be like https://host:port (got ${quote(values.url)})`);
  }
  return { kind: 'url', base: url.href.replace(/\/$/, '') };
}

/** @throws UserError for a group that does not exist, and where the cluster is not `calico` */
function parseGroups(written: string | undefined, cluster: string): KindGroup[] {
  if (written === undefined) return [];
  if (cluster !== 'calico')
    throw new UserError('--kinds needs --cluster calico; leave it out for Shoots and Networks');
  return written.split(',').map((name) => {
    const group = KIND_GROUPS.find((each) => each === name);
    if (group !== undefined) return group;
    throw new UserError(`--kinds must list ${listAlternatives(KIND_GROUPS)} (got ${quote(name)})`);
  });
}

function choose<const T extends string>(
  flag: string,
  written: string | undefined,
  values: readonly T[],
): T | undefined {
  if (written === undefined) return undefined;
  const found = values.find((value) => value === written);
  if (found !== undefined) return found;
  throw new UserError(`${flag} must be ${listAlternatives(values)} (got ${quote(written)})`);
}
