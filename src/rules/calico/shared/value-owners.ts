import type { FieldPath } from '../../../policy/field-path.ts';

/** Fields whose words have their own rule, because a wrong word can do more harm than a rejected object. */
const OWN_RULE: readonly (string | number)[] = ['action', 'types', 'matchOperator'];

/** Whether another rule reports wrong values of the field. */
export function hasOwnRule(path: FieldPath): boolean {
  return path.some((step) => OWN_RULE.includes(step));
}
