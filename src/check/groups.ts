import type { Membership } from '../policy/types.ts';
import { directoryOf } from './kustomization.ts';

/** A document of ours, with what shows its cluster. */
export interface Member {
  readonly file: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly membership: Membership | undefined;
  /** The name of its cluster, where the document names it. */
  readonly cluster: string | undefined;
}

/** Documents that belong together. */
export interface Group<M extends Member> {
  readonly members: readonly M[];
  /** More documents may exist elsewhere, so that no rule can say that something is missing. */
  readonly isPart: boolean;
  /** Something says that they are of one cluster; else nothing speaks against it. */
  readonly isBound: boolean;
}

/**
 * Groups documents by cluster. All are one group, as long as they can be of one cluster. Otherwise each kustomization
 * is a group, and the other documents are grouped by directory, down to single files. The same object in two files,
 * or two objects of a kind that a cluster has once, mean several clusters, or a base and its overlays.
 * @param builds files of each kustomization that is no base of another
 */
export function groupMembers<M extends Member>(
  members: readonly M[],
  builds: readonly ReadonlySet<string>[],
): readonly Group<M>[] {
  if (isOneCluster(members)) return [{ members, isPart: false, isBound: false }];
  const built = builds
    .map((files) => members.filter(({ file }) => files.has(file)))
    .filter((each) => each.length > 0 && isOneCluster(each));
  const taken = new Set(built.flat());
  const rest = members.filter((each) => !taken.has(each));
  return [
    ...built.map((each) => ({ members: each, isPart: true, isBound: true })),
    ...split(rest, []).map((each) => ({ members: each, isPart: true, isBound: false })),
  ];
}

/** Groups documents by file, where each file is for its own cluster. */
export function groupByFile<M extends Member>(members: readonly M[]): readonly Group<M>[] {
  return groupBy(members, ({ file }) => file).map((each) => ({ members: each, isPart: true, isBound: true }));
}

/** @param above the directory that contains all of them */
function split<M extends Member>(members: readonly M[], above: readonly string[]): readonly (readonly M[])[] {
  if (members.length === 0) return [];
  if (isOneCluster(members)) return [members];
  const here: M[] = [];
  const below = new Map<string, M[]>();
  for (const member of members) {
    const step = directoryOf(member.file).split('/')[above.length];
    if (step === undefined || directoryOf(member.file) === '') here.push(member);
    else addTo(below, step, member);
  }
  const deeper = [...below].flatMap(([step, each]) => split(each, [...above, step]));
  return [...splitDirectory(here), ...deeper];
}

/** The files of one directory: grouped by the clusters that they name, otherwise one by one. */
function splitDirectory<M extends Member>(members: readonly M[]): readonly (readonly M[])[] {
  if (members.length === 0) return [];
  if (isOneCluster(members)) return [members];
  const byCluster = groupBy(members, ({ cluster, file }) => cluster ?? `in ${file}`);
  if (byCluster.every(isOneCluster) && members.some(({ cluster }) => cluster !== undefined)) return byCluster;
  return groupBy(members, ({ file }) => file);
}

function groupBy<M>(members: readonly M[], keyOf: (member: M) => string): readonly (readonly M[])[] {
  const groups = new Map<string, M[]>();
  for (const member of members) addTo(groups, keyOf(member), member);
  return [...groups.values()];
}

/** Appends the value to the list of the key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/**
 * Whether all of them can be of one cluster. An object that is a cluster itself, as with Gardener, belongs to none.
 */
function isOneCluster(members: readonly Member[]): boolean {
  const ours = members.filter(({ membership }) => membership !== 'apart' && membership !== 'own');
  if (ours.length === 0) return true;
  if (ours.length < members.length && members.some(({ membership }) => membership === 'own')) return false;
  const clusters = new Set(members.flatMap(({ cluster }) => cluster ?? []));
  return clusters.size <= 1 && !isWrittenTwice(ours) && !hasSeveral(ours);
}

function isWrittenTwice(members: readonly Member[]): boolean {
  const files = new Map<string, string>();
  return members.some(({ kind, namespace, name, file }) => {
    if (name === '') return false;
    const object = JSON.stringify([kind, namespace, name]);
    const known = files.get(object);
    if (known === undefined) files.set(object, file);
    return known !== undefined && known !== file;
  });
}

/** Whether there are several objects of a kind that a cluster has once. */
function hasSeveral(members: readonly Member[]): boolean {
  const kinds = new Set<string>();
  return members.some(({ membership, kind }) => {
    if (membership !== 'once') return false;
    const isSecond = kinds.has(kind);
    kinds.add(kind);
    return isSecond;
  });
}
