import type { FieldPath } from './field-path.ts';

// Facts of documents that matter to other documents. Targets make them, and rules across documents read them. They
// are small, plain data: of thousands of files we keep nothing else. A fact holds a value as it is written; the rules
// of its own document check whether the value is valid.

/**
 * The data of each type of fact, without its path. Each target adds its own types beside its code: `declare module
 * '../policy/fact.ts' { interface Facts { tier: unknown } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the targets fill it.
export interface Facts {}

/** The fact of that type. */
export type FactOf<About extends keyof Facts> = Facts[About] & {
  readonly about: About;
  /** The field that states the fact. Where no field states it, the closest field. */
  readonly path: FieldPath;
};

export type Fact = { [About in keyof Facts]: FactOf<About> }[keyof Facts];
