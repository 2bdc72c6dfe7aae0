import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readList, readMap } from '../policy/json.ts';
import { readDocuments } from './read.ts';

// The files and patches that a kustomization names. Nothing is run: only kustomize itself evaluates generators,
// transformers, replacements and remote resources.

/** A patch in the list of a kustomization. */
export interface Patch {
  /** The file of the patch. Undefined where the patch is in the kustomization itself. */
  readonly file: string | undefined;
  /** The path of the patch in the kustomization. Undefined where it is a file. */
  readonly textAt: FieldPath | undefined;
  /** The target of the patch. Undefined where the patch names its object itself. */
  readonly target: JsonObject | undefined;
}

export interface Kustomization {
  readonly file: string;
  /** Files and directories, with the names that they have in reports. */
  readonly resources: readonly string[];
  readonly patches: readonly Patch[];
}

const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export function isKustomizationFile(file: string): boolean {
  return FILE_NAMES.includes(file.slice(file.lastIndexOf('/') + 1));
}

/** @returns undefined where the file cannot be read; then the role of the files around it is unknown */
export function readKustomization(file: string, text: string): Kustomization | undefined {
  const [document] = [...readDocuments(text)].filter(({ isEmpty }) => !isEmpty);
  const value = document?.tree?.value;
  if (!isMap(value)) return undefined;
  const directory = directoryOf(file);
  const listFiles = (key: string) =>
    readList(value, key).flatMap((each) => (typeof each === 'string' ? [joinPath(directory, each)] : []));
  const ofPatches = ['patches', 'patchesJson6902'].flatMap((key) =>
    readList(value, key).flatMap((each, index) => readPatch(directory, each, [key, index])),
  );
  const merges = readList(value, 'patchesStrategicMerge').flatMap((each, index): Patch[] => {
    if (typeof each !== 'string') return [];
    const isText = each.includes('\n');
    return [
      {
        file: isText ? undefined : joinPath(directory, each),
        textAt: isText ? ['patchesStrategicMerge', index] : undefined,
        target: undefined,
      },
    ];
  });
  return {
    file,
    resources: ['resources', 'bases', 'components'].flatMap(listFiles),
    patches: [...merges, ...ofPatches],
  };
}

function readPatch(directory: string, entry: unknown, at: FieldPath): Patch[] {
  const path = read(entry, 'path');
  const target = readMap(entry, 'target');
  if (typeof path === 'string') return [{ file: joinPath(directory, path), textAt: undefined, target }];
  if (typeof read(entry, 'patch') !== 'string') return [];
  return [{ file: undefined, textAt: [...at, 'patch'], target }];
}

export function directoryOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}

/** A directory and those around it, from the inner to the outer. */
export function listAround(directory: string): string[] {
  const around = [directory];
  for (let at = directory; at !== ''; ) {
    at = directoryOf(at);
    around.push(at);
  }
  return around;
}

/** Resolves a path from the directory of a kustomization. A URL has no file. */
export function joinPath(directory: string, path: string): string {
  if (path.startsWith('/') || path.includes('://')) return path;
  const steps = directory === '' ? [] : directory.split('/');
  for (const step of path.split('/')) {
    const last = steps.at(-1);
    if (step === '' || step === '.') continue;
    if (step !== '..' || last === undefined || last === '..' || last === '') steps.push(step);
    else steps.pop();
  }
  return steps.join('/');
}
