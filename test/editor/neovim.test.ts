import { execFile } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRoom, type Room, runCheck, shootWith } from '../check/command.ts';

// A real editor, Neovim without a screen, with the server as it is built. What it does is in neovim.lua.

const SCRIPT = new URL('neovim.lua', import.meta.url).pathname;
const MAIN = new URL('../../dist/main.js', import.meta.url).pathname;

interface Reported {
  readonly failed?: string;
  readonly underlined?: readonly { readonly line: number; readonly column: number; readonly rule: string }[];
  readonly hover?: string;
  readonly titles?: readonly string[];
  readonly clean?: boolean;
}

let room: Room;
beforeEach(() => {
  room = createRoom();
});
afterEach(() => room.cleanUp());

/** With the configuration that docs/editors.md shows, and nothing of the user's own. */
async function edit(file: string): Promise<Reported> {
  const page = readFileSync(new URL('../../docs/editors.md', import.meta.url), 'utf8');
  room.write({
    'init.lua': /```lua\n([^`]*)```/.exec(page)?.[1] ?? '',
    'bin/calico-admission': `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`,
  });
  chmodSync(room.at('bin/calico-admission'), 0o755);
  const args = ['--headless', '-n', '-i', 'NONE', '-u', room.at('init.lua'), '-S', SCRIPT];
  const PATH = `${room.at('bin')}:${process.env['PATH']}`;
  const env = { ...process.env, PATH, FILE: file, HOME: room.path, XDG_DATA_HOME: room.path };
  const { stdout } = await promisify(execFile)('nvim', args, {
    ...{ env, cwd: room.at('folder'), timeout: 110_000 },
  }).catch((error) => error);
  const lines = String(stdout)
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return Object.assign({}, ...lines.map((line) => JSON.parse(line)));
}

describe('Neovim', () => {
  it('shows the finding, applies the correction, and saves a file without one', async () => {
    // The columns behind what takes two units, or four bytes, are the editor's own to count.
    const before = shootWith('backend: None # 🐱').replace('name: dev', 'name: dev # 🐱');
    room.write({ 'folder/shoot.yaml': before });
    const file = room.at('folder/shoot.yaml');
    const line = before.split('\n').findIndex((each) => each.includes('backend'));
    const reported = await edit(file);
    expect(reported.underlined).toEqual([
      expect.objectContaining({ line, column: 15, rule: 'shoot/backend' }),
    ]);
    expect(reported.failed).toBeUndefined();
    expect(reported.hover).toContain('**`spec.networking.providerConfig.backend`**');
    expect(reported.titles).toContainEqual(expect.stringMatching(/^Ignore shoot\/backend here/));
    expect(reported.clean).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(before.replace('None', 'none'));
    expect((await runCheck([file])).code).toBe(0);
  }, 120_000);
});
