import manifest from '../package.json' with { type: 'json' };
import networkConfig from './kinds/network-config.json' with { type: 'json' };

/** This release, and the networking-calico release whose API it follows. */
export interface Release {
  readonly version: string;
  readonly networkingCalico: string;
}

export function loadVersion(): Release {
  return {
    version: manifest.version,
    networkingCalico: networkConfig['x-networking-calico'],
  };
}
