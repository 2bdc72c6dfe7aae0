import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Manifest } from '../../manifests/render.ts';
import { findOperatorRenderer } from '../assets/gardener.ts';
import type { ClusterClient } from '../cluster/access.ts';
import { writeAccountKubeconfig } from '../kubernetes/installed.ts';
import { run } from '../process.ts';

// What Gardener's components make of manifests/gardener/extension.yaml, and what they put beside it.

export interface Rendered {
  readonly runtime: readonly Manifest[];
  readonly virtual: readonly Manifest[];
  /** For gardener-controller-manager, in the virtual garden. */
  readonly registration: readonly Manifest[];
  /** Those that get the extension, of one seed of AWS and one of Azure. */
  readonly seeds: readonly string[];
  readonly seed: readonly Manifest[];
}

/** The address that the Extension gives the virtual garden's API server. */
export const URL_IN_GARDEN = 'https://calico-admission-webhook.garden';
/** gardener-resource-manager creates it, and keeps a token of it in the runtime cluster. */
export const ACCOUNT = { name: 'extension-admission-calico-admission', namespace: 'kube-system' };

/** @param charts a directory with the charts; without it they are pulled by their references */
export async function renderExtension(file: string, charts?: string): Promise<Rendered> {
  const args = charts === undefined ? [file] : [file, charts];
  const finished = await run(findOperatorRenderer(), args);
  expect(finished).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(finished.stdout);
}

/**
 * The kubeconfig that gardener-operator mounts, which names the file of a token.
 * @param folder for both files
 * @param seen the path that the server has for it
 * @returns the file, as the server sees it
 */
export async function writeInjected(garden: ClusterClient, folder: string, seen = folder): Promise<string> {
  const file = await writeAccountKubeconfig(garden, ACCOUNT, join(folder, 'kubeconfig'));
  const kubeconfig = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(join(folder, 'token'), kubeconfig.users[0].user.token, { mode: 0o600 });
  kubeconfig.users[0].user = { tokenFile: join(seen, 'token') };
  writeFileSync(file, JSON.stringify(kubeconfig));
  return join(seen, 'kubeconfig');
}
