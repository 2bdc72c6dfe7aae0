import { stringify } from 'yaml';
import { type Endpoint, renderWebhookConfigurations } from '../cluster/webhook-configurations.ts';
import { UserError } from '../errors.ts';
import { quote } from '../policy/message.ts';
import { loadRegistry } from '../registry.ts';
import { readDirectory } from '../tls/directory.ts';
import { readCertificates } from '../tls/inspect.ts';
import { DEFAULT_NAMESPACE, DEFAULT_SERVICE } from '../tls/names.ts';
import { type Command, expectAtMost, parseFlags } from './command.ts';

const OPTIONS = {
  'cert-dir': { type: 'string' },
  service: { type: 'string' },
  namespace: { type: 'string' },
  url: { type: 'string' },
  cluster: { type: 'string' },
  'failure-policy': { type: 'string' },
} as const;

export const manifests: Command = {
  name: 'manifests',
  summary: 'print the webhook configurations with the caBundle filled in',
  usage: `calico-admission manifests [--url URL | --service NAME --namespace NS] [--cluster garden|seed]
                            [--failure-policy Fail|Ignore] [--cert-dir DIR]

Prints a ValidatingWebhookConfiguration and a MutatingWebhookConfiguration for kubectl apply -f -.

  --url URL             where the API server finds the webhooks, for example https://192.168.1.10:8443
  --service NAME        or the Service in its own cluster (default: calico-admission-webhook)
  --namespace NS        the Service's namespace (default: calico-admission)
  --cluster             garden: Shoots (default); seed: Networks
  --failure-policy      what happens when the webhooks cannot be reached: Fail (default) or Ignore
  --cert-dir DIR        where ca.crt is (default: certs)`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, manifests);
    expectAtMost(positionals, 0, manifests);
    const dir = values['cert-dir'] ?? 'certs';
    const caBundle = await readAuthorities(dir);
    const configurations = renderWebhookConfigurations(loadRegistry(), {
      endpoint: parseEndpoint(values),
      caBundle,
      cluster: choose('--cluster', values.cluster, ['garden', 'seed']),
      failurePolicy: choose('--failure-policy', values['failure-policy'], ['Fail', 'Ignore']),
    });
    io.stdout(configurations.map((each) => stringify(each, { lineWidth: 0 })).join('---\n'));
    return 0;
  },
};

/** Only certificates: what stands here goes into a manifest that people put in Git. */
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
      `ca.crt in ${dir} holds no certificate; run calico-admission certs, or put the authority there`,
    );
  }
  return certificates.map((certificate) => certificate.toString()).join('');
}

/** As Kubernetes names Services and namespaces (DNS-1123 labels). */
function checkName(flag: string, name: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name;
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
    throw new UserError('--url and --service name the same thing twice; leave one of them out');
  }
  // What a webhook configuration takes as a URL: https, and neither user, query nor fragment.
  const url = URL.canParse(values.url) ? new URL(values.url) : undefined;
  if (url?.protocol !== 'https:' || /[?#@]/.test(values.url)) {
    throw new UserError(`--url must be like https://host:port (got ${quote(values.url)})`);
  }
  return { kind: 'url', base: url.href.replace(/\/$/, '') };
}

function choose<const T extends string>(
  flag: string,
  written: string | undefined,
  [first, other]: readonly [T, T],
): T {
  if (written === undefined || written === first) return first;
  if (written === other) return other;
  throw new UserError(`${flag} must be ${first} or ${other} (got ${quote(written)})`);
}
