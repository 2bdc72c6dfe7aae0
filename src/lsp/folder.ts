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
  /** Patterns of skipped files, as in .gitignore, relative to the folder. */
  readonly exclude: readonly string[];
  /** Whether ignore files are read. */
  readonly withIgnoreFiles: boolean;
  /** Called for each path that was not read, with the reason. */
  tell(message: string): void;
}

/**
 * A folder that is open in an editor: its files are one bundle. The text in the editor takes precedence over the file
 * on the disk.
 */
export interface Folder {
  readonly path: string;
  /**
   * Reads the folder. Of files that are not ours nothing is kept.
   * @param pause lets other tasks run
   * @returns the number of files
   */
  index(pause: () => Promise<void>): Promise<number>;
  /** Sets the text that the editor shows, or the text to evaluate instead of it. */
  show(name: string, text: string): void;
  /** The file was closed, or changed on the disk: the disk counts, if the file is there. */
  reread(name: string): void;
  /** The names of the files that were read at a path, and below it. */
  listBelow(path: string): readonly string[];
  isExcluded(name: string): boolean;
  changes(): readonly FileFindings[];
}

/** @throws UserError for an invalid pattern, or an ignore file that cannot be read */
export function createFolder(options: FolderOptions): Folder {
  const { path, exclude, withIgnoreFiles, tell, registry } = options;
  const exclusions = createExclusions({ cwd: path, patterns: exclude, withFiles: withIgnoreFiles });
  const workspace = createWorkspace(options);
  const held = new Set<string>();
  const shown = new Set<string>();
  /** A patch does not say that it is one: only the kustomization does. */
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
    const lenient = source && readOrEmpty(source);
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

  /** Whether the file is read as a part of the folder. */
  function isWalked(name: string): boolean {
    const steps = relative(path, name).split(sep);
    return (
      isWithin(name, path) &&
      !steps.some(isSkipped) &&
      isManifest(steps.at(-1) ?? '') &&
      !exclusions.isNamedExcluded(name, false)
    );
  }

  /** A file that is gone, or can no longer be read, is empty when it is read again. */
  function readOrEmpty(source: Source): Source {
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
