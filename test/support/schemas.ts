import { readFileSync } from 'node:fs';
import type { JsonSchema } from '../../src/schema/json-schema.ts';

/** The schema of a kind, or of our own configuration file, by its file name without the ending. */
export function loadSchema(name: string): JsonSchema {
  const folder = name === 'config' ? '../../schemas/' : '../../src/kinds/';
  return JSON.parse(readFileSync(new URL(`${folder}${name}.json`, import.meta.url), 'utf8'));
}
