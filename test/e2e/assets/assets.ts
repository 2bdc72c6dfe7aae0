import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { tryRun } from '../../manifests/command.ts';
import { buildOnce } from './go-build.ts';

/** What makes a Kubernetes API server that can be called; paths of commands. */
export interface Assets {
  readonly kubeApiserver: string;
  readonly etcd: string;
  readonly kubectl: string;
  /** Where they are from, for people. */
  readonly origin: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** go.mod in the directories names the versions; the first is also in kubernetes/go.mod. */
const KUBERNETES = {
  name: 'kubernetes',
  directory: 'kubernetes',
  packages: ['k8s.io/kubernetes/cmd/kube-apiserver', 'k8s.io/kubernetes/cmd/kubectl'],
  // What Kubernetes' own build sets: without it, it calls itself v0.0.0-master, and Helm rejects that.
  linkerFlags: ['-X', 'k8s.io/component-base/version.gitVersion=v1.36.3'],
};
/** See kubernetes/controllers/main.go. */
const CONTROLLERS = { name: 'controllers', directory: 'kubernetes', packages: ['./controllers'] };
const ETCD = { name: 'etcd', directory: 'etcd', packages: ['go.etcd.io/etcd/server/v3'] };

export const HOW_TO_GET =
  'To take those of envtest: export KUBEBUILDER_ASSETS="$(setup-envtest use -p path)", or just setup-envtest use. ' +
  'Without either they are built with Go, once, in about ten minutes on two cores.';

/**
 * The way envtest goes: KUBEBUILDER_ASSETS, else the newest that setup-envtest has installed, else built with Go.
 * @throws Error that says what is missing and how to get it
 */
export function findAssets(env: Environment = process.env): Assets {
  const named = env['KUBEBUILDER_ASSETS'];
  if (named !== undefined && named !== '') return fromDirectory(named, `KUBEBUILDER_ASSETS (${named})`);
  const installed = newestInstalled(storeDirectory(env));
  if (installed !== undefined) return fromDirectory(installed, `setup-envtest (${installed})`);
  try {
    const kubernetes = buildOnce(KUBERNETES);
    return {
      kubeApiserver: join(kubernetes, 'kube-apiserver'),
      etcd: join(buildOnce(ETCD), 'server'),
      kubectl: join(kubernetes, 'kubectl'),
      origin: `built from Go modules (${kubernetes})`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`no kube-apiserver and etcd: ${reason.trim()}. ${HOW_TO_GET}`, { cause: error });
  }
}

/** The namespace controller and the garbage collector of Kubernetes. @throws with what Go says, if they cannot be built */
export function findControllers(): string {
  return join(buildOnce(CONTROLLERS), 'controllers');
}

function fromDirectory(directory: string, origin: string): Assets {
  const own = (name: string): string | undefined => {
    const path = join(directory, name);
    return existsSync(path) ? path : undefined;
  };
  const found = {
    kubeApiserver: own('kube-apiserver'),
    etcd: own('etcd'),
    kubectl: own('kubectl') ?? onPath('kubectl'),
  };
  const { kubeApiserver, etcd, kubectl } = found;
  if (kubeApiserver === undefined || etcd === undefined || kubectl === undefined) {
    const missing = Object.entries(found).filter(([, path]) => path === undefined);
    throw new Error(`${origin} is without ${missing.map(([name]) => name).join(', ')}. ${HOW_TO_GET}`);
  }
  return { kubeApiserver, etcd, kubectl, origin };
}

function onPath(command: string): string | undefined {
  const found = tryRun('sh', ['-c', `command -v ${command}`]).stdout.trim();
  return found === '' ? undefined : found;
}

/** As setup-envtest's store.DefaultStoreDir, and its directory k8s. */
function storeDirectory(env: Environment): string {
  const home = env['HOME'] ?? homedir();
  if (process.platform === 'darwin') {
    return join(home, 'Library/Application Support/io.kubebuilder.envtest/k8s');
  }
  return join(env['XDG_DATA_HOME'] || join(home, '.local/share'), 'kubebuilder-envtest/k8s');
}

/** Directories are named 1.36.0-linux-amd64. */
function newestInstalled(store: string): string | undefined {
  if (!existsSync(store)) return undefined;
  const machine = `-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const versions = readdirSync(store)
    .filter((name) => name.endsWith(machine) && existsSync(join(store, name, 'kube-apiserver')))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const newest = versions.at(-1);
  return newest === undefined ? undefined : join(store, newest);
}
