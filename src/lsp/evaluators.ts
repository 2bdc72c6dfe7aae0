import { READING_RULES } from '../check/report.ts';
import {
  createWorkspace,
  type FileFindings,
  type Workspace,
  type WorkspaceOptions,
} from '../check/workspace.ts';
import type { Registry } from '../policy/registry.ts';
import { createPageFinder, type PageFinder } from '../policy/rule-page.ts';
import { createFolder, type Folder } from './folder.ts';
import { type LoadPolicy, type LspSettings, settingsIn } from './settings.ts';

/** Where documents are evaluated: in an open folder, or each of them alone. */
export interface Evaluator {
  /** Undefined for documents outside of every open folder. */
  readonly path: string | undefined;
  /** The configuration file, if there is one. */
  readonly config: string | undefined;
  /** Sets the text that the editor shows, or the text to evaluate instead of it. */
  show(name: string, text: string): void;
  /** The file on the disk counts, if there is one. */
  reread(name: string): void;
  listBelow(path: string): readonly string[];
  isExcluded(name: string): boolean;
  /** Documents whose findings have changed. */
  changes(): readonly FileFindings[];
  /** Reads the folder. Until then documents are evaluated alone. */
  index(pause: () => Promise<void>): Promise<number>;
  /** The address of a rule's page, where there is one. */
  readonly pageOf: PageFinder;
}

export interface EvaluatorWiring {
  readonly registry: Registry;
  readonly settings: LspSettings;
  readonly loadPolicy: LoadPolicy;
  /** Called for each path that was not read, with the reason. */
  tell(message: string): void;
}

/** @throws UserError where the configuration file or a pattern is wrong */
export function createFolderEvaluator(path: string, wiring: EvaluatorWiring): Evaluator {
  const settings = settingsIn(path, wiring.settings);
  const options = toOptions(settings, wiring);
  const folder = createFolder({
    ...options,
    path,
    exclude: settings.exclude,
    withIgnoreFiles: !settings.noIgnore,
    tell: wiring.tell,
  });
  // The content of the folder is not known yet, so that there are no findings across documents.
  let early: Workspace | undefined = createWorkspace({
    ...options,
    each: true,
    registry: { ...wiring.registry, bundleRules: [] },
  });
  return {
    path,
    config: settings.config,
    ...createEarly(folder, () => early),
    listBelow: folder.listBelow,
    isExcluded: folder.isExcluded,
    index: async (pause) => {
      try {
        return await folder.index(pause);
      } finally {
        early = undefined;
      }
    },
    pageOf: createPageFinder(options.settings.docsUrl, wiring.registry),
  };
}

function createEarly(
  folder: Folder,
  early: () => Workspace | undefined,
): Pick<Evaluator, 'show' | 'reread' | 'changes'> {
  return {
    show: (name, text) => {
      early()?.put({ name, isNamed: false, read: () => text });
      folder.show(name, text);
    },
    reread: (name) => {
      early()?.drop(name);
      folder.reread(name);
    },
    changes: () => {
      const alone = early();
      if (alone === undefined) return folder.changes();
      // A comment may be about a finding that is not known yet.
      const isSure = ({ rule }: { readonly rule: string }) => rule !== READING_RULES.ignoreComment.id;
      return alone.changes().map(({ file, findings }) => ({ file, findings: findings.filter(isSure) }));
    },
  };
}

/** @throws UserError where the configuration file is wrong */
export function createSingleFileEvaluator(wiring: EvaluatorWiring): Evaluator {
  const { config } = wiring.settings;
  const options = toOptions(wiring.settings, wiring);
  const workspace = createWorkspace({ ...options, each: true });
  return {
    path: undefined,
    config,
    show: (name, text) => workspace.put({ name, isNamed: false, read: () => text }),
    reread: (name) => {
      workspace.drop(name);
    },
    listBelow: () => [],
    isExcluded: () => false,
    changes: () => workspace.changes(),
    index: async () => 0,
    pageOf: createPageFinder(options.settings.docsUrl, wiring.registry),
  };
}

function toOptions(settings: LspSettings, { registry, loadPolicy }: EvaluatorWiring): WorkspaceOptions {
  const { each, strict, noInlineConfig } = settings;
  const policy = loadPolicy(settings);
  return { registry, settings: policy, each, strict, noInlineConfig, notes: true, withFixes: true };
}
