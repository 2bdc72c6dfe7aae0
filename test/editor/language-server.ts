import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The YAML language server that VS Code, Neovim and Helix run, as they run it: over stdio, with messages of JSON-RPC.

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
  /** What is told of the word behind `|`. */
  hover(text: string): Promise<string>;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Answered {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const SERVER = join(import.meta.dirname, 'node_modules/yaml-language-server/bin/yaml-language-server');

/** @param folder what the editor has open: documents lie in it, and a `$schema` of theirs is relative to it */
export async function startLanguageServer(folder: string): Promise<LanguageServer> {
  const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, Answered>();
  const published = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  let requests = 0;
  let documents = 0;

  const send = (message: Message): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  const request = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      requests += 1;
      waiting.set(requests, { resolve, reject });
      send({ id: requests, method, params });
    });
  const take = (message: Message): void => {
    if (message.method === undefined) {
      const answered = waiting.get(message.id ?? -1);
      waiting.delete(message.id ?? -1);
      if (message.error === undefined) answered?.resolve(message.result);
      else answered?.reject(new Error(message.error.message));
    } else if (message.method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = readPublished(message.params);
      published.get(uri)?.(diagnostics);
    } else if (message.id !== undefined) {
      // It asks for the settings and for a place to log; null is the default of each.
      const result = message.method === 'workspace/configuration' ? [SETTINGS, {}, {}, {}, {}] : null;
      send({ id: message.id, result });
    }
  };
  child.stdout.on('data', readMessages(take));
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the language server ended (${code})`));
  });

  const root = pathToFileURL(`${folder}/`).href;
  await request('initialize', {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: 'test' }],
    capabilities: { workspace: { configuration: true }, textDocument: { completion: {}, hover: {} } },
  });
  send({ method: 'initialized', params: {} });

  const open = (text: string): string => {
    documents += 1;
    const uri = `${root}${documents}.yaml`;
    send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
    });
    return uri;
  };
  const shut = (uri: string): void =>
    send({ method: 'textDocument/didClose', params: { textDocument: { uri } } });
  const ask = async (method: string, marked: string): Promise<unknown> => {
    const { text, position } = readCursor(marked);
    const uri = open(text);
    const result = await request(method, { textDocument: { uri }, position });
    shut(uri);
    return result;
  };

  return {
    diagnose: async (text) => {
      const told = new Promise<readonly Diagnostic[]>((resolve) => {
        // Known before the answer can come.
        published.set(`${root}${documents + 1}.yaml`, resolve);
      });
      const uri = open(text);
      const diagnostics = await told;
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
      const ended = once(child, 'exit');
      await request('shutdown', null);
      send({ method: 'exit' });
      await ended;
    },
  };
}

const SETTINGS = { schemaStore: { enable: false }, validate: true, completion: true, hover: true };

/** @returns takes the bytes as they come */
function readMessages(take: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      const length = /Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, Math.max(end, 0)))?.[1];
      if (length === undefined || rest.length < end + 4 + Number(length)) return;
      const body = rest.subarray(end + 4, end + 4 + Number(length));
      rest = rest.subarray(end + 4 + Number(length));
      take(JSON.parse(body.toString()));
    }
  };
}

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
