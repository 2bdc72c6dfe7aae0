/** A JSON Schema as far as we read it ourselves. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}
