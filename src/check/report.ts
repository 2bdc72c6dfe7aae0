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
    why: 'A file that cannot be read is not evaluated, and cannot be applied.',
    fix: 'Correct the line that the message names.',
  },
  duplicateKey: {
    id: 'duplicate-key',
    title: 'no key is written twice',
    why: 'kubectl silently uses the last value of a key that is written twice. Strict tools, such as kustomize, reject the file.',
    fix: 'Keep one of the two.',
  },
  template: {
    id: 'template',
    title: 'values that are filled in later are not evaluated',
    why: 'The value of a variable or of a template expression is not known yet. No rule reports it, or a value that depends on it.',
    fix: 'Check the file after the values are filled in.',
  },
  nearly: {
    id: 'nearly-ours',
    title: 'kinds, API groups and network types have the exact names of their API',
    why: 'kubectl rejects an object of a kind or group that does not exist, and Gardener finds no extension for a misspelt network type. `check` evaluates such an object as the kind, group or type that its author meant. An object of the API that calicoctl had before Calico 3 has other fields: `calicoctl convert` converts it.',
    fix: 'Write the name that the message gives.',
  },
  noRules: {
    id: 'no-rules',
    title: 'kinds of Calico without rules are reported',
    why: 'No rule is about this kind of Calico: the object was not evaluated.',
    fix: 'No change is needed.',
  },
  kustomize: {
    id: 'kustomize',
    title: 'patches of a kustomization are combined with their resources',
    why: 'A patch is a part of an object. `check` applies it to its resource where both files are checked and no program has to run; otherwise it evaluates only what the patch writes. It does not apply name prefixes, replacements and generators; the note names them.',
    fix: 'Evaluate what kustomize builds: `kubectl kustomize DIR | calico-admission check -`.',
  },
  ignoreComment: {
    id: 'ignore-comment',
    title: 'a comment that ignores a finding names its rule and a reason, and is needed',
    why: 'Without a reason, the next reader cannot decide whether the comment is still right. A comment that ignores nothing would ignore the next mistake in its line.',
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
