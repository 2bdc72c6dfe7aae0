import { type FieldPath, formatPath } from '../policy/field-path.ts';
import { describe, type MessageParts, renderMessage } from '../policy/message.ts';
import type { Action } from '../policy/types.ts';

/** A note is not a mistake: something was not evaluated, or the finding is for the audit. */
export type Severity = 'error' | 'warning' | 'note';

export function severityOf(action: Action, isStrict = false): Severity {
  if (action === 'audit') return 'note';
  return action === 'deny' || isStrict ? 'error' : 'warning';
}

/** One finding, with its place. Lines and columns count from 1, columns in UTF-16 units. */
export interface CheckFinding extends MessageParts {
  /** The name on the command line. `-` is standard input. */
  readonly file: string;
  /** The number of the document in the file, from 1. */
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** After the last character. */
  readonly endColumn: number;
  readonly rule: string;
  readonly severity: Severity;
  /** Of the object. Empty where there is no object, or where the field is missing. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** In the object. For an item of a List, in the item. */
  readonly path: FieldPath;
  /** The line, cut where it is long. */
  readonly excerpt: Excerpt;
  /** A certain correction. Only where fixes were requested. */
  readonly fix?: TextFix | undefined;
}

/** A finding that a comment in the file ignores, and the reason. */
export interface Suppressed extends CheckFinding {
  readonly reason: string;
}

/** Text that replaces the text between two positions. */
export interface TextFix {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

/** A part of a line, and the place of the finding in it. Both in UTF-16 units. */
export interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  /** The number of notes, whether or not they are among the findings. */
  readonly notes: number;
  readonly files: number;
  /** Documents that are not empty. */
  readonly documents: number;
  /** Objects that rules evaluated. */
  readonly evaluated: number;
}

/** A value or a key that was corrected in a file. */
export interface Correction {
  readonly file: string;
  readonly document: number;
  /** From 1, in the corrected file. */
  readonly line: number;
  /** The rule or mutation that asks for it. */
  readonly rule: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** In the corrected object. */
  readonly path: FieldPath;
  /** Undefined where nothing was written. */
  readonly from: unknown;
  readonly to: unknown;
}

export interface Report {
  /** Errors first, notes last; then by file in the order of the command line, line and column. */
  readonly findings: readonly CheckFinding[];
  /** The findings that comments ignore, in the order of the files. */
  readonly suppressed: readonly Suppressed[];
  /** The corrections, in the order of the files. Only where files were to be corrected. */
  readonly corrections?: readonly Correction[];
  readonly summary: Summary;
}

/** `backend: "None" is now "none"`, or what it would be. */
export function describeCorrection({ path, from, to }: Correction, verb = 'is now'): string {
  const field = formatPath(path);
  if (from === undefined) return `${field}: ${verb} ${describe(to)}, where nothing was written`;
  return `${field}: ${describe(from)} ${verb} ${describe(to)}`;
}

/** For a finding about a file, not about an object. */
export const NO_OBJECT = { kind: '', namespace: '', name: '', path: [] } as const;

/** Rules of `check` itself. No configuration turns them off: an unreadable file cannot be evaluated. */
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

/** The parts of a message for programs. For a list or a map, only `message` names its type. */
export function toJsonParts(parts: MessageParts) {
  const { problem, got, advice } = parts;
  const isScalar = typeof got !== 'object' || got === null;
  return { message: renderMessage(parts), problem, got: isScalar ? got : undefined, advice };
}

/** `1 error`, `2 errors`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** The same name for findings that say the same about the same place. */
export function nameFound({ line, column, rule, problem }: CheckFinding): string {
  return JSON.stringify([line, column, rule, problem]);
}
