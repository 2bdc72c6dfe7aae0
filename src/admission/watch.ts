import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readMap } from '../policy/json.ts';
import type { TargetInfo } from '../policy/types.ts';
import { type CompiledWatch, compileWatch, type Watch, WHOLE } from '../schema/scan.ts';

/** What of a review is looked at before it is parsed; the same for every review. */
export function watchReview(targets: readonly TargetInfo[]): CompiledWatch {
  return compileWatch({
    ...once('apiVersion', 'kind'),
    request: {
      ...once('uid', 'operation', 'name', 'namespace', 'subResource'),
      kind: once('group', 'kind'),
      resource: once('group', 'resource'),
      object: { ...watchObject('object', targets), [WHOLE]: 'object' },
      oldObject: { ...watchObject('old', targets), [WHOLE]: 'old' },
    },
  });
}

/**
 * The parts that may be left unread, and the configurations, of the object and of the old one; a name is put together as
 * `duplicates` does. Beside them what leads to that which the rules read of kinds with a configuration: of a key written
 * twice a Go program merges what JSON.parse overwrites.
 */
function watchObject(which: 'object' | 'old', targets: readonly TargetInfo[]): Watch {
  const always: Watch = {
    ...once('apiVersion', 'kind'),
    metadata: {
      ...once('name', 'namespace'),
      deletionTimestamp: `${which} metadata.deletionTimestamp`,
      managedFields: `${which} metadata.managedFields`,
      annotations: `${which} metadata.annotations`,
    },
    spec: { [WHOLE]: `${which} spec` },
    status: { [WHOLE]: `${which} status` },
  };
  return targets.reduce((watch, { schema, config, readPaths = [] }) => {
    if (config === undefined) return watch;
    const watches = [
      watchFields(schema?.() ?? {}),
      ...readPaths.map((path) => watchPath(path, true)),
      watchPath(config.path, `${which} ${config.path.join('.')}`),
    ];
    return watches.reduce(mergeWatches, watch);
  }, always);
}

/** Keys whose bytes nobody wants, and which no map may have twice. */
function once(...names: readonly string[]): Watch {
  return Object.fromEntries(names.map((name) => [name, true]));
}

function watchPath(path: FieldPath, leaf: string | true): Watch {
  const [last = '', ...outer] = path.map(String).toReversed();
  return outer.reduce<Watch>((below, name) => ({ [name]: below }), { [last]: leaf });
}

/** Every field that a schema knows, as far as maps lead to it. */
function watchFields(schema: JsonObject): Watch {
  const fields = Object.entries(readMap(schema, 'properties') ?? {});
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      isMap(read(field, 'properties')) && isMap(field) ? watchFields(field) : true,
    ]),
  );
}

/** Both; where both lead further, so does the result, and a value whose bytes are wanted is one. */
function mergeWatches(a: Watch, b: Watch): Watch {
  const merged: Record<string, Watch[string]> = { ...a };
  for (const [name, below] of Object.entries(b)) merged[name] = mergeBelow(merged[name] ?? true, below);
  return merged;
}

function mergeBelow(a: Watch[string], b: Watch[string]): Watch[string] {
  if (typeof a === 'string') return a;
  if (typeof b === 'string') return b;
  if (a === true || b === true) return a === true ? b : a;
  return mergeWatches(a, b);
}
