import { isMap, type JsonObject } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import { describeObject, evaluateDocument } from './bundle.ts';
import type { ObjectEntry } from './evaluation.ts';
import { keyOf, type OldObjects } from './old.ts';

/** The objects of a cluster, which files are evaluated against. */
export interface ClusterObjects {
  readonly old: OldObjects;
  /** The other objects of the cluster. Only their facts count; they are not evaluated themselves. */
  readonly entries: readonly ObjectEntry[];
  /** The list is complete: an object that is not in it does not exist. */
  readonly isWhole: boolean;
}

/** Takes the objects of a cluster one by one. Of objects that are in no file, only the facts are kept. */
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
    // The object exists before and after the files are applied.
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

/**
 * As `kubectl apply` does: a field that the file leaves unset keeps its value, such as a default of the API server.
 */
function applyTo(before: unknown, written: unknown): unknown {
  if (!isMap(before) || !isMap(written)) return written;
  const applied = Object.entries(written).map(([key, value]) => [key, applyTo(before[key], value)] as const);
  return { ...before, ...Object.fromEntries(applied) };
}
