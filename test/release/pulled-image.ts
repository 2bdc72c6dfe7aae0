import { chmodSync } from 'node:fs';
import { expect } from 'vitest';
import type { ImageFiles } from '../e2e/kubernetes/installed.ts';
import { run } from '../e2e/process.ts';
import { USER } from '../image/sandbox.ts';
import { findTool } from '../manifests/tools.ts';

/** The part that is read of what `crane config` prints. */
interface ImageConfig {
  readonly config: {
    readonly User: string;
    readonly Entrypoint: readonly string[];
    readonly Env: readonly string[];
  };
}

/** Takes the files of an image from a registry. @param root an empty directory for them */
export async function pullImage(reference: string, root: string): Promise<ImageFiles> {
  const crane = findTool('crane');
  const configured = await run(crane, ['config', reference]);
  expect(configured).toMatchObject({ code: 0, stderr: '' });
  const { config }: ImageConfig = JSON.parse(configured.stdout);
  expect(config.User).toBe(`${USER}:${USER}`);
  const archive = `${root}.tar`;
  expect(await run(crane, ['export', reference, archive])).toMatchObject({ code: 0, stderr: '' });
  const unpacked = await run('tar', ['-x', '--no-same-owner', '-f', archive, '-C', root]);
  expect(unpacked).toMatchObject({ code: 0, stderr: '' });
  // A temporary directory is its maker's alone.
  chmodSync(root, 0o755);
  return {
    root,
    entrypoint: config.Entrypoint,
    env: Object.fromEntries(config.Env.map((each) => each.split(/=(.*)/s, 2))),
  };
}
