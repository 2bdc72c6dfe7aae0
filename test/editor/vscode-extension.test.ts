import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoom, type Room } from '../check/command.ts';
import { pool } from '../lsp/editor.ts';
import { startClient } from './protocol.ts';

// The extension as VS Code would install it. VS Code itself is not here: what it calls is called by hand.

const ROOT = new URL('../../', import.meta.url).pathname;
const VSIX = join(ROOT, 'reports/calico-admission.vsix');
const VSCODE = join(ROOT, 'src/lsp/vscode');

interface ZipEntry {
  readonly fileName: string;
}
interface ZipFile {
  on(event: 'entry', listener: (entry: ZipEntry) => void): void;
  on(event: 'end', listener: () => void): void;
  readEntry(): void;
  openReadStream(entry: ZipEntry, done: (error: Error | null, stream: NodeJS.ReadableStream) => void): void;
}

/** With the library that made it. */
async function unpack(file: string, folder: string): Promise<readonly string[]> {
  const yauzl = createRequire(join(VSCODE, 'package.json'))('yauzl');
  const zip: ZipFile = await new Promise((resolve, reject) =>
    yauzl.open(file, { lazyEntries: true }, (error: Error | null, opened: ZipFile) =>
      error === null ? resolve(opened) : reject(error),
    ),
  );
  const names: string[] = [];
  const ended = new Promise<void>((resolve) => zip.on('end', resolve));
  zip.on('entry', (entry) => {
    zip.openReadStream(entry, async (error, stream) => {
      if (error !== null) throw error;
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk));
      mkdirSync(dirname(join(folder, entry.fileName)), { recursive: true });
      writeFileSync(join(folder, entry.fileName), Buffer.concat(chunks));
      names.push(entry.fileName);
      zip.readEntry();
    });
  });
  zip.readEntry();
  await ended;
  return names;
}

/** Is whatever is asked of it; what is written down is which commands and settings were asked for. */
const ACTIVATE = `
const Module = require('node:module');
const asked = [];
const anything = new Proxy(function () {}, {
  get: (_, key) => (key === 'then' ? undefined : key === Symbol.toPrimitive ? () => '' : key === 'prototype' ? {} : anything),
  apply: () => anything,
  construct: () => ({}),
});
const vscode = new Proxy({}, {
  get: (_, key) =>
    key === 'workspace'
      ? { onDidChangeConfiguration: () => ({}), getConfiguration: (name) => ({ get: (setting, usual) => (asked.push(name + '.' + setting), usual) }) }
      : anything,
  has: () => true,
});
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? vscode : load(name, ...rest));
const { activate, deactivate } = require(process.argv[1]);
const paths = [];
activate({ subscriptions: [], asAbsolutePath: (path) => (paths.push(path), path) }).catch(() => {});
setImmediate(() => {
  console.log(JSON.stringify({ asked, paths, ends: typeof deactivate }));
  process.exit(0);
});
`;

describe('the extension for VS Code', () => {
  let room: Room;
  let names: readonly string[];
  beforeAll(async () => {
    execFileSync(process.execPath, [join(VSCODE, 'build.js')], { stdio: ['ignore', 'ignore', 'inherit'] });
    room = createRoom();
    names = await unpack(VSIX, room.path);
  });
  afterAll(() => {
    room.cleanUp();
    rmSync(VSIX);
  });

  it('has the server, the licences, and nothing of its making', () => {
    const own = names.filter((name) => !name.startsWith('extension/server/'));
    expect(own.toSorted()).toEqual([
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/LICENSE.txt',
      'extension/THIRD-PARTY-LICENSES.txt',
      'extension/extension.cjs',
      'extension/package.json',
      'extension/readme.md',
    ]);
    expect(names).toContain('extension/server/main.js');
    expect(names.filter((name) => name.endsWith('.map'))).toEqual([]);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const manifest = JSON.parse(readFileSync(room.at('extension/package.json'), 'utf8'));
    expect(manifest).toMatchObject({ version, main: './extension.cjs' });
    expect(manifest).not.toHaveProperty('devDependencies');
  });

  it('asks for the settings that it declares, and for its own server', () => {
    const reported = JSON.parse(
      execFileSync(process.execPath, ['-e', ACTIVATE, room.at('extension/extension.cjs')], {
        encoding: 'utf8',
      }),
    );
    const { contributes } = JSON.parse(readFileSync(room.at('extension/package.json'), 'utf8'));
    expect(new Set(reported.asked)).toEqual(new Set(Object.keys(contributes.configuration.properties)));
    expect(reported).toMatchObject({ paths: ['server/main.js'], ends: 'function' });
  });

  it('brings a server that answers as VS Code starts it', async () => {
    room.write({ 'folder/a.yaml': pool('cidr: 10.0.0.0/24\nipipMode: always\nnatOutgoing: true') });
    const reported: unknown[] = [];
    const main = room.at('extension/server/main.js');
    const client = startClient(
      [process.execPath, main, 'lsp', '--stdio', `--clientProcessId=${process.pid}`],
      {
        onNotification: (method, params) => {
          if (method === 'textDocument/publishDiagnostics') reported.push(params);
        },
        answer: () => null,
      },
    );
    const rootUri = pathToFileURL(room.at('folder')).href;
    await client.request('initialize', { processId: process.pid, rootUri, capabilities: {} });
    client.notify('initialized', {});
    await expect.poll(() => JSON.stringify(reported)).toContain('calico/ippool-mode');
    expect(await client.close()).toBe(0);
  });
});
