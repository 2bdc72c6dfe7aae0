import manifest from '../package.json' with { type: 'json' };
import networkConfig from '../schemas/network-config.json' with { type: 'json' };

/** This release, and the networking-calico release whose API it follows. */
export interface Version {
  readonly version: string;
  readonly networkingCalico: string;
}

export function loadVersion(): Version {
  return {
    version: manifest.version,
    networkingCalico: networkConfig['x-networking-calico'],
  };
}
