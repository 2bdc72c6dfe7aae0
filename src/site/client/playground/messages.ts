import type { Finding, JsonSummary, PolicyOptions } from '../../../index.ts';

// What the page and its worker tell each other.

/** How the text is to be evaluated. */
export interface Options {
  readonly policy: PolicyOptions;
  readonly notes: boolean;
  /** Path on which mutations are asked for: the provider of an object that does not name its own. */
  readonly mutatePath: string;
}

export interface Question {
  /** Comes back with the answer. */
  readonly id: number;
  readonly text: string;
  readonly options: Options;
}

/** What the webhooks answer for an object of the text, as if it were new. */
export interface ObjectAnswer {
  /** Kind, namespace and name. */
  readonly title: string;
  readonly line: number;
  readonly isAllowed: boolean;
  /** What `/mutate` and then `/validate` answer, as JSON; or why there is no answer. */
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
  /** How many objects had no room in the answers. */
  readonly unanswered: number;
  /** What `/mutate` changes in the text, as a unified diff; empty where nothing. */
  readonly diff: string;
  /** The text with all that can be corrected without asking, where that is another. */
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
  /** Of its page, from the base of the site. */
  readonly page: string;
}

/** What the worker tells once, before any answer. */
export interface Knowledge {
  readonly rules: readonly RuleChoice[];
  readonly mutations: readonly RuleChoice[];
  /** The newest releases known, which decide where nothing is said. */
  readonly versions: Readonly<Record<string, string>>;
  readonly mutatePaths: readonly string[];
}

export type FromWorker = { readonly knowledge: Knowledge } | { readonly answer: Answer };
