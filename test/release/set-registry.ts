import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PLACEHOLDER = 'registry.example.org';
const NAME = /^[a-z0-9][a-z0-9.-]*(?::\d{1,5})?(?:\/[a-z0-9][a-z0-9._-]*)*$/;

export interface RegistryOptions {
  readonly root: string;
  /** The registry, such as ghcr.io/owner. */
  readonly args: readonly string[];
}

/** `npm run release:registry -- REGISTRY`: the placeholder in manifests/ becomes the registry that images and charts are pushed to. */
export function run({ root, args: [registry = ''] }: RegistryOptions): number {
  if (!NAME.test(registry)) {
    process.stderr.write(
      `REGISTRY must be a host with a path in lower case (got ${JSON.stringify(registry)}); write it as ghcr.io/owner\n`,
    );
    return 2;
  }
  const manifests = join(root, 'manifests');
  for (const file of readdirSync(manifests, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:yaml|md)$/.test(file)) continue;
    const text = readFileSync(join(manifests, file), 'utf8');
    if (text.includes(PLACEHOLDER)) {
      writeFileSync(join(manifests, file), text.replaceAll(PLACEHOLDER, registry));
    }
  }
  return 0;
}
