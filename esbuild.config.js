// `npm run build`: src/ and what it needs of node_modules/ become dist/, which then needs nothing but Node.js. With
// `--package` the library and its types come beside the command, as they are published.
// Commands are loaded when asked for, so each is a chunk of its own, and so is what only some of them need.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleCommand } from './esbuild.command.js';
import { bundleLibrary, declareLibrary } from './esbuild.library.js';
import { listPackages, renderBillOfMaterials, renderLicenses } from './esbuild.licenses.js';

const ROOT = import.meta.dirname;
const DIST = join(ROOT, 'dist');

/** @returns {Promise<ReadonlyMap<string, string | Uint8Array>>} what belongs into dist/, by its path there */
async function bundle() {
  const result = await bundleCommand(ROOT, {
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    target: 'node20.19',
    sourcemap: 'linked',
  });

  /** @type {Map<string, string | Uint8Array>} */
  const files = new Map();
  for (const { path, contents } of result.outputFiles) files.set(path.slice(DIST.length + 1), contents);
  // So that dist/ can be copied away alone.
  files.set('package.json', '{ "type": "module" }\n');
  const packages = listPackages(ROOT, result.metafile);
  files.set('THIRD-PARTY-LICENSES.txt', renderLicenses(packages));
  files.set('sbom.json', renderBillOfMaterials(packages));
  if (process.argv.includes('--package')) {
    files.set('index.js', await bundleLibrary(ROOT));
    for (const [path, content] of declareLibrary(ROOT)) files.set(`types/${path}`, content);
  }
  return files;
}

/** @param {ReadonlyMap<string, string | Uint8Array>} files */
function isUnchanged(files) {
  if (!existsSync(DIST)) return false;
  const there = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return (
    there.length === files.size &&
    [...files].every(
      ([path, content]) =>
        existsSync(join(DIST, path)) && Buffer.from(content).equals(readFileSync(join(DIST, path))),
    )
  );
}

/**
 * All or nothing: written beside dist/ and put in its place, as what runs from there loads its chunks when it needs
 * them. @param {ReadonlyMap<string, string | Uint8Array>} files
 */
function replaceDist(files) {
  const next = mkdtempSync(join(ROOT, '.dist-'));
  try {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(next, path)), { recursive: true });
      writeFileSync(join(next, path), content);
    }
    chmodSync(next, 0o755);
    chmodSync(join(next, 'main.js'), 0o755);
    // Another build may have put its own there in the meantime.
    for (let tries = 1; ; tries += 1) {
      const old = mkdtempSync(join(ROOT, '.dist-'));
      try {
        if (existsSync(DIST)) renameSync(DIST, join(old, 'dist'));
        renameSync(next, DIST);
        return;
      } catch (error) {
        if (tries === 10) throw error;
      } finally {
        rmSync(old, { recursive: true, force: true });
      }
    }
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

try {
  const files = await bundle();
  if (!isUnchanged(files)) replaceDist(files);
} catch (error) {
  // What esbuild has to say of the source it has said already.
  const isTold = error instanceof Error && 'errors' in error;
  process.stderr.write(
    isTold ? 'build failed\n' : `build failed: ${error instanceof Error ? error.message : error}\n`,
  );
  process.exitCode = 1;
}
