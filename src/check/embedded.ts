import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readList, readMap, readString } from '../policy/json.ts';
import { convertOld } from './old-api.ts';

// Objects of ours that are declared inside other objects: in values of the operator's Helm chart, and in objects of
// tools that create clusters. An API server never evaluates them there, so that only `check` reads them.

/** An object inside another object, or in a text inside of it. */
export interface EmbeddedObject {
  /** The path of the text that it is in. Undefined where it is in the document itself. */
  readonly textAt: FieldPath | undefined;
  /** Its path in that text or in the document. */
  readonly within: FieldPath;
  /** The value is the object's spec, and not the object. */
  readonly isSpec: boolean;
  /** What the object can become with the defaults of its chart. A finding counts only if all of them have it. */
  readonly objects: readonly JsonObject[];
  /**
   * The path where a field of these objects is written, if it has another name there. Undefined where it is not
   * written.
   */
  sourceOf?(path: FieldPath): FieldPath | undefined;
}

/** @param readText parses a text of YAML */
export function* listEmbedded(
  object: unknown,
  readText: (text: string) => unknown,
): Generator<EmbeddedObject> {
  if (!isMap(object)) return;
  const kind = readString(object, 'kind');
  const apiVersion = readString(object, 'apiVersion');
  if (kind === undefined && apiVersion === undefined) {
    yield* readValues(object, undefined, []);
    return;
  }
  const converted = convertOld(object);
  if (converted !== undefined) {
    const { object: today, sourceOf } = converted;
    yield { textAt: undefined, within: [], isSpec: false, objects: [today], sourceOf };
  }
  for (const path of VALUES[`${apiVersion?.split('/')[0]}/${kind}`] ?? []) {
    for (const at of expand(object, path)) yield* readValuesAt(object, at, readText);
  }
  yield* readClusterApi(object, apiVersion ?? '', kind ?? '');
}

/** A text that does not name Calico and has none of these words has no embedded objects. */
export const EMBEDDING = /Kubeadm(?:ControlPlane|Config)|kubernetesProvider/;

/** Paths of Helm values, by group and kind. `*` is each item of a list. */
const VALUES: Readonly<Record<string, readonly FieldPath[]>> = {
  'helm.toolkit.fluxcd.io/HelmRelease': [['spec', 'values']],
  'helm.cattle.io/HelmChart': [['spec', 'valuesContent']],
  'helm.cattle.io/HelmChartConfig': [['spec', 'valuesContent']],
  'argoproj.io/Application': argoPaths(['spec']),
  'argoproj.io/ApplicationSet': argoPaths(['spec', 'template', 'spec']),
};

function argoPaths(base: FieldPath): FieldPath[] {
  const sources: FieldPath[] = [
    [...base, 'source'],
    [...base, 'sources', '*'],
  ];
  return sources.flatMap((source) => ['values', 'valuesObject'].map((name) => [...source, 'helm', name]));
}

function* expand(object: unknown, path: FieldPath): Generator<FieldPath> {
  const star = path.indexOf('*');
  if (star < 0) {
    yield path;
    return;
  }
  const list = path.slice(0, star);
  for (const index of readList(object, ...list).keys()) yield [...list, index, ...path.slice(star + 1)];
}

function* readValuesAt(
  object: JsonObject,
  at: FieldPath,
  readText: (text: string) => unknown,
): Generator<EmbeddedObject> {
  const values = read(object, ...at);
  if (typeof values === 'string') yield* readValues(readText(values), at, []);
  else yield* readValues(values, undefined, at);
}

/** Keys of the Installation that no other chart has below `installation`. */
const TELLING_KEYS = [
  'calicoNetwork',
  'kubernetesProvider',
  'cni',
  'calicoNodeDaemonSet',
  'calicoKubeControllersDeployment',
  'csiNodeDriverDaemonSet',
  'typhaDeployment',
];

/** Values of the chart tigera-operator, or of a chart that includes it. */
function* readValues(
  values: unknown,
  textAt: FieldPath | undefined,
  base: FieldPath,
): Generator<EmbeddedObject> {
  for (const at of [[], ['tigera-operator']]) {
    const chart = read(values, ...at);
    const installation = readMap(chart, 'installation');
    if (installation === undefined || !TELLING_KEYS.some((key) => key in installation)) continue;
    // Then the chart creates no Installation.
    if (installation['enabled'] === false) continue;
    const { enabled, ...spec } = installation;
    const within = [...base, ...at, 'installation'];
    yield { textAt, within, isSpec: true, objects: CHART_DEFAULTS.map((each) => toInstallation(spec, each)) };
  }
}

/** What the chart sets where the values set nothing: nothing, or the defaults of RKE2. */
const CHART_DEFAULTS: readonly JsonObject[] = [
  {},
  {
    calicoNetwork: {
      bgp: 'Disabled',
      ipPools: [
        { cidr: '10.42.0.0/16', encapsulation: 'VXLAN', natOutgoing: 'Enabled', nodeSelector: 'all()' },
      ],
    },
  },
];

function toInstallation(spec: JsonObject, defaults: JsonObject): JsonObject {
  return {
    apiVersion: 'operator.tigera.io/v1',
    kind: 'Installation',
    metadata: { name: 'default' },
    spec: mergeInto(defaults, spec),
  };
}

/** As Helm merges values: maps by their keys, other values as a whole. */
function mergeInto(defaults: JsonObject, values: JsonObject): JsonObject {
  const merged = Object.entries(values).map(([key, value]) => {
    const below = readMap(defaults, key);
    return [key, below !== undefined && isMap(value) ? mergeInto(below, value) : value] as const;
  });
  return { ...defaults, ...Object.fromEntries(merged) };
}

const CLUSTER_API: Readonly<Record<string, FieldPath>> = {
  KubeadmControlPlane: ['spec', 'kubeadmConfigSpec'],
  KubeadmControlPlaneTemplate: ['spec', 'template', 'spec', 'kubeadmConfigSpec'],
  KubeadmConfig: ['spec'],
  KubeadmConfigTemplate: ['spec', 'template', 'spec'],
};

/** kubeadm configuration inside objects of Cluster API, where it has no type. */
function* readClusterApi(object: JsonObject, apiVersion: string, kind: string): Generator<EmbeddedObject> {
  const base = CLUSTER_API[kind];
  if (base === undefined || !/^(controlplane|bootstrap)\.cluster\.x-k8s\.io\//.test(apiVersion)) return;
  // From v1beta2 on, arguments of components are lists, as in kubeadm v1beta4.
  const version = /\/v1(alpha\d+|beta1)$/.test(apiVersion) ? 'v1beta3' : 'v1beta4';
  for (const name of ['clusterConfiguration', 'initConfiguration', 'joinConfiguration']) {
    const configuration = readMap(object, ...base, name);
    if (configuration === undefined) continue;
    const type = {
      apiVersion: `kubeadm.k8s.io/${version}`,
      kind: name.replace(/^./, (c) => c.toUpperCase()),
    };
    yield {
      textAt: undefined,
      within: [...base, name],
      isSpec: false,
      objects: [{ ...configuration, ...type }],
    };
  }
}
