import type { Fact } from '../policy/fact.ts';
import { type FieldPath, formatPath } from '../policy/field-path.ts';
import { deepEqual, isMap, type JsonObject, readList, readMap } from '../policy/json.ts';
import { once } from '../policy/once.ts';
import type { EvaluationRequest, ShortenedList, Target, TargetInfo } from '../policy/types.ts';
import type { Shape, ShapeProblem } from '../schema/shape.ts';
import type { ValueProblem } from '../schema/values.ts';
import { isDeleting } from './deletion.ts';

/** An object of which rules get to see all, as it was written; only lists that are too long end earlier. */
export interface ObjectInput {
  readonly operation: EvaluationRequest['operation'];
  readonly object: JsonObject;
  /** Empty where it is missing or no map. */
  readonly spec: JsonObject;
  /** The object before the update, where there is one; rules about a change read both, but not the old one's mistakes. */
  readonly old: ObjectInput | undefined;
  readonly shape: readonly ShapeProblem[];
  /** What the schema says of the values; nothing where they belong to rules of their own. */
  readonly values: () => readonly ValueProblem[];
  readonly shortened: readonly ShortenedList[];
}

export interface ObjectTargetOptions<Input = ObjectInput> extends Omit<TargetInfo, 'scope' | 'schema'> {
  /** Cluster where it is left out. */
  readonly scope?: TargetInfo['scope'];
  /** Undefined where only statements are made of it. */
  readonly shape?: Shape;
  /** Which objects of the kind are ours; all of them where it is left out. */
  isOurs?(object: JsonObject): boolean;
  listFacts?(input: Input): Iterable<Fact>;
}

/** A kind of object that nothing is corrected in. */
export function createObjectTarget(options: ObjectTargetOptions): Target<ObjectInput> {
  return createViewTarget({ ...options, view: (input) => input });
}

/** One of which rules see more than what is written: `view` makes it, once for all of them. */
export function createViewTarget<Input>(
  options: ObjectTargetOptions<Input> & { view(input: ObjectInput): Input },
): Target<Input> {
  const { shape, isOurs, view, ...info } = options;
  return {
    scope: 'Cluster',
    ...info,
    schema: shape?.schema,
    read: ({ operation, object, old }) => {
      // A refused update of an object that is being deleted would keep its finalizers for ever.
      if (isDeleting(object) || isDeleting(old) || isUnchanged(object, old)) return undefined;
      const input = readObject(object, operation, readObject(old, 'CREATE', undefined, false));
      return input && view(input);
    },
    readOld: ({ old }) => {
      const input = readObject(old, 'CREATE', undefined);
      return input && view(input);
    },
  };

  /** @param isJudged whether its mistakes matter: looking for them takes longer than all else */
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

/** How many items a list has, wherever it ends for rules. */
export function countItems(
  { object, shortened }: Pick<ObjectInput, 'object' | 'shortened'>,
  path: FieldPath,
): number {
  const name = formatPath(path);
  const list = shortened.find((each) => formatPath(each.path) === name);
  return list?.length ?? readList(object, ...path).length;
}

/** Labels, annotations and status come and go without anybody deciding anything. */
function isUnchanged(object: unknown, old: unknown): boolean {
  if (!isMap(object) || !isMap(old)) return false;
  return deepEqual(withoutBookkeeping(object), withoutBookkeeping(old));
}

function withoutBookkeeping({ metadata, status, ...body }: JsonObject): JsonObject {
  return body;
}
