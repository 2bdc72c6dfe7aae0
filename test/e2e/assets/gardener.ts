import { join } from 'node:path';
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
