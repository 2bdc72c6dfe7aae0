import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readMap } from '../policy/json.ts';
import type { TargetInfo } from '../policy/types.ts';
import { type CompiledWatch, compileWatch, EACH, TWIN, UNREAD, type Watch, WHOLE } from '../schema/scan.ts';

/** Stands for a kind at the values that are not read for any kind. */
export const EVERY_KIND = '*';

/** API servers write the old object after the new one, and most updates do not change the spec. */
const SAME_SPEC = { of: 'object spec', prefix: 'object ', ownPrefix: 'old ' };

/** Fields of the request that no rule reads. */
const UNREAD_OF_REQUEST = ['dryRun', 'options', 'requestKind', 'requestResource', 'userInfo'];

/** The name of a kind in the ranges that a scan returns as unread. */
export function nameKind({ apis, kind }: Pick<TargetInfo, 'apis' | 'kind'>): string {
  return `${apis[0].group}/${kind}`;
}

/** The parts of a review that are scanned before it is parsed; the same for every review. */
export function watchReview(targets: readonly TargetInfo[]): CompiledWatch {
  return compileWatch({
    ...once('apiVersion', 'kind'),
    request: {
      ...once('uid', 'operation', 'name', 'namespace', 'subResource'),
      kind: { group: 'request.kind.group', kind: 'request.kind.kind' },
      [UNREAD]: new Map(UNREAD_OF_REQUEST.map((name) => [name, EVERY_KIND])),
      resource: once('group', 'resource'),
      object: { ...watchObject('object', targets), [WHOLE]: 'object' },
      oldObject: { ...watchObject('old', targets), [WHOLE]: 'old' },
    },
  });
}

/**
 * The parts that may be left unread, and the configurations, of the object and of the old one, with names as in
 * `duplicates`. Also the paths to the fields that rules read of kinds with a configuration: a Go program merges a map
 * that is written twice, where JSON.parse keeps the last one.
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
    spec: { [WHOLE]: `${which} spec`, ...(which === 'old' && { [TWIN]: SAME_SPEC }) },
    status: { [WHOLE]: `${which} status` },
  };
  return targets.reduce((watch, target) => {
    const { schema, config, readPaths = [], unreadPaths = [] } = target;
    const unread = unreadPaths.map((path) => watchUnread(path, nameKind(target)));
    if (config === undefined) return unread.reduce(mergeWatches, watch);
    const watches = [
      watchFields(schema?.() ?? {}),
      ...readPaths.map((path) => watchPath(path, true)),
      watchPath(config.path, `${which} ${config.path.join('.')}`),
      ...unread,
    ];
    return watches.reduce(mergeWatches, watch);
  }, always);
}

/** Watches a path that a kind does not read. `*` in the path stands for each item of a list. */
function watchUnread(path: FieldPath, kind: string): Watch {
  const [last = '', ...outer] = path.map(String).toReversed();
  return outer.reduce<Watch>((below, name) => (name === '*' ? { [EACH]: below } : { [name]: below }), {
    [UNREAD]: new Map([[last, kind]]),
  });
}

/** Keys that no map may have twice. Their bytes are not needed. */
function once(...names: readonly string[]): Watch {
  return Object.fromEntries(names.map((name) => [name, true]));
}

function watchPath(path: FieldPath, leaf: string | true): Watch {
  const [last = '', ...outer] = path.map(String).toReversed();
  return outer.reduce<Watch>((below, name) => ({ [name]: below }), { [last]: leaf });
}

/** Every field of a schema that is reached through maps. */
function watchFields(schema: JsonObject): Watch {
  const fields = Object.entries(readMap(schema, 'properties') ?? {});
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      isMap(read(field, 'properties')) && isMap(field) ? watchFields(field) : true,
    ]),
  );
}

/**
 * Combines both. Where both go deeper, the result does too. The bytes of a value are returned if one of them needs
 * them.
 */
function mergeWatches(a: Watch, b: Watch): Watch {
  const merged: Record<string, Watch[string]> = {};
  for (const [name, below] of [...Object.entries(a), ...Object.entries(b)])
    merged[name] = mergeBelow(merged[name] ?? true, below);
  const whole = a[WHOLE] ?? b[WHOLE];
  const twin = a[TWIN] ?? b[TWIN];
  const each = a[EACH] && b[EACH] ? mergeWatches(a[EACH], b[EACH]) : (a[EACH] ?? b[EACH]);
  const unread = new Map([...(a[UNREAD] ?? []), ...(b[UNREAD] ?? [])]);
  return {
    ...merged,
    ...(whole !== undefined && { [WHOLE]: whole }),
    ...(twin !== undefined && { [TWIN]: twin }),
    ...(each !== undefined && { [EACH]: each }),
    ...(unread.size > 0 && { [UNREAD]: unread }),
  };
}

function mergeBelow(a: Watch[string], b: Watch[string]): Watch[string] {
  if (typeof a === 'string') return a;
  if (typeof b === 'string') return b;
  if (a === true || b === true) return a === true ? b : a;
  return mergeWatches(a, b);
}
