import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadPolicySettings } from '../config.ts';
import type { LoadPolicy } from '../lsp/settings.ts';
import { loadRegistry } from '../registry.ts';
import { loadVersion } from '../version.ts';
import { type Command, expectAtMost, FILES_OPTIONS, type Io, POLICY_OPTIONS, parseFlags } from './command.ts';

const OPTIONS = {
  stdio: { type: 'boolean' },
  // Editors add this flag. The process ends with its editor in any case.
  clientProcessId: { type: 'string' },
  each: { type: 'boolean' },
  strict: { type: 'boolean' },
  ...FILES_OPTIONS,
  ...POLICY_OPTIONS,
} as const;

export const lsp: Command = {
  name: 'lsp',
  summary: 'run a language server: the findings of check in an editor, while you type',
  usage: `calico-admission lsp [--stdio] [--each] [--strict] [--exclude PATTERN]... [--no-ignore] [--no-inline-config]
                     [--config FILE] [--networking-calico VERSION] [--calico-version VERSION] [--kops-version VERSION]

Serves the Language Server Protocol on standard input and output; editors start it. Each open folder is one bundle, as
with check. The text in the editor takes precedence over the file on the disk.
It underlines the findings of check (those for the audit as a hint), offers corrections, comments that ignore a finding,
and the rule's page, explains fields and findings, and completes names and values. It writes no file.

  --stdio        use standard input and output; the default, and the only transport
  --each, --strict, --exclude, --no-ignore, --no-inline-config, --networking-calico, --calico-version, --kops-version
                 as for check
  --config FILE  actions, mutations, exemptions, versions and docsUrl, as for check; relative to the folder

An editor can set the same in its initializationOptions: config, each, strict, exclude, noIgnore, noInlineConfig,
networkingCalico, calicoVersion, kopsVersion. docs/editors.md shows how editors start it.`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, lsp);
    expectAtMost(positionals, 0, lsp);
    // Loaded only here, so that --help of other commands is fast.
    const { startServer } = await import('../lsp/server.ts');
    startServer({
      input: process.stdin,
      output: process.stdout,
      registry: loadRegistry(),
      settings: {
        config: values.config,
        networkingCalico: values['networking-calico'],
        calicoVersion: values['calico-version'],
        kopsVersion: values['kops-version'],
        each: values.each === true,
        strict: values.strict === true,
        noInlineConfig: values['no-inline-config'] === true,
        noIgnore: values['no-ignore'] === true,
        exclude: values.exclude ?? [],
      },
      loadPolicy: createPolicyLoader(io),
      version: loadVersion().version,
      now: () => performance.now(),
    });
    // The editor ends the process.
    return new Promise<never>(() => {});
  },
};

function createPolicyLoader({ env }: Io): LoadPolicy {
  return ({ config, networkingCalico, calicoVersion, kopsVersion }) =>
    loadPolicySettings({
      flags: {
        config: config === undefined ? undefined : resolve(config),
        'networking-calico': networkingCalico,
        'calico-version': calicoVersion,
        'kops-version': kopsVersion,
      },
      env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
}
