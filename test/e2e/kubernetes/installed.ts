import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { enterRoot, ownAsMounted } from '../../image/sandbox.ts';
import { configText, deployment, type Manifest } from '../../manifests/render.ts';
import type { ClusterClient } from '../cluster/access.ts';
import { MAIN, type Served, startServing } from '../process.ts';
import { apply } from './registration.ts';
import { renderService, slicePath } from './service.ts';

const SERVICE = 'calico-admission-webhook';
const FREE_PORTS = { CALICO_ADMISSION_PORT: '0', CALICO_ADMISSION_HEALTH_PORT: '0' };

export interface Installed {
  readonly served: Served;
  /** Ends the server and takes its place behind the Service away. */
  end(): Promise<void>;
}

export interface InstalledOptions {
  /** Of a user's own certificate; without it, the server keeps its own in the Secret. */
  readonly certDir?: string;
  /** In the place of the variables that are put into the Pod, such as GARDEN_KUBECONFIG. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Further arguments. */
  readonly args?: readonly string[];
  /** Without it, what this checkout has built. */
  readonly image?: ImageFiles;
}

/** An image whose files lie in a directory, from which its server is started as its user. Needs root. */
export interface ImageFiles {
  readonly root: string;
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Our server in the place of the Pods that manifests install, which no kubelet runs here: with their arguments,
 * configuration and rights, and behind their Service.
 */
export async function serveInstalled(
  cluster: ClusterClient,
  objects: readonly Manifest[],
  { certDir, variables = {}, args: more = [], image }: InstalledOptions = {},
): Promise<Installed> {
  const work = mkdtempSync(join(image?.root ?? tmpdir(), 'calico-admission-'));
  /** The path that a file of `work` has for the server. */
  const seen = (file: string): string => file.slice(image?.root.length ?? 0);
  const config = join(work, 'config.yaml');
  writeFileSync(config, configText(objects));
  const { metadata, spec } = deployment(objects);
  const namespace = metadata?.namespace ?? '';
  const [serve, ...args] = spec?.template.spec?.containers[0]?.args ?? [];
  expect(serve).toBe('serve');
  const given = args.map((each) =>
    each
      .replace('/etc/calico-admission/config.yaml', seen(config))
      .replace('=/certs', `=${certDir}`)
      .replace(/\$\((\w+)\)/, (_, name: string) => variables[name] ?? ''),
  );
  const secret = objects.find(({ kind }) => kind === 'Secret');
  expect(secret?.metadata.name).toBe(certDir ? 'calico-admission-cert' : 'calico-admission-tls');
  const account = { name: 'calico-admission', namespace };
  const start = (all: readonly string[]): Promise<Served> => {
    if (image === undefined) {
      return startServing(
        process.execPath,
        [MAIN, 'serve', ...all],
        certDir === undefined ? {} : { certDir },
      );
    }
    ownAsMounted(work);
    return startFromImage(image, ['serve', ...all]);
  };
  const served = certDir
    ? await start(given)
    : await start([
        ...[...given, ...more],
        ...['--kubeconfig', seen(await writeAccountKubeconfig(cluster, account, join(work, 'kubeconfig')))],
      ]);
  const port = Number(new URL(served.url).port);
  const service = { name: SERVICE, namespace };
  const [, slice] = renderService(cluster, service, [port]);
  await apply(cluster, slice === undefined ? [] : [slice]);
  return {
    served,
    end: async () => {
      served.cleanUp();
      await cluster.api('DELETE', slicePath(service, port));
      rmSync(work, { recursive: true, force: true });
    },
  };
}

function startFromImage(image: ImageFiles, words: readonly string[]): Promise<Served> {
  // Nothing of this machine's environment, but for the way to what enters the root.
  const env = { PATH: process.env['PATH'], ...image.env, ...FREE_PORTS };
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const command = [...enterRoot(image.root), ...image.entrypoint, ...words];
  return startServing('env', ['--ignore-environment', ...settings, ...command]);
}

/** As Gardener brings them. */
export const PRIORITY_CLASSES = ['gardener-garden-system-400', 'gardener-system-900'].map((name) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value: 999_998_000,
}));

/** A Pod as the Deployment's controller would create it, without a warning by Pod Security admission. */
export async function expectPodAdmitted(cluster: ClusterClient, objects: readonly Manifest[]): Promise<void> {
  const { metadata, spec } = deployment(objects);
  const { template } = spec ?? {};
  const path = `/api/v1/namespaces/${metadata?.namespace ?? ''}/pods?dryRun=All`;
  const answer = await cluster.api('POST', path, {
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template?.metadata, generateName: 'calico-admission-' },
      spec: template?.spec,
    },
  });
  const { status, body, warnings } = answer;
  expect({ status, message: body.message, warnings }).toEqual({
    status: 201,
    message: undefined,
    warnings: [],
  });
}

/** The names of all objects of the cluster, except events and those that come and go by themselves. */
export async function listAll(cluster: ClusterClient): Promise<string[]> {
  const resources = await cluster.kubectlOk(['api-resources', '--verbs=list', '-o', 'name']);
  const lasting = resources
    .trim()
    .split('\n')
    .filter((each) => !/^(events|leases|componentstatuses)(\.|$)/.test(each));
  const args = ['get', lasting.join(','), '-A', '-o', 'name', '--ignore-not-found'];
  return (await cluster.kubectlOk(args)).trim().split('\n').sort();
}

/** Of a ServiceAccount, which may do what the manifests let it and nothing else. @returns the file */
export async function writeAccountKubeconfig(
  cluster: ClusterClient,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  file: string,
): Promise<string> {
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
  const { status, body } = await cluster.api('POST', `${account}/token`, {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  });
  expect(status).toBe(201);
  const authority = readFileSync(cluster.caFile).toString('base64');
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'own', cluster: { server: cluster.url, 'certificate-authority-data': authority } }],
    users: [{ name: 'account', user: { token: body.status.token } }],
    contexts: [{ name: 'own', context: { cluster: 'own', user: 'account', namespace } }],
    'current-context': 'own',
  };
  writeFileSync(file, JSON.stringify(kubeconfig), { mode: 0o600 });
  return file;
}
