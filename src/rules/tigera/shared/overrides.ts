import type { FieldPath } from '../../../policy/field-path.ts';
import { isMap, type JsonObject, read, readList, readMap } from '../../../policy/json.ts';

/** The settings of an Installation for the pods of one component. */
export interface Override {
  readonly path: FieldPath;
  readonly values: JsonObject;
}

/** The components that the operator installs; calicoWindowsUpgradeDaemonSet is no longer one of them. */
const COMPONENTS: readonly string[] = [
  'calicoNodeDaemonSet',
  'calicoNodeWindowsDaemonSet',
  'csiNodeDriverDaemonSet',
  'calicoKubeControllersDeployment',
  'typhaDeployment',
];

export function* listOverrides(spec: JsonObject): Generator<Override> {
  for (const component of COMPONENTS) {
    const values = readMap(spec, component);
    if (values !== undefined) yield { path: ['spec', component], values };
  }
}

/** All requests and limits of the Installation. */
export function* listResources(spec: JsonObject): Generator<Override> {
  for (const { path, values } of listOverrides(spec)) {
    for (const list of ['containers', 'initContainers']) {
      const place = ['spec', 'template', 'spec', list];
      yield* inList([...path, ...place], readList(values, ...place), 'resources');
    }
  }
  const components = readList(spec, 'componentResources');
  yield* inList(['spec', 'componentResources'], components, 'resourceRequirements');
}

function* inList(path: FieldPath, list: readonly unknown[], field: string): Generator<Override> {
  for (const [index, entry] of list.entries()) {
    const values = read(entry, field);
    if (isMap(values)) yield { path: [...path, index, field], values };
  }
}
