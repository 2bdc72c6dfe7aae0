import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadModule } from '../../manifests/tools.ts';
import { buildOnce } from './go-build.ts';

/** gardener/go.mod names the version. */
const GARDENER = {
  name: 'gardener',
  directory: 'gardener',
  packages: ['github.com/gardener/gardener/cmd/gardener-apiserver'],
};

/**
 * Gardener publishes no binaries: it is built with Go, once.
 * @returns the path of gardener-apiserver
 * @throws with what Go says, if it cannot be built
 */
export function findGardenerApiserver(): string {
  return join(buildOnce(GARDENER), 'gardener-apiserver');
}

/** What gardener-operator and gardenlet make of an Extension; see operator/render/main.go. @throws with what Go says */
export function findOperatorRenderer(): string {
  return join(buildOnce({ name: 'operator', directory: 'operator', packages: ['./render'] }), 'render');
}

/** The CustomResourceDefinition of the Extension, of the same release. */
export function findExtensionKind(): string {
  const modules = readFileSync(new URL('operator/go.mod', import.meta.url), 'utf8');
  const [, version] = /\tgithub\.com\/gardener\/gardener (v\S+)/.exec(modules) ?? [];
  const crd = 'example/operator/10-crd-operator.gardener.cloud_extensions.yaml';
  return join(downloadModule(`github.com/gardener/gardener@${version}`), crd);
}
