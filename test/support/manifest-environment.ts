import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The environment of Node.js in the manifests, which the memory limits depend on.
 * @param root the checkout
 */
export function environmentOfManifests(root: string): { readonly NODE_OPTIONS: string } {
  const manifest = readFileSync(join(root, 'manifests/base/server/deployment.yaml'), 'utf8');
  const options = /- name: NODE_OPTIONS\n\s+value: (\S.*)/.exec(manifest)?.[1];
  if (options === undefined) throw new Error('the Deployment of the manifests sets no NODE_OPTIONS');
  return { NODE_OPTIONS: options };
}
