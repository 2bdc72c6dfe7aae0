import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CACHE, makeOnce } from '../support/cache.ts';
import { run, tryRun } from './command.ts';

/** Go packages of the tools, at the versions that the tests were written with. */
const PACKAGES = {
  actionlint: { path: 'github.com/rhysd/actionlint/cmd/actionlint', version: 'v1.7.12' },
  crane: { path: 'github.com/google/go-containerregistry/cmd/crane', version: 'v0.22.1' },
  helm: { path: 'helm.sh/helm/v3/cmd/helm', version: 'v3.22.0' },
  kubeconform: { path: 'github.com/yannh/kubeconform/cmd/kubeconform', version: 'v0.8.0' },
  'kube-linter': { path: 'golang.stackrox.io/kube-linter/cmd/kube-linter', version: 'v0.7.6' },
  'kube-score': { path: 'github.com/zegl/kube-score/cmd/kube-score', version: 'v1.20.0' },
} as const;

export type Tool = keyof typeof PACKAGES;

/** The module proxy does not give the tool out; nothing that a test could do about it. */
export class ToolRefused extends Error {
  override name = 'ToolRefused';
}

/**
 * The tool on PATH, else the one in the cache, else it is built with Go, which takes minutes.
 * @throws ToolRefused where the module cannot be had
 */
export function findTool(tool: Tool): string {
  const onPath = tryRun('sh', ['-c', `command -v ${tool}`]).stdout.trim();
  if (onPath !== '') return onPath;
  const { path, version } = PACKAGES[tool];
  const home = join(CACHE, 'tools', `${tool}-${version}`);
  makeOnce(home, (making) => build(tool, `${path}@${version}`, making));
  return join(home, tool);
}

function build(tool: Tool, target: string, making: string): void {
  const built = tryRun('nice', ['-n', '15', 'go', 'install', target], {
    cwd: tmpdir(),
    env: { GOBIN: making, GOFLAGS: '-buildvcs=false' },
  });
  if (/\b40[34] (Forbidden|Not Found)/.test(built.stderr)) throw new ToolRefused(built.stderr.trim());
  if (built.code !== 0) throw new Error(`${tool} cannot be built: ${built.stderr}`);
}

/** Directory with the files of a Go module, by way of Go's own module cache. */
export function downloadModule(module: string): string {
  const answer: { Dir: string } = JSON.parse(
    run('nice', ['-n', '15', 'go', 'mod', 'download', '-json', module], { cwd: tmpdir() }),
  );
  return answer.Dir;
}
