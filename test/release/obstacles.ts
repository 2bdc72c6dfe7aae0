import { whyNot } from '../image/sandbox.ts';
import { tryRun } from '../manifests/command.ts';

const PROGRAMS = ['git', 'tar', 'buildah'];

/** Why a release cannot be rehearsed on this machine; nothing where it can. */
export function listObstacles(programs: readonly string[] = PROGRAMS): string[] {
  const missing = programs
    .filter((each) => tryRun('sh', ['-c', `command -v ${each}`]).code !== 0)
    .map((each) => `there is no ${each} on PATH; install it (Debian: ${each})`);
  const obstacle = whyNot('chroot');
  return obstacle === undefined ? missing : [...missing, obstacle];
}
