import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRss } from '../../support/resident-memory.ts';
import { findAssets, findControllers } from '../assets/assets.ts';
import { findReportKinds } from '../assets/openreports.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { startReaper } from '../cluster/reaper.ts';
import { cli, type Finished, MAIN, ROOT, type Served, startServing } from '../process.ts';
import { badShoot, goodShoot, type Shoot, shootsPath } from './objects.ts';
import { apply, createNamespace, installKinds, waitUntil } from './registration.ts';

// An audit that goes on, and the reports that it keeps: by the real kinds of openreports.io, with the rights of the
// manifests, on an API server of its own with the real garbage collector.

const NAMESPACE = 'garden-audit';
const MANY = 'garden-many';
/** All of them are bad, so that each has a report. */
const MANY_SHOOTS = 5000;
/** Bytes of each: together far more than the heap that the audit gets. */
const SIZE = 10_000;
const HEAP_MB = 96;
const REPORTS = '/apis/openreports.io/v1alpha1';
const POOLS = '/apis/crd.projectcalico.org/v1/ippools';
const EBPF = 'shoot/kube-proxy-off-needs-ebpf';

const room = mkdtempSync(join(tmpdir(), 'calico-admission-'));
const reaper = startReaper();
const running: Served[] = [];
let cluster: Cluster;

const POOL_KIND = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'ippools.crd.projectcalico.org' },
  spec: {
    group: 'crd.projectcalico.org',
    scope: 'Cluster',
    names: { kind: 'IPPool', plural: 'ippools', singular: 'ippool', listKind: 'IPPoolList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

function pool(name: string, spec: object): object {
  return { apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool', metadata: { name }, spec };
}

/** An account that may do what the manifests give to the audit, and nothing else. */
async function makeAccount(name: string, roles: readonly string[]): Promise<string> {
  await apply(
    cluster,
    roles.map((role) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${name}-${role}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' }],
    })),
  );
  const file = join(room, name);
  const config = {
    'current-context': 'here',
    clusters: [{ name: 'here', cluster: { server: cluster.url, 'certificate-authority': cluster.caFile } }],
    users: [{ name: 'me', user: { token: cluster.token, as: name } }],
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

async function create(path: string, body: object): Promise<void> {
  const answer = await cluster.api('POST', path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

/** A few at a time: thousands of connections at once would only wait for each other. */
async function createMany(): Promise<void> {
  const numbers = Array.from({ length: MANY_SHOOTS }, (_, number) => number).values();
  const note = 'x'.repeat(SIZE);
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const number of numbers) {
        const shoot: Shoot = badShoot(MANY, `shoot-${number}`);
        const metadata = { ...shoot.metadata, annotations: { note } };
        await create(shootsPath(MANY), { ...shoot, metadata });
      }
    }),
  );
}

let writer: string;
let reader: string;

beforeAll(async () => {
  cluster = await startCluster({ assets: findAssets() });
  await installKinds(cluster);
  await apply(cluster, [POOL_KIND]);
  for (const file of findReportKinds()) await cluster.kubectlOk(['apply', '--server-side', '-f', file]);
  const kinds = ['reports.openreports.io', 'clusterreports.openreports.io', 'ippools.crd.projectcalico.org'];
  for (const kind of kinds) {
    await cluster.kubectlOk(['wait', '--for=condition=Established', '--timeout=30s', `crd/${kind}`]);
  }
  reaper.watch(spawn(findControllers(), [cluster.kubeconfig], { stdio: 'ignore' }));
  await cluster.kubectlOk(['apply', '-k', join(ROOT, 'manifests/base/audit')]);
  await cluster.kubectlOk(['apply', '-f', join(ROOT, 'manifests/components/audit-write/clusterrole.yaml')]);
  writer = await makeAccount('writer', ['calico-admission-audit', 'calico-admission-audit-reports']);
  reader = await makeAccount('reader', ['calico-admission-audit']);
  await createNamespace(cluster, NAMESPACE);
  await create(shootsPath(NAMESPACE), goodShoot(NAMESPACE, 'good'));
  await create(shootsPath(NAMESPACE), badShoot(NAMESPACE, 'bad'));
  await create(shootsPath(NAMESPACE), badShoot(NAMESPACE, 'mended'));
  await create(POOLS, pool('one', { cidr: '10.0.0.0/16', blockSize: 8 }));
}, 900_000);

afterAll(async () => {
  for (const each of running) each.cleanUp();
  await reaper.reap();
  await cluster?.stop();
  rmSync(room, { recursive: true, force: true });
});

const audit = (kubeconfig: string, ...args: readonly string[]): Promise<Finished> =>
  cli(['audit', '--kubeconfig', kubeconfig, ...args]);

async function serve(args: readonly string[], node: readonly string[] = []): Promise<Served> {
  const served = await startServing(process.execPath, [...node, MAIN, 'audit', ...args]);
  running.push(served);
  return served;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads it field by field, and fails where one is missing
async function readReports(namespace = NAMESPACE): Promise<any[]> {
  const { body } = await cluster.api('GET', `${REPORTS}/namespaces/${namespace}/reports?limit=500`);
  return body.items;
}

const subjects = async () => (await readReports()).map(({ scope }) => scope.name).sort();
const metricsOf = async (served: Served) => (await fetch(`${served.healthUrl}/metrics`)).text();

/** The value of a series, by its name and labels as they are written. */
function readSeries(metrics: string, series: string): number | undefined {
  const line = metrics.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('audit --write', () => {
  it('reports the missing rights, and writes nothing', async () => {
    const { code, stderr } = await audit(reader, '--write');
    expect(code).not.toBe(0);
    expect(stderr).toContain('openreports.io');
    expect(await readReports()).toEqual([]);
  });

  it('keeps a report for each object with findings, where the object is', async () => {
    const { code, stderr } = await audit(writer, '--write');
    expect(stderr).toBe('calico-admission: 3 reports written, 0 removed\n');
    expect(code).toBe(1);
    expect(await subjects()).toEqual(['bad', 'mended']);
    const { body: shoot } = await cluster.api('GET', `${shootsPath(NAMESPACE)}/bad`);
    const { apiVersion, kind } = shoot;
    const { name, uid } = shoot.metadata;
    const [report] = (await readReports()).filter(({ scope }) => scope.name === 'bad');
    expect(report).toMatchObject({
      metadata: {
        name: `calico-admission-${uid}`,
        labels: { 'app.kubernetes.io/managed-by': 'calico-admission' },
        ownerReferences: [{ apiVersion, kind, name, uid }],
      },
      source: 'calico-admission',
      scope: { apiVersion, kind, namespace: NAMESPACE, name, uid },
      summary: { pass: 0, fail: 1, warn: 0, error: 0, skip: 0 },
    });
    expect(report.results).toEqual([
      expect.objectContaining({
        rule: EBPF,
        result: 'fail',
        severity: 'high',
        message: expect.stringMatching(
          /^kube-proxy can only be off with Calico's eBPF dataplane \(got false\); /,
        ),
        properties: { path: 'spec.kubernetes.kubeProxy.enabled' },
      }),
    ]);
    const { body } = await cluster.api('GET', `${REPORTS}/clusterreports`);
    expect(body.items.map(({ scope }: { scope: object }) => scope)).toMatchObject([
      { kind: 'IPPool', name: 'one' },
    ]);
    const shown = await cluster.kubectlOk(['get', 'reports', '-n', NAMESPACE]);
    expect(shown).toMatch(/^NAME +PASS +FAIL +WARN/);
  });

  it('does not write an unchanged report, and removes an outdated one', async () => {
    const versions = async () =>
      Object.fromEntries(
        (await readReports()).map(({ scope, metadata }) => [scope.name, metadata.resourceVersion]),
      );
    const before = await versions();
    const others = { apiVersion: 'openreports.io/v1alpha1', kind: 'Report', source: 'another' };
    const labels = { 'app.kubernetes.io/managed-by': 'calico-admission' };
    await create(`${REPORTS}/namespaces/${NAMESPACE}/reports`, {
      ...others,
      metadata: { name: 'calico-admission-x', labels },
    });
    const stored = await cluster.api('GET', `${shootsPath(NAMESPACE)}/mended`);
    const { resourceVersion } = stored.body.metadata;
    const good = goodShoot(NAMESPACE, 'mended');
    const body = { ...good, metadata: { ...good.metadata, resourceVersion } };
    expect((await cluster.api('PUT', `${shootsPath(NAMESPACE)}/mended`, { body })).status).toBe(200);
    const { stderr } = await audit(writer, '--write');
    expect(stderr).toBe('calico-admission: 2 reports written, 1 removed\n');
    const left = (await readReports()).map(({ metadata }) => metadata.name);
    expect(left).toContain('calico-admission-x');
    await cluster.api('DELETE', `${REPORTS}/namespaces/${NAMESPACE}/reports/calico-admission-x`);
    expect(await versions()).toEqual({ bad: before['bad'] });
  });

  it('loses a report with its object', async () => {
    await create(shootsPath(NAMESPACE), badShoot(NAMESPACE, 'short-lived'));
    await audit(writer, '--write');
    expect(await subjects()).toEqual(['bad', 'short-lived']);
    await cluster.api('DELETE', `${shootsPath(NAMESPACE)}/short-lived`);
    await waitUntil(
      'the garbage collector has seen it',
      async () => (await subjects()).length === 1,
      120_000,
    );
  }, 180_000);
});

describe('audit --every', () => {
  it('finds new mistakes, reports them in metrics and log, and ends at SIGTERM', async () => {
    const served = await serve(['--every', '2s', '--write', '--kubeconfig', writer]);
    const denied = `calico_admission_audit_findings{rule="${EBPF}",action="deny"}`;
    const first = await metricsOf(served);
    expect(readSeries(first, denied)).toBe(1);
    expect(readSeries(first, 'calico_admission_audit_objects{resource="shoots.core.gardener.cloud"}')).toBe(
      3,
    );
    expect(readSeries(first, 'calico_admission_audit_interval_seconds')).toBe(2);
    expect(readSeries(first, 'calico_admission_audit_last_run_timestamp_seconds')).toBeGreaterThan(1e9);
    expect(first).not.toContain('calico_admission_build_info');
    expect((await fetch(`${served.healthUrl}/readyz`)).status).toBe(200);
    await create(shootsPath(NAMESPACE), badShoot(NAMESPACE, 'later'));
    await waitUntil('the next audit', async () => readSeries(await metricsOf(served), denied) === 2);
    expect(await subjects()).toEqual(['bad', 'later']);
    await cluster.api('DELETE', `${shootsPath(NAMESPACE)}/later`);
    await waitUntil('the one after', async () => readSeries(await metricsOf(served), denied) === 1);
    served.child.kill('SIGTERM');
    expect(await served.ended).toEqual({ code: 0, signal: null });
    const lines = served
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'would be denied',
        kind: 'Shoot',
        object: `${NAMESPACE}/later`,
        rules: [EBPF],
      }),
    );
    expect(lines.at(-1)).toMatchObject({ msg: 'stopped', reason: 'SIGTERM' });
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(served.stderr()).toBe('');
  });

  it('continues where it may not write, and reports that', async () => {
    const served = await serve(['--every', '1h', '--write', '--kubeconfig', reader]);
    const metrics = await metricsOf(served);
    expect(readSeries(metrics, 'calico_admission_audit_faults_total{part="write"}')).toBe(1);
    expect(readSeries(metrics, `calico_admission_audit_findings{rule="${EBPF}",action="deny"}`)).toBe(1);
    expect((await fetch(`${served.healthUrl}/readyz`)).status).toBe(503);
    served.child.kill('SIGTERM');
    expect((await served.ended).code).toBe(0);
  });

  it(`holds ${MANY_SHOOTS} bad objects of 10 KB, and keeps their reports, with ${HEAP_MB} MB of heap`, async () => {
    await createNamespace(cluster, MANY);
    await createMany();
    const args = ['--every', '1h', '--write', '--namespace', MANY, '--kubeconfig', writer];
    const served = await serve(args, [`--max-old-space-size=${HEAP_MB}`]);
    const metrics = await metricsOf(served);
    expect(readSeries(metrics, 'calico_admission_audit_reports')).toBe(MANY_SHOOTS);
    expect(readSeries(metrics, `calico_admission_audit_findings{rule="${EBPF}",action="deny"}`)).toBe(
      MANY_SHOOTS,
    );
    const { pid } = served.child;
    if (pid === undefined) throw new Error('the audit has no process');
    const rss = readRss(pid);
    const seconds = readSeries(metrics, 'calico_admission_audit_last_run_duration_seconds');
    process.stdout.write(
      `${MANY_SHOOTS} objects of ${SIZE} bytes: ${seconds} s, ${Math.round(rss)} MiB resident\n`,
    );
    expect(rss).toBeLessThan(384);
  }, 600_000);
});
