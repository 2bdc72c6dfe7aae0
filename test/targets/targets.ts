import type { EvaluationRequest } from '../../src/policy/types.ts';
import type { Shape, ShapeCheck } from '../../src/schema/shape.ts';

/** A shape that is always right and has no list. */
export function fakeShape(check: ShapeCheck = () => []): Shape {
  return { schema: () => ({}), check, bound: (value) => ({ value, shortened: [] }) };
}

/** What came, as the admission room hands it over. */
export function request(
  object: unknown,
  change: Partial<Omit<EvaluationRequest, 'object'>> = {},
): EvaluationRequest {
  return {
    operation: 'CREATE',
    object,
    old: undefined,
    pathProvider: undefined,
    duplicates: () => [],
    ...change,
  };
}

export function update(
  object: unknown,
  old: unknown,
  change: Partial<EvaluationRequest> = {},
): EvaluationRequest {
  return request(object, { operation: 'UPDATE', old, ...change });
}
