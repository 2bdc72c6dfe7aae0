import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startClient } from './protocol.ts';

// The YAML language server that VS Code, Neovim and Helix run.

export interface Diagnostic {
  /** From 1, as editors show it. */
  readonly line: number;
  readonly message: string;
}

export interface LanguageServer {
  /** Opens a document and gives what is underlined in it. */
  diagnose(text: string): Promise<readonly Diagnostic[]>;
  /** What is offered at the cursor, which `|` stands for: the labels. */
  complete(text: string): Promise<readonly string[]>;
  /** The hover text of the word behind `|`. */
  hover(text: string): Promise<string>;
  close(): Promise<void>;
}

const SERVER = join(import.meta.dirname, 'node_modules/yaml-language-server/bin/yaml-language-server');

/** @param folder what the editor has open: documents lie in it, and a `$schema` of theirs is relative to it */
export async function startLanguageServer(folder: string): Promise<LanguageServer> {
  const published = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  let documents = 0;
  const client = startClient([process.execPath, SERVER, '--stdio'], {
    onNotification: (method, params) => {
      if (method !== 'textDocument/publishDiagnostics') return;
      const { uri, diagnostics } = readPublished(params);
      published.get(uri)?.(diagnostics);
    },
    // It asks for the settings and for a place to log; null is the default of each.
    answer: (method) => (method === 'workspace/configuration' ? [SETTINGS, {}, {}, {}, {}] : null),
  });

  const root = pathToFileURL(`${folder}/`).href;
  await client.request('initialize', {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: 'test' }],
    capabilities: { workspace: { configuration: true }, textDocument: { completion: {}, hover: {} } },
  });
  client.notify('initialized', {});

  const open = (text: string): string => {
    documents += 1;
    const uri = `${root}${documents}.yaml`;
    client.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
    return uri;
  };
  const shut = (uri: string): void => client.notify('textDocument/didClose', { textDocument: { uri } });
  const ask = async (method: string, marked: string): Promise<unknown> => {
    const { text, position } = readCursor(marked);
    const uri = open(text);
    const result = await client.request(method, { textDocument: { uri }, position });
    shut(uri);
    return result;
  };

  return {
    diagnose: async (text) => {
      const reported = new Promise<readonly Diagnostic[]>((resolve) => {
        // Known before the answer can come.
        published.set(`${root}${documents + 1}.yaml`, resolve);
      });
      const uri = open(text);
      const diagnostics = await reported;
      published.delete(uri);
      shut(uri);
      return diagnostics;
    },
    complete: async (marked) => {
      const result = Object(await ask('textDocument/completion', marked));
      const items: readonly { readonly label: string }[] = Array.isArray(result) ? result : result.items;
      return items.map(({ label }) => label);
    },
    hover: async (marked) =>
      String(Object(Object(await ask('textDocument/hover', marked)).contents).value ?? ''),
    close: async () => {
      await client.close();
    },
  };
}

const SETTINGS = { schemaStore: { enable: false }, validate: true, completion: true, hover: true };

function readPublished(params: unknown): { uri: string; diagnostics: readonly Diagnostic[] } {
  const { uri, diagnostics } = Object(params);
  return {
    uri: String(uri),
    diagnostics: [...diagnostics].map(({ range, message }) => ({ line: range.start.line + 1, message })),
  };
}

function readCursor(marked: string): { text: string; position: { line: number; character: number } } {
  const at = marked.indexOf('|');
  if (at < 0) throw new Error('no cursor: write | where it is');
  const before = marked.slice(0, at).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { text: marked.slice(0, at) + marked.slice(at + 1), position };
}
