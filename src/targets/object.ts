import { deepEqual, isMap, type JsonObject, readMap } from '../policy/json.ts';
import type { Statement } from '../policy/statement.ts';
import type { Api, Candidate, Target } from '../policy/types.ts';
import type { ShapeCheck, ShapeProblem } from '../schema/shape.ts';
import type { ValueCheck, ValueProblem } from '../schema/values.ts';
import { isDeleting } from './deletion.ts';

/** An object of which rules get to see all, as it was written. */
export interface ObjectInput {
  readonly operation: Candidate['operation'];
  readonly object: JsonObject;
  /** Empty where it is missing or no map. */
  readonly spec: JsonObject;
  /** The object before the update, where there is one; rules about a change read both. */
  readonly old: ObjectInput | undefined;
  readonly shape: readonly ShapeProblem[];
  /** What the schema says of the values; nothing where they belong to rules of their own. */
  readonly values: () => readonly ValueProblem[];
}

export interface ObjectTargetOptions {
  readonly id: string;
  readonly apis: readonly [Api, ...Api[]];
  readonly kind: string;
  readonly resource: string;
  readonly checkShape: ShapeCheck;
  readonly checkValues?: ValueCheck | undefined;
  /** Which objects of the kind are ours; all of them where it is left out. */
  isOurs?(object: JsonObject): boolean;
  statements?(input: ObjectInput): Iterable<Statement>;
}

/** A kind of object that nothing is corrected in. */
export function createObjectTarget(options: ObjectTargetOptions): Target<ObjectInput> {
  const { id, apis, kind, resource, checkShape, checkValues = () => [], statements } = options;
  return {
    id,
    apis,
    kind,
    resource,
    read: ({ operation, object, old }) => {
      // A refused update of an object that is being deleted would keep its finalizers for ever.
      if (isDeleting(object) || isDeleting(old) || isUnchanged(object, old)) return undefined;
      return readObject(object, operation, readObject(old, 'CREATE', undefined));
    },
    readOld: ({ old }) => readObject(old, 'CREATE', undefined),
    object: (input) => input.object,
    ...(statements !== undefined && { statements }),
  };

  function readObject(
    object: unknown,
    operation: Candidate['operation'],
    old: ObjectInput | undefined,
  ): ObjectInput | undefined {
    if (!isMap(object) || options.isOurs?.(object) === false) return undefined;
    let problems: readonly ValueProblem[] | undefined;
    const values = () => {
      problems ??= checkValues(object);
      return problems;
    };
    return { operation, object, spec: readMap(object, 'spec') ?? {}, old, shape: checkShape(object), values };
  }
}

/** Labels, annotations and status come and go without anybody deciding anything. */
function isUnchanged(object: unknown, old: unknown): boolean {
  if (!isMap(object) || !isMap(old)) return false;
  return deepEqual(withoutBookkeeping(object), withoutBookkeeping(old));
}

function withoutBookkeeping({ metadata, status, ...body }: JsonObject): JsonObject {
  return body;
}
