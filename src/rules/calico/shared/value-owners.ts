import type { FieldPath } from '../../../policy/field-path.ts';

/** Fields whose words have a rule of their own, because a wrong one does more than to be rejected. */
const OWN_RULE: readonly (string | number)[] = ['action', 'types', 'matchOperator'];

/** Whether another rule tells what is wrong with the values of the field. */
export function hasOwnRule(path: FieldPath): boolean {
  return path.some((step) => OWN_RULE.includes(step));
}
