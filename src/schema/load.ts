import config from '../../schemas/config.json' with { type: 'json' };
import network from '../../schemas/network.json' with { type: 'json' };
import networkConfig from '../../schemas/network-config.json' with { type: 'json' };
import shoot from '../../schemas/shoot.json' with { type: 'json' };

/** A JSON Schema as far as we read it ourselves. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Schemas of the product, by file name without its ending; imported, so that a bundle carries them. */
const SCHEMAS = { config, network, 'network-config': networkConfig, shoot } as const;

export type SchemaName = keyof typeof SCHEMAS;

export function loadSchema(name: SchemaName): JsonSchema {
  return SCHEMAS[name];
}
