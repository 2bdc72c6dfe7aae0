import { readFileSync } from 'node:fs';
import { loadSchema } from './schema/load.ts';

/** This release, and the networking-calico release whose API it follows. */
export interface Version {
  readonly version: string;
  readonly networkingCalico: string;
}

/** package.json lies above src/ and above dist/ alike. */
export function loadVersion(): Version {
  const manifest: { version?: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return {
    version: manifest.version ?? 'unknown',
    networkingCalico: String(loadSchema('network-config')['x-networking-calico']),
  };
}
