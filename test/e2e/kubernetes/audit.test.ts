import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openCluster } from '../cluster/access.ts';
import { ROOT, run } from '../process.ts';
import { badShoot, goodShoot, shootsPath } from './objects.ts';
import { createNamespace, installKinds, removeObjects, unregister } from './registration.ts';

// No webhook is registered: an audit finds the mistakes that a cluster has from before.

const GOOD = 1990;
const BAD = 10;
/** Bytes of each Shoot; two thousand of them do not fit into the heap that the command gets. */
const SIZE = 10_000;
const NAMESPACE = 'audit';
const cluster = openCluster(inject('cluster'));

let room: string;
let kubeconfig: string;

/** The role that manifests/base/audit brings, given to an account that has nothing else. */
async function bindAuditor(): Promise<string> {
  await cluster.kubectlOk(['apply', '-k', join(ROOT, 'manifests/base/audit')]);
  const subject = { kind: 'User', name: 'auditor', apiGroup: 'rbac.authorization.k8s.io' };
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'auditor' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'calico-admission-audit' },
    subjects: [subject],
  };
  await cluster.kubectlOk(['apply', '-f', '-'], { input: JSON.stringify(binding) });
  const file = join(room, 'kubeconfig');
  const config = {
    'current-context': 'here',
    clusters: [{ name: 'here', cluster: { server: cluster.url, 'certificate-authority': cluster.caFile } }],
    users: [{ name: 'me', user: { token: cluster.token, as: 'auditor' } }],
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

async function createShoots(): Promise<void> {
  const names = Array.from({ length: GOOD + BAD }, (_, number) => `shoot-${String(number).padStart(4, '0')}`);
  const note = 'x'.repeat(SIZE);
  const create = async (name: string, number: number): Promise<void> => {
    const shoot = number < BAD ? badShoot(NAMESPACE, name) : goodShoot(NAMESPACE, name);
    const body = { ...shoot, metadata: { ...shoot.metadata, annotations: { note } } };
    const { status } = await cluster.api('POST', shootsPath(NAMESPACE), { body });
    expect(status, name).toBe(201);
  };
  // A few at a time: thousands of connections at once would only wait for each other.
  const queue = names.entries();
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const [number, name] of queue) await create(name, number);
    }),
  );
}

describe('audit of a cluster with two thousand Shoots', () => {
  beforeAll(async () => {
    room = mkdtempSync(join(tmpdir(), 'audit-'));
    await unregister(cluster);
    await installKinds(cluster);
    await createNamespace(cluster, NAMESPACE);
    await createShoots();
    kubeconfig = await bindAuditor();
  }, 120_000);
  afterAll(async () => {
    await removeObjects(cluster, shootsPath(NAMESPACE));
    await cluster.kubectl(['delete', 'clusterrolebinding', 'auditor']);
    rmSync(room, { recursive: true });
  });

  it('names those that would be denied, with 48 MB of heap and no right but to read', async () => {
    const main = join(ROOT, 'dist/main.js');
    const args = ['--max-old-space-size=48', main, 'audit', '--kubeconfig', kubeconfig, '-n', NAMESPACE];
    const { code, stdout, stderr } = await run(process.execPath, args);
    expect(stderr).toBe('');
    expect(stdout).toContain(`${GOOD + BAD} objects evaluated\n  ${GOOD + BAD} shoots.core.gardener.cloud\n`);
    expect(stdout).toContain(
      `${BAD} findings that would be denied\n\n  shoot/kube-proxy-off-needs-ebpf (${BAD})\n`,
    );
    expect(stdout).toContain(`    Shoot ${NAMESPACE}/shoot-0000\n`);
    expect(stdout).toContain(`By namespace\n  ${NAMESPACE}: ${BAD} denied, 0 with a warning\n`);
    expect(code).toBe(1);
  });

  it('evaluates the whole cluster, without the kinds that it does not have', async () => {
    const main = join(ROOT, 'dist/main.js');
    const { code, stdout } = await run(process.execPath, [
      main,
      'audit',
      '--kubeconfig',
      kubeconfig,
      '--output',
      'json',
    ]);
    const report: { summary: { errors: number }; unread: unknown[] } = JSON.parse(stdout);
    expect(report.unread).toEqual([]);
    expect(report.summary.errors).toBeGreaterThanOrEqual(BAD);
    expect(code).toBe(1);
  });
});
