import type { Said } from '../policy/types.ts';

/** Kinds that stand for clusters of other installers, whatever lies beside them in a repository. */
const OTHERS: readonly string[] = ['Shoot', 'Network', 'Cluster', 'InstanceGroup'];

/** A cluster has one of each: more than one document says that there are several clusters. */
const ONCE: readonly Said['about'][] = ['kubeadm-cluster', 'installation', 'calico-node'];

/**
 * What belongs together: everything, as long as all documents can be of one cluster; else what stands in the same
 * file, because nothing else tells clusters apart. Documents of kOps and Gardener belong to neither.
 */
export function* groupByCluster(said: readonly Said[]): Generator<readonly Said[]> {
  const ours = said.filter(({ document }) => !OTHERS.includes(document.kind));
  const isKops = said.some(({ about }) => about === 'kops-cluster');
  if (!isKops && !ONCE.some((about) => hasSeveral(ours, about))) {
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
