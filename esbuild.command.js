// How src/ and what it needs of node_modules/ become a command, in many files or in one.
import { isBuiltin } from 'node:module';
import { build } from 'esbuild';

/** @typedef {import('esbuild').Metafile} Metafile */

// CommonJS libraries in the bundle ask for these, which an ES module does not have.
const BANNER = `import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));`;

// ws, node-fetch and debug try to load these and work without them.
const OPTIONAL = new Set(['bufferutil', 'encoding', 'supports-color', 'utf-8-validate']);

// node-fetch uses it only where Node.js has no URL. It would include punycode of Node.js, and with it a deprecation
// warning on stderr at every start.
const ALIASES = { 'whatwg-url': 'node:url' };

/** Modules of Node.js that print a warning when they are loaded, in any release up to 26. */
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

/**
 * Nothing is written.
 * @param {string} root
 * @param {Pick<import('esbuild').BuildOptions, 'chunkNames' | 'minify' | 'outdir' | 'sourcemap' | 'splitting' | 'target'>} options
 * @throws {Error} where something would be missing, or warn, at run time
 */
export async function bundleCommand(root, options) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: BANNER },
    sourcesContent: false,
    alias: ALIASES,
    plugins: [onlyWhatIsUsed],
    logLevel: 'warning',
    ...options,
    metafile: true,
    write: false,
  });
  const problems = [
    ...result.warnings.map((warning) => warning.text),
    ...findMissing(result.metafile),
    ...findDeprecated(result.metafile),
    ...findLostNames(result.metafile),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return result;
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
