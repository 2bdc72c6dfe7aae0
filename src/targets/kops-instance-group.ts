import type { Fact } from '../policy/fact.ts';
import { read, readString } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** An InstanceGroup of a kOps cluster (label kops.k8s.io/cluster). */
    'instance-group': {
      readonly cluster: string;
      readonly minSize: number;
      readonly maxSize: number;
      readonly image: string | undefined;
    };
  }
}

/** kOps' default for a group of nodes without a size. */
const DEFAULT_SIZE = 2;

/** InstanceGroups of kops.k8s.io, as a part of the Cluster that they belong to. */
export function createKopsInstanceGroupTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kops',
    apis: [
      { group: 'kops.k8s.io', versions: ['v1alpha2', 'v1alpha3'] },
      // The old name, which only files use.
      { group: 'kops', versions: ['v1alpha2'], isOfFiles: true },
    ],
    kind: 'InstanceGroup',
    resource: 'instancegroups',
    scope: 'Namespaced',
    membership: () => 'apart',
    listFacts,
  });
}

/** Control planes and bastions are few: the size of a cluster is the number of its worker nodes. */
function* listFacts({ object, spec }: ObjectInput): Generator<Fact> {
  const cluster = readString(object, 'metadata', 'labels', 'kops.k8s.io/cluster');
  if (cluster === undefined || readString(spec, 'role') !== 'Node') return;
  const minSize = sizeOf(read(spec, 'minSize'));
  yield {
    about: 'instance-group',
    path: ['spec'],
    cluster,
    minSize,
    maxSize: Math.max(minSize, sizeOf(read(spec, 'maxSize'))),
    image: readString(spec, 'image'),
  };
}

function sizeOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : DEFAULT_SIZE;
}
