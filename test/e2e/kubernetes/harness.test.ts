import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';
import { findAssets } from '../assets/assets.ts';
import { openCluster } from '../cluster/access.ts';
import { isAlive, ROOT } from '../process.ts';

const cluster = openCluster(inject('cluster'));

describe('the cluster', () => {
  it('is a Kubernetes, and kubectl finds it', async () => {
    const version = JSON.parse(await cluster.kubectlOk(['version', '-o', 'json']));
    expect(version.serverVersion.gitVersion).toMatch(/^v1\.\d+\.\d+/);
    expect(await cluster.kubectlOk(['get', 'namespaces', '-o', 'name'])).toContain('namespace/kube-system');
  });

  it('has RBAC: who has no role is forbidden everything', async () => {
    const { code, stderr } = await cluster.kubectl(['get', 'namespaces', '--as=jane']);
    expect(code).toBe(1);
    expect(stderr).toContain('User "jane" cannot list resource "namespaces"');
  });

  it('keeps an audit log', async () => {
    await cluster.api('GET', '/api/v1/namespaces/not-there');
    expect(cluster.audit()).toContainEqual(
      expect.objectContaining({ verb: 'get', requestURI: '/api/v1/namespaces/not-there' }),
    );
  });

  it('leaves no process and no directory when those who started it are killed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'calico-admission-reaper-'));
    const bundle = join(directory, 'reaper.mjs');
    const entry = join(ROOT, 'test/e2e/cluster/reaper.ts');
    await build({ entryPoints: [entry], outfile: bundle, bundle: true, platform: 'node', format: 'esm' });
    const script = `
      import { spawn } from 'node:child_process';
      import { startReaper } from '${bundle}';
      const child = spawn('sleep', ['600']);
      startReaper('${directory}').watch(child);
      console.log(child.pid);
      setInterval(() => {}, 1000);
    `;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const [printed] = await once(starter.stdout, 'data');
    const pid = Number(String(printed));
    expect(isAlive(pid)).toBe(true);
    starter.kill('SIGKILL');
    for (let tries = 0; tries < 100 && (isAlive(pid) || existsSync(directory)); tries += 1) await sleep(50);
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(directory)).toBe(false);
  });
});

describe('the assets', () => {
  it.skipIf(process.platform === 'darwin')(
    'are the newest that setup-envtest has installed for this machine',
    () => {
      const data = mkdtempSync(join(tmpdir(), 'calico-admission-'));
      const machine = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
      const store = join(data, 'kubebuilder-envtest/k8s');
      for (const directory of [`1.9.4-${machine}`, `1.36.0-${machine}`, '1.37.0-plan9-amd64']) {
        mkdirSync(join(store, directory), { recursive: true });
        for (const name of ['kube-apiserver', 'etcd', 'kubectl'])
          writeFileSync(join(store, directory, name), '');
      }
      const newest = join(store, `1.36.0-${machine}`);
      expect(findAssets({ XDG_DATA_HOME: data })).toEqual({
        kubeApiserver: join(newest, 'kube-apiserver'),
        etcd: join(newest, 'etcd'),
        kubectl: join(newest, 'kubectl'),
        origin: `setup-envtest (${newest})`,
      });
      rmSync(data, { recursive: true });
    },
  );

  it('are not looked for elsewhere when KUBEBUILDER_ASSETS names a place without them', () => {
    expect(() => findAssets({ KUBEBUILDER_ASSETS: '/nowhere' })).toThrow(
      /^KUBEBUILDER_ASSETS \(\/nowhere\) is without kubeApiserver, etcd.* export KUBEBUILDER_ASSETS=/,
    );
  });
});
