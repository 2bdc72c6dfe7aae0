import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openCluster } from '../cluster/access.ts';
import { type Finished, ROOT, run, type Served, startServing } from '../process.ts';
import { badAzureShoot, shootsPath } from './objects.ts';
import { waitForAnswer } from './registration.ts';

// The steps to a Shoot that kubectl rejects, with the commands of docs/webhooks.md, and what the README tells those to do
// who run Gardener.

const cluster = openCluster(inject('cluster'));
const EXAMPLE_ADDRESS = '192.168.1.10';
const here = cluster.address ?? '127.0.0.1';
const page = readFileSync(join(ROOT, 'docs/webhooks.md'), 'utf8');
const section = page.slice(page.indexOf('## Register it by hand'), page.indexOf('## Other ways'));
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const blocks = [...section.matchAll(/```(sh|text)\n([\s\S]*?)```/g)].map(([, , content = '']) =>
  content.trim().split('\n'),
);
const [start = [], register = [], answer = [], remove = []] = blocks;

const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
const bin = join(work, 'bin');
let served: Served;

/** As copied and pasted, but for address, port and directory of this run. */
function paste(command: string): Promise<Finished> {
  const line = command
    .replace(`https://${EXAMPLE_ADDRESS}:8443`, `https://${here}:${new URL(served.url).port}`)
    .replace('garden.yaml', cluster.kubeconfig)
    .replace('dist/main.js manifests', `dist/main.js manifests --cert-dir ${served.certDir}`);
  const env = { KUBECONFIG: cluster.kubeconfig, HOME: work, PATH: `${bin}:${process.env['PATH']}` };
  return run('bash', ['-o', 'pipefail', '-c', line], { env });
}

beforeAll(async () => {
  mkdirSync(bin);
  symlinkSync(cluster.kubectlPath, join(bin, 'kubectl'));
  const [command = '', ...args] = (start[0] ?? '').replace(EXAMPLE_ADDRESS, here).split(' ');
  served = await startServing(command, args);
});
afterAll(async () => {
  served.child.kill('SIGTERM');
  served.cleanUp();
  rmSync(work, { recursive: true, force: true });
});

it('has the blocks that it is walked by', () => {
  expect(blocks).toHaveLength(4);
  expect(start).toHaveLength(1);
  expect(register).toHaveLength(3);
  expect(remove).toHaveLength(2);
});

it('leads to a Shoot that is rejected with the documented text', async () => {
  const [kinds = '', registration = '', shoot = ''] = register;
  expect(await paste(kinds)).toMatchObject({ code: 0, stderr: '' });
  expect(await paste(registration)).toMatchObject({ code: 0, stderr: '' });
  await waitForAnswer(
    'both webhooks are asked',
    () =>
      cluster.api('POST', `${shootsPath('default')}?dryRun=All`, { body: badAzureShoot('default', 'probe') }),
    ({ status, warnings }) => status === 422 && warnings.length === 1,
  );
  const { code, stdout, stderr } = await paste(shoot);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  // kubectl ends the line before the bullets with a space.
  expect(
    stderr
      .trim()
      .split('\n')
      .map((line) => line.trimEnd()),
  ).toEqual(answer);
});

// Other tests leave bad Shoots in the cluster, which the audit reports.
it.each([
  { command: 'audit', codes: [0, 1] },
  { command: 'doctor', codes: [0] },
])('$command runs there', async ({ command, codes }) => {
  const [, line = ''] = new RegExp(`\`\`\`sh\\n(node dist/main\\.js ${command} .*)\\n`).exec(readme) ?? [];
  expect(line).toContain('--kubeconfig garden.yaml');
  const { code, stdout, stderr } = await paste(line);
  expect(stderr, stdout).toBe('');
  expect(codes).toContain(code);
  expect(stdout).toContain('shoots');
});

it('and back', async () => {
  for (const command of remove) expect(await paste(command)).toMatchObject({ code: 0, stderr: '' });
  await waitForAnswer(
    'the kinds are gone',
    () => cluster.api('GET', shootsPath('default')),
    ({ status }) => status === 404,
  );
  const left = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';
  expect(await cluster.kubectlOk(['get', left, '-o', 'name'])).toBe('');
});
