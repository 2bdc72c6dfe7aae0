import type { Fact } from '../policy/fact.ts';
import { type FieldPath, formatPath } from '../policy/field-path.ts';
import { deepEqual, isMap, type JsonObject, readList, readMap } from '../policy/json.ts';
import { once } from '../policy/once.ts';
import type { EvaluationRequest, ShortenedList, Target, TargetInfo } from '../policy/types.ts';
import type { Shape, ShapeProblem } from '../schema/shape.ts';
import type { ValueProblem } from '../schema/values.ts';
import { isDeleting } from './deletion.ts';

/** An object as it was written, for rules that read all of it. Only lists that are too long are shortened. */
export interface ObjectInput {
  readonly operation: EvaluationRequest['operation'];
  readonly object: JsonObject;
  /** Empty where it is missing, or is no map. */
  readonly spec: JsonObject;
  /**
   * The object before the update, where there is one. Rules about a change read both, but the old object gets no
   * findings.
   */
  readonly old: ObjectInput | undefined;
  readonly shape: readonly ShapeProblem[];
  /** Findings of the schema about values. Empty where these values have rules of their own. */
  readonly values: () => readonly ValueProblem[];
  readonly shortened: readonly ShortenedList[];
}

export interface ObjectTargetOptions<Input = ObjectInput> extends Omit<TargetInfo, 'scope' | 'schema'> {
  /** Default: Cluster. */
  readonly scope?: TargetInfo['scope'];
  /** Undefined where only its facts are used. */
  readonly shape?: Shape;
  /** Which objects of the kind are ours. Default: all. */
  isOurs?(object: JsonObject): boolean;
  listFacts?(input: Input): Iterable<Fact>;
}

/** A kind of object without mutations. */
export function createObjectTarget(options: ObjectTargetOptions): Target<ObjectInput> {
  return createViewTarget({ ...options, view: (input) => input });
}

/** A kind of object whose rules read a view: `view` makes it once for all rules. */
export function createViewTarget<Input>(
  options: ObjectTargetOptions<Input> & { view(input: ObjectInput): Input },
): Target<Input> {
  const { shape, isOurs, view, ...info } = options;
  return {
    scope: 'Cluster',
    ...info,
    schema: shape?.schema,
    read: ({ operation, object, old }) => {
      // To reject an update of an object that is being deleted would keep its finalizers.
      if (isDeleting(object) || isDeleting(old) || isUnchanged(object, old)) return undefined;
      const input = readObject(object, operation, readObject(old, 'CREATE', undefined, false));
      return input && view(input);
    },
    readOld: ({ old }) => {
      const input = readObject(old, 'CREATE', undefined);
      return input && view(input);
    },
  };

  /** @param isEvaluated whether its mistakes are needed: to find them takes longer than everything else */
  function readObject(
    object: unknown,
    operation: EvaluationRequest['operation'],
    old: ObjectInput | undefined,
    isEvaluated = true,
  ): ObjectInput | undefined {
    if (!isMap(object) || isOurs?.(object) === false) return undefined;
    const { value, shortened } = shape?.bound(object) ?? { value: object, shortened: [] };
    const bounded = isMap(value) ? value : {};
    return {
      operation,
      object: bounded,
      spec: readMap(bounded, 'spec') ?? {},
      old,
      shape: (isEvaluated && shape?.check(bounded)) || [],
      values: once(() => shape?.values?.(bounded) ?? []),
      shortened,
    };
  }
}

/** The number of items of a list, also of those that rules do not read. */
export function countItems(
  { object, shortened }: Pick<ObjectInput, 'object' | 'shortened'>,
  path: FieldPath,
): number {
  const name = formatPath(path);
  const list = shortened.find((each) => formatPath(each.path) === name);
  return list?.length ?? readList(object, ...path).length;
}

/** Labels, annotations and status change without a decision of a user. */
function isUnchanged(object: unknown, old: unknown): boolean {
  if (!isMap(object) || !isMap(old)) return false;
  return deepEqual(withoutBookkeeping(object), withoutBookkeeping(old));
}

function withoutBookkeeping({ metadata, status, ...body }: JsonObject): JsonObject {
  return body;
}
