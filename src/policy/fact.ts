import type { FieldPath } from './field-path.ts';

// What documents say that concerns others: the vocabulary between targets, which speak it, and rules across
// documents, which read it. Small, plain data: of thousands of files this is all that is kept. A value stands here as
// it was written; whether it is any good is for the rules of its own document to say.

/**
 * What each statement says beside its place, by its name. A target adds its own, so that what a kind has to say is known
 * beside it: `declare module '../policy/fact.ts' { interface Facts { tier: unknown } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the targets fill it.
export interface Facts {}

/** The statement of that name. */
export type FactOf<About extends keyof Facts> = Facts[About] & {
  readonly about: About;
  /** Where the document says it; where it says so by what it is, the field that comes closest. */
  readonly path: FieldPath;
};

export type Fact = { [About in keyof Facts]: FactOf<About> }[keyof Facts];
