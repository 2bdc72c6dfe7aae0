import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { register } from '../cluster/fleet.ts';
import { FakeApi } from '../support/fake-api.ts';
import { cli, serveBuilt } from './process.ts';

/** What Node.js 20 warns of with this, Node.js 24 and 26 warn of without. */
const env = { NODE_OPTIONS: '--pending-deprecation' };

async function startApi(): Promise<{ readonly api: FakeApi; readonly kubeconfig: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const api = new FakeApi();
  await api.start();
  onTestFinished(() => api.kill());
  return { api, kubeconfig: api.writeKubeconfig(join(dir, 'kubeconfig')) };
}

it.each([
  { name: 'its own certificates', isInCluster: false },
  { name: 'certificates in a Secret', isInCluster: true },
])('a server with $name writes nothing on stderr, and JSON alone on stdout', async ({ isInCluster }) => {
  const { api, kubeconfig } = await startApi();
  register(api);
  const args = isInCluster ? ['--cert-secret', 'calico-admission-tls', '--kubeconfig', kubeconfig] : [];
  const served = await serveBuilt(args, { env });
  onTestFinished(() => served.cleanUp());
  served.child.kill('SIGINT');
  await served.ended;
  expect(served.stderr()).toBe('');
  for (const line of served.stdout().trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
});

it('a command that calls an API server writes nothing of its libraries on stderr', async () => {
  const { kubeconfig } = await startApi();
  const { stderr } = await cli(['audit', '--kubeconfig', kubeconfig], { env });
  expect(stderr).not.toMatch(/warning|deprecat/i);
});
