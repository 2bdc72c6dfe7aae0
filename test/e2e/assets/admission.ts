import { join } from 'node:path';
import { tryRun } from '../../manifests/command.ts';
import { buildOnce } from './go-build.ts';

// admission/go.mod names the versions; Gardener's is that of gardener/go.mod.

/** What reads bodies as Gardener's admission does. @throws with what Go says, if it cannot be built */
export function findDecoder(): string {
  return join(buildOnce({ name: 'decode', directory: 'admission', packages: ['./decode'] }), 'decode');
}

/** A webhook that does nothing but decode; undefined where there is no Go. */
export function findFloor(): string | undefined {
  if (tryRun('sh', ['-c', 'command -v go']).code !== 0) return undefined;
  return join(buildOnce({ name: 'floor', directory: 'admission', packages: ['./floor'] }), 'floor');
}
