import { type ClusterObjects, createClusterObjects } from '../check/cluster-objects.ts';
import { indexHistory, indexOld, listKeys, type OldObjects } from '../check/old.ts';
import { namesOurs } from '../check/ours.ts';
import { listFirstServed, type Unread } from '../cluster/inventory.ts';
import type { Collection } from '../cluster/list-objects.ts';
import { type FileSource, listSources } from '../files/sources.ts';
import { escapeInvisible } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { Io } from './command.ts';
import { listCluster } from './list-cluster.ts';
import { clearing, type Progress } from './progress.ts';

/** The objects before the change, from `--old` or `--since`. */
export async function readOld(
  { old: path, since }: { readonly old?: string | undefined; readonly since?: string | undefined },
  paths: readonly string[],
  registry: Registry,
  io: Io,
): Promise<OldObjects | undefined> {
  if (since !== undefined) {
    const { readHistory } = await import('../files/git.ts');
    const isOurs = (text: string) => namesOurs(registry, text);
    return indexHistory(await readHistory({ ref: since, paths, isOurs }), registry);
  }
  if (path === undefined) return undefined;
  const old = indexOld(await listSources([path], (limit) => io.readStdin(limit)), registry);
  for (const each of old.unreadable.slice(0, 10)) {
    io.stderr(`calico-admission: not compared with ${escapeInvisible(each, 300)}\n`);
  }
  return old;
}

interface ClusterWiring {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  readonly io: Io;
  readonly progress: Progress;
}

/** The namespaces of Calico and kube-proxy. Objects of general kinds in other namespaces do not concern us. */
const NAMESPACES = ['kube-system', 'calico-system'];

/** The objects of the cluster of `--kubeconfig`. */
export async function readCluster(
  file: string,
  sources: readonly FileSource[],
  { registry, settings, io, progress }: ClusterWiring,
): Promise<ClusterObjects> {
  // Loaded only when needed: `check` of files needs no network.
  const { connect } = await import('../cluster/connect.ts');
  const api = await connect({ file, context: undefined, inCluster: false });
  const cluster = createClusterObjects(registry, settings, listKeys(sources, registry));
  let isWhole = true;
  let objects = 0;
  const inventory = {
    list: (collection: Collection) => listCluster(api, collection),
    onUnread: ({ resource, message }: Unread) => {
      isWhole = false;
      clearing(io, progress).stderr(
        `calico-admission: not compared with ${resource} of the cluster: ${message}\n`,
      );
    },
  };
  for (const { target } of registry.policies) {
    for (const namespace of target.isGeneral ? NAMESPACES : [undefined]) {
      for await (const { object } of listFirstServed(target, inventory, namespace)) {
        cluster.add(object);
        objects += 1;
        progress.show(`${objects} objects of the cluster read`);
      }
    }
  }
  return cluster.finish(isWhole);
}
