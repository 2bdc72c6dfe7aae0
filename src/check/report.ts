import { type FieldPath, formatPath } from '../policy/field-path.ts';
import { describe, type MessageParts, renderMessage } from '../policy/message.ts';
import type { Action } from '../policy/types.ts';

/** A note is about what was not evaluated, or for the audit; it is no mistake. */
export type Severity = 'error' | 'warning' | 'note';

export function severityOf(action: Action, isStrict = false): Severity {
  if (action === 'audit') return 'note';
  return action === 'deny' || isStrict ? 'error' : 'warning';
}

/** One thing that was found, and where; lines and columns are from 1, columns in UTF-16 units. */
export interface CheckFinding extends MessageParts {
  /** As it was named on the command line; `-` is standard input. */
  readonly file: string;
  /** Which document of the file, from 1. */
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Behind the last character. */
  readonly endColumn: number;
  readonly rule: string;
  readonly severity: Severity;
  /** Of the object; empty where there is none, or it does not say. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** In the object, for an item of a list in the item. */
  readonly path: FieldPath;
  /** The line, as far as it is worth showing. */
  readonly excerpt: Excerpt;
  /** Makes the finding go away without asking; only where fixes were asked for. */
  readonly fix?: TextFix | undefined;
}

/** What a comment in the file silences, and why. */
export interface Suppressed extends CheckFinding {
  readonly reason: string;
}

/** Text that takes the place of what stands between two places. */
export interface TextFix {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

/** A part of a line, and where in it the finding stands; both in UTF-16 units. */
export interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  /** Whether or not they are among the findings. */
  readonly notes: number;
  readonly files: number;
  /** Documents with anything in them. */
  readonly documents: number;
  /** Objects that rules looked at. */
  readonly evaluated: number;
}

/** A value or the name of a field that was corrected in a file. */
export interface Correction {
  readonly file: string;
  readonly document: number;
  /** From 1, in the file as it stands afterwards. */
  readonly line: number;
  /** Rules and mutations that ask for it. */
  readonly rule: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** In the object as it stands afterwards. */
  readonly path: FieldPath;
  /** Undefined where nothing was written. */
  readonly from: unknown;
  readonly to: unknown;
}

export interface Report {
  /** Errors first, notes last; then by file in the order of the command line, line and column. */
  readonly findings: readonly CheckFinding[];
  /** What comments silence, in the order of the files. */
  readonly suppressed: readonly Suppressed[];
  /** What was written to the files, in their order; only where they were to be corrected. */
  readonly corrections?: readonly Correction[];
  readonly summary: Summary;
}

/** `backend: "None" is now "none"`, or what it would be. */
export function describeCorrection({ path, from, to }: Correction, verb = 'is now'): string {
  const field = formatPath(path);
  if (from === undefined) return `${field}: ${verb} ${describe(to)}, where nothing was written`;
  return `${field}: ${describe(from)} ${verb} ${describe(to)}`;
}

/** Of what is about a file, and no object of it. */
export const NO_OBJECT = { kind: '', namespace: '', name: '', path: [] } as const;

/** Rules of the checker itself, which no configuration switches off: what cannot be read cannot be judged. */
export const READING_RULES = {
  syntax: {
    id: 'syntax',
    title: 'the file can be read',
    why: 'What cannot be read is not judged, and nobody can apply it.',
    fix: 'Correct the line that the message names.',
  },
  duplicateKey: {
    id: 'duplicate-key',
    title: 'no key is written twice',
    why: 'Of a key that is written twice kubectl silently takes the last one; strict tools, such as kustomize, refuse the file.',
    fix: 'Keep one of the two.',
  },
  template: {
    id: 'template',
    title: 'what is filled in later is not evaluated',
    why: 'A variable or an expression of a template stands for a value that is not known yet. Nothing is claimed about it, nor about what depends on it.',
    fix: 'Check the file in which it is filled in.',
  },
  nearly: {
    id: 'nearly-ours',
    title: 'kinds, API groups and network types are spelt as their API has them',
    why: 'kubectl refuses an object of a kind or group that does not exist, and Gardener finds no extension for a network type that is spelt otherwise. `check` evaluates such an object as what was meant. An object of the API that calicoctl had before Calico 3 is told and not evaluated: its fields are others, and only `calicoctl convert` knows what becomes of them.',
    fix: 'Write the name that the message gives.',
  },
  noRules: {
    id: 'no-rules',
    title: 'kinds of Calico that no rule is about are named',
    why: 'The object is of a kind of Calico, and no rule is about that kind: it was not evaluated.',
    fix: 'Nothing is to be done.',
  },
  kustomize: {
    id: 'kustomize',
    title: 'patches of a kustomization are put together with what they are for',
    why: 'A patch is a part of an object. `check` puts it together with its resource where both are in sight and nothing has to be run for it; otherwise only what the patch writes is evaluated. Prefixes of names, replacements and generators are not followed; the note names them.',
    fix: 'Evaluate what kustomize builds: `kubectl kustomize DIR | calico-admission check -`.',
  },
  ignoreComment: {
    id: 'ignore-comment',
    title: 'a comment that ignores a finding has its rule, its reason and its use',
    why: 'A comment without a reason tells nobody whether it is still right, and one that silences nothing will silence the next mistake in its line.',
    fix: 'Write `# calico-admission-ignore <rule id>: <reason>` above the line or at its end, or remove the comment.',
  },
} as const;

/** What is said of a value, for programs; of a list or a map only the message says that it is one. */
export function toJsonParts(parts: MessageParts) {
  const { problem, got, advice } = parts;
  const isScalar = typeof got !== 'object' || got === null;
  return { message: renderMessage(parts), problem, got: isScalar ? got : undefined, advice };
}

/** `1 error`, `2 errors`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** The same for findings in a file that say the same of the same place. */
export function nameFound({ line, column, rule, problem }: CheckFinding): string {
  return JSON.stringify([line, column, rule, problem]);
}
