/** A JSON Schema, as far as our code reads it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}
