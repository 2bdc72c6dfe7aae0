import { UserError } from '../errors.ts';
import { ensureDirectory } from '../tls/directory.ts';
import { issueAuthority, issueServing } from '../tls/issue.ts';
import { checkedSans, DEFAULT_NAMESPACE, DEFAULT_SERVICE, defaultSans } from '../tls/names.ts';
import { renderSecret } from '../tls/secret.ts';
import { type Command, expectAtMost, parseFlags } from './command.ts';

const OPTIONS = {
  'cert-dir': { type: 'string' },
  secret: { type: 'string' },
  service: { type: 'string' },
  namespace: { type: 'string' },
  san: { type: 'string', multiple: true },
} as const;

export const certs: Command = {
  name: 'certs',
  summary: 'create certificates, as files or as the manifest of a Secret',
  usage: `calico-admission certs [--cert-dir DIR | --secret NAME] [--service NAME] [--namespace NS] [--san NAME]...

Creates a certificate authority (CA) and a serving certificate (EC P-256), and prints their paths. Valid files are
kept.

  --cert-dir DIR   write ca.crt, ca.key, tls.crt and tls.key there (default: certs)
  --secret NAME    print the manifest of a Secret instead, for kubectl apply -f -; nothing is written
  --service NAME   Service that the API server calls (default: calico-admission-webhook)
  --namespace NS   its namespace, and the Secret's (default: calico-admission)
  --san NAME       another host name or IP address of the certificate; may be repeated`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, certs);
    expectAtMost(positionals, 0, certs);
    if (values.secret !== undefined && values['cert-dir'] !== undefined) {
      throw new UserError('--secret prints a manifest and writes no files; leave out --cert-dir');
    }
    const namespace = values.namespace ?? DEFAULT_NAMESPACE;
    const service = values.service ?? DEFAULT_SERVICE;
    const sans = [...defaultSans({ service, namespace }), ...(values.san ?? [])];
    const now = (): Date => new Date();
    if (values.secret !== undefined) {
      const authority = await issueAuthority({ now });
      const pair = await issueServing({ authority, sans: checkedSans(sans), now });
      io.stdout(renderSecret({ name: values.secret, namespace, pair, authority }));
      return 0;
    }
    const log = { info: () => {}, warn: (_about: object, message: string) => io.stderr(`${message}\n`) };
    const dir = values['cert-dir'] ?? 'certs';
    const result = await ensureDirectory({ dir, sans, now, log, inCluster: false });
    const done = result.made === 'nothing' ? 'still good' : 'made';
    io.stdout(`${done}: ${result.paths.cert}, ${result.paths.key}, authority ${result.paths.ca}\n`);
    return 0;
  },
};
