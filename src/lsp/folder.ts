import { relative, sep } from 'node:path';
import { isKustomizationFile, readKustomization } from '../check/kustomization.ts';
import { namesOurs } from '../check/ours.ts';
import { readText, type Source } from '../check/read.ts';
import { createWorkspace, type FileFindings, type WorkspaceOptions } from '../check/workspace.ts';
import { createExclusions } from '../files/exclusions.ts';
import { findSource, isManifest, isSkipped, listSources, UnreadablePathError } from '../files/sources.ts';
import { isWithin } from '../files/walk.ts';

export interface FolderOptions extends WorkspaceOptions {
  /** Absolute. */
  readonly path: string;
  /** Patterns of what is passed over, as in .gitignore, relative to the folder. */
  readonly exclude: readonly string[];
  /** Whether ignore files count. */
  readonly withIgnoreFiles: boolean;
  /** What was not read, and why. */
  tell(message: string): void;
}

/** A folder that an editor has open: its files are one bundle, and what is open in the editor counts before the disk. */
export interface Folder {
  readonly path: string;
  /**
   * Reads what is below the folder; of files that are none of ours nothing is kept.
   * @param pause gives others their turn
   * @returns how many files there are
   */
  index(pause: () => Promise<void>): Promise<number>;
  /** What the editor shows of a file, or what is to be evaluated in its place. */
  show(name: string, text: string): void;
  /** The file is closed, or was changed by others: what is on the disk counts, if anything is. */
  reread(name: string): void;
  /** The names of what was read at a path, and below it. */
  listBelow(path: string): readonly string[];
  isExcluded(name: string): boolean;
  changes(): readonly FileFindings[];
}

/** @throws UserError for a pattern that is none, or an ignore file that cannot be read */
export function createFolder(options: FolderOptions): Folder {
  const { path, exclude, withIgnoreFiles, tell, registry } = options;
  const exclusions = createExclusions({ cwd: path, patterns: exclude, withFiles: withIgnoreFiles });
  const workspace = createWorkspace(options);
  const held = new Set<string>();
  const shown = new Set<string>();
  /** Patches say little of what they are for, so that only the kustomization tells that a file is one. */
  const patches = new Map<string, readonly string[]>();
  return {
    path,
    index,
    show: (name, text) => {
      shown.add(name);
      put({ name, isNamed: false, read: () => text });
    },
    reread: (name) => {
      shown.delete(name);
      take(isWalked(name) ? findSource(name) : undefined, name);
    },
    listBelow: (below) => [...held].filter((name) => isWithin(name, below)),
    isExcluded: (name) => exclusions.isNamedExcluded(name, false),
    changes: () => workspace.changes(),
  };

  async function index(pause: () => Promise<void>): Promise<number> {
    const noInput = async () => Buffer.alloc(0);
    const report = (at: string, why: string) => tell(`not read: ${at}: ${why}`);
    const sources = await listSources([path], noInput, { exclusions, tell: report, pause });
    for (const source of sources) {
      if (!shown.has(source.name)) take(source, source.name);
      await pause();
    }
    return sources.length;
  }

  function take(source: Source | undefined, name: string): void {
    const lenient = source && readLeniently(source);
    if (lenient !== undefined && isWanted(lenient)) put(lenient);
    else drop(name);
  }

  function put(source: Source): void {
    held.add(source.name);
    workspace.put(source);
    if (isKustomizationFile(source.name)) takePatches(source);
  }

  function drop(name: string): void {
    held.delete(name);
    patches.delete(name);
    workspace.drop(name);
  }

  function isWanted(source: Source): boolean {
    const { name } = source;
    if (isKustomizationFile(name) || name.endsWith('/Chart.yaml')) return true;
    if ([...patches.values()].some((files) => files.includes(name))) return true;
    const decoded = readText(source);
    return !('text' in decoded) || namesOurs(registry, decoded.text);
  }

  function takePatches(source: Source): void {
    const decoded = readText(source);
    const read = 'text' in decoded ? readKustomization(source.name, decoded.text) : undefined;
    const files = read?.patches.flatMap(({ file }) => file ?? []) ?? [];
    patches.set(source.name, files);
    for (const file of files) if (!held.has(file) && isWalked(file)) take(findSource(file), file);
  }

  /** Whether the file is among those that are read for the folder's sake. */
  function isWalked(name: string): boolean {
    const steps = relative(path, name).split(sep);
    return (
      isWithin(name, path) &&
      !steps.some(isSkipped) &&
      isManifest(steps.at(-1) ?? '') &&
      !exclusions.isNamedExcluded(name, false)
    );
  }

  /** What is gone, or no longer to be read, when somebody asks for it again is empty. */
  function readLeniently(source: Source): Source {
    const read = () => {
      try {
        return source.read();
      } catch (error) {
        if (!(error instanceof UnreadablePathError)) throw error;
        tell(error.message);
        return '';
      }
    };
    return { name: source.name, isNamed: false, read };
  }
}
