import type { Cel, CelObject } from './cel.ts';
import type { Contradiction } from './contradiction.ts';
import type { Fact } from './fact.ts';
import type { FieldPath } from './field-path.ts';
import type { JsonObject } from './json.ts';
import type { MessageParts } from './message.ts';
import type { Versions } from './versions.ts';

export const ACTIONS = ['deny', 'warn', 'audit', 'off'] as const;
/**
 * deny: the object is rejected. warn: the user gets a warning. audit: only in the audit annotation, the log and the
 * metrics. off: the rule does not run.
 */
export type Action = (typeof ACTIONS)[number];

/** Reasons of a Kubernetes StatusCause (apimachinery meta/v1 CauseType). */
export type CauseReason =
  | 'FieldValueNotSupported'
  | 'FieldValueTypeInvalid'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueInvalid';

/** A correction that is certain, and can be made without a question. */
export type Fix =
  /** The last step of the path is a key, and this is its correct name. */
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'replace'; readonly value: string | number | boolean };

/**
 * What a rule found at one path of an object. It is data: `renderMessage` makes the text, and no code parses the
 * text.
 */
export interface Finding extends MessageParts {
  readonly path: FieldPath;
  /** What is marked in a file: the value (default), or the key where the field itself is wrong. */
  readonly at?: 'value' | 'key' | undefined;
  readonly reason: CauseReason;
  readonly fix?: Fix | undefined;
  /**
   * The finding is a warning, even where the rule denies: only a release that is not out yet, or only one of several
   * products, rejects the value; or the value was not evaluated as a whole.
   */
  readonly atMost?: 'warn' | undefined;
}

/** One of the documents that are evaluated together. */
export interface DocumentRef {
  /** Its number among them, from 0. */
  readonly index: number;
  /** The file that it was read from; empty for a review. */
  readonly file: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A finding of a rule across documents, at the document that has to be changed. */
export interface BundleFinding extends Finding {
  readonly document: DocumentRef;
}

/** A fact, and the document that states it. */
export type LocatedFact<S extends Fact = Fact> = S & {
  readonly document: DocumentRef;
  /** What the document says about the cluster that it belongs to. */
  readonly membership?: Membership | undefined;
};

/** The facts of one type, each with its document. */
export function factsOf<A extends Fact['about']>(
  facts: readonly LocatedFact[],
  about: A,
): LocatedFact<Extract<Fact, { about: A }>>[] {
  return facts.filter((each): each is LocatedFact<Extract<Fact, { about: A }>> => each.about === about);
}

/** A finding with its rule and its action, after settings and ratcheting are applied. */
export interface RuleFinding extends Finding {
  /** Id of the rule or the mutation. */
  readonly rule: string;
  readonly action: Exclude<Action, 'off'>;
}

/** Documentation of a rule or a mutation. Examples are YAML of the whole object. */
export interface Docs {
  /** What goes wrong in the cluster. */
  readonly why: string;
  readonly fix: string;
  readonly good: string;
  readonly bad: string;
  /** The object before the update, for a mistake that only an update can make. */
  readonly old?: string;
  /** The API and the document that the fact is taken from. */
  readonly source: string;
  /** The first release of calico-admission with it. */
  readonly since: string;
}

/** Settings that a rule can use, besides its input. */
export interface RuleOptions {
  readonly versions: Versions;
}

/** One check. It is pure: it has no I/O, no clock and no log, and does not change its input. */
export interface Rule<Input> {
  /** `<target>/<file name>`. It is public and never reused. */
  readonly id: string;
  readonly title: string;
  readonly action: Exclude<Action, 'off'>;
  readonly docs: Docs;
  /** Set where `check` evaluates this contradiction and nothing else: then API servers can evaluate it in CEL. */
  readonly contradiction?: Contradiction | undefined;
  check(input: Input, options: RuleOptions): Iterable<Finding>;
}

/**
 * One check across documents. It is pure, as a rule is. It reads facts (policy/fact.ts) and no documents, so that
 * thousands of files can be evaluated together. The order of the facts, and a fact that is stated twice, make no
 * difference. Its id begins with that of a target.
 */
export interface BundleRule extends Omit<Rule<never>, 'check'> {
  check(facts: readonly LocatedFact[], options: RuleOptions, scope: BundleScope): Iterable<BundleFinding>;
}

/** How much of a cluster is among the documents. */
export interface BundleScope {
  /** All documents of the cluster are here: what is not among them does not exist. */
  readonly isWhole: boolean;
}

/** The place of the Calico configuration in an object. */
export interface ConfigPlace {
  readonly path: FieldPath;
  /** The first fields of a new configuration: its apiVersion and kind. */
  readonly typeMeta: JsonObject;
}

/**
 * Sets a field of the Calico configuration. The path is relative to the configuration, and all its steps are map
 * keys.
 */
export interface SetField {
  readonly kind: 'set';
  readonly path: readonly string[];
  readonly value: unknown;
  /** The warning for the user, where the value replaces one that a user wrote. */
  readonly replaces?: MessageParts;
}

/** The object cannot be mutated, and must not be admitted without the mutation. */
export interface Reject extends Finding {
  readonly kind: 'reject';
}

/** The mutation can change nothing, and the user gets a warning. */
export interface Advise extends Finding {
  readonly kind: 'advise';
}

export type Effect = SetField | Reject | Advise;

/** Settings of the configuration file that change what a mutation writes. */
export interface MutationOptions {
  /** The setting enableOverlayAsDefaultForCalico of provider-openstack. */
  readonly openstackOverlayDefault: boolean;
}

/** One correction. It is pure and idempotent: it has no effect on its own result. */
export interface Mutation<Input> {
  readonly id: string;
  readonly title: string;
  /**
   * The only operation that the mutation runs on. A value that is right for a new object may cause an outage for an
   * existing one. A file does not say whether its object is new.
   */
  readonly onlyOn?: EvaluationRequest['operation'];
  readonly docs: Docs;
  /** The same mutation in CEL, by the id of the target. Left out: only the webhook does it. */
  readonly inCel?: Readonly<Record<string, (cel: Cel) => SetInCel>> | undefined;
  mutate(input: Input, options: MutationOptions): Iterable<Effect>;
}

/**
 * A {@link SetField} that an API server makes by itself where `when` is true. The user gets no warning about the
 * replaced value.
 */
export interface SetInCel extends Pick<SetField, 'value'> {
  /** CEL. It is evaluated on an object of ours whose configuration is a map or unset. */
  readonly when: string;
  /** A field of the configuration itself. */
  readonly field: string;
}

/** Which objects of a kind are evaluated, in CEL. {@link Target} decides the same in `read` and `readOld`. */
export interface ScopeInCel {
  /** Whether the object is ours. */
  isOurs(object: CelObject): string;
  /** Whether the update is not evaluated, whatever it changes. Objects that are being deleted are never evaluated. */
  isLeftAlone?(cel: Cel): string;
}

/** A list that has more items than rules read. */
export interface ShortenedList {
  readonly path: FieldPath;
  /** The number of its items. */
  readonly length: number;
  /** The number of items that rules read, from the first on. */
  readonly kept: number;
}

/** One object to evaluate, from a review, a file or a cluster. */
export interface EvaluationRequest {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly object: unknown;
  /** Undefined on CREATE, and on an UPDATE without an old object. */
  readonly old: unknown;
  /** The provider in the path of the request, for objects that do not name their own. */
  readonly pathProvider: string | undefined;
  /** Keys that are written twice below a path. Only the raw bytes show them. */
  duplicates(which: 'object' | 'old', below: FieldPath): readonly FieldPath[];
}

/** An API group of a kind, and the versions that we read. */
export interface Api {
  /** Empty for the core group. */
  readonly group: string;
  readonly versions: readonly string[];
  /** Only files use this API: no API server serves it. */
  readonly isOfFiles?: true;
}

/**
 * The clusters where webhooks are registered: the garden (Shoots), a seed (Networks), or a cluster that uses Calico
 * itself.
 */
export const CLUSTERS = ['garden', 'seed', 'calico'] as const;
export type Cluster = (typeof CLUSTERS)[number];

/**
 * Kinds of Calico that webhooks ask about only where an operator chooses it. They change more often than pools, and a
 * rejected policy can stop a pipeline.
 */
export const KIND_GROUPS = ['policies', 'bgp', 'ipam', 'controllers'] as const;
export type KindGroup = (typeof KIND_GROUPS)[number];

/** What is known of a kind of object, without its rules. */
export interface TargetInfo {
  /** The first part of the ids of its rules. Several kinds may share it. */
  readonly id: string;
  /** The API groups that serve the kind, the usual one first. */
  readonly apis: readonly [Api, ...Api[]];
  readonly kind: string;
  /** The plural, as in webhook configurations. */
  readonly resource: string;
  /** Whether its objects are in a namespace. */
  readonly scope: 'Namespaced' | 'Cluster';
  /** A kind of general use, such as ConfigMap: few of its objects are ours, and `audit` does not list them all. */
  readonly isGeneral?: true | undefined;
  /**
   * The webhook configurations that ask about the kind: those of a cluster, or those of a group with `manifests
   * --kinds`. Left out: none.
   */
  readonly registration?: Cluster | KindGroup | undefined;
  /** The known fields: a JSON Schema without references. */
  readonly schema?: (() => JsonObject) | undefined;
  /**
   * The place of its Calico configuration, which mutations write to. API servers pass the configuration on byte for
   * byte, so that a key can be in it twice. A Go program merges maps that are written twice on the way to it. Such a
   * review is rejected; so is a review with another map written twice that the schema or `readPaths` reaches.
   */
  readonly config?: ConfigPlace | undefined;
  /**
   * An update that leaves the spec unchanged is not evaluated, whatever else it changes and whichever webhook is
   * called. Then nothing of the object is read.
   */
  readonly passesUnchanged?: true | undefined;
  /** Paths that are read besides its schema and its metadata. */
  readonly readPaths?: readonly FieldPath[] | undefined;
  /**
   * Fields of the API that no rule and no mutation reads; `*` stands for each item of a list. Reviews are not parsed at
   * these paths, and rules see null there. Unknown fields are always parsed: they may be misspelt names.
   */
  readonly unreadPaths?: readonly FieldPath[] | undefined;
  /** Cloud providers that the path of /mutate may name for it. Undefined: none. */
  readonly providers?: readonly string[] | undefined;
  /** Words that decide something in it, besides those of its schema. */
  readonly words?: readonly string[] | undefined;
  /**
   * Typical objects, good and bad. The server evaluates them before it is ready, so that the first review is as fast
   * as the next. Left out: the kind costs nothing until an object of it arrives.
   */
  readonly samples?: (() => readonly JsonObject[]) | undefined;
  /** Left out: no CEL is written for the kind. */
  readonly inCel?: ScopeInCel | undefined;
  /** Whether an object without apiVersion and kind has the shape of this kind. */
  resembles?(object: unknown): boolean;
  /**
   * Completes the object as its API server does on CREATE, as far as our rules read the result. Only missing fields
   * are filled in: what is written stays.
   */
  complete?(object: JsonObject): JsonObject;
  /** The clusters that an object, and the documents beside it, belong to. Undefined: the object does not say. */
  membership?(object: JsonObject): Membership | undefined;
}

/**
 * What an object says about the cluster of the documents.
 * - `apart`: it belongs to a cluster that no document beside it belongs to.
 * - `own`: it is a cluster, and the documents beside it may belong to it or to another cluster.
 * - `once`: a cluster has one object of the kind, so that several objects mean several clusters.
 */
export type Membership = 'apart' | 'own' | 'once';

/** A kind of object that we evaluate, and the input of its rules and mutations. */
export interface Target<Input> extends TargetInfo {
  /** The input, or undefined where the object is not ours, or is not to be evaluated now. */
  read(request: EvaluationRequest, purpose: 'validate' | 'mutate'): Input | undefined;
  /** The old object as if it were created now. Undefined where there is none, or it was not ours. */
  readOld(request: EvaluationRequest): Input | undefined;
  /** The facts for rules across documents. */
  listFacts?(input: Input): Iterable<Fact>;
}
