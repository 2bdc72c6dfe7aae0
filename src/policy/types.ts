import type { Cel, CelObject } from './cel.ts';
import type { Contradiction } from './contradiction.ts';
import type { Fact } from './fact.ts';
import type { FieldPath } from './field-path.ts';
import type { JsonObject } from './json.ts';
import type { MessageParts } from './message.ts';
import type { Versions } from './versions.ts';

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

/** A correction that can be made without asking, because there is no doubt about what was meant. */
export type Fix =
  /** The last step of the path is a key, and this is its right name. */
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'replace'; readonly value: string | number | boolean };

/**
 * What a rule found at one place of an object. It is data: `renderMessage` makes the text of it, and nothing takes a
 * text apart again.
 */
export interface Finding extends MessageParts {
  readonly path: FieldPath;
  /** What is marked in a file: the value, which is the default, or the key where the field itself is wrong. */
  readonly at?: 'value' | 'key' | undefined;
  readonly reason: CauseReason;
  readonly fix?: Fix | undefined;
  /**
   * The finding is a warning, even where the rule denies: the value is refused by a release that is not out yet, or only
   * by one of several products, or it was not looked at as a whole.
   */
  readonly atMost?: 'warn' | undefined;
}

/** One of the documents that are judged together. */
export interface DocumentRef {
  /** Its place among them, from 0. */
  readonly index: number;
  /** Where it was read from; empty where it came in a review. */
  readonly file: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A finding of a rule across documents, in the one that has to be changed. */
export interface BundleFinding extends Finding {
  readonly document: DocumentRef;
}

/** A statement, and the document that makes it. */
export type LocatedFact<S extends Fact = Fact> = S & {
  readonly document: DocumentRef;
  /** What the document says of the cluster that it belongs to. */
  readonly membership?: Membership | undefined;
};

/** The statements of one sort, each still with its document. */
export function factsOf<A extends Fact['about']>(
  facts: readonly LocatedFact[],
  about: A,
): LocatedFact<Extract<Fact, { about: A }>>[] {
  return facts.filter((each): each is LocatedFact<Extract<Fact, { about: A }>> => each.about === about);
}

/** A finding after the settings and the ratchet have spoken. */
export interface RuleFinding extends Finding {
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

/** Settings that a rule may ask for, besides its input. */
export interface RuleOptions {
  readonly versions: Versions;
}

/** One check. Pure: no I/O, no clock, no log, and it must leave its input as it is. */
export interface Rule<Input> {
  /** `<target>/<file name>`; public and never reused. */
  readonly id: string;
  readonly title: string;
  readonly action: Exclude<Action, 'off'>;
  readonly docs: Docs;
  /** Where `check` is this contradiction and nothing else: API servers can be told it in CEL. */
  readonly contradiction?: Contradiction | undefined;
  check(input: Input, options: RuleOptions): Iterable<Finding>;
}

/**
 * One check across documents. Pure, as a rule is. It sees what documents say (policy/fact.ts) and not the
 * documents, so that thousands of files can be judged together; and it must not mind how often, or in which order, a
 * thing is said. Its id begins with that of a target.
 */
export interface BundleRule extends Omit<Rule<never>, 'check'> {
  check(facts: readonly LocatedFact[], options: RuleOptions, scope: BundleScope): Iterable<BundleFinding>;
}

/** How much there is to see. */
export interface BundleScope {
  /** Nothing that belongs to the documents lies elsewhere: what is not among them is missing. */
  readonly isWhole: boolean;
}

/** Where an object has its Calico configuration. */
export interface ConfigPlace {
  readonly path: FieldPath;
  /** What a configuration that does not exist yet begins with: its apiVersion and kind. */
  readonly typeMeta: JsonObject;
}

/** Sets a field of the Calico configuration; the path is relative to it, and leads through maps only. */
export interface SetField {
  readonly kind: 'set';
  readonly path: readonly string[];
  readonly value: unknown;
  /** Told to the user, where the value replaces one that somebody wrote. */
  readonly replaces?: MessageParts;
}

/** The object cannot be mutated, and to let it through would lose what the mutation is for. */
export interface Reject extends Finding {
  readonly kind: 'reject';
}

/** Nothing can be done from here, and the user should know. */
export interface Advise extends Finding {
  readonly kind: 'advise';
}

export type Effect = SetField | Reject | Advise;

/** Switches that come from the configuration file and change what a mutation writes. */
export interface MutationOptions {
  /** What provider-openstack calls enableOverlayAsDefaultForCalico. */
  readonly openstackOverlayDefault: boolean;
}

/** One correction. Pure and idempotent: applied to its own result it has no effect. */
export interface Mutation<Input> {
  readonly id: string;
  readonly title: string;
  /**
   * The one operation that it runs on, where its meaning depends on that: what is right for a new object may be an outage
   * for a living one. A file does not say which of them it is.
   */
  readonly onlyOn?: EvaluationRequest['operation'];
  readonly docs: Docs;
  /** The same in CEL, by the id of the target. Left out: only a webhook does it. */
  readonly inCel?: Readonly<Record<string, (cel: Cel) => SetInCel>> | undefined;
  mutate(input: Input, options: MutationOptions): Iterable<Effect>;
}

/** A {@link SetField} as an API server makes it by itself, where `when` holds; what it replaces is not told to anybody. */
export interface SetInCel extends Pick<SetField, 'value'> {
  /** CEL; evaluated of an object that is ours, whose configuration is a map or unset. */
  readonly when: string;
  /** A field of the configuration itself. */
  readonly field: string;
}

/** Which objects of a kind are judged, in CEL: what {@link Target} says by `read` and `readOld`. */
export interface ScopeInCel {
  /** Whether the object is ours. */
  isOurs(object: CelObject): string;
  /** Whether the update is left alone, whatever is in it, beyond that of an object that is being deleted. */
  isLeftAlone?(cel: Cel): string;
}

/** A list that is longer than rules see it. */
export interface ShortenedList {
  readonly path: FieldPath;
  /** How many items it has. */
  readonly length: number;
  /** How many of them, from the first on, rules see. */
  readonly kept: number;
}

/** One object that came for judgement, in whatever way it came. */
export interface EvaluationRequest {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly object: unknown;
  /** Undefined on CREATE, and on an UPDATE that came without it. */
  readonly old: unknown;
  /** Provider that the request's path names, for objects that do not name their own. */
  readonly pathProvider: string | undefined;
  /** Keys written twice below a path, as only the raw bytes tell. */
  duplicates(which: 'object' | 'old', below: FieldPath): readonly FieldPath[];
}

/** An API group that has a kind, and the versions of it that we read. */
export interface Api {
  /** Empty for the core group. */
  readonly group: string;
  readonly versions: readonly string[];
  /** Only files are written in it: no API server serves it. */
  readonly isOfFiles?: true;
}

/** Where webhooks are registered: where Shoots live, where Networks do, or a cluster whose own network is Calico's. */
export const CLUSTERS = ['garden', 'seed', 'calico'] as const;
export type Cluster = (typeof CLUSTERS)[number];

/**
 * Kinds of Calico that are asked about where somebody wants it. They are written more often than pools, and a policy that
 * is refused is a pipeline that stops; so that nobody has them by surprise.
 */
export const KIND_GROUPS = ['policies', 'bgp', 'ipam', 'controllers'] as const;
export type KindGroup = (typeof KIND_GROUPS)[number];

/** What is known of a kind of object, beside its rules. */
export interface TargetInfo {
  /** First part of its rules' ids; several kinds may share one. */
  readonly id: string;
  /** The groups that serve the kind, the usual one first. */
  readonly apis: readonly [Api, ...Api[]];
  readonly kind: string;
  /** Plural, as webhook configurations name it. */
  readonly resource: string;
  /** Whether its objects are in namespaces. */
  readonly scope: 'Namespaced' | 'Cluster';
  /** Of general use, such as ConfigMap: hardly one of them is ours, and a cluster is not asked for all of them. */
  readonly isGeneral?: true | undefined;
  /**
   * Which webhook configurations ask about it: those of a cluster, or, with `manifests --kinds`, those of a group. Left
   * out: none.
   */
  readonly registration?: Cluster | KindGroup | undefined;
  /** What of it is known: a JSON Schema without references. */
  readonly schema?: (() => JsonObject) | undefined;
  /**
   * Where its Calico configuration lies, which mutations write to. API servers pass it on byte for byte, so that a key may
   * stand in it twice; and a Go program merges what stands twice on the way to it, so that such a review is refused, and
   * so is one with any other map twice that the schema or `readPaths` leads to.
   */
  readonly config?: ConfigPlace | undefined;
  /**
   * Nothing is judged of an update that leaves the spec as it was, whatever else it changes and whichever webhook is
   * called: then nothing of the object is read.
   */
  readonly passesUnchanged?: true | undefined;
  /** What is read of it beyond its schema and its metadata. */
  readonly readPaths?: readonly FieldPath[] | undefined;
  /** Clouds that the path of /mutate may name for it; undefined: none. */
  readonly providers?: readonly string[] | undefined;
  /** Words that decide something in it, beyond those of its schema. */
  readonly words?: readonly string[] | undefined;
  /**
   * Objects as people have them, good and bad. The server evaluates them before it is ready, so that the first review is
   * answered as fast as the next. Left out: the kind costs nothing until an object of it comes.
   */
  readonly samples?: (() => readonly JsonObject[]) | undefined;
  /** Left out: nothing is said of the kind in CEL. */
  readonly inCel?: ScopeInCel | undefined;
  /** Whether an object that says nothing of its kind is one, by its looks. */
  resembles?(object: unknown): boolean;
  /**
   * The object as its API server would complete it when it is created, as far as our rules look at what is completed.
   * Only what is not in the file can be completed, so that nothing that was written is changed.
   */
  complete?(object: JsonObject): JsonObject;
  /** To which clusters an object, and what lies beside it, belongs; undefined: nothing is said of that. */
  membership?(object: JsonObject): Membership | undefined;
}

/**
 * What an object says of the cluster that documents belong to.
 * - `apart`: it belongs to a cluster that nothing beside it belongs to.
 * - `own`: it is a cluster, and what lies beside it may belong to it or to another.
 * - `once`: a cluster has one of the kind, so that several of them mean several clusters.
 */
export type Membership = 'apart' | 'own' | 'once';

/** A kind of object that we judge, and what of it rules and mutations get to see. */
export interface Target<Input> extends TargetInfo {
  /** What is judged, or undefined where the object is not ours or not to be judged now. */
  read(request: EvaluationRequest, purpose: 'validate' | 'mutate'): Input | undefined;
  /** The old object as if it were created now; undefined where there is none or it was not ours. */
  readOld(request: EvaluationRequest): Input | undefined;
  /** What rules across documents need to know of it. */
  listFacts?(input: Input): Iterable<Fact>;
}
