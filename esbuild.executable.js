// `npm run build:executable`: the command and Node.js in one file, build/calico-admission, for machines without Node.js.
// Node.js makes it of itself (single executable applications), from release 26 on; what it runs on is what it becomes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleCommand } from './esbuild.command.js';
import { listPackages, renderLicenses } from './esbuild.licenses.js';

const ROOT = import.meta.dirname;
const OUT = join(ROOT, 'build');

/** Of Node.js; its archives have it beside bin/, packages of a registry may not. */
function readNodeLicense() {
  const path = join(dirname(process.execPath), '..', 'LICENSE');
  if (existsSync(path)) return readFileSync(path, 'utf8');
  process.stderr.write(
    `this Node.js has no LICENSE beside it (${path}); put that of ${process.version} beside the executable\n`,
  );
  return '';
}

async function makeExecutable() {
  const { outputFiles, metafile } = await bundleCommand(ROOT, {
    outdir: 'build',
    splitting: false,
    minify: true,
    target: 'node26',
  });
  const [main, ...others] = outputFiles;
  if (main === undefined || others.length > 0) throw new Error('the command is not one file');
  const room = mkdtempSync(join(tmpdir(), 'calico-admission-executable-'));
  try {
    const settings = {
      main: join(room, 'main.mjs'),
      mainFormat: 'module',
      output: join(OUT, 'calico-admission'),
      disableExperimentalSEAWarning: true,
    };
    writeFileSync(settings.main, main.contents);
    writeFileSync(join(room, 'sea.json'), JSON.stringify(settings));
    mkdirSync(OUT, { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, ['--build-sea', join(room, 'sea.json')], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`Node.js ${process.version} made no executable: ${stderr}`);
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
  const licenses = `${renderLicenses(listPackages(ROOT, metafile))}\nIt contains Node.js ${process.version}.\n`;
  writeFileSync(join(OUT, 'THIRD-PARTY-LICENSES.txt'), `${licenses}\n${readNodeLicense()}`);
}

try {
  await makeExecutable();
} catch (error) {
  process.stderr.write(`build failed: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
