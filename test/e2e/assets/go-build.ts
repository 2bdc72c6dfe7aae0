import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryRun } from '../../manifests/command.ts';
import { CACHE, makeOnce } from '../../support/cache.ts';

/** Commands of a Go module; `go.mod` and `go.sum` of the directory name every module and its checksum. */
export interface GoBuild {
  readonly name: string;
  /** Beside this file. */
  readonly directory: string;
  /** Go packages; each becomes a command of the last part of its name, and `.` one that is called as the directory. Ours begin with a point. */
  readonly packages: readonly string[];
  readonly linkerFlags?: readonly string[];
}

/**
 * Builds the commands with Go, once; other versions, flags or sources of ours are another directory of the cache.
 * @returns the directory with the commands
 * @throws with what Go says, if it cannot be built
 */
export function buildOnce(build: GoBuild): string {
  const modules = new URL(`${build.directory}/`, import.meta.url).pathname;
  const args = ['build', '-mod=readonly', '-buildvcs=false', '-trimpath'];
  const flags = ['-s', '-w', ...(build.linkerFlags ?? [])].join(' ');
  const made = createHash('sha256');
  const own = build.packages
    .filter((each) => each.startsWith('.'))
    .flatMap((each) =>
      readdirSync(join(modules, each))
        .filter((name) => name.endsWith('.go'))
        .map((name) => join(each, name)),
    );
  for (const file of ['go.mod', 'go.sum', ...own.sort()]) made.update(readFileSync(join(modules, file)));
  made.update(JSON.stringify([args, flags, build.packages]));
  const home = join(CACHE, 'assets', `${build.name}-${made.digest('hex').slice(0, 12)}`);
  makeOnce(home, (making) => {
    if (tryRun('sh', ['-c', 'command -v go']).code !== 0) {
      throw new Error(`there is no Go to build ${build.name} with`);
    }
    const what = build.packages.map((each) => (each === '.' ? build.name : each));
    process.stdout.write(`building ${what.join(' and ')} with Go, once\n`);
    const all = ['-n', '5', 'go', ...args, '-ldflags', flags, '-o', `${making}/`, ...build.packages];
    const { code, stdout, stderr } = tryRun('nice', all, { cwd: modules, env: { GOWORK: 'off' } });
    if (code !== 0) throw new Error(`${build.name} cannot be built with Go: ${stderr || stdout}`);
  });
  return home;
}
