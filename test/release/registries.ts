import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../e2e/cluster/ports.ts';
import type { Reaper } from '../e2e/cluster/reaper.ts';
import { findTool } from '../manifests/tools.ts';

// Registries on loopback, in the place of those that a release is pushed to.

export interface LocalRegistry {
  /** `127.0.0.1:<port>` */
  readonly host: string;
}

/** Of npm packages; it has only those that are published to it. @param home where it keeps them */
export async function startPackageRegistry(home: string, reaper: Reaper): Promise<LocalRegistry> {
  mkdirSync(home);
  const config = join(home, 'config.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      storage: join(home, 'storage'),
      auth: { htpasswd: { file: join(home, 'htpasswd') } },
      packages: { '**': { access: '$all', publish: '$all' } },
      log: { type: 'stdout', level: 'warn' },
    }),
  );
  const program = new URL('node_modules/verdaccio/bin/verdaccio', import.meta.url).pathname;
  const commandOf = (host: string) => [process.execPath, program, '--config', config, '--listen', host];
  return start(reaper, '/-/ping', commandOf, home);
}

/** Of images and charts, in memory. */
export function startImageRegistry(reaper: Reaper): Promise<LocalRegistry> {
  return start(reaper, '/v2/', (host) => [findTool('crane'), 'registry', 'serve', '--address', host]);
}

async function start(
  reaper: Reaper,
  probe: string,
  commandOf: (host: string) => readonly string[],
  cwd?: string,
): Promise<LocalRegistry> {
  const [port = 0] = await freePorts(1);
  const host = `127.0.0.1:${port}`;
  const [program = '', ...args] = commandOf(host);
  let printed = '';
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  reaper.watch(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) break;
    const isUp = await fetch(`http://${host}${probe}`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return { host };
    await sleep(200);
  }
  child.kill('SIGKILL');
  throw new Error(`${program} ${args.join(' ')} does not answer: ${printed}`);
}
