import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { bundle, MUTATING, VALIDATING } from '../cluster/fleet.ts';
import { type Served, serveBuilt } from '../e2e/process.ts';
import type { FakeApi } from '../support/fake-api.ts';
import type { Endpoint } from './balancer.ts';
import type { Bundles } from './client.ts';

/** By which kube-apiserver calls the Service of the manifests. */
export const SERVER_NAME = 'calico-admission-webhook.calico-admission.svc';

export interface ReplicaOptions {
  /** Where the shared Secret is; without, the certificate is made in a directory. */
  readonly api?: FakeApi;
  /** Content of the configuration file. */
  readonly config?: object;
  readonly args?: readonly string[];
  readonly certDir?: string;
}

/** A process of the built server; it ends with the test at the latest. */
export async function startReplica({
  api,
  config = {},
  args = [],
  certDir,
}: ReplicaOptions): Promise<Served> {
  const dir = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const secret = api
    ? ['--cert-secret', 'calico-admission-tls', '--kubeconfig', api.writeKubeconfig(join(dir, 'kubeconfig'))]
    : ['--san', SERVER_NAME];
  const served = await serveBuilt(['--config', file, ...secret, ...args], {
    forgetOutput: true,
    ...(certDir !== undefined && { certDir }),
  });
  onTestFinished(() => served.cleanUp());
  return served;
}

/** What the API servers have been told, by path. */
export function bundlesOf(api: FakeApi): Bundles {
  return { '/validate': bundle(api, VALIDATING), '/mutate': bundle(api, MUTATING) };
}

/** The authority of a replica that made its certificate in a directory, by path. */
export function caOf(served: Served): Bundles {
  const ca = readFileSync(join(served.certDir, 'ca.crt'), 'utf8');
  return { '/validate': ca, '/mutate': ca };
}

export function portOf(url: string): number {
  return Number(new URL(url).port);
}

export function endpointOf(served: Served, lagMs: number): Endpoint {
  return { port: portOf(served.url), healthPort: portOf(served.healthUrl), lagMs };
}

/** A sum over the series of a metric whose line matches. */
export async function readMetric(served: Served, line: RegExp): Promise<number> {
  const text = await (await fetch(`${served.healthUrl}/metrics`)).text();
  return text
    .split('\n')
    .filter((each) => line.test(each))
    .reduce((sum, each) => sum + Number(each.slice(each.lastIndexOf(' ') + 1)), 0);
}

/** Pseudo-random from 0 to 1, the same in each run: a test that fails can be run again. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
