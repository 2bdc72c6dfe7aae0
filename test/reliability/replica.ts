import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { bundle, MUTATING, VALIDATING } from '../cluster/fleet.ts';
import { type Served, serveBuilt } from '../e2e/process.ts';
import type { FakeApi } from '../support/fake-api.ts';
import type { Endpoint } from './balancer.ts';
import { type Bundles, SERVER_NAME } from './client.ts';

export interface ReplicaOptions {
  /** Where the shared Secret is; without, the certificate is made in a directory. */
  readonly api?: FakeApi;
  /** Content of the configuration file. */
  readonly config?: object;
  readonly args?: readonly string[];
  readonly certDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A process of the built server; it ends with the test at the latest. */
export async function startReplica({
  api,
  config = {},
  args = [],
  certDir,
  env = {},
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
    env,
    ...(certDir !== undefined && { certDir }),
  });
  onTestFinished(() => served.cleanUp());
  return served;
}

/** What a process has used of all cores so far. */
export function readCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Its name may hold anything; after it, user and system time are the 12th and 13th field, in hundredths (USER_HZ).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Where there is no API server, the authority in the replica's own directory vouches for it. */
export function bundlesOfDirectory({ certDir }: Served): Bundles {
  const ca = readFileSync(join(certDir, 'ca.crt'), 'utf8');
  return { '/validate': ca, '/mutate': ca };
}

/** The registered client configuration of the API servers, by path. */
export function bundlesOf(api: FakeApi): Bundles {
  return { '/validate': bundle(api, VALIDATING), '/mutate': bundle(api, MUTATING) };
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
