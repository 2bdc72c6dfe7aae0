import type { Outcome } from '../policy/evaluate.ts';
import { formatPath } from '../policy/field-path.ts';
import { escapeInvisible, renderMessage, truncate } from '../policy/message.ts';
import { pageUrl } from '../policy/rule-page.ts';
import type { RuleFinding } from '../policy/types.ts';
import type { Review } from './read.ts';

/** Limit of the causes in one answer. The last one says how many more there are. */
export const MAX_CAUSES = 100;
/** kube-apiserver passes on 4096 characters of warnings in all, and cuts each warning when there are more. */
export const MAX_WARNINGS = 8;
export const MAX_WARNING_LENGTH = 200;

/** The maximum length of an object's name in Kubernetes. */
const MAX_NAME_LENGTH = 253;

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** The response half of an AdmissionReview (admission.k8s.io/v1 and v1beta1 alike). */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: {
    readonly code: number;
    readonly reason: string;
    readonly message: string;
    readonly details: {
      readonly name?: string;
      readonly group?: string;
      readonly kind?: string;
      readonly causes: readonly StatusCause[];
    };
  };
  readonly patchType?: 'JSONPatch';
  /** Base64 of the RFC 6902 operations. Never without patchType, and never in a denial. */
  readonly patch?: string;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

export interface AdmissionReview {
  readonly apiVersion: string;
  readonly kind: 'AdmissionReview';
  readonly response: AdmissionResponse;
}

/** The type of the object in the registry. The review itself may not have it. */
export interface ObjectType {
  readonly group: string;
  readonly kind: string;
}

/** The answer for an object without findings, or one that is not ours. */
export function allow(review: Review): AdmissionReview {
  return wrap(review, { uid: review.uid, allowed: true });
}

/** Added to the findings of an update that would be warnings, or no findings, if the old object could be read. */
export const OLD_UNREAD =
  'the old object is too large to be read, so this update was evaluated like a new object';

/** @param docsUrl the address of the site with the rules' pages; undefined: answers have no links */
export function answer(
  review: Review,
  type: ObjectType,
  outcome: Outcome,
  docsUrl?: string | undefined,
): AdmissionReview {
  const { findings, patch, mutations, faults } = outcome;
  if (findings.length + patch.length + mutations.length + faults.length === 0) return allow(review);
  const denials = findings.filter((finding) => finding.action === 'deny');
  const warnings = findings.filter((finding) => finding.action === 'warn');
  const notices = review.isOldUnread ? [OLD_UNREAD] : [];
  const texts = [...notices, ...formatWarnings(warnings, { type, docsUrl }, MAX_WARNINGS - notices.length)];
  const annotations = annotate(outcome, type);
  return wrap(review, {
    uid: review.uid,
    allowed: denials.length === 0,
    ...(denials.length > 0 && { status: denialStatus(review, { type, docsUrl }, denials) }),
    ...(denials.length === 0 && patch.length > 0 && encodePatch(outcome)),
    ...(texts.length > 0 && { warnings: texts }),
    ...(annotations !== undefined && { auditAnnotations: annotations }),
  });
}

function wrap(review: Review, response: AdmissionResponse): AdmissionReview {
  return { apiVersion: review.apiVersion, kind: 'AdmissionReview', response };
}

function encodePatch(outcome: Outcome): Pick<AdmissionResponse, 'patchType' | 'patch'> {
  const bytes = new TextEncoder().encode(JSON.stringify(outcome.patch));
  const patch = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return { patchType: 'JSONPatch', patch };
}

/** How findings are shown. */
interface AnswerContext {
  readonly type: ObjectType;
  readonly docsUrl: string | undefined;
}

function denialStatus(
  review: Review,
  { type, docsUrl }: AnswerContext,
  denials: readonly RuleFinding[],
): NonNullable<AdmissionResponse['status']> {
  const causes = toCauses(denials, { type, docsUrl });
  return {
    // kubectl prints an answer with code 422 and causes as one bullet for each cause, as for validation errors of the
    // API server.
    code: 422,
    reason: 'Invalid',
    message: causes.map((cause) => `${cause.field}: ${cause.message}`).join('; '),
    details: {
      ...(review.name !== '' && { name: escapeInvisible(review.name, MAX_NAME_LENGTH) }),
      group: type.group,
      kind: type.kind,
      causes,
    },
  };
}

function toCauses(denials: readonly RuleFinding[], { type, docsUrl }: AnswerContext): StatusCause[] {
  const isCut = denials.length > MAX_CAUSES;
  const shown = isCut ? denials.slice(0, MAX_CAUSES - 1) : denials;
  const causes = shown.map((finding) => ({
    reason: finding.reason,
    message: `${renderMessage(finding)} ${nameRule(finding.rule, docsUrl)}`,
    field: fieldOf(finding, type),
  }));
  const next = denials[shown.length];
  if (next !== undefined) {
    const message = `and ${denials.length - shown.length} more findings, this one the first of them`;
    causes.push({
      reason: next.reason,
      message: `${message} ${nameRule(next.rule, docsUrl)}`,
      field: fieldOf(next, type),
    });
  }
  return causes;
}

/** The id comes first, so that a search for it in brackets finds it with and without a link. */
function nameRule(id: string, docsUrl: string | undefined): string {
  return docsUrl === undefined ? `[${id}]` : `[${id}] ${pageUrl(docsUrl, id)}`;
}

/** kubectl would print an empty field as a bullet without a path. */
function fieldOf(finding: RuleFinding, type: ObjectType): string {
  return finding.path.length === 0 ? type.kind : formatPath(finding.path);
}

function formatWarnings(warnings: readonly RuleFinding[], context: AnswerContext, most: number): string[] {
  const shown = warnings.length > most ? warnings.slice(0, most - 1) : warnings;
  const texts = shown.map((finding) => formatWarning(finding, context));
  if (shown.length < warnings.length) texts.push(`and ${warnings.length - shown.length} more warnings`);
  return texts;
}

function formatWarning(finding: RuleFinding, { type, docsUrl }: AnswerContext): string {
  const suffix = ` [${finding.rule}]`;
  const text = `${fieldOf(finding, type)}: ${renderMessage(finding)}`;
  const linked = `${text} ${nameRule(finding.rule, docsUrl)}`;
  // The link is left out before a part of the message is.
  if (linked.length <= MAX_WARNING_LENGTH) return linked;
  return truncate(text, MAX_WARNING_LENGTH - suffix.length) + suffix;
}

/** Ids of all rules with findings, each once. */
export function firedRules(outcome: Outcome): string[] {
  return [...new Set(outcome.findings.map((finding) => finding.rule))];
}

/** Keys of audit annotations must not have a slash. kube-apiserver adds the name of the webhook before them. */
function annotate(outcome: Outcome, type: ObjectType): Record<string, string> | undefined {
  const annotations: Record<string, string> = {};
  const fired = firedRules(outcome);
  if (fired.length > 0) annotations['rules-fired'] = fired.join(',');
  const audited = outcome.findings.filter((finding) => finding.action === 'audit');
  if (audited.length > 0) {
    const texts = audited
      .slice(0, MAX_WARNINGS)
      .map((finding) => `${fieldOf(finding, type)}: ${renderMessage(finding)} [${finding.rule}]`);
    annotations['audit-findings'] = texts.join('; ');
  }
  if (outcome.mutations.length > 0) annotations['mutations-applied'] = outcome.mutations.join(',');
  if (outcome.faults.length > 0) annotations['rules-failed'] = outcome.faults.join(',');
  return Object.keys(annotations).length > 0 ? annotations : undefined;
}
