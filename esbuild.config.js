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
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundleLibrary, declareLibrary } from './esbuild.library.js';
import { listPackages, renderBillOfMaterials, renderLicenses } from './esbuild.licenses.js';

/** @typedef {import('esbuild').Metafile} Metafile */

const ROOT = import.meta.dirname;
const DIST = join(ROOT, 'dist');

// CommonJS libraries in the bundle ask for these, which an ES module does not have.
const BANNER = `import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));`;

// ws and node-fetch try to load these and do without.
const OPTIONAL = new Set(['bufferutil', 'encoding', 'utf-8-validate']);

// node-fetch takes its URL from there only where Node.js has none. It would bring in punycode of Node.js, and with it a
// deprecation on stderr at every start.
const ALIASES = { 'whatwg-url': 'node:url' };

/** Modules of Node.js that warn when they are loaded, in any release up to 26. */
const DEPRECATED = new Set(['punycode', 'sys']);

/**
 * The Kubernetes client has a class for every kind of object there is and does not say that to load one does nothing
 * else: of 1.8 MB half is never used, and every start reads it.
 * @type {import('esbuild').Plugin}
 */
const onlyWhatIsUsed = {
  name: 'only-what-is-used',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^\.|^@kubernetes\/client-node$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === onlyWhatIsUsed) return undefined;
      const found = await resolve(path, { ...from, pluginData: onlyWhatIsUsed });
      return found.path.includes('/@kubernetes/client-node/') ? { ...found, sideEffects: false } : undefined;
    });
  },
};

/** @returns {Promise<ReadonlyMap<string, string | Uint8Array>>} what belongs into dist/, by its path there */
async function bundle() {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/main.ts'],
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    banner: { js: BANNER },
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    alias: ALIASES,
    plugins: [onlyWhatIsUsed],
    write: false,
    logLevel: 'warning',
  });
  const problems = [
    ...result.warnings.map((warning) => warning.text),
    ...findMissing(result.metafile),
    ...findDeprecated(result.metafile),
    ...findLostNames(result.metafile),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));

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

/** What is left for Node.js to find at run time is not there where dist/ is copied to. @param {Metafile} metafile */
function findMissing(metafile) {
  return Object.entries(metafile.outputs).flatMap(([output, { imports }]) =>
    imports
      .filter(({ path, external }) => external && !isBuiltin(path) && !OPTIONAL.has(path))
      .map(({ path }) => `${output} would look for ${path} at run time; bundle it`),
  );
}

/** Each would print a line of Node.js' own at every start. @param {Metafile} metafile */
function findDeprecated(metafile) {
  return Object.entries(metafile.outputs).flatMap(([output, { imports }]) =>
    imports
      .filter(({ path, external }) => external && DEPRECATED.has(path.replace(/^node:/, '')))
      .map(({ path }) => `${output} would load ${path} of Node.js, which is deprecated; see ALIASES`),
  );
}

/** esbuild gives `await import()` of a CommonJS library a default export and nothing else. @param {Metafile} metafile */
function findLostNames(metafile) {
  return Object.entries(metafile.inputs)
    .filter(([path]) => path.startsWith('src/'))
    .flatMap(([path, { imports }]) =>
      imports
        .filter((each) => each.kind === 'dynamic-import' && metafile.inputs[each.path]?.format === 'cjs')
        .map(
          (each) => `${path}: await import('${each.original}') would have no names; see src/tls/libraries.ts`,
        ),
    );
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
