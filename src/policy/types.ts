import type { FieldPath } from './field-path.ts';
import type { JsonObject } from './json.ts';

export const ACTIONS = ['deny', 'warn', 'audit', 'off'] as const;
/** deny refuses; warn tells the user; audit goes to annotation, log and metrics only; off does not run. */
export type Action = (typeof ACTIONS)[number];

/** Reasons of a Kubernetes StatusCause (apimachinery meta/v1 CauseType). */
export type CauseReason =
  | 'FieldValueNotSupported'
  | 'FieldValueTypeInvalid'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueInvalid';

/** What a rule has to say of one place of an object. */
export interface Finding {
  readonly path: FieldPath;
  readonly reason: CauseReason;
  /** `<what is wrong> (got <value>); <how to fix it>`, without the path and without the rule's id. */
  readonly message: string;
}

/** A finding after the settings and the ratchet have spoken. */
export interface Judgement extends Finding {
  /** Id of the rule or mutation that speaks. */
  readonly rule: string;
  readonly action: Exclude<Action, 'off'>;
}

/** What a reader is told of a rule or a mutation; examples are YAML of the whole object. */
export interface Docs {
  /** What goes wrong in the cluster. */
  readonly why: string;
  readonly fix: string;
  readonly good: string;
  readonly bad: string;
  /** The object before the update, for what only an update can do wrong. */
  readonly old?: string;
  /** API and document that the fact is taken from. */
  readonly source: string;
  /** First release of calico-admission with it. */
  readonly since: string;
}

/** One check. Pure: no I/O, no clock, no log, and it must leave its input as it is. */
export interface Rule<Input> {
  /** `<target>/<file name>`; public and never reused. */
  readonly id: string;
  readonly title: string;
  readonly action: Exclude<Action, 'off'>;
  readonly docs: Docs;
  check(input: Input): Iterable<Finding>;
}

/** Where a configuration is to be written, and what stands there now. */
export interface PatchTarget {
  readonly path: FieldPath;
  readonly value: unknown;
  /** What a configuration that does not exist yet begins with: its apiVersion and kind. */
  readonly typeMeta: JsonObject;
}

/** Sets a field of the Calico configuration; the path is relative to it, and leads through maps only. */
export interface SetField {
  readonly kind: 'set';
  readonly path: readonly string[];
  readonly value: unknown;
  /** Told to the user, where the value replaces one that somebody wrote. */
  readonly replaces?: string;
}

/** The object cannot be mutated, and to let it through would lose what the mutation is for. */
export interface Refuse extends Finding {
  readonly kind: 'refuse';
}

/** Nothing can be done from here, and the user should know. */
export interface Advise extends Finding {
  readonly kind: 'advise';
}

export type Effect = SetField | Refuse | Advise;

/** Switches that come from the configuration file and change what a mutation writes. */
export interface MutationOptions {
  /** What provider-openstack calls enableOverlayAsDefaultForCalico. */
  readonly openstackOverlayDefault: boolean;
}

/** One correction. Pure and idempotent: applied to its own result it has no effect. */
export interface Mutation<Input> {
  readonly id: string;
  readonly title: string;
  readonly docs: Docs;
  mutate(input: Input, options: MutationOptions): Iterable<Effect>;
}

/** One object that came for judgement, in whatever way it came. */
export interface Candidate {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly object: unknown;
  /** Undefined on CREATE, and on an UPDATE that came without it. */
  readonly old: unknown;
  /** Provider that the request's path names, for objects that do not name their own. */
  readonly pathProvider: string | undefined;
  /** Keys written twice below a path, as only the raw bytes tell. */
  duplicates(which: 'object' | 'old', below: FieldPath): readonly FieldPath[];
}

/** A kind of object that we judge, and what of it rules and mutations get to see. */
export interface Target<Input> {
  /** First part of its rules' ids. */
  readonly id: string;
  readonly group: string;
  readonly kind: string;
  /** Plural, as webhook configurations name it. */
  readonly resource: string;
  /** Versions for webhook configurations. */
  readonly versions: readonly string[];
  /** What is judged, or undefined where the object is not ours or not to be judged now. */
  read(candidate: Candidate, purpose: 'validate' | 'mutate'): Input | undefined;
  /** The old object as if it were created now; undefined where there is none or it was not ours. */
  readOld(candidate: Candidate): Input | undefined;
  /** The Calico configuration that mutations write to. */
  config(input: Input): PatchTarget;
  /** The whole object, to read the value at a finding's path. */
  object(input: Input): unknown;
}
