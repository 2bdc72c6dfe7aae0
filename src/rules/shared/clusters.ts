import type { Said } from '../../policy/types.ts';

/** Kinds that stand for clusters of other installers, whatever lies beside them in a repository. */
const OTHERS: readonly string[] = ['Shoot', 'Cluster', 'InstanceGroup'];

/** A cluster has one of each: more than one document says that there are several clusters. */
const ONCE: readonly Said['about'][] = ['kubeadm-cluster', 'installation', 'calico-node'];

/**
 * What belongs together: everything, as long as all documents can be of one cluster; else what stands in the same
 * file, because nothing else tells clusters apart. Documents of kOps and Gardener belong to neither.
 * The same object in two files is a base and its overlay, or two clusters: what is true of one file is not of another.
 */
export function* groupByCluster(said: readonly Said[]): Generator<readonly Said[]> {
  const ours = said.filter(({ document }) => !OTHERS.includes(document.kind));
  const isKops = said.some(({ about }) => about === 'kops-cluster');
  if (!isKops && !isWrittenTwice(ours) && !ONCE.some((about) => hasSeveral(ours, about))) {
    yield ours;
    return;
  }
  const files = new Map<string, Said[]>();
  for (const each of ours) {
    const inFile = files.get(each.document.file);
    if (inFile === undefined) files.set(each.document.file, [each]);
    else inFile.push(each);
  }
  yield* files.values();
}

function isWrittenTwice(said: readonly Said[]): boolean {
  const files = new Map<string, string>();
  for (const { document } of said) {
    if (document.name === '') continue;
    const object = JSON.stringify([document.kind, document.namespace, document.name]);
    const file = files.get(object);
    if (file !== undefined && file !== document.file) return true;
    files.set(object, document.file);
  }
  return false;
}

function hasSeveral(said: readonly Said[], about: Said['about']): boolean {
  const indexes = new Set<number>();
  for (const each of said) {
    // What kubeadm has uploaded is the configuration that it was given.
    if (each.about === about && each.document.kind !== 'ConfigMap' && each.document.name !== 'overlay') {
      indexes.add(each.document.index);
    }
  }
  return indexes.size > 1;
}
