import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** With a root that is mounted read-only and process ids of its own, or only chrooted where that is forbidden. */
export type Walls = 'namespaces' | 'chroot';

export const USER = 65532;

// In an order that leaves each step the capabilities that it needs and the last one none: dropped from the bounding
// set and, with the change of user, from all others. Three stay inheritable, which without new privileges is nothing.
const DROP = [
  'setpriv --inh-caps=-all,+sys_chroot,+setuid,+setgid,+setpcap',
  'setpriv --inh-caps=-setpcap --no-new-privs --bounding-set=-all',
  `chroot --userspec=${USER}:${USER} --groups=`,
].join(' ');

const ENTER = `set -e
root=$1; certs=$2; shift 2
if [ -n "$certs" ]; then
  mount --bind "$root" "$root"
  mount --bind "$certs" "$root/certs"
  mount -o remount,bind,ro,nosuid,nodev,noexec "$root/certs"
  mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
  for device in null zero random urandom; do mount --bind "/dev/$device" "$root/dev/$device"; done
  mount -o remount,bind,ro,nosuid "$root"
fi
exec ${DROP} "$root" "$@"`;

/** @returns why there can be no such walls on this machine, or undefined */
export function whyNot(walls: Walls): string | undefined {
  if (process.getuid?.() !== 0) {
    return `the image is tried as user ${USER} in a root of its own, which only root can set up: run this test as root`;
  }
  const command =
    walls === 'namespaces'
      ? ['unshare', '--mount', '--pid', '--fork', 'sh', '-c', 'mount -t tmpfs tmpfs /proc']
      : ['sh', '-c', `${DROP} / true`];
  const { status, stderr, error } = spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8' });
  if (status === 0) return undefined;
  return `${command[0]} does not work here (needed: unshare, setpriv, chroot, mount): ${error ?? stderr}`;
}

/** The words before a command that run it as user 65532 in that root, without capabilities. */
export function enterRoot(root: string): string[] {
  return [...DROP.split(' '), root];
}

/** What a runtime puts into a root whatever the image holds. */
export function furnish(root: string, certs: string, walls: Walls): void {
  for (const folder of ['certs', 'dev', 'proc']) mkdirSync(join(root, folder), { recursive: true });
  if (walls === 'chroot') {
    cpSync(certs, join(root, 'certs'), { recursive: true });
    ownAsMounted(join(root, 'certs'));
    return;
  }
  for (const device of ['null', 'zero', 'random', 'urandom']) writeFileSync(join(root, 'dev', device), '');
}

/** As the kubelet mounts a Secret for a pod with an fsGroup: its group may read. */
export function ownAsMounted(folder: string): void {
  for (const file of readdirSync(folder)) {
    chownSync(join(folder, file), 0, USER);
    chmodSync(join(folder, file), 0o440);
  }
  chmodSync(folder, 0o755);
}

export interface Container {
  readonly root: string;
  readonly certs: string;
  readonly walls: Walls;
  readonly env: Readonly<Record<string, string>>;
}

export function spawnInside({ root, certs, walls, env }: Container, words: readonly string[]): ChildProcess {
  const enter = ['sh', '-c', ENTER, 'sh', root, walls === 'namespaces' ? certs : '', ...words];
  const outer =
    walls === 'namespaces'
      ? ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', ...enter]
      : enter;
  // The runtime's own words need a PATH; what is in the image gets the same, as it would from its base.
  return spawn(outer[0] ?? '', outer.slice(1), {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** The process inside, by its number outside. */
export function pidInside(child: ChildProcess, walls: Walls): number {
  const pid = child.pid ?? 0;
  if (walls === 'chroot') return pid;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function runInside(container: Container, words: readonly string[], input = ''): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawnInside(container, words);
    const out = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk) => {
      out.stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      out.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out }));
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
