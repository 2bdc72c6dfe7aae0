import { readFileSync } from 'node:fs';

/** Schemas of the product, by file name without its ending. */
export type SchemaName = 'config' | 'network' | 'network-config' | 'shoot';

/** A JSON Schema as far as we read it ourselves. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** The folder lies beside src/ and beside dist/ alike. */
export function loadSchema(name: SchemaName): JsonSchema {
  return JSON.parse(readFileSync(new URL(`../../schemas/${name}.json`, import.meta.url), 'utf8'));
}
