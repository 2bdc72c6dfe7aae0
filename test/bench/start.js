// `npm run bench`: this Node.js runs no TypeScript, so what it needs is bundled first, as the product is.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');
// Below the checkout, where the bundle finds node_modules/.
const out = mkdtempSync(join(ROOT, 'node_modules/.bench-'));
const entries = ['main', 'guard', 'client', 'bare-fastify', 'bare-node', 'fastify-with'];
try {
  await build({
    absWorkingDir: ROOT,
    entryPoints: entries.map((name) => `test/bench/${name}.ts`),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  });
  const [name = 'main', ...args] = process.argv.slice(2);
  const { run } = await import(pathToFileURL(join(out, `${name}.mjs`)).href);
  process.exitCode = await run({ root: ROOT, out, args });
} finally {
  rmSync(out, { recursive: true });
}
