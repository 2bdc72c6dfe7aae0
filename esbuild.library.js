// The library: src/index.ts for Node.js, browsers and workers alike, in one file, and its types.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Descriptions are for people in an editor, who have the schemas themselves: 9 KB of the library, compressed.
 * @type {import('esbuild').Plugin}
 */
const withoutDescriptions = {
  name: 'without-descriptions',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:kinds|schemas)[\\/][^\\/]+\.json$/ }, ({ path }) => ({
      loader: 'json',
      contents: JSON.stringify(JSON.parse(readFileSync(path, 'utf8')), (key, value) =>
        key === 'description' && typeof value === 'string' ? undefined : value,
      ),
    }));
  },
};

/**
 * @param {string} root
 * @param {{ entry?: string, minify?: boolean }} [options] what to bundle: the library itself, or what uses it
 * @returns {Promise<string>} an ES module that imports nothing
 */
export async function bundleLibrary(root, { entry = 'src/index.ts', minify = false } = {}) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    minify,
    legalComments: 'none',
    plugins: [withoutDescriptions],
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * The declarations that the library's own reach, by their paths beside it.
 * @param {string} root @returns {ReadonlyMap<string, string>}
 */
export function declareLibrary(root) {
  const out = mkdtempSync(join(tmpdir(), 'calico-admission-types-'));
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const args = [tsc, '-p', 'tsconfig.library.json', '--outDir', out];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`no declarations of the library: ${stdout}`);
    /** @type {Map<string, string>} */
    const files = new Map();
    const open = ['index.ts'];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const name = path.replace(/\.ts$/, '.d.ts');
      if (files.has(name)) continue;
      const text = readFileSync(join(out, 'src', name), 'utf8');
      const specifier = /((?:from|import)\s*\(?\s*')(\.[^']+)\.ts'/g;
      for (const [, , to] of text.matchAll(specifier)) open.push(`${join(dirname(path), to ?? '')}.ts`);
      files.set(name, text.replaceAll(specifier, "$1$2.js'"));
    }
    return files;
  } finally {
    rmSync(out, { recursive: true });
  }
}
