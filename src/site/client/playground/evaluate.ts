import { findPolicy, groupOf } from '../../../check/bundle.ts';
import { formatDiff } from '../../../check/diff.ts';
import { applyEdit } from '../../../check/edit.ts';
import { fixText } from '../../../check/fix.ts';
import { indexLines } from '../../../check/lines.ts';
import { listMeant, type MeantObject } from '../../../check/meant.ts';
import { findEdit } from '../../../check/offer.ts';
import { findTemplateLine, type ReadDocument, readDocuments } from '../../../check/read.ts';
import { readTree } from '../../../check/tree.ts';
import { type AdmissionReview, check, review, UnreadableReviewError, UserError } from '../../../index.ts';
import { parsePointer } from '../../../policy/field-path.ts';
import { read, readString } from '../../../policy/json.ts';
import { applyPatch, type PatchOperation } from '../../../policy/patch.ts';
import type { Registry } from '../../../policy/registry.ts';
import { toPolicySettings } from '../../../policy-file.ts';
import type { Evaluated, ObjectAnswer, Options } from './messages.ts';

/** Limit of the objects whose answers are shown. */
const MAX_ANSWERS = 20;
/** A review must have one; its value does not matter. */
const UID = '00000000-0000-0000-0000-000000000000';

/**
 * The result of the playground for a text.
 * @throws UserError for wrong options
 */
export function evaluate(text: string, options: Options, registry: Registry): Evaluated {
  const { policy, notes } = options;
  const { findings, suppressed, summary } = check([{ name: 'playground', text }], { ...policy, notes });
  const fixed = fixText(text, { registry, settings: toPolicySettings(policy) });
  const { changed, answers, unanswered } = answerAll(text, options, registry);
  return {
    findings,
    suppressed: suppressed.length,
    summary,
    answers,
    unanswered,
    diff: formatDiff('playground.yaml', text, changed),
    corrected: fixed.text === text ? undefined : fixed.text,
  };
}

/** An object while the webhooks evaluate it, and the text of its document while patches change it. */
interface Draft {
  readonly held: MeantObject;
  readonly text: string;
  readonly line: number;
}

function answerAll(text: string, options: Options, registry: Registry) {
  const answers: ObjectAnswer[] = [];
  let unanswered = 0;
  let changed = '';
  let at = 0;
  const lines = indexLines(text);
  // A template is only YAML after it is rendered: it is sent to no webhook.
  const documents = findTemplateLine(text) === undefined ? readDocuments(text) : [];
  for (const document of documents) {
    let part = text.slice(document.start, document.end);
    for (const held of listSent(document, registry)) {
      if (answers.length === MAX_ANSWERS) {
        unanswered += 1;
        continue;
      }
      const place = document.tree?.find(held.base)?.node.start ?? 0;
      const line = lines.at(document.start + place).line;
      const { answer, text: after } = answerFor({ held, text: part, line }, options);
      answers.push(answer);
      part = after;
    }
    changed += text.slice(at, document.start) + part;
    at = document.end;
  }
  return { answers, unanswered, changed: changed + text.slice(at) };
}

/** Objects of an API server. Configuration of a tool, such as kubeadm, is sent to no webhook. */
function listSent({ tree, isTemplate }: ReadDocument, registry: Registry): MeantObject[] {
  if (tree === undefined || isTemplate) return [];
  return [...listMeant(tree.value, registry)].filter(({ object }) => {
    const group = groupOf(object) ?? '';
    const api = findPolicy(registry, object)?.target.apis.find((each) => each.group === group);
    return api !== undefined && api.isOfFiles === undefined;
  });
}

/** The answers of `/mutate` and then of `/validate` for its result, in the order of Kubernetes. */
function answerFor(draft: Draft, options: Options): { readonly answer: ObjectAnswer; readonly text: string } {
  const { object } = draft.held;
  const title = [readString(object, 'kind'), nameOf(object)].filter(Boolean).join(' ');
  const about = { title, line: draft.line };
  try {
    const { mutated, patch, validated } = ask(object, options);
    const { text, notShown } = applyToText(draft, patch);
    const answer: ObjectAnswer = {
      ...about,
      isAllowed: mutated.response.allowed && validated.response.allowed,
      answers: { mutate: JSON.stringify(mutated, null, 2), validate: JSON.stringify(validated, null, 2) },
      warnings: [...(mutated.response.warnings ?? []), ...(validated.response.warnings ?? [])],
      notShown,
    };
    return { answer, text };
  } catch (error) {
    // YAML can have objects that no review can have, for example one that is nested too deeply.
    if (!(error instanceof UnreadableReviewError || error instanceof UserError)) throw error;
    const answers = { problem: error.message };
    return { answer: { ...about, isAllowed: false, answers, warnings: [], notShown: [] }, text: draft.text };
  }
}

function ask(object: unknown, { policy, mutatePath }: Options) {
  const mutated = review(toReview(object), { ...policy, path: mutatePath });
  const patch = decodePatch(mutated);
  const validated = review(toReview(applyPatch(object, patch)), { ...policy, path: '/validate' });
  return { mutated, patch, validated };
}

function nameOf(object: unknown): string {
  const names = ['namespace', 'name'].map((key) => readString(object, 'metadata', key));
  return names.filter(Boolean).join('/');
}

function toReview(object: unknown): object {
  const apiVersion = readString(object, 'apiVersion') ?? '';
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/', 2) : ['', apiVersion];
  const request = {
    uid: UID,
    kind: { group, version, kind: read(object, 'kind') },
    name: readString(object, 'metadata', 'name'),
    namespace: readString(object, 'metadata', 'namespace'),
    operation: 'CREATE',
    object,
  };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
}

function decodePatch({ response: { patch } }: AdmissionReview): readonly PatchOperation[] {
  if (patch === undefined) return [];
  const bytes = Uint8Array.from(atob(patch), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function applyToText({ held, text }: Draft, patch: readonly PatchOperation[]) {
  const notShown: string[] = [];
  let after = text;
  for (const operation of patch) {
    const tree = readTree(after);
    const path = [...held.base, ...parsePointer(operation.path)];
    const edit =
      'problem' in tree ? undefined : findEdit(after, tree, { kind: 'set', path, value: operation.value });
    if (edit === undefined) notShown.push(JSON.stringify(operation));
    else after = applyEdit(after, edit);
  }
  return { text: after, notShown };
}
