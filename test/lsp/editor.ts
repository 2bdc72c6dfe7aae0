import { pathToFileURL } from 'node:url';
import type { Diagnostic, Hover, Position } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createSession, type Session } from '../../src/lsp/session.ts';
import type { LspSettings } from '../../src/lsp/settings.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import { loadRegistry } from '../../src/registry.ts';

export const SETTINGS: LspSettings = {
  config: undefined,
  networkingCalico: undefined,
  calicoVersion: undefined,
  kopsVersion: undefined,
  each: false,
  strict: false,
  noInlineConfig: false,
  noIgnore: false,
  exclude: [],
};

export interface EditorOptions {
  readonly settings?: Partial<LspSettings>;
  readonly policy?: (settings: LspSettings) => PolicySettings;
  readonly opensPages?: boolean;
}

/** What a user sees with folders and documents open, without an editor. */
export interface Editor {
  readonly session: Session;
  readonly warnings: readonly string[];
  readonly log: readonly string[];
  /** What was published, in its order. */
  readonly published: readonly { readonly uri: string; readonly version: number | undefined }[];
  uriOf(path: string): string;
  open(path: string, text: string, languageId?: string): TextDocument;
  /** Writes a new text, as if the line had been edited last. */
  type(document: TextDocument, text: string, editedLine?: number): TextDocument;
  close(document: TextDocument): void;
  /** `<line>:<column>-<line>:<column> <severity> <rule>`, from 0, of what is underlined now. */
  underlined(path: string): readonly string[];
  diagnostics(path: string): readonly Diagnostic[];
  hover(document: TextDocument, position: Position): string;
}

const SEVERITIES = ['', 'error', 'warning', 'information', 'hint'];

export function createEditor(options: EditorOptions = {}): Editor {
  const shown = new Map<string, readonly Diagnostic[]>();
  const warnings: string[] = [];
  const log: string[] = [];
  const published: { uri: string; version: number | undefined }[] = [];
  const session = createSession({
    registry: loadRegistry(),
    settings: { ...SETTINGS, ...options.settings },
    loadPolicy: options.policy ?? (() => DEFAULT_SETTINGS),
    client: {
      publish: (uri, version, diagnostics) => {
        shown.set(uri, diagnostics);
        published.push({ uri, version });
      },
      log: (message) => log.push(message),
      warn: (message) => warnings.push(message),
    },
    opensPages: options.opensPages ?? false,
    now: () => 0,
  });
  const uriOf = (path: string) => (path.includes(':') ? path : pathToFileURL(path).href);
  /** A request is answered for the present state. */
  const settle = () => session.hover(TextDocument.create('none:', '', 0, ''), { line: 0, character: 0 });
  const diagnostics = (path: string) => {
    settle();
    return shown.get(uriOf(path)) ?? [];
  };
  return {
    ...{ session, warnings, log, published, uriOf, diagnostics },
    open: (path, text, languageId = 'yaml') => {
      const document = TextDocument.create(uriOf(path), languageId, 1, text);
      session.show(document);
      settle();
      return document;
    },
    type: ({ uri, languageId, version }, text, editedLine) => {
      const document = TextDocument.create(uri, languageId, version + 1, text);
      session.show(document, editedLine);
      settle();
      return document;
    },
    close: (document) => {
      session.close(document);
      settle();
    },
    underlined: (path) =>
      diagnostics(path).map(({ range: { start, end }, severity, code }) => {
        const place = `${start.line}:${start.character}-${end.line}:${end.character}`;
        return `${place} ${SEVERITIES[severity ?? 0]} ${code}`;
      }),
    hover: (document, position) => readHover(session.hover(document, position)),
  };
}

function readHover(hover: Hover | undefined): string {
  const { contents } = hover ?? { contents: '' };
  return typeof contents === 'object' && 'value' in contents ? contents.value : '';
}

/** The text without `|`, and where that stood. */
export function readCursor(marked: string): { readonly text: string; readonly position: Position } {
  const at = marked.indexOf('|');
  if (at < 0) throw new Error('no cursor: write | where it is');
  const before = marked.slice(0, at).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { text: marked.slice(0, at) + marked.slice(at + 1), position };
}

export function pool(spec: string, name = 'pods'): string {
  const lines = spec.replace(/^(?=.)/gm, '  ');
  return `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: ${name}\nspec:\n${lines}\n`;
}
