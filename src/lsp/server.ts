import {
  CodeActionKind,
  type Connection,
  createConnection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ShowDocumentRequest,
  ShowMessageNotification,
  type TextDocumentContentChangeEvent,
  TextDocumentSyncKind,
  TextDocuments,
  WatchKind,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { UserError } from '../errors.ts';
import type { Registry } from '../policy/registry.ts';
import { OPEN_PAGE } from './actions.ts';
import { SOURCE } from './diagnostics.ts';
import { createSession, type Session } from './session.ts';
import { type LoadPolicy, type LspSettings, readEditorSettings } from './settings.ts';

export interface ServerOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly registry: Registry;
  /** From the command line. */
  readonly settings: LspSettings;
  readonly loadPolicy: LoadPolicy;
  readonly version: string;
  /** Milliseconds, from any start. */
  now(): number;
}

/**
 * Serves the Language Server Protocol on two streams. The library ends the process when the editor sends `exit`,
 * closes the stream, or is gone.
 */
export function startServer(options: ServerOptions): void {
  const connection = createConnection(options.input, options.output);
  /** Undefined until the editor has sent its folders. */
  let session: Session | undefined;
  let params: InitializeParams | undefined;
  const edited = new Map<string, number>();
  const documents = new TextDocuments<TextDocument>({
    create: TextDocument.create,
    update: (document, changes, version) => {
      const line = lastEditedLine(changes);
      if (line !== undefined) edited.set(document.uri, line);
      return TextDocument.update(document, changes, version);
    },
  });
  documents.onDidChangeContent(({ document }) => session?.show(document, edited.get(document.uri)));
  documents.onDidSave(({ document }) => session?.diskChanged(document.uri));
  documents.onDidClose(({ document }) => {
    edited.delete(document.uri);
    session?.close(document);
  });
  documents.listen(connection);

  connection.onInitialize((given): InitializeResult => {
    params = given;
    session = createSession({
      ...options,
      settings: readSettings(connection, options.settings, given),
      opensPages: given.capabilities?.window?.showDocument?.support === true,
      client: {
        publish: (uri, version, diagnostics) => {
          const about = { uri, diagnostics: [...diagnostics], ...(version !== undefined && { version }) };
          void connection.sendDiagnostics(about);
        },
        log: (message) => connection.console.log(message),
        warn: (message) => warn(connection, message),
      },
    });
    return describeServer(options.version);
  });
  connection.onInitialized(() => {
    const { workspace } = params?.capabilities ?? {};
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true) watchFiles(connection);
    if (workspace?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of removed) session?.removeFolder(uri);
        for (const { uri } of added) void session?.addFolder(uri);
      });
    }
    for (const uri of listFolders(params)) void session?.addFolder(uri);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) session?.diskChanged(uri);
  });

  const find = (uri: string): TextDocument | undefined => documents.get(uri);
  connection.onHover(({ textDocument, position }) => {
    const document = find(textDocument.uri);
    return document && session?.hover(document, position);
  });
  connection.onCompletion(({ textDocument, position }) => {
    const document = find(textDocument.uri);
    return document && session?.complete(document, position);
  });
  connection.onCodeAction(({ textDocument, range, context }) => {
    const document = find(textDocument.uri);
    const { only } = context;
    const isRequested = only === undefined || only.some((kind) => isKindOf(CodeActionKind.QuickFix, kind));
    return document && isRequested ? session?.actions(document, range) : [];
  });
  connection.onExecuteCommand(async ({ command, arguments: [page] = [] }) => {
    if (command !== OPEN_PAGE || typeof page !== 'string') return;
    await connection.sendRequest(ShowDocumentRequest.type, { uri: page, external: true });
  });
  connection.onShutdown(() => session?.stop());
  connection.listen();
}

/** A wrong setting of an editor is shown there, and ignored. */
function readSettings(connection: Connection, given: LspSettings, params: InitializeParams): LspSettings {
  try {
    return readEditorSettings(given, params.initializationOptions);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(connection, `calico-admission: ${error.message}`);
    return given;
  }
}

/** A notification, because no answer is needed. */
function warn(connection: Connection, message: string): void {
  void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
}

function describeServer(version: string): InitializeResult {
  return {
    serverInfo: { name: SOURCE, version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [' '] },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      executeCommandProvider: { commands: [OPEN_PAGE] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

function listFolders(params: InitializeParams | undefined): string[] {
  const { workspaceFolders, rootUri } = params ?? {};
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return rootUri ? [rootUri] : [];
}

/** Watches manifests, and the removal of all files: when a folder is removed, there may be no event for its files. */
function watchFiles(connection: Connection): void {
  const watchers = [
    { globPattern: '**/*.{yaml,yml,json}' },
    { globPattern: '**/{Kustomization,.calico-admission-ignore}' },
    { globPattern: '**/*', kind: WatchKind.Delete },
  ];
  void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
}

/** The line where the last change of a document ends, from 0. */
function lastEditedLine(changes: readonly TextDocumentContentChangeEvent[]): number | undefined {
  const last = changes.at(-1);
  if (last === undefined || !('range' in last)) return undefined;
  return last.range.start.line + last.text.split('\n').length - 1;
}

/** Kinds are paths: a request for `quickfix` includes `quickfix.x`. */
function isKindOf(kind: string, wanted: string): boolean {
  return kind === wanted || kind.startsWith(`${wanted}.`) || wanted === '';
}
