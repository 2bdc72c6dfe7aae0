import { addTo } from './groups.ts';
import { directoryOf, type Kustomization, listAround } from './kustomization.ts';

/** The roles of files, as kustomizations and charts describe them. */
export interface Layout {
  /** Patches: parts of objects, whose other parts are elsewhere. */
  readonly parts: ReadonlySet<string>;
  /** Kustomizations that are no base of another, each with its bases, in the order in which kustomize reads them. */
  readonly builds: readonly Build[];
  /** Directories of Helm charts, by the file that makes them one. */
  readonly charts: ReadonlyMap<string, string>;
}

export interface Build {
  readonly kustomizations: readonly Kustomization[];
  /** Resources and patches of all of them. */
  readonly files: ReadonlySet<string>;
}

export function layOut(files: Iterable<string>, kustomizations: readonly Kustomization[]): Layout {
  const byDirectory = new Map(kustomizations.map((each) => [directoryOf(each.file), each]));
  const used = new Set(kustomizations.flatMap(({ resources }) => resources));
  const roots = kustomizations.filter(({ file }) => !used.has(directoryOf(file)) && !used.has(file));
  const parts = kustomizations.flatMap(({ patches }) => patches.flatMap(({ file }) => file ?? []));
  const charts = Array.from(files)
    .filter((file) => file === 'Chart.yaml' || file.endsWith('/Chart.yaml'))
    .map((file) => [directoryOf(file), file] as const);
  return {
    parts: new Set(parts),
    builds: roots.map((root) => collect(root, byDirectory)),
    charts: new Map(charts),
  };
}

function collect(root: Kustomization, byDirectory: ReadonlyMap<string, Kustomization>): Build {
  const kustomizations: Kustomization[] = [];
  const files = new Set<string>();
  const seen = new Set<Kustomization>();
  visit(root);
  return { kustomizations, files };

  function visit(kustomization: Kustomization): void {
    if (seen.has(kustomization)) return;
    seen.add(kustomization);
    for (const resource of kustomization.resources) {
      const inner = byDirectory.get(resource);
      if (inner === undefined) files.add(resource);
      else visit(inner);
    }
    for (const { file } of kustomization.patches) if (file !== undefined) files.add(file);
    files.add(kustomization.file);
    // A base comes before the kustomization that builds on it.
    kustomizations.push(kustomization);
  }
}

/** Names of what a document is a part of, wherever its file lies: kustomizations, a chart, a cluster that it names. */
export type TieFinder = (document: {
  readonly file: string;
  readonly cluster: string | undefined;
}) => string[];

export function createTieFinder({ builds, charts }: Layout): TieFinder {
  const builtInto = new Map<string, string[]>();
  for (const [index, { files }] of builds.entries()) {
    for (const file of files) addTo(builtInto, file, `build ${index}`);
  }
  return ({ file, cluster }) => {
    const chart =
      charts.size === 0 ? undefined : listAround(directoryOf(file)).find((each) => charts.has(each));
    return [
      ...(builtInto.get(file) ?? []),
      ...(chart === undefined ? [] : [`chart ${chart}`]),
      ...(cluster === undefined ? [] : [`cluster ${cluster}`]),
    ];
  };
}

/** The chart of a template file, by the file that makes the directory a chart. */
export function chartOf({ charts }: Layout, file: string): string | undefined {
  for (let at = file.lastIndexOf('/templates/'); at >= 0; at = file.lastIndexOf('/templates/', at - 1)) {
    const chart = charts.get(file.slice(0, at));
    if (chart !== undefined) return chart;
    if (at === 0) break;
  }
  return file.startsWith('templates/') ? charts.get('') : undefined;
}
