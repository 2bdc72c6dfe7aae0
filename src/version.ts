import manifest from '../package.json' with { type: 'json' };
import { loadSchema } from './schema/load.ts';

/** This release, and the networking-calico release whose API it follows. */
export interface Version {
  readonly version: string;
  readonly networkingCalico: string;
}

export function loadVersion(): Version {
  return {
    version: manifest.version,
    networkingCalico: String(loadSchema('network-config')['x-networking-calico']),
  };
}
