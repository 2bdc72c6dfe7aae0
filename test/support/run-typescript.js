// Node.js 20 runs no TypeScript: the modules of a script are bundled first, as the product is.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/**
 * In a bundle a module is no longer where it was, and still finds the files beside it.
 * @type {import('esbuild').Plugin}
 */
const ownUrls = {
  name: 'own-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\/(?:src|test)\/.*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replaceAll(
        /\bimport\.meta\.url\b/g,
        JSON.stringify(pathToFileURL(path).href),
      ),
    }));
  },
};

/**
 * Runs the function `run` of the first module with what stands on the command line; the others are beside it, in `out`.
 * @param {readonly string[]} modules paths from the root, without their ending; their names are all different
 * @param {readonly string[]} args
 */
export async function runTypeScript(modules, args) {
  // Below the checkout, where the bundle finds node_modules/.
  const out = mkdtempSync(join(ROOT, 'node_modules/.run-'));
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: modules.map((path) => ({ in: `${path}.ts`, out: path.slice(path.lastIndexOf('/') + 1) })),
      outdir: out,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      logLevel: 'warning',
      plugins: [ownUrls],
    });
    const [first = ''] = modules;
    const { run } = await import(
      pathToFileURL(join(out, `${first.slice(first.lastIndexOf('/') + 1)}.mjs`)).href
    );
    process.exitCode = await run({ root: ROOT, out, args });
  } finally {
    rmSync(out, { recursive: true });
  }
}
