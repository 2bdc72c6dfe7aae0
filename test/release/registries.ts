import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../e2e/cluster/ports.ts';
import { findTool } from '../manifests/tools.ts';

// Registries on loopback, in the place of those that a release is pushed to.

export interface LocalRegistry {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly child: ChildProcess;
}

/** Of npm packages; it knows no others than those that are published to it. @param home where it keeps them */
export async function startPackageRegistry(home: string): Promise<LocalRegistry> {
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
  return start('/-/ping', (host) => [process.execPath, program, '--config', config, '--listen', host], home);
}

/** Of images and charts, in memory. */
export function startImageRegistry(): Promise<LocalRegistry> {
  return start('/v2/', (host) => [findTool('crane'), 'registry', 'serve', '--address', host]);
}

async function start(
  probe: string,
  commandOf: (host: string) => readonly string[],
  cwd?: string,
): Promise<LocalRegistry> {
  const [port = 0] = await freePorts(1);
  const host = `127.0.0.1:${port}`;
  const [program = '', ...args] = commandOf(host);
  let output = '';
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) break;
    const isUp = await fetch(`http://${host}${probe}`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return { host, child };
    await sleep(200);
  }
  child.kill('SIGKILL');
  throw new Error(`${program} ${args.join(' ')} does not answer: ${output}`);
}
