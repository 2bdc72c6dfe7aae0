import { parseAllDocuments } from 'yaml';
import type { Policy } from '../../policy/evaluate.ts';
import { deepEqual, isMap, type JsonObject } from '../../policy/json.ts';
import type { PolicySettings } from '../../policy/settings.ts';
import type { EvaluationRequest } from '../../policy/types.ts';

/** Objects whose answer is known before anybody asks. */
export interface TrialObjects {
  /** Allowed, and left as they are. */
  readonly good: readonly JsonObject[];
  /** Denied. */
  readonly bad: readonly JsonObject[];
  /** Allowed, and corrected. */
  readonly corrected: readonly JsonObject[];
}

export interface TrialOptions {
  readonly policy: Policy;
  readonly settings: PolicySettings;
  /** What the webhook's path says of the cloud. */
  readonly pathProvider: string | undefined;
  readonly apiVersion: string;
  readonly namespace: string | undefined;
  /** An object of the cluster, which its API server takes as it is; undefined where there is none. */
  readonly sample: JsonObject | undefined;
}

/** API servers refuse most examples for reasons of their own; the first few that they do not are enough. */
const MOST = 8;

/**
 * What to send in order to see a webhook at work. Made from the examples of the rules, and from an object that the
 * cluster has: there what makes an example bad is written into a copy of it.
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

/** Undefined for several documents: one review is about one object. */
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

/** As new objects of the cluster: what it has given the sample is left out. */
function named(objects: readonly unknown[], { policy, apiVersion, namespace }: TrialOptions): JsonObject[] {
  return objects.filter(isMap).map(({ status: _status, ...object }) => ({
    ...object,
    apiVersion,
    kind: policy.target.kind,
    metadata: { name: 'doctor', ...(namespace !== undefined && { namespace }) },
  }));
}

/** `base` with what differs between the two others; a field that only the first has is removed. */
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
