import { readFileSync } from 'node:fs';
import type { JsonSchema } from '../../src/schema/json-schema.ts';

/** A schema of the product, by its file name without the ending. */
export function loadSchema(name: string): JsonSchema {
  return JSON.parse(readFileSync(new URL(`../../schemas/${name}.json`, import.meta.url), 'utf8'));
}
