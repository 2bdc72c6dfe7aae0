// `npm run vsix`, after `npm run build`: the extension for VS Code with the server in it, as one file to install.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { listPackages, renderLicenses } from '../../../esbuild.licenses.js';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../../..');
const OUT = join(ROOT, 'reports/calico-admission.vsix');

/** @param {string} folder what the extension is made of */
async function stage(folder) {
  const { devDependencies, type, ...manifest } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version }, null, 2));
  cpSync(join(HERE, 'README.md'), join(folder, 'README.md'));
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE.txt'));
  // All files of the command, as published, without source maps.
  cpSync(join(ROOT, 'dist'), join(folder, 'server'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(HERE, 'extension.js')],
    outfile: join(folder, 'extension.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    // Of VS Code 1.91.
    target: 'node20',
    external: ['vscode'],
    metafile: true,
    logLevel: 'warning',
  });
  const packages = listPackages(ROOT, metafile);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), renderLicenses(packages));
}

/** @param {string} folder */
function pack(folder) {
  mkdirSync(join(OUT, '..'), { recursive: true });
  const vsce = join(HERE, 'node_modules/@vscode/vsce/vsce');
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--out', OUT];
  const { status, stdout, stderr } = spawnSync(process.execPath, [vsce, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`vsce package failed:\n${stdout}${stderr}`);
}

const folder = mkdtempSync(join(tmpdir(), 'calico-admission-vsix-'));
try {
  await stage(folder);
  pack(folder);
  process.stdout.write(`${OUT}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
