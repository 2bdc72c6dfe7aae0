// `npm run editor:picture`: docs/editor.svg, of what Neovim shows of a Shoot with mistakes, by the built server and the
// configuration of docs/editors.md.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNeovim } from './screen.js';
import { toSvg } from './svg.js';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/main.js');
const PICTURE = join(ROOT, 'docs/editor.svg');
const MAX_BYTES = 60 * 1024;
const SIZE = { columns: 104, lines: 27 };

const SHOOT = `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: crazy-botany
  namespace: garden-dev
spec:
  provider:
    type: aws
    workers:
      - name: small
  kubernetes:
    kubeProxy:
      enabled: false
  networking:
    type: calico
    nodes: 10.250.0.0/16
    providerConfig:
      apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
      kind: NetworkConfig
      backend: None
      overlay:
        enabled: true
`;
/** What has to be seen in the picture. */
const SEEN = [
  /enabled: false .*kube-proxy can only be off/,
  /backend: None/,
  /: Fix: /,
  /: Ignore shoot\/backend here/,
];

const LOOK = `
vim.opt.background = 'dark'
vim.opt.number = true
vim.opt.signcolumn = 'yes'
vim.opt.shortmess:append('F')
vim.opt.ruler = false
vim.opt.showcmd = false
vim.cmd([[
  highlight Normal guifg=#d4d4d4 guibg=#1e1e1e
  highlight LineNr guifg=#858585
  highlight SignColumn guibg=NONE
  highlight MsgSeparator guibg=#333333
  highlight Identifier guifg=#9cdcfe
  highlight Constant guifg=#ce9178
  highlight Special guifg=#d4d4d4
  highlight DiagnosticError guifg=#f48771
  highlight DiagnosticUnderlineError guisp=#f48771
]])
`;

/** Opens the file, waits for the findings, and goes to one that can be corrected. */
const OPEN = `
vim.cmd('edit shoot.yaml')
if not vim.wait(60000, function() return #vim.diagnostic.get(0) > 1 end, 20) then error('there are no findings') end
for _, found in ipairs(vim.diagnostic.get(0)) do
  if found.code == 'shoot/backend' then vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col }) end
end
`;
/** What may be done about it, as a list to choose from. */
const ASK = ':lua vim.lsp.buf.code_action()\r';
const PATIENCE = 30_000;

/** @param {import('./screen.js').Screen} screen */
function read({ rows }) {
  return rows.map((row) => row.map(({ text }) => text).join('')).join('\n');
}

/** @param {() => boolean} isSo @param {() => string} describe */
async function waitFor(isSo, describe) {
  const began = Date.now();
  while (!isSo()) {
    if (Date.now() - began > PATIENCE) throw new Error(`the picture does not show ${SEEN}:\n${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const room = mkdtempSync(join(tmpdir(), 'calico-admission-picture-'));
try {
  const page = readFileSync(join(ROOT, 'docs/editors.md'), 'utf8');
  const [, configuration = ''] = /```lua\n([^`]*)```/.exec(page) ?? [];
  mkdirSync(join(room, 'bin'));
  mkdirSync(join(room, 'folder'));
  writeFileSync(join(room, 'init.lua'), LOOK + configuration);
  writeFileSync(join(room, 'bin/calico-admission'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(join(room, 'bin/calico-admission'), 0o755);
  writeFileSync(join(room, 'folder/shoot.yaml'), SHOOT);
  const neovim = await startNeovim({
    args: ['-n', '-i', 'NONE', '-u', join(room, 'init.lua')],
    cwd: join(room, 'folder'),
    env: {
      ...process.env,
      PATH: `${join(room, 'bin')}:${process.env['PATH']}`,
      HOME: room,
      XDG_DATA_HOME: room,
    },
    ...SIZE,
  });
  await neovim.lua(OPEN);
  await neovim.type(ASK);
  await waitFor(
    () => SEEN.every((part) => part.test(read(neovim.screen))),
    () => read(neovim.screen),
  );
  writeFileSync(PICTURE, toSvg(neovim.screen));
  await neovim.stop();
} finally {
  rmSync(room, { recursive: true });
}
const { size } = statSync(PICTURE);
if (size > MAX_BYTES) throw new Error(`the picture has ${size} bytes, which is more than ${MAX_BYTES}`);
process.stdout.write(`${PICTURE}: ${Math.round(size / 1024)} KiB\n`);
