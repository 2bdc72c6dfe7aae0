import { isMap, type JsonObject } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import { describeObject, evaluateDocument } from './bundle.ts';
import type { ObjectEntry } from './evaluation.ts';
import { keyOf, type OldObjects } from './old.ts';

/** What a cluster holds, for files that are judged against it. */
export interface ClusterObjects {
  readonly old: OldObjects;
  /** What the cluster's other objects say to those of files; they are not judged themselves. */
  readonly entries: readonly ObjectEntry[];
  /** What is not among them is not there. */
  readonly isWhole: boolean;
}

/** Takes a cluster's objects one by one; of those that no file has only what they say is kept. */
export function createClusterObjects(
  registry: Registry,
  settings: PolicySettings,
  wanted: ReadonlySet<string>,
) {
  const held = new Map<string, JsonObject>();
  const entries: ObjectEntry[] = [];
  return { add, finish };

  function add(object: JsonObject): void {
    const key = keyOf(object, registry);
    if (key !== undefined && wanted.has(key)) {
      held.set(key, object);
      return;
    }
    const described = structuredClone(describeObject(object));
    const ref = { index: 0, file: '', ...described };
    const alone = evaluateDocument(registry, settings, {
      ref,
      object,
      isComplete: true,
      duplicates: () => [],
    });
    if (alone === undefined) return;
    // It is there before the files are applied, and afterwards.
    const documentFacts = { ...alone.documentFacts, factsBefore: alone.documentFacts.facts };
    entries.push({ document: 1, base: [], object: described, documentFacts, isEvaluated: false });
  }

  function finish(isWhole: boolean): ClusterObjects {
    const old: OldObjects = {
      find: ({ object }) => {
        const key = keyOf(object, registry);
        const before = key === undefined ? undefined : held.get(key);
        if (key === undefined || before === undefined) return undefined;
        return { id: key, object: before, duplicates: [], applied: applyTo(before, object) };
      },
      listGone: () => [],
      hadProblem: () => false,
      unreadable: [],
    };
    return { old, entries, isWhole };
  }
}

/** As `kubectl apply` does: what the file leaves unset stays, such as what the API server and controllers filled in. */
function applyTo(before: unknown, written: unknown): unknown {
  if (!isMap(before) || !isMap(written)) return written;
  const applied = Object.entries(written).map(([key, value]) => [key, applyTo(before[key], value)] as const);
  return { ...before, ...Object.fromEntries(applied) };
}
