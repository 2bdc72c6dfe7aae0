import type { Finding, JsonSummary, PolicyOptions } from '../../../index.ts';

// The messages between the page and its worker.

/** How the text is to be evaluated. */
export interface Options {
  readonly policy: PolicyOptions;
  readonly notes: boolean;
  /** The path for mutations: the provider of an object that does not name its own. */
  readonly mutatePath: string;
}

export interface Question {
  /** The answer has the same id. */
  readonly id: number;
  readonly text: string;
  readonly options: Options;
}

/** The answers of the webhooks for an object of the text, as a new object. */
export interface ObjectAnswer {
  /** Kind, namespace and name. */
  readonly title: string;
  readonly line: number;
  readonly isAllowed: boolean;
  /** The answers of `/mutate` and then of `/validate`, as JSON; or why there is none. */
  readonly answers: { readonly mutate: string; readonly validate: string } | { readonly problem: string };
  readonly warnings: readonly string[];
  /** Operations of the patch that cannot be shown in the text, as JSON. */
  readonly notShown: readonly string[];
}

export interface Evaluated {
  readonly findings: readonly Finding[];
  readonly suppressed: number;
  readonly summary: JsonSummary;
  readonly answers: readonly ObjectAnswer[];
  /** The number of objects without an answer, because of the limit. */
  readonly unanswered: number;
  /** The changes of `/mutate` in the text, as a unified diff. Empty where there are none. */
  readonly diff: string;
  /** The text with all certain corrections. Undefined where it is the same. */
  readonly corrected: string | undefined;
}

export type Answer =
  | { readonly id: number; readonly evaluated: Evaluated }
  /** What is wrong with the options. */
  | { readonly id: number; readonly problem: string };

export interface RuleChoice {
  readonly id: string;
  readonly title: string;
  readonly action: string;
  /** The path of its page, from the base of the site. */
  readonly page: string;
}

/** The data that the worker sends once, before any answer. */
export interface Knowledge {
  readonly rules: readonly RuleChoice[];
  readonly mutations: readonly RuleChoice[];
  /** The newest known releases, which are the default. */
  readonly versions: Readonly<Record<string, string>>;
  readonly mutatePaths: readonly string[];
}

export type FromWorker = { readonly knowledge: Knowledge } | { readonly answer: Answer };
