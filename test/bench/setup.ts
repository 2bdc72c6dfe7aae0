import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFloor } from '../e2e/assets/admission.ts';
import { environmentOfManifests } from '../support/manifest-environment.ts';
import { type Client, type Command, keepAwake, startClient } from './processes.ts';

export const OURS = 'calico-admission';
export const BARE = 'bare Fastify';
export const NODE = 'bare node:https';
export const GO = 'Go, decoding alone';

export interface RunOptions {
  /** The checkout. */
  readonly root: string;
  /** Where the bundled parts of the bench are. */
  readonly out: string;
  readonly args: readonly string[];
}

export interface Bench {
  readonly commands: {
    readonly ours: Command;
    readonly bare: Command;
    readonly node: Command;
  };
  /** A floor in Go, see test/e2e/assets/admission/floor; nothing where there is no Go. */
  floor(): readonly Command[];
  readonly client: Client;
  writeBody(name: string, body: Buffer): string;
  serveWith(name: string, config: object): Command;
  /** Bare Fastify with some of our parts. */
  fastifyWith(name: string, ...parts: readonly ('log' | 'metrics' | 'scan')[]): Command;
  close(): void;
}

/** Certificates that all servers share, and the commands that start them. */
export function setUp({ root, out }: RunOptions): Bench {
  const room = mkdtempSync(join(tmpdir(), 'calico-admission-bench-'));
  const main = join(root, 'dist/main.js');
  execFileSync(process.execPath, [main, 'certs', '--cert-dir', room], { stdio: 'ignore' });
  const serve = ['serve', '--port', '0', '--health-port', '0', '--cert-dir', room];
  const nodeOptions = environmentOfManifests(root).NODE_OPTIONS;
  const ours: Command = { name: OURS, args: [main, ...serve], cwd: root, nodeOptions };
  const awake = keepAwake();
  const client = startClient(join(out, 'client.mjs'), root);
  return {
    commands: {
      ours,
      bare: { name: BARE, args: [join(out, 'bare-fastify.mjs'), room], cwd: root },
      node: { name: NODE, args: [join(out, 'bare-node.mjs'), room], cwd: root },
    },
    floor: () => {
      const binary = findFloor();
      return binary === undefined ? [] : [{ name: GO, binary, args: [room], cwd: root }];
    },
    client,
    writeBody: (name, body) => {
      const file = join(room, name.replaceAll(/\W/g, '-'));
      writeFileSync(file, body);
      return file;
    },
    serveWith: (name, config) => {
      const file = join(room, 'config.json');
      writeFileSync(file, JSON.stringify(config));
      return { ...ours, name, args: [...ours.args, '--config', file] };
    },
    fastifyWith: (name, ...parts) => ({
      name,
      args: [join(out, 'fastify-with.mjs'), room, ...parts],
      cwd: root,
    }),
    close: () => {
      client.stop();
      awake.stop();
      rmSync(room, { recursive: true });
    },
  };
}
