import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// In a file of its own: loading the compiler takes as long as everything else in these tests.
import ts from 'typescript';

/**
 * Folders of src/ as JavaScript, for child processes: Node 20 does not run TypeScript.
 * @returns the folder that replaces src/
 */
export function builtRooms(...rooms: readonly string[]): string {
  const out = realpathSync(mkdtempSync(join(tmpdir(), 'calico-built-')));
  const source = join(import.meta.dirname, '../../src');
  for (const room of rooms) mkdirSync(join(out, room));
  const modules = rooms.flatMap((room) => readdirSync(join(source, room)).map((name) => join(room, name)));
  for (const name of ['errors.ts', ...modules]) {
    const { outputText } = ts.transpileModule(readFileSync(join(source, name), 'utf8'), {
      fileName: name,
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        rewriteRelativeImportExtensions: true,
      },
    });
    writeFileSync(join(out, name.replace(/\.ts$/, '.js')), outputText);
  }
  cpSync(join(import.meta.dirname, '../../package.json'), join(out, 'package.json'));
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(out, 'node_modules'));
  return out;
}
