import { parseAllDocuments } from 'yaml';
import type { Policy } from '../../policy/evaluate.ts';
import { deepEqual, isMap, type JsonObject } from '../../policy/json.ts';
import type { PolicySettings } from '../../policy/settings.ts';
import type { EvaluationRequest } from '../../policy/types.ts';

/** Objects for which the expected answer is known. */
export interface TrialObjects {
  /** Objects to be allowed without a change. */
  readonly good: readonly JsonObject[];
  /** Objects to be denied. */
  readonly bad: readonly JsonObject[];
  /** Objects to be allowed with a patch. */
  readonly corrected: readonly JsonObject[];
}

export interface TrialOptions {
  readonly policy: Policy;
  readonly settings: PolicySettings;
  /** The cloud provider in the path of the webhook. */
  readonly pathProvider: string | undefined;
  readonly apiVersion: string;
  readonly namespace: string | undefined;
  /** An object of the cluster, which its API server accepts. Undefined where there is none. */
  readonly sample: JsonObject | undefined;
}

/** API servers reject most examples for other reasons. The first few that they accept are enough. */
const MOST = 8;

/**
 * Objects to test a webhook with. They come from the examples of the rules, and from an object of the cluster: a copy
 * of it gets the mistake of an example.
 */
export function makeTrialObjects(options: TrialOptions): TrialObjects {
  const { policy } = options;
  const examples = [...policy.rules, ...policy.mutations].map(({ docs }) => ({
    good: parseExample(docs.good),
    bad: parseExample(docs.bad),
  }));
  const samples = options.sample === undefined ? [] : [options.sample];
  const changed = examples.flatMap(({ good, bad }) =>
    samples.map((sample) => applyDifference(sample, good, bad)),
  );
  const goods = named([...samples, ...examples.map(({ good }) => good)], options);
  const bads = named([...changed, ...examples.map(({ bad }) => bad)], options);
  const verdicts = [...goods, ...bads].map((object) => ({ object, verdict: verdictOf(object, options) }));
  const withVerdict = (wanted: Verdict) =>
    verdicts
      .filter(({ verdict }) => verdict === wanted)
      .map(({ object }) => object)
      .slice(0, MOST);
  return { good: withVerdict('good'), bad: withVerdict('bad'), corrected: withVerdict('corrected') };
}

/** Undefined for several documents: one review has one object. */
function parseExample(text: string): unknown {
  const [document, ...others] = parseAllDocuments(text, { uniqueKeys: false });
  return others.length === 0 ? document?.toJS() : undefined;
}

type Verdict = 'good' | 'bad' | 'corrected' | 'other';

function verdictOf(object: JsonObject, { policy, settings, pathProvider, namespace }: TrialOptions): Verdict {
  const request: EvaluationRequest = {
    operation: 'CREATE',
    object,
    old: undefined,
    pathProvider,
    duplicates: () => [],
  };
  if (!policy.matches(request)) return 'other';
  const context = { settings, namespace: namespace ?? '', checkpoint: () => {} };
  const { findings } = policy.validate(request, context);
  const { patch } = policy.mutate(request, context);
  if (findings.some(({ action }) => action === 'deny')) return patch.length === 0 ? 'bad' : 'other';
  if (patch.length > 0) return 'corrected';
  return 'good';
}

/** Turns them into new objects of the cluster, without the fields that the cluster has set in the sample. */
function named(objects: readonly unknown[], { policy, apiVersion, namespace }: TrialOptions): JsonObject[] {
  return objects.filter(isMap).map(({ status: _status, ...object }) => ({
    ...object,
    apiVersion,
    kind: policy.target.kind,
    metadata: { name: 'doctor', ...(namespace !== undefined && { namespace }) },
  }));
}

/** `base` with the difference between the other two. A field that only `from` has is removed. */
function applyDifference(base: unknown, from: unknown, to: unknown): unknown {
  if (deepEqual(from, to)) return base;
  if (!isMap(to)) return to;
  const before = isMap(from) ? from : {};
  const result: Record<string, unknown> = { ...(isMap(base) ? base : {}) };
  for (const key of new Set([...Object.keys(before), ...Object.keys(to)])) {
    if (to[key] === undefined) delete result[key];
    else result[key] = applyDifference(result[key], before[key], to[key]);
  }
  return result;
}
