import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifests } from '../../src/commands/manifests.ts';
import { UserError } from '../../src/errors.ts';

const room = mkdtempSync(join(tmpdir(), 'manifests-'));
afterAll(() => rmSync(room, { recursive: true }));

async function run(args: readonly string[]): Promise<string> {
  let out = '';
  const code = await manifests.run(args, {
    env: {},
    stdout: (text) => {
      out += text;
    },
    stderr: () => {},
    isTerminal: false,
    readStdin: async () => Buffer.alloc(0),
  });
  expect(code).toBe(0);
  return out;
}

describe('manifests --policies', () => {
  it('prints policies and bindings, and from which Kubernetes on they can be applied', async () => {
    const out = await run(['--policies', '--mutating']);
    const kinds = parseAllDocuments(out).map((each) => each.toJS().kind);
    const pair = (kind: string) => [kind, `${kind}Binding`];
    expect(kinds).toEqual([
      ...pair('ValidatingAdmissionPolicy'),
      ...pair('ValidatingAdmissionPolicy'),
      ...pair('MutatingAdmissionPolicy'),
    ]);
    expect(out.match(/^# Kubernetes .*$/gm)).toEqual([
      '# Kubernetes 1.30 or later',
      '# Kubernetes 1.30 or later',
      '# Kubernetes 1.36 or later',
    ]);
  });

  it('reads the configuration file', async () => {
    const file = join(room, 'config.yaml');
    writeFileSync(file, 'rules: {shoot/vpa-mode-needs-vpa: "off"}\n');
    const out = await run(['--policies', '--config', file]);
    expect(out).not.toContain('vpa-mode-needs-vpa');
    expect(out).toContain('kube-proxy-off-needs-ebpf');
  });

  it.each([
    { args: ['--policies', '--url', 'https://x'], problem: '--url has no effect with --policies' },
    {
      args: ['--policies', '--failure-policy', 'Fail'],
      problem: '--failure-policy has no effect with --policies',
    },
    { args: ['--policies', '--cert-dir', 'certs'], problem: '--cert-dir has no effect with --policies' },
    { args: ['--mutating'], problem: '--mutating needs --policies' },
    { args: ['--config', 'config.yaml'], problem: '--config needs --policies' },
    { args: ['--policies', '--cluster', 'calico'], problem: 'there is no policy for --cluster calico' },
    { args: ['--policies', '--cluster', 'seed'], problem: 'for --cluster seed; add --mutating' },
    { args: ['--policies', '--cluster', 'nowhere'], problem: '--cluster must be garden, seed or calico' },
  ])('reports what is wrong with $args', async ({ args, problem }) => {
    const thrown: unknown = await run(args).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UserError);
    expect((thrown as UserError).message).toContain(problem);
  });
});
