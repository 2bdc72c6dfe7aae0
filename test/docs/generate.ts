import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listStalePages, renderPages } from './pages.ts';

/**
 * `npm run docs`: writes what is generated, and removes the pages of rules and the schemas of kinds that are gone. With `--check` it writes
 * nothing, names what differs, and the exit code is 1 if anything does.
 */
export async function run({ root, args }: { readonly root: string; readonly args: readonly string[] }) {
  const unknown = args.find((arg) => arg !== '--check');
  if (unknown !== undefined) {
    process.stderr.write(`docs: no such argument (got ${JSON.stringify(unknown)}); use --check or nothing\n`);
    return 2;
  }
  const pages = await renderPages();
  const changed = [...pages].filter(([path, content]) => readIfThere(join(root, path)) !== content);
  const stale = listStalePages(pages);
  const isCheck = args.length > 0;
  for (const [path, content] of isCheck ? [] : changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const path of isCheck ? [] : stale) rmSync(join(root, path));
  for (const [path] of changed) process.stdout.write(`${isCheck ? 'differs: ' : 'written: '}${path}\n`);
  for (const path of stale) process.stdout.write(`${isCheck ? 'of nothing: ' : 'removed: '}${path}\n`);
  const count = changed.length + stale.length;
  if (count === 0) process.stdout.write(`${pages.size} generated files are up to date\n`);
  else if (isCheck) process.stdout.write('run npm run docs, and commit what it writes\n');
  return isCheck && count > 0 ? 1 : 0;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
