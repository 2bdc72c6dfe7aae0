import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRoom, type Room } from '../check/command.ts';
import { pool } from '../lsp/editor.ts';
import { type ProtocolClient, startClient } from './protocol.ts';

// The server as an editor starts it, built: what the session does is in test/lsp.

const MAIN = new URL('../../dist/main.js', import.meta.url).pathname;
const WRONG = pool('cidr: 10.0.0.0/24\nipipMode: always\nnatOutgoing: true');
const SHOWN = { rule: 'calico/ippool-mode', line: 6 };

interface Underlined {
  readonly rule: string;
  readonly line: number;
}

interface Started {
  readonly client: ProtocolClient;
  readonly capabilities: unknown;
  /** Requests of the server, by their method. */
  readonly asked: Map<string, unknown>;
  underlined(uri: string): readonly Underlined[] | undefined;
}

let room: Room;
let started: Started[];
beforeEach(() => {
  room = createRoom();
  started = [];
});
afterEach(() => {
  for (const { client } of started) client.process.kill('SIGKILL');
  room.cleanUp();
});

const at = (name: string) => pathToFileURL(room.at(name)).href;

async function start(args: readonly string[] = [], given: object = {}): Promise<Started> {
  const shown = new Map<string, readonly Underlined[]>();
  const asked = new Map<string, unknown>();
  const client = startClient([process.execPath, MAIN, 'lsp', ...args], {
    onNotification: (method, params) => {
      if (method !== 'textDocument/publishDiagnostics') return;
      const { uri, diagnostics } = Object(params);
      shown.set(
        uri,
        [...diagnostics].map(({ code, range }) => ({ rule: code, line: range.start.line })),
      );
    },
    answer: (method, params) => asked.set(method, params) && { success: true },
  });
  const result = await client.request('initialize', {
    processId: process.pid,
    workspaceFolders: [{ uri: pathToFileURL(room.path).href, name: 'test' }],
    capabilities: {
      workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
      window: { showDocument: { support: true } },
    },
    ...given,
  });
  client.notify('initialized', {});
  const server = {
    client,
    capabilities: Object(result).capabilities,
    asked,
    underlined: (uri: string) => shown.get(uri),
  };
  started.push(server);
  return server;
}

function open({ client }: Started, uri: string, text: string, version = 1): void {
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version, text } });
}

const cursor = (line: number, character: number) => ({
  start: { line, character },
  end: { line, character },
});

describe('calico-admission lsp', () => {
  it('lists its features, underlines, takes changes of parts, and ends on request', async () => {
    const server = await start(['--stdio']);
    expect(server.capabilities).toMatchObject({ textDocumentSync: { openClose: true, change: 2 } });
    open(server, at('a.yaml'), WRONG);
    await expect.poll(() => server.underlined(at('a.yaml'))).toEqual([SHOWN]);
    const range = { start: { line: 6, character: 12 }, end: { line: 6, character: 18 } };
    server.client.notify('textDocument/didChange', {
      textDocument: { uri: at('a.yaml'), version: 2 },
      contentChanges: [
        { range, text: 'Alwa' },
        { range: cursor(6, 16), text: 'ys' },
      ],
    });
    await expect.poll(() => server.underlined(at('a.yaml'))).toEqual([]);
    expect(await server.client.close()).toBe(0);
  });

  it('answers hover, completion and actions', async () => {
    const server = await start([], { initializationOptions: { config: 'config.yaml' } });
    room.write({ 'config.yaml': 'docsUrl: https://example.org/' });
    await server.client.request('shutdown', null).catch(() => undefined);
    const again = await start([], { initializationOptions: { config: 'config.yaml' } });
    open(again, at('a.yaml'), WRONG);
    const place = { textDocument: { uri: at('a.yaml') }, position: { line: 6, character: 14 } };
    const about = { textDocument: { uri: at('a.yaml') }, range: cursor(6, 14), context: { diagnostics: [] } };
    expect(await again.client.request('textDocument/hover', place)).toMatchObject({
      contents: {
        kind: 'markdown',
        value: expect.stringContaining('https://example.org/rules/calico/ippool-mode.html'),
      },
    });
    const offered = await again.client.request('textDocument/completion', place);
    expect(offered).toContainEqual(expect.objectContaining({ label: 'Always' }));
    const actions = await again.client.request('textDocument/codeAction', about);
    const command = [...Object(actions)].flatMap((each) => each.command ?? [])[0];
    await again.client.request('workspace/executeCommand', command);
    expect(again.asked.get('window/showDocument')).toEqual({
      uri: 'https://example.org/rules/calico/ippool-mode.html',
      external: true,
    });
    const fixes = await again.client.request('textDocument/codeAction', {
      ...about,
      context: { diagnostics: [], only: ['source'] },
    });
    expect(fixes).toEqual([]);
  });

  it('follows what others do with files, and folders that come and go', async () => {
    room.write({ 'a.yaml': WRONG });
    const server = await start();
    await expect.poll(() => server.underlined(at('a.yaml'))).toEqual([SHOWN]);
    expect(JSON.stringify(server.asked.get('client/registerCapability'))).toContain(
      '.calico-admission-ignore',
    );
    rmSync(room.at('a.yaml'));
    server.client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: at('a.yaml'), type: 3 }] });
    await expect.poll(() => server.underlined(at('a.yaml'))).toEqual([]);
    const other = createRoom();
    other.write({ 'b.yaml': WRONG });
    const folder = { uri: pathToFileURL(other.path).href, name: 'other' };
    const b = pathToFileURL(other.at('b.yaml')).href;
    const notify = (event: object) => server.client.notify('workspace/didChangeWorkspaceFolders', { event });
    notify({ added: [folder], removed: [] });
    await expect.poll(() => server.underlined(b)).toEqual([SHOWN]);
    notify({ added: [], removed: [folder] });
    await expect.poll(() => server.underlined(b)).toEqual([]);
    other.cleanUp();
  });

  it('goes back to what is on the disk when a document is closed without being saved', async () => {
    room.write({ 'a.yaml': WRONG.replace('always', 'Always') });
    const server = await start();
    open(server, at('a.yaml'), WRONG);
    await expect.poll(() => server.underlined(at('a.yaml'))).toEqual([SHOWN]);
    server.client.notify('textDocument/didClose', { textDocument: { uri: at('a.yaml') } });
    await expect.poll(() => server.underlined(at('a.yaml'))).toEqual([]);
  });

  it('reports unknown settings, and continues without them', async () => {
    const reported: string[] = [];
    const client = startClient([process.execPath, MAIN, 'lsp'], {
      onNotification: (method, params) => {
        if (method === 'window/showMessage') reported.push(Object(params).message);
      },
      answer: () => null,
    });
    const initializationOptions = { configg: 'x' };
    await client.request('initialize', {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions,
    });
    await expect.poll(() => reported.join()).toMatch(/no such setting .*configg/);
    expect(await client.close()).toBe(0);
  });

  it('ends with its editor: with its input, and with its process', async () => {
    const server = await start();
    const ended = once(server.client.process, 'exit');
    server.client.process.stdin.end();
    await ended;
    const gone = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    const orphan = await start([], { processId: gone });
    await once(orphan.client.process, 'exit');
  });

  it.each([
    ['lsp', '--stdin'],
    ['lsp', 'folder'],
  ])('rejects %s %s', (...args) => {
    expect(() => execFileSync(process.execPath, [MAIN, ...args], { stdio: 'pipe' })).toThrow(
      /calico-admission: /,
    );
  });
});

describe('whatever an editor sends', () => {
  it('is answered, and ends nothing', async () => {
    room.write({ 'a.yaml': WRONG });
    const server = await start();
    const { client } = server;
    const uri = at('a.yaml');
    open(server, uri, WRONG);
    const wrong: readonly unknown[] = [
      null,
      [],
      'x',
      7,
      {},
      { textDocument: null },
      { textDocument: { uri: 7 } },
    ];
    const methods = ['hover', 'completion', 'codeAction'].map((each) => `textDocument/${each}`);
    for (const method of [...methods, 'workspace/executeCommand', 'none/such', 'initialize']) {
      for (const params of wrong)
        await client.request(method, params).catch((error) => expect(error).toBeInstanceOf(Error));
    }
    const notifications = ['didOpen', 'didChange', 'didClose', 'didSave'].map(
      (each) => `textDocument/${each}`,
    );
    const ofFiles = ['didChangeWatchedFiles', 'didChangeWorkspaceFolders'].map((each) => `workspace/${each}`);
    for (const method of [...notifications, ...ofFiles, 'none/such', '$/none']) {
      for (const params of wrong) client.notify(method, params);
    }
    const range = (line: number) => ({ start: { line, character: -1 }, end: { line: -5, character: 1e12 } });
    for (const contentChanges of [
      null,
      [null],
      [{}],
      [{ range: null, text: 7 }],
      [{ range: range(1e9), text: '' }],
    ]) {
      client.notify('textDocument/didChange', {
        textDocument: { uri: at('b.yaml'), version: 2 },
        contentChanges,
      });
    }
    const far = { textDocument: { uri }, position: { line: 1e9, character: -3 } };
    for (const method of methods) await client.request(method, { ...far, range: range(0), context: {} });
    for (const bytes of [
      'Content-Length: 5\r\n\r\n{"a":',
      'Content-Length: 2\r\n\r\n[]',
      'Content-Length: 4\r\n\r\nnull',
    ]) {
      client.sendRaw(bytes);
    }
    expect(
      await client.request('textDocument/hover', {
        textDocument: { uri },
        position: { line: 6, character: 3 },
      }),
    ).not.toBeNull();
    expect(await client.close()).toBe(0);
  });

  it('may be large, deep, of any text, or many in a short time', async () => {
    const server = await start();
    const texts = [
      'x'.repeat(70 * 1024 * 1024),
      `${WRONG}${'  "a: 1\n'.repeat(20_000)}`,
      `apiVersion: projectcalico.org/v3\nkind: IPPool\nspec: ${'['.repeat(100_000)}`,
      '\ud800 calico \u0000 kind: IPPool\r\rapiVersion: 1',
      `${'---\n'.repeat(50_000)}${WRONG}`,
    ];
    for (const [index, text] of texts.entries()) open(server, at(`${index}.yaml`), text);
    for (const index of texts.keys()) {
      await expect.poll(() => server.underlined(at(`${index}.yaml`)), { timeout: 60_000 }).toBeDefined();
    }
    open(server, at('a.yaml'), WRONG);
    for (let version = 2; version < 500; version += 1) {
      const text = WRONG.replace('always', version % 2 === 0 ? 'Always' : `x${version}`);
      server.client.notify('textDocument/didChange', {
        textDocument: { uri: at('a.yaml'), version },
        contentChanges: [{ text }],
      });
    }
    await expect.poll(() => server.underlined(at('a.yaml')), { timeout: 60_000 }).toEqual([SHOWN]);
    expect(await server.client.close()).toBe(0);
  }, 180_000);

  it('writes no file, whatever the folder holds', async () => {
    mkdirSync(room.at('sub'));
    room.write({ 'a.yaml': WRONG, 'closed/b.yaml': WRONG, 'c.yaml/d.yaml': WRONG });
    symlinkSync('..', room.at('sub/up'));
    symlinkSync('nowhere.yaml', room.at('link.yaml'));
    writeFileSync(room.at('utf16.yaml'), Buffer.from(`\ufeff${WRONG}`, 'utf16le'));
    chmodSync(room.at('closed'), 0o000);
    const list = () => readdirSync(room.path, { recursive: true, encoding: 'utf8' }).toSorted();
    const before = list();
    const server = await start();
    await expect.poll(() => server.underlined(at('a.yaml'))).toEqual([SHOWN]);
    await expect.poll(() => server.underlined(at('c.yaml/d.yaml'))).toEqual([SHOWN]);
    open(server, at('a.yaml'), '');
    await server.client.close();
    chmodSync(room.at('closed'), 0o700);
    expect(list()).toEqual(expect.arrayContaining(before));
    expect(list().length).toBeLessThanOrEqual(before.length + 1);
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toBe(WRONG);
  });
});
