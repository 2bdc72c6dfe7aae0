import { basename } from 'node:path';
import type { CodeAction, CompletionItem, Diagnostic, Hover, Position, Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type CheckFinding, READING_RULES } from '../check/report.ts';
import { UserError } from '../errors.ts';
import { IGNORE_FILE } from '../files/ignore.ts';
import { isManifest } from '../files/sources.ts';
import { isWithin } from '../files/walk.ts';
import { listEntries } from '../policy/registry.ts';
import { listActions } from './actions.ts';
import { completeAt } from './completion.ts';
import { isShown, toDiagnostic } from './diagnostics.ts';
import {
  createFolderEvaluator,
  createSingleFileEvaluator,
  type Evaluator,
  type EvaluatorWiring,
} from './evaluators.ts';
import { createFieldRules } from './field-rules.ts';
import { hoverAt } from './hover.ts';
import { nameOf, uriOf } from './names.ts';
import { createDebounced, createPauses } from './pauses.ts';
import { repair } from './repair.ts';

/** The functions of the editor that the session uses. */
export interface Client {
  publish(uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]): void;
  /** Writes to the log of the editor. */
  log(message: string): void;
  /** Shows a message to the user, who has to correct something. */
  warn(message: string): void;
}

export interface SessionOptions extends Omit<EvaluatorWiring, 'tell'> {
  readonly client: Client;
  readonly opensPages: boolean;
  /** Milliseconds, from any start. */
  now(): number;
}

/** The open documents and folders of one editor. */
export interface Session {
  addFolder(uri: string): Promise<void>;
  removeFolder(uri: string): void;
  /** @param editedLine the line that was changed last, from 0 */
  show(document: TextDocument, editedLine?: number): void;
  close(document: TextDocument): void;
  /** A file was written or removed. */
  diskChanged(uri: string): void;
  hover(document: TextDocument, position: Position): Hover | undefined;
  complete(document: TextDocument, position: Position): CompletionItem[];
  actions(document: TextDocument, range: Range): CodeAction[];
  stop(): void;
}

interface OpenDocument {
  readonly document: TextDocument;
  readonly editedLine: number | undefined;
}

/** The findings in an open file. */
interface Found {
  readonly findings: readonly CheckFinding[];
  /** The errors that make the text unreadable; `findings` are then those of the text without them. */
  readonly unfinished: readonly CheckFinding[];
}

const NOTHING: Found = { findings: [], unfinished: [] };

/** A home, and the findings in its files. */
interface EvaluatorState {
  readonly evaluator: Evaluator;
  readonly found: Map<string, Found>;
}

class Replaced extends Error {
  override name = 'Replaced';
}

export function createSession(options: SessionOptions): Session {
  const { registry, client, now, opensPages } = options;
  const wiring: EvaluatorWiring = { ...options, tell: (message) => client.log(message) };
  const folders = new Map<string, EvaluatorState>();
  let loose: EvaluatorState | undefined;
  const open = new Map<string, OpenDocument>();
  const published = new Map<string, string>();
  const touched = new Set<string>();
  const fieldRules = createFieldRules(registry);
  const explanations = new Map([
    ...listEntries(registry).map(({ id, title, docs }) => [id, { title, why: docs.why }] as const),
    ...Object.values(READING_RULES).map(({ id, title, why }) => [id, { title, why }] as const),
  ]);
  const evaluating = createDebounced(evaluateTouched, now);
  return {
    addFolder,
    removeFolder,
    show: (document, editedLine) => {
      const name = isWanted(document) ? nameOf(document.uri) : undefined;
      if (name === undefined) return;
      if (!open.has(name)) published.delete(name);
      open.set(name, { document, editedLine });
      touch(name);
    },
    close: (document) => {
      const name = nameOf(document.uri);
      if (name === undefined || !open.delete(name)) return;
      touch(name);
    },
    diskChanged,
    hover: (document, position) =>
      ask(document, undefined, ({ evaluator }, findings) =>
        hoverAt(document, position, findings, {
          registry,
          fieldRules,
          explanations,
          pageOf: evaluator.pageOf,
        }),
      ),
    complete: (document, position) => ask(document, [], () => completeAt(document, position, registry)),
    actions: (document, range) =>
      ask(document, [], ({ evaluator }, findings) =>
        listActions(document, range, findings, { pageOf: evaluator.pageOf, opensPages }),
      ),
    stop: () => {
      evaluating.stop();
      folders.clear();
    },
  };

  /** Answers are about the text that is shown now, and never about an earlier text. */
  function ask<T>(
    document: TextDocument,
    nothing: T,
    answer: (state: EvaluatorState, findings: readonly CheckFinding[]) => T,
  ): T {
    evaluating.flush();
    const name = nameOf(document.uri);
    const state = name === undefined || !open.has(name) ? undefined : stateOf(name);
    if (name === undefined || state === undefined || state.evaluator.isExcluded(name)) return nothing;
    return answer(state, listShown(state, name));
  }

  async function addFolder(uri: string): Promise<void> {
    const path = pathOf(uri);
    if (path === undefined) return;
    const evaluator = attempt(() => createFolderEvaluator(path, wiring));
    if (evaluator === undefined) return removeFolder(uri);
    const before = folders.get(path);
    const state = { evaluator, found: new Map<string, Found>() };
    folders.set(path, state);
    touchBelow(path, open.keys());
    const pause = createPauses(now);
    const began = now();
    try {
      const count = await evaluator.index(async () => {
        await pause();
        if (folders.get(path) !== state) throw new Replaced();
      });
      client.log(`${count} files below ${path} read in ${Math.round(now() - began)} ms`);
    } catch (error) {
      if (error instanceof Replaced) return;
      showError(error);
    }
    if (folders.get(path) !== state) return;
    // Findings of documents alone, or with earlier settings, are evaluated again.
    touchBelow(path, [...open.keys(), ...published.keys(), ...(before?.found.keys() ?? [])]);
    state.found.clear();
    evaluateIn(
      state,
      [...touched].filter((name) => stateOf(name) === state),
    );
  }

  function removeFolder(uri: string): void {
    const path = pathOf(uri);
    if (path === undefined || !folders.delete(path)) return;
    touchBelow(path, [...open.keys(), ...published.keys()]);
    // The findings of an outer folder.
    for (const { found } of folders.values()) touchBelow(path, found.keys());
  }

  function touchBelow(path: string, names: Iterable<string>): void {
    for (const name of new Set(names)) if (isWithin(name, path)) touch(name);
  }

  function diskChanged(uri: string): void {
    const path = nameOf(uri);
    if (path === undefined) return;
    for (const { evaluator } of [...folders.values()]) {
      const isOurs = evaluator.path !== undefined && isWithin(path, evaluator.path);
      if (evaluator.config === path || (isOurs && basename(path) === IGNORE_FILE)) {
        void addFolder(uriOf(evaluator.path ?? ''));
      } else if (isOurs) {
        for (const name of new Set([path, ...evaluator.listBelow(path)])) if (!open.has(name)) touch(name);
      }
    }
  }

  function touch(name: string): void {
    touched.add(name);
    evaluating.ask();
  }

  /** The innermost open folder with the document. */
  function stateOf(name: string): EvaluatorState | undefined {
    const around = [...folders.entries()].filter(([path]) => isWithin(name, path));
    const [inner] = around.sort(([a], [b]) => b.length - a.length);
    if (inner !== undefined) return inner[1];
    const evaluator = loose === undefined ? attempt(() => createSingleFileEvaluator(wiring)) : undefined;
    if (evaluator !== undefined) loose = { evaluator, found: new Map() };
    return loose;
  }

  function evaluateTouched(): void {
    const names = [...touched];
    touched.clear();
    const states = new Set(names.map(stateOf));
    for (const state of states) {
      if (state === undefined) continue;
      evaluateIn(
        state,
        names.filter((name) => stateOf(name) === state),
      );
    }
  }

  function evaluateIn(state: EvaluatorState, names: readonly string[]): void {
    for (const name of names) touched.delete(name);
    for (const name of names) attempt(() => showOrReread(state, name));
    const changed = new Set([...names, ...take(state)]);
    for (const name of names) {
      for (const other of attempt(() => showRepaired(state, name)) ?? []) changed.add(other);
    }
    for (const name of changed) if (stateOf(name) === state) publish(state, name);
  }

  function showOrReread({ evaluator, found }: EvaluatorState, name: string): void {
    const document = open.get(name)?.document;
    const known = found.get(name);
    if (known !== undefined) found.set(name, { ...known, unfinished: [] });
    if (document === undefined || evaluator.isExcluded(name)) evaluator.reread(name);
    else evaluator.show(name, document.getText());
  }

  /**
   * While a line is not finished, the findings of the other lines are kept.
   * @returns the names of files whose findings have changed
   */
  function showRepaired(state: EvaluatorState, name: string): readonly string[] {
    const { evaluator, found } = state;
    const shown = open.get(name);
    const unfinished = found.get(name)?.findings.filter(({ rule }) => rule === READING_RULES.syntax.id) ?? [];
    if (shown === undefined || unfinished.length === 0) return [];
    const text = repair(shown.document.getText(), shown.editedLine);
    if (text === undefined) return [];
    evaluator.show(name, text);
    const changed = take(state);
    found.set(name, { findings: found.get(name)?.findings ?? [], unfinished });
    return changed;
  }

  /** @returns the names of files whose findings have changed */
  function take({ evaluator, found }: EvaluatorState): readonly string[] {
    const changes = attempt(() => evaluator.changes()) ?? [];
    return changes.map(({ file, findings }) => {
      const unfinished = found.get(file)?.unfinished ?? [];
      if (findings.length + unfinished.length === 0) found.delete(file);
      else found.set(file, { findings, unfinished });
      return file;
    });
  }

  function listShown({ found }: EvaluatorState, name: string): readonly CheckFinding[] {
    const { findings, unfinished } = found.get(name) ?? NOTHING;
    return [...unfinished, ...findings].filter(isShown);
  }

  function publish(state: EvaluatorState, name: string): void {
    const document = open.get(name)?.document;
    const { pageOf } = state.evaluator;
    const diagnostics = listShown(state, name).map((finding) => toDiagnostic(finding, pageOf));
    const text = JSON.stringify(diagnostics);
    const before = published.get(name) ?? (document === undefined ? '[]' : undefined);
    if (text === before) return;
    if (document === undefined && diagnostics.length === 0) published.delete(name);
    else published.set(name, text);
    client.publish(document?.uri ?? uriOf(name), document?.version, diagnostics);
  }

  /** No content of a document may end the server. */
  function attempt<T>(task: () => T): T | undefined {
    try {
      return task();
    } catch (error) {
      showError(error);
      return undefined;
    }
  }

  function showError(error: unknown): void {
    if (error instanceof UserError) client.warn(`calico-admission: ${error.message}`);
    else client.log(`internal fault: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

/** The path of a folder, without a slash at its end. */
function pathOf(uri: string): string | undefined {
  return nameOf(uri)?.replace(/(?<=.)[/\\]+$/, '');
}

/** Editors have several names for YAML, and may ask about any file. */
function isWanted({ uri, languageId }: TextDocument): boolean {
  return isManifest(basename(uri)) || /yaml|json|helm/.test(languageId);
}
