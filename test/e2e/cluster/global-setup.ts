import type { TestProject } from 'vitest/node';
import { findAssets, HOW_TO_GET } from '../assets/assets.ts';
import type { ClusterAccess } from './access.ts';
import { startCluster } from './cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly cluster: ClusterAccess;
    /** Seconds with updates at a steady rate, and seconds without any after them. */
    readonly steadyUpdates: { readonly busy: number; readonly idle: number };
  }
}

/** One cluster for all test files of a run; each cleans up behind itself. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const assets = findAssets();
  process.stdout.write(
    `kube-apiserver ${assets.kubeApiserver}\netcd ${assets.etcd}\nkubectl ${assets.kubectl}\n` +
      `${assets.origin}. ${HOW_TO_GET}\n`,
  );
  const { kubectl, kubectlOk, api, audit, stop, ...access } = await startCluster({ assets });
  project.provide('cluster', access);
  return stop;
}
